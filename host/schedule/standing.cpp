// How far all steps are, for who asks whether tasks wait for ever.
#include "schedule/standing.hpp"

#include <algorithm>

#include "schedule/state.hpp"

namespace gantry::schedule {

std::vector<Standing> Schedule::State::standing() {
  std::vector<Standing> all(steps_.size());
  for (std::uint32_t step = 0; step < steps_.size(); ++step) {
    const StepState& state = steps_[step];
    Standing& standing = all[step];
    const std::uint64_t tasks = state.sized ? state.tasks : state.step.tasks.value_or(1);
    standing.unended = state.phase == Phase::ended ? 0 : tasks - std::min(tasks, state.ended.count());
    standing.leased = state.leased;
    standing.has_work = state.has_work();
    standing.has_place = standing.has_work && has_place(state.placing);
  }
  for (const auto& [root, home] : homes_.all()) {
    for (const auto& [step, tasks] : home.ready) {
      if (tasks.front().first >= steps_[step].limit()) continue;
      all[step].has_work = true;
      all[step].has_place = all[step].has_place || has_place_at(root, home, step);
      if (!home.worker || home.anywhere || !leases_.waits(*home.worker)) continue;
      const StepIndex waits = leases_.running(*home.worker)->lease.step;
      all[step].held_up_by = std::min(all[step].held_up_by.value_or(waits), waits);
    }
  }
  return all;
}

bool Schedule::State::has_place_at(Resident root, const Home& home, std::uint32_t step) {
  if (!home.worker) return home.making || has_place(steps_[root.step].placing);  // it is to be made again first
  return home.anywhere ? has_place(steps_[step].placing) : !leases_.waits(*home.worker);
}

const OpenLease* Schedule::State::holds_up(std::uint32_t step) const {
  for (const auto& [root, home] : homes_.all()) {
    if (home.ready.contains(step) && home.worker && !home.anywhere && leases_.waits(*home.worker))
      return leases_.running(*home.worker);
  }
  return nullptr;
}

}  // namespace gantry::schedule
