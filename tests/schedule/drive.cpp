#include "schedule/drive.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <numeric>
#include <utility>

#include "schedule/waits.hpp"

namespace gantry::test {

using host::raw;
using host::StepIndex;
using host::WorkerIndex;
using schedule::Edge;
using schedule::Lease;
using schedule::Verdict;
using Kind = Outcome::Kind;

Drive::Drive(const Pipeline& pipeline, FakeRunner::Behaviour behaviour)
    : pipeline_(pipeline),
      random_(behaviour.seed + 1),
      schedule_(pipeline.steps, behaviour.workers, 0, behaviour.shared),
      windowed_(pipeline.steps.size()),
      outcomes_(pipeline.steps.size()),
      frontiers_(pipeline.steps.size()),
      consumed_(pipeline.steps.size()),
      released_(pipeline.steps.size()),
      highest_(pipeline.steps.size()),
      held_(behaviour.workers) {
  behaviour.started = [this](const Lease& lease, std::uint64_t index) { started(lease, index); };
  runner_ = std::make_unique<FakeRunner>(std::move(behaviour));
  for (std::size_t step = 0; step < windowed_.size(); ++step) windowed_[step] = !pipeline.steps[step].kept;
  const auto loose = schedule::loose_edges(pipeline.steps, windowed_);
  std::size_t edge = 0;
  for (const auto& step : pipeline.steps)
    for (const Edge& use : step.edges)
      if (loose[edge++]) windowed_[raw(use.producer)] = false;
}

void Drive::broken(const std::string& law) {
  if (broken_.empty()) broken_ = fmt::format("after {} events: {}", events_, law);
}

std::string Drive::run() {
  std::vector<schedule::Event> events;
  unsigned quiet = 0;
  while (broken_.empty() && !schedule_.finished()) {
    bool moved = size_steps();
    moved |= record_skipped();
    moved |= draw(3) == 0 && consume();
    moved |= draw(4) != 0 && dispatch();
    moved |= draw(4) == 0 && recall();
    events.clear();
    if (draw(3) != 0) runner_->wait({}, events);
    for (const schedule::Event& event : events) {
      handle(event);
      if (rude_) repeat(event);
    }
    moved |= record_skipped();  // what is released may be skipped tasks
    check_released();
    quiet = moved || !events.empty() ? 0 : quiet + 1;
    if (quiet == 200) broken("nothing moves any more");
    if (events_ >= drain_after_) schedule_.drain();
  }
  while (consume() || record_skipped()) continue;
  for (const auto& run : schedule_.not_run()) {
    if (outcomes_[raw(run.step)].empty()) outcomes_[raw(run.step)].resize(run.first + run.count);
    for (std::uint64_t index = run.first; index < run.first + run.count; ++index)
      record(run.step, index, {Kind::not_run, std::nullopt});
  }
  while (drain_after_ == ~std::uint64_t{0} && consume()) continue;
  check_released();
  for (std::uint32_t step = 0; step < outcomes_.size() && drain_after_ == ~std::uint64_t{0}; ++step)
    if (released_[step] != outcomes_[step].size()) broken(fmt::format("step {} is not released at the end", step));
  return broken_;
}

bool Drive::size_steps() {
  bool any = false;
  for (const StepIndex step : schedule_.unsized()) {
    any = true;
    if (const auto size = pipeline_.sizes[raw(step)]) {
      schedule_.sized(step, *size);
      continue;
    }
    schedule_.unsizable(step);
    record(step, 0, {Kind::error, schedule::Cause{step, std::nullopt}});
  }
  return any;
}

bool Drive::record_skipped() {
  const auto all = schedule_.take_skipped();
  for (const auto& skipped : all)
    for (std::uint64_t index = skipped.first; index < skipped.first + skipped.count; ++index)
      record(skipped.step, index, {Kind::skipped, schedule::Cause{skipped.cause, skipped.cause_index}});
  return !all.empty();
}

bool Drive::dispatch() {
  std::vector<std::uint32_t> workers(runner_->workers());
  std::iota(workers.begin(), workers.end(), 0U);
  std::shuffle(workers.begin(), workers.end(), random_);
  bool any = false;
  for (const std::uint32_t worker : workers) {
    const auto lease = schedule_.next(WorkerIndex{worker});
    if (!lease) continue;
    any = true;
    if (held_[worker] > 0 && std::ranges::find(held_, 0U) != held_.end()) {
      broken("a lease more for a worker while another has none");
    }
    if (++held_[worker] == 2) ++second_leases_;
    const std::uint32_t step = raw(lease->step);
    highest_[step] = std::max(highest_[step], lease->first + lease->count);
    if (windowed_[step]) {
      const std::uint64_t outstanding = highest_[step] - schedule_.releasable(lease->step);
      most_outstanding_ = std::max(most_outstanding_, outstanding);
      if (outstanding > pipeline_.steps[step].window) broken(fmt::format("step {} went beyond its window", step));
    }
    if (lease->attempt > 1 && lease->count != 1) broken("a retried task is not alone");
    if (pipeline_.steps[step].alone && (lease->count != 1 || held_[worker] != 1)) broken("who shares is not alone");
    check_alone(*lease);
    schedule::Chunk chunk;
    chunk.lease = *lease;
    if (const auto sent = runner_->start(std::move(chunk)); !sent) broken(sent.error().sentence);
  }
  return any;
}

/// In a shared process, who started before is a suspect (errors apart): nobody else has a lease.
void Drive::check_alone(const Lease& lease) {
  if (!runner_->shares_process()) return;
  if (schedule_.find(alone_) != nullptr) broken("a lease beside that of a suspect");
  if (lease.attempt == 1) return;
  alone_ = lease.id;
  if (std::accumulate(held_.begin(), held_.end(), 0U) != 1) broken("the lease of a suspect beside others");
}

bool Drive::recall() {
  const auto lease = schedule_.wants_recall();
  if (!lease) return false;
  ++recalls_;
  // Only for somebody who has nothing, and again only after it reported.
  if (std::ranges::find(held_, 0U) == held_.end() && events_ < drain_after_) broken("a recall for nobody");
  if (!asked_.insert(raw(lease->id)).second) broken("a lease is to be recalled again, and has not reported since");
  const bool knows = !rude_ || draw(4) != 0;  // or it says that it has no such lease
  schedule_.recalled(lease->id, knows ? runner_->recall(*lease) : UINT64_MAX);
  return true;
}

bool Drive::consume() {
  bool any = false;
  for (std::uint32_t step = 0; step < outcomes_.size(); ++step) {
    const std::uint64_t left = frontiers_[step] - consumed_[step];
    if (left == 0 || !pipeline_.steps[step].consumed) continue;
    consumed_[step] += 1 + random_() % left;
    schedule_.consumed(StepIndex{step}, consumed_[step]);
    any = true;
  }
  return any;
}

void Drive::check_released() {
  for (std::uint32_t step = 0; step < outcomes_.size(); ++step) {
    const std::uint64_t now = schedule_.releasable(StepIndex{step});
    if (now < released_[step]) broken(fmt::format("releasable of step {} fell", step));
    if (now > frontiers_[step] && now > 0) broken(fmt::format("step {} releases what has no outcome", step));
    if (pipeline_.steps[step].consumed && now > consumed_[step])
      broken(fmt::format("step {} releases the unconsumed", step));
    released_[step] = now;
  }
  for (std::uint32_t step = 0; step < outcomes_.size(); ++step) {
    const bool over = schedule_.tasks(StepIndex{step}) == schedule_.ended(StepIndex{step});
    for (const Edge& edge : pipeline_.steps[step].edges) {
      const std::uint64_t released = released_[raw(edge.producer)];
      if (over || edge.kind == Edge::Kind::order || edge.kind == Edge::Kind::after) continue;
      if (released > (edge.kind == Edge::Kind::stream ? frontiers_[step] : 0))
        broken(fmt::format("step {} releases what step {} needs", raw(edge.producer), step));
    }
  }
}

void Drive::started(const Lease& lease, std::uint64_t index) {
  const auto task = std::pair(raw(lease.step), index);
  const auto& step = pipeline_.steps[raw(lease.step)];
  if (!running_.insert(task).second) broken(fmt::format("task {}[{}] runs twice at once", task.first, index));
  if (lease.attempt > 1 + step.retries)
    broken(fmt::format("task {}[{}] has attempt {}", task.first, index, lease.attempt));
  if (schedule_.attempt(lease.step, index) != lease.attempt) broken("attempt() differs from the lease");
  if (++starts_[task] > 1 && !step.idempotent)
    broken(fmt::format("task {}[{}] may not start twice", task.first, index));
  for (const Edge& edge : step.edges) {
    const auto& produced = outcomes_[raw(edge.producer)];
    if (edge.kind == Edge::Kind::stream || edge.element) {
      const std::uint64_t element = edge.kind == Edge::Kind::stream ? index : *edge.element;
      const auto size = schedule_.tasks(edge.producer);
      if (!has_value(edge.producer, element) && (!size || element < *size)) broken("a start before its element");
    } else if (edge.kind == Edge::Kind::after) {
      if (schedule_.tasks(edge.producer) != schedule_.ended(edge.producer)) broken("a start before another's end");
    } else if (schedule_.tasks(edge.producer) != produced.size() ||
               !std::all_of(produced.begin(), produced.end(), [](const Outcome& o) { return o.kind == Kind::value; })) {
      broken("a start before its gate");
    }
  }
}

bool Drive::has_value(StepIndex step, std::uint64_t index) const {
  const auto& outcomes = outcomes_[raw(step)];
  return index < outcomes.size() && outcomes[index].kind == Kind::value;
}

void Drive::record(StepIndex step, std::uint64_t index, Outcome outcome) {
  auto& outcomes = outcomes_[raw(step)];
  if (outcomes.size() <= index) outcomes.resize(index + 1);
  if (outcomes[index].kind != Kind::none) broken(fmt::format("task {}[{}] has two outcomes", raw(step), index));
  outcomes[index] = std::move(outcome);
  std::uint64_t& frontier = frontiers_[raw(step)];
  while (frontier < outcomes.size() && outcomes[frontier].kind != Kind::none) ++frontier;
}

/// Reports that come twice, or late, or of what never was, change nothing.
void Drive::repeat(const schedule::Event& event) {
  told_.push_back(event);
  const schedule::Event& one = told_[draw(static_cast<unsigned>(told_.size()))];
  if (const auto* values = std::get_if<schedule::event::Values>(&one)) {
    if (schedule_.values(values->lease, values->first, values->count, values->busy)) broken("values were taken twice");
    if (schedule_.values(values->lease, values->first, UINT64_MAX, values->busy)) broken("values beyond a lease");
  } else if (const auto* failed = std::get_if<schedule::event::Failed>(&one)) {
    if (schedule_.failed(failed->lease, failed->index, failed->busy) != Verdict::none) broken("an error came twice");
    if (schedule_.refused(failed->lease, failed->index)) broken("a refusal of what has its outcome");
  } else if (const auto* closed = std::get_if<schedule::event::Closed>(&one)) {
    schedule_.closed(closed->lease);
    schedule_.recalled(closed->lease, 0);
    schedule_.blocked(closed->lease, true);
  } else if (const auto* lost = std::get_if<schedule::event::Lost>(&one)) {
    if (schedule_.lost(WorkerIndex{1000}, lost->lease, lost->running, false) != Verdict::none) broken("nobody died");
  }
}

void Drive::handle(const schedule::Event& event) {
  ++events_;
  const auto itself = [](StepIndex step, std::uint64_t index) {
    return Outcome{Kind::error, schedule::Cause{step, index}};
  };
  if (const auto* values = std::get_if<schedule::event::Values>(&event)) {
    asked_.erase(raw(values->lease));
    const Lease lease = *schedule_.find(values->lease);
    if (!schedule_.values(values->lease, values->first, values->count, values->busy)) broken("values were not taken");
    for (std::uint64_t index = values->first; index < values->first + values->count; ++index) {
      running_.erase({raw(lease.step), index});
      record(lease.step, index, {Kind::value, std::nullopt});
    }
  } else if (const auto* failed = std::get_if<schedule::event::Failed>(&event)) {
    asked_.erase(raw(failed->lease));
    const Lease lease = *schedule_.find(failed->lease);
    running_.erase({raw(lease.step), failed->index});
    const Verdict verdict = schedule_.failed(failed->lease, failed->index, failed->busy);
    if (verdict == Verdict::none) broken("an error was not taken");
    if (verdict == Verdict::final) record(lease.step, failed->index, itself(lease.step, failed->index));
  } else if (const auto* closed = std::get_if<schedule::event::Closed>(&event)) {
    --held_[raw(schedule_.find(closed->lease)->worker)];
    schedule_.closed(closed->lease);
  } else if (const auto* lost = std::get_if<schedule::event::Lost>(&event)) {
    const Lease lease = *schedule_.find(lost->lease);
    held_[raw(lost->worker)] = 0;
    for (std::uint64_t index = lease.first; index < lease.first + lease.count; ++index)
      running_.erase({raw(lease.step), index});
    const bool timed_out = lost->death.how == schedule::Death::How::timed_out;
    const Verdict verdict = schedule_.lost(lost->worker, lost->lease, lost->running, timed_out);
    if ((verdict == Verdict::none) == lost->running.has_value()) broken("a wrong verdict about a death");
    if (verdict == Verdict::final) record(lease.step, *lost->running, itself(lease.step, *lost->running));
    for (const auto& run : schedule_.take_unrepeatable())
      for (std::uint64_t index = run.first; index < run.first + run.count; ++index)
        record(run.step, index, itself(run.step, index));
  }
}

}  // namespace gantry::test
