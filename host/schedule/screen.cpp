// Tasks that have all they use are asked whether they can run: see absences.hpp.
#include <algorithm>
#include <memory>

#include "schedule/state.hpp"

namespace gantry::schedule {

void Schedule::State::screen(std::uint32_t step, const std::vector<Share>& shares) {
  StepState& state = steps_[step];
  Absences absences;
  auto share = shares.begin();
  for (const Edge& edge : state.step.edges) {
    if (!edge.shared_out || share == shares.end()) continue;
    const StepState& producer = steps_[host::raw(edge.producer)];
    std::vector<Absence> elements;
    for (const Absence& absence : producer.absent) {
      Range range = absence.range;
      if (edge.element) range = producer.shapeless ? Range{0, 1} : common(range, {*edge.element, *edge.element + 1});
      if (!range.empty()) elements.push_back({range, absence.cause});
    }
    std::ranges::sort(elements, {}, [](const Absence& absence) { return absence.range.first; });
    absences.add(*share++, elements);
  }
  if (absences.empty()) return;
  if (!state.screening) state.screening = std::make_unique<Screening>();
  state.screening->absences = std::move(absences);
}

void Schedule::State::refuse(std::uint32_t step) {
  StepState& state = steps_[step];
  if (!state.screening) state.screening = std::make_unique<Screening>();
  state.screening->refused = true;
}

void Schedule::State::admit(std::uint32_t step, Range tasks) {
  StepState& state = steps_[step];
  if (!state.screening) return send_home(step, tasks);
  state.screening->waiting.add(tasks);
  admit_more(step);
}

void Schedule::State::ask_more(std::uint32_t step) {
  StepState& state = steps_[step];
  if (state.phase != Phase::open || draining_) return;
  IntervalSet& waiting = state.screening->waiting;
  // A step that is bound has its tasks at their homes at once.
  const std::uint64_t limit = state.bound ? kNoEnd : state.limit();
  while (!waiting.empty() && waiting.front().first < limit) {
    const Absences::Part part = state.screening->absences.front(common(waiting.front(), {0, limit}));
    waiting.remove(part.tasks);
    decide(step, part);
  }
  refresh(step);
}

void Schedule::State::decide(std::uint32_t step, const Absences::Part& part) {
  StepState& state = steps_[step];
  if (part.cause) {
    skip(step, part.tasks, *part.cause);
  } else if (state.screening->refused) {
    refused_.push_back({StepIndex{step}, part.tasks.first, part.tasks.count()});
    settle(step, part.tasks, Cause{StepIndex{step}, std::nullopt});
  } else if (state.bound) {
    send_home(step, part.tasks);
  } else {
    state.ready.add(part.tasks);
  }
}

}  // namespace gantry::schedule
