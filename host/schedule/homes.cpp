#include "schedule/homes.hpp"

namespace gantry::schedule {

Home* Homes::find(Resident root) {
  const auto found = homes_.find(root);
  return found == homes_.end() ? nullptr : &found->second;
}

Home& Homes::settle(Resident root, std::uint32_t worker, bool anywhere, Isolation isolation) {
  Home& home = homes_[root];
  home.worker = worker;
  home.anywhere = anywhere;
  home.isolation = isolation;
  Place& place = at_[worker];
  if (anywhere || !place.roots.insert(root).second) return home;
  place.from_crashes += isolation.from_crashes ? 1 : 0;
  place.from_waits += isolation.from_waits ? 1 : 0;
  return home;
}

void Homes::retract(Resident root, Home& home) {
  if (!home.worker) return;
  for (const auto& [step, tasks] : home.ready) offers_of(home).erase({step, root});
}

void Homes::leave(Resident root) {
  Home* home = find(root);
  if (home == nullptr || !home->worker) return;
  retract(root, *home);
  Place& place = at_[*home->worker];
  if (place.roots.erase(root) > 0) {
    place.from_crashes -= home->isolation.from_crashes ? 1 : 0;
    place.from_waits -= home->isolation.from_waits ? 1 : 0;
  }
  home->worker.reset();
}

void Homes::erase(Resident root) {
  leave(root);
  homes_.erase(root);
}

void Homes::add(Resident root, std::uint32_t step, Range tasks) {
  Home* home = find(root);
  if (home == nullptr || tasks.empty()) return;
  home->ready[step].add(tasks);
  if (home->is_whole()) offers_of(*home).insert({step, root});
}

void Homes::remove(Resident root, std::uint32_t step, Range tasks) {
  Home* home = find(root);
  if (home == nullptr) return;
  const auto found = home->ready.find(step);
  if (found == home->ready.end()) return;
  found->second.remove(tasks);
  if (!found->second.empty()) return;
  home->ready.erase(found);
  if (home->worker) offers_of(*home).erase({step, root});
}

void Homes::offer(Resident root) {
  Home* home = find(root);
  if (home == nullptr) return;
  if (!home->is_whole()) return retract(root, *home);
  for (const auto& [step, tasks] : home->ready) offers_of(*home).insert({step, root});
}

}  // namespace gantry::schedule
