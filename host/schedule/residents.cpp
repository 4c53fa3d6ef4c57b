// Values that reside somewhere: made, lost with a worker, made again or given up, and dropped after their last use.
#include <algorithm>
#include <utility>

#include "schedule/state.hpp"

namespace gantry::schedule {
namespace {

/// The tasks that use a producer's value, if they are consecutive: {0, 0} if there are none.
std::optional<Range> users_of(const signature::Stride& stride, std::uint64_t tasks, std::uint64_t value) {
  if (value < stride.first || value - stride.first >= stride.modulo) return Range{};
  if (stride.modulo == 1) return Range{0, tasks};
  if (tasks > 0 && (tasks - 1) / stride.divide >= stride.modulo) return std::nullopt;  // it goes round
  const std::uint64_t first = (value - stride.first) * stride.divide;
  return first >= tasks ? Range{} : Range{first, std::min(tasks, first + stride.divide)};
}

}  // namespace

void Schedule::State::made(std::uint32_t step, Range tasks, std::uint32_t worker) {
  StepState& state = steps_[step];
  for (std::uint64_t index = tasks.first; index < tasks.end; ++index) {
    const Resident value{step, index};
    alive_.insert(value);
    ++state.alive;
    if (!state.pins()) continue;
    const Resident root = root_of(step, index);
    if (root == value) settle_root(root, worker);
    if (Home* home = homes_.find(root)) home->values[value] = worker;
  }
}

void Schedule::State::settle_root(Resident root, std::uint32_t worker) {
  const StepState& state = steps_[root.step];
  homes_.settle(root, worker, state.step.residence == signature::Residence::process, state.isolation);
}

void Schedule::State::made_again(const OpenLease& open) {
  const Resident value{host::raw(open.lease.step), open.lease.first};
  const Resident root = root_of(value.step, value.index);
  Home* home = homes_.find(root);
  if (home == nullptr || home->lost.erase(value) == 0) {  // nobody wants it any more
    dropped_.push_back({open.lease.worker, value});
    if (home != nullptr) home->making = false;
    if (home != nullptr && home->values.empty() && !home->loss) homes_.erase(root);
    return;
  }
  home->making = false;
  home->values[value] = host::raw(open.lease.worker);
  if (value == root) settle_root(root, host::raw(open.lease.worker));
  if (home->lost.empty()) broken_.erase(root);
  homes_.offer(root);
  drop_unused(root);
}

void Schedule::State::make_again_later(const OpenLease& open) {
  const Resident root = root_of(host::raw(open.lease.step), open.lease.first);
  if (Home* home = homes_.find(root)) home->making = false;
  drop_unused(root);
}

/// What lost its last use while something was made from it, or may have been.
void Schedule::State::drop_unused(Resident root) {
  const Home* home = homes_.find(root);
  if (home == nullptr || home->making || home->loss) return;
  std::vector<Resident> values;
  values.reserve(home->values.size());
  for (const auto& [value, maker] : home->values) values.push_back(value);
  for (const Resident value : values) try_drop(value);
}

void Schedule::State::not_made_again(const OpenLease& open, Loss::Why why) {
  const Resident value{host::raw(open.lease.step), open.lease.first};
  make_again_later(open);
  give_up(root_of(value.step, value.index), {why, value});
}

void Schedule::State::move_out(std::uint32_t worker) {
  std::vector<Resident> roots(homes_.at(worker).begin(), homes_.at(worker).end());
  if (shared_process_) {  // whoever dies takes all along
    for (const auto& [root, home] : homes_.all())
      if (home.anywhere && home.worker) roots.push_back(root);
  }
  for (const Resident root : roots) {
    homes_.leave(root);
    Home& home = *homes_.find(root);
    home.making = false;
    const auto is_unrepeatable = [&](const auto& value) { return !steps_[value.first.step].is_repeatable(); };
    const auto unrepeatable = std::ranges::find_if(home.values, is_unrepeatable);
    if (home.changed) {
      give_up(root, {Loss::Why::changed, root});
    } else if (unrepeatable != home.values.end()) {
      give_up(root, {Loss::Why::not_repeatable, unrepeatable->first});
    } else {
      for (const auto& [value, maker] : home.values) home.lost.insert(value);
      broken_.insert(root);
      drop_unused(root);
    }
  }
}

void Schedule::State::give_up(Resident root, const Loss& loss) {
  Home* home = homes_.find(root);
  if (home == nullptr || home->loss) return;
  home->loss = loss;
  broken_.erase(root);
  homes_.offer(root);
  for (const auto& [value, maker] : std::exchange(home->values, {})) {
    if (home->worker && !home->lost.contains(value)) dropped_.push_back({WorkerIndex{maker}, value});
    bury(value);
  }
  home->lost.clear();
  homes_.leave(root);
  for (const auto& [step, tasks] : std::exchange(home->ready, {})) {
    for (const Range range : tasks.ranges()) forsake(step, range, loss);
  }
}

void Schedule::State::forsake(std::uint32_t step, Range tasks, const Loss& loss) {
  StepState& state = steps_[step];
  for (std::uint64_t index = tasks.first; index < tasks.end; ++index) {
    if (state.retries) {
      state.retries->starts.erase(index);
      state.retries->waiting.erase(index);
    }
    suspects_.erase({step, index});
    forsaken_.push_back({StepIndex{step}, index, loss});
    settle(step, {index, index + 1}, Cause{StepIndex{step}, index});
  }
}

/// One value less of its step.
void Schedule::State::bury(Resident value) {
  StepState& state = steps_[value.step];
  alive_.erase(value);
  if (--state.alive == 0 && state.phase == Phase::ended && state.keeps_inputs) let_go_of_inputs(value.step);
}

bool Schedule::State::is_used(Resident value) const {
  for (const Tenant& tenant : steps_[value.step].tenants) {
    const StepState& user = steps_[tenant.step];
    const auto& stride = user.step.residents[tenant.use].stride;
    std::optional<Range> tasks;
    if (stride && user.sized) tasks = users_of(*stride, user.tasks, value.index);
    if (tasks && tasks->empty()) continue;
    if (user.phase != Phase::ended && (!tasks || !user.ended.covers(*tasks))) return true;
    if (!user.pins() || user.alive == 0) continue;
    if (!tasks) return true;
    // What was made from it may need it as long as it is there.
    const auto made = alive_.lower_bound({tenant.step, tasks->first});
    if (made != alive_.end() && *made < Resident{tenant.step, tasks->end}) return true;
  }
  return false;
}

void Schedule::State::try_drop(Resident value) {
  std::vector<Resident> candidates{value};
  while (!candidates.empty()) {
    const Resident one = candidates.back();
    candidates.pop_back();
    if (!alive_.contains(one) || is_used(one)) continue;
    const StepState& state = steps_[one.step];
    if (!state.pins()) {
      dropped_.push_back({std::nullopt, one});
    } else {
      const Resident root = root_of(one.step, one.index);
      Home& home = *homes_.find(root);
      if (home.making) continue;  // from this one, it may be: when that is done
      if (home.lost.erase(one) == 0 && home.worker) dropped_.push_back({WorkerIndex{home.values.at(one)}, one});
      home.values.erase(one);
      if (home.lost.empty()) broken_.erase(root);
      homes_.offer(root);
      if (home.values.empty() && !home.making) homes_.erase(root);
    }
    bury(one);
    for (const ResidentUse& use : state.step.residents) {
      if (use.stride) candidates.push_back({host::raw(use.producer), use.stride->at(one.index)});
    }
  }
}

/// Tasks of a step have their outcome: what they used may not be used any more.
void Schedule::State::drop_inputs_of(std::uint32_t step, Range tasks) {
  const StepState& state = steps_[step];
  for (const ResidentUse& use : state.step.residents) {
    if (!use.stride || use.stride->modulo == 1) continue;  // used by all its tasks: when it ends
    const signature::Stride stride = *use.stride;
    const std::uint64_t last = (tasks.end - 1) / stride.divide;
    if (last >= stride.modulo) continue;
    for (std::uint64_t k = tasks.first / stride.divide; k <= last; ++k)
      try_drop({host::raw(use.producer), stride.first + k});
  }
}

void Schedule::State::drop_inputs_of_all(std::uint32_t step) {
  for (const ResidentUse& use : steps_[step].step.residents) {
    const std::uint32_t producer = host::raw(use.producer);
    const auto from = alive_.lower_bound({producer, 0});
    const auto to = alive_.lower_bound({producer + 1, 0});
    for (const Resident value : std::vector<Resident>(from, to)) try_drop(value);
  }
}

/// What kept its producers' results for a second making does so no more.
void Schedule::State::let_go_of_inputs(std::uint32_t step) {
  StepState& state = steps_[step];
  state.keeps_inputs = false;
  move_to(step, kNoEnd);
  for (const Edge& edge : state.step.edges)
    if (edge.kind == Edge::Kind::keep) --steps_[host::raw(edge.producer)].keepers;
}

}  // namespace gantry::schedule
