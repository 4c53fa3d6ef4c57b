// What follows from an outcome: elements arrive, gates open, windows move, users are skipped.
#include <algorithm>
#include <utility>

#include "schedule/state.hpp"
#include "schedule/waits.hpp"

namespace gantry::schedule {
namespace {

/// Its values stay in workers, and if they are lost, its tasks may run again.
bool keeps_inputs(const Step& step) {
  using signature::Residence;
  return (step.residence == Residence::worker || step.residence == Residence::process) && step.idempotent &&
         !step.alone;
}

}  // namespace

Schedule::State::State(std::vector<Step> steps, unsigned workers, unsigned spare, bool shared_process)
    : uses_(steps),
      leases_(std::max(workers, 1U), spare),
      ready_{StepSet(steps.size()), StepSet(steps.size()), StepSet(steps.size()), StepSet(steps.size())},
      shared_process_(shared_process),
      homes_(leases_.places()),
      present_(leases_.places(), true) {
  std::vector<bool> windowed;
  windowed.reserve(steps.size());
  for (const Step& step : steps) windowed.push_back(!step.kept);
  for (const Step& step : steps)
    for (const Edge& edge : step.edges)
      if (edge.kind == Edge::Kind::keep || keeps_inputs(step)) windowed[host::raw(edge.producer)] = false;
  loose_ = loose_edges(steps, windowed);

  for (const Step& step : steps) {
    if (step.kin && *step.kin >= kin_.size()) kin_.resize(*step.kin + 1, ChunkSize(0));
  }
  steps_.reserve(steps.size());
  for (std::size_t step = 0; step < steps.size(); ++step) steps_.emplace_back(std::move(steps[step]), !windowed[step]);
  std::size_t edges = 0;
  for (std::uint32_t step = 0; step < steps_.size(); ++step) settle_in(step);
  isolate();
  for (std::uint32_t step = 0; step < steps_.size(); ++step) {
    first_edges_.push_back(edges);
    edges += steps_[step].step.edges.size();
    connect(step);
  }
  for (std::uint32_t step = 0; step < steps_.size(); ++step) {
    try_start(step);
    follow();
  }
}

void Schedule::State::settle_in(std::uint32_t step) {
  StepState& state = steps_[step];
  state.keeps_inputs = keeps_inputs(state.step);
  const auto& uses = state.step.residents;
  for (std::uint32_t use = 0; use < uses.size(); ++use) {
    StepState& producer = steps_[host::raw(uses[use].producer)];
    producer.tenants.push_back({step, use});
    state.bound = state.bound || producer.pins();
  }
}

void Schedule::State::connect(std::uint32_t step) {
  StepState& state = steps_[step];
  const auto& edges = state.step.edges;
  for (std::uint32_t number = 0; number < edges.size(); ++number) {
    StepState& producer = steps_[host::raw(edges[number].producer)];
    if (edges[number].kind == Edge::Kind::stream) {
      state.streams.push_back(number);
      (loose_[first_edges_[step] + number] ? producer.loose : producer.holding).join();
    } else {
      ++state.gates;
      if (edges[number].kind == Edge::Kind::keep) ++producer.keepers;
      producer.is_shared_out = producer.is_shared_out || edges[number].shared_out;
    }
  }
  state.unsized_streams = static_cast<std::uint32_t>(state.streams.size());
  if (state.streams.size() > 1) state.arrivals = std::make_unique<Arrivals>(state.unsized_streams);
  if (state.step.consumed) state.holding.join();
}

void Schedule::State::settle(std::uint32_t step, Range range, std::optional<Cause> cause) {
  notices_.push_back({Notice::Kind::settled, step, range, cause});
}

void Schedule::State::follow() {
  ++changes_;
  for (std::size_t at = 0; at < notices_.size(); ++at) {
    const Notice notice = notices_[at];
    switch (notice.kind) {
      case Notice::Kind::sized:
        tell_sized(notice.step);
        break;
      case Notice::Kind::settled:
        tell_settled(notice);
        break;
      case Notice::Kind::ended:
        tell_ended(notice.step);
        break;
    }
  }
  notices_.clear();
}

void Schedule::State::set_size(std::uint32_t step, std::uint64_t tasks, bool shapeless) {
  StepState& state = steps_[step];
  state.tasks = tasks;
  state.sized = true;
  state.shapeless = shapeless;
  notices_.push_back({Notice::Kind::sized, step, {}, std::nullopt});
  if (tasks == 0) notices_.push_back({Notice::Kind::ended, step, {}, std::nullopt});
}

void Schedule::State::open(std::uint32_t step, std::uint64_t tasks) {
  StepState& state = steps_[step];
  state.phase = Phase::open;
  set_size(step, tasks, false);
  if (state.streams.empty()) state.ready.add({0, tasks});
  state.ready.keep({0, tasks});
  for (const Arrival& arrival : std::exchange(state.doomed, {})) land(step, arrival.range, arrival.cause);
  if (state.bound || state.screening) {
    const IntervalSet ready = std::exchange(state.ready, {});
    for (const Range range : ready.ranges()) admit(step, range);
  }
  refresh(step);
}

void Schedule::State::tell_sized(std::uint32_t step) {
  const StepState& state = steps_[step];
  // Elements that are not and never will be hold nobody back: who asks for them finds out when making arguments. But
  // where a step could not even be sized, all that might have been is missing for that cause.
  const std::optional<Cause> cause = state.shapeless ? state.failure : std::nullopt;
  const Range beyond{state.tasks, kNoEnd};
  for (const Use& use : uses_.streams(step)) {
    --steps_[use.user].unsized_streams;
    arrive(use, beyond, cause);
    try_start(use.user);
  }
  for (const Use& use : uses_.elements(step, beyond)) decide_gate(use, cause);
}

void Schedule::State::tell_settled(const Notice& notice) {
  StepState& state = steps_[notice.step];
  state.ended.add(notice.range);
  if (notice.cause && notice.range.first < state.failure_index) {
    state.failure_index = notice.range.first;
    state.failure = notice.cause;
  }
  if (notice.cause && state.is_shared_out) state.absent.push_back({notice.range, *notice.cause});
  for (const Use& use : uses_.streams(notice.step)) arrive(use, notice.range, notice.cause);
  for (const Use& use : uses_.elements(notice.step, notice.range)) decide_gate(use, notice.cause);
  if (state.ended.count() == state.tasks)
    tell_ended(notice.step);
  else if (!state.keeps_inputs)
    move_to(notice.step, state.ended.frontier());
  drop_inputs_of(notice.step, notice.range);
  admit_more(notice.step);
  refresh(notice.step);
}

void Schedule::State::tell_ended(std::uint32_t step) {
  StepState& state = steps_[step];
  state.phase = Phase::ended;
  ++ended_;
  state.arrivals.reset();
  state.retries.reset();
  state.ready = {};
  state.screening.reset();
  if (!state.keeps_inputs || state.alive == 0) let_go_of_inputs(step);
  drop_inputs_of_all(step);
  for (const Use& use : uses_.wholes(step)) {
    const bool fails = steps_[use.user].step.edges[use.edge].kind != Edge::Kind::after;
    decide_gate(use, fails ? state.failure : std::nullopt);
  }
}

void Schedule::State::move_to(std::uint32_t step, std::uint64_t position) {
  StepState& state = steps_[step];
  if (position == state.position) return;
  for (const std::uint32_t number : state.streams) {
    const std::uint32_t producer = host::raw(state.step.edges[number].producer);
    StepState& read = steps_[producer];
    (loose_[first_edges_[step] + number] ? read.loose : read.holding).advance(state.position, position);
    admit_more(producer);
    refresh(producer);
  }
  state.position = position;
}

void Schedule::State::decide_gate(const Use& use, const std::optional<Cause>& cause) {
  StepState& user = steps_[use.user];
  const Edge& edge = user.step.edges[use.edge];
  // A producer that failed before its size was known leaves nothing to share out.
  const bool shared_out = edge.shared_out && !(edge.counted && steps_[host::raw(edge.producer)].shapeless);
  if (cause && !shared_out && (!user.gate_failure || use.edge < user.gate_edge)) {
    user.gate_failure = cause;
    user.gate_edge = use.edge;
  }
  --user.gates;
  try_start(use.user);
}

void Schedule::State::try_start(std::uint32_t step) {
  StepState& state = steps_[step];
  if (state.phase != Phase::waiting || state.gates > 0) return;
  if (state.gate_failure) return skip_all(step, *state.gate_failure);
  if (state.step.tasks && (!state.step.asks || *state.step.tasks == 0)) return open(step, *state.step.tasks);
  if (!state.step.tasks && state.unsized_streams > 0) return;
  for (const std::uint32_t number : state.streams) {
    const StepState& producer = steps_[host::raw(state.step.edges[number].producer)];
    if (!state.step.tasks && producer.shapeless && producer.failure) return skip_all(step, *producer.failure);
  }
  state.phase = Phase::sizing;
  unsized_.push_back(StepIndex{step});
}

void Schedule::State::skip_all(std::uint32_t step, const Cause& cause) {
  StepState& state = steps_[step];
  state.phase = Phase::decided;
  const Range all{0, state.step.tasks.value_or(1)};
  if (!all.empty()) {
    state.failure = cause;
    state.failure_index = 0;
    skip(step, all, cause);
  }
  set_size(step, all.end, !state.step.tasks);
}

void Schedule::State::skip(std::uint32_t step, Range range, const Cause& cause) {
  skipped_.push_back({StepIndex{step}, range.first, range.count(), cause.step, cause.index});
  settle(step, range, cause);
}

void Schedule::State::arrive(const Use& use, Range range, const std::optional<Cause>& cause) {
  StepState& user = steps_[use.user];
  if (user.phase == Phase::decided || user.phase == Phase::ended) return;
  if (!user.arrivals) return land(use.user, range, cause);
  landed_.clear();
  user.arrivals->add(use.edge, range, cause, landed_);
  for (const Arrival& arrival : landed_) land(use.user, arrival.range, arrival.cause);
}

void Schedule::State::land(std::uint32_t step, Range range, const std::optional<Cause>& cause) {
  StepState& state = steps_[step];
  if (state.sized) range = common(range, {0, state.tasks});
  if (range.empty()) return;
  if (!cause && state.phase == Phase::open && (state.bound || state.screening)) {
    admit(step, range);
  } else if (!cause) {
    state.ready.add(range);
    refresh(step);
  } else if (state.phase == Phase::open) {
    skip(step, range, *cause);
  } else {
    state.doomed.push_back({range, cause});
  }
}

}  // namespace gantry::schedule
