// What happened to tasks and workers, told to the schedule and the store.
#include <fmt/format.h>

#include <utility>

#include "execution.hpp"

namespace gantry::host {

namespace {

/// Failures remembered for the summary; the outcomes themselves are all in the store.
constexpr std::size_t kNotes = 1000;

}  // namespace

Result<void> Execution::put(StepIndex step, std::uint64_t first, std::uint64_t count, results::Reason reason,
                            Consumer& consumer) {
  results::Run run;
  run.first = first;
  run.count = count;
  run.reason = &reason;
  auto done = consumer.arrived(step, run);
  store_.put(step, first, count, std::move(reason));
  touch(step);
  return done;
}

Result<void> Execution::fail_task(StepIndex step, std::uint64_t index, results::Reason reason, std::string detail,
                                  std::vector<std::string> lines, Consumer& consumer) {
  ++ending_.errors;
  if (ending_.failures.size() < kNotes) {
    report::FailureNote note;
    note.step = step;
    note.index = index;
    note.id = plan_.task_id(step, index);
    note.kind = reason.kind;
    note.message = reason.message;
    note.detail = std::move(detail);
    note.last_lines = std::move(lines);
    ending_.failures.push_back(std::move(note));
  }
  return put(step, index, 1, std::move(reason), consumer);
}

Result<void> Execution::happened(schedule::event::Values event, Consumer& consumer) {
  const schedule::Lease* lease = schedule_.find(event.lease);
  if (lease == nullptr) return {};
  const StepIndex step = lease->step;
  results::Run run;
  run.first = event.first;
  run.count = event.count;
  run.bytes = event.bytes;
  run.size = plan_.steps()[raw(step)].result_size;
  run.lengths = event.lengths;
  auto done = consumer.arrived(step, run);
  schedule_.values(event.lease, event.first, event.count, event.busy);
  store_.put(step, event.first, event.count, std::move(event.bytes), std::move(event.lengths));
  ending_.values += event.count;
  touch(step);
  return done;
}

Result<void> Execution::happened(schedule::event::Failed event, Consumer& consumer) {
  const schedule::Lease* lease = schedule_.find(event.lease);
  if (lease == nullptr) return {};
  const schedule::Lease held = *lease;
  if (schedule_.failed(event.lease, event.index, event.busy) == schedule::Verdict::retried) {
    ++ending_.retried;
    return {};
  }
  std::string detail = fmt::format("{} on worker {}, attempt {}", plan_.steps()[raw(held.step)].call, raw(held.worker),
                                   held.attempt);
  return fail_task(held.step, event.index, {results::Status::error, std::move(event.kind), std::move(event.message)},
                   std::move(detail), {}, consumer);
}

Result<void> Execution::happened(const schedule::event::Lost& event, Consumer& consumer) {
  ++ending_.deaths;
  const schedule::Lease* lease = schedule_.find(event.lease);
  const std::optional<schedule::Lease> held = lease == nullptr ? std::nullopt : std::optional(*lease);
  const bool timed_out = event.death.how == schedule::Death::How::timed_out;
  const auto verdict = schedule_.lost(event.worker, event.lease, event.running, timed_out);
  if (!held || !event.running) return {};
  if (verdict == schedule::Verdict::retried) {
    ++ending_.retried;
    return {};
  }
  const plan::Step& step = plan_.steps()[raw(held->step)];
  const signature::Plugin& plugin = catalog_.plugins[step.plugin];
  const std::uint64_t before = event.death.tasks_run;
  std::string detail = fmt::format("{} ({} {}) on worker {}, attempt {}: {}, after {} task{} of this process", step.call,
                                   plugin.path, plugin.version, raw(event.worker), held->attempt, event.death.sentence,
                                   before, before == 1 ? "" : "s");
  return fail_task(held->step, *event.running,
                   {results::Status::error, timed_out ? "timeout" : "crash", event.death.sentence}, std::move(detail),
                   event.death.last_lines, consumer);
}

Result<void> Execution::handle(schedule::Event event, Consumer& consumer, const Observer& observer) {
  if (auto* values = std::get_if<schedule::event::Values>(&event)) return happened(std::move(*values), consumer);
  if (auto* failed = std::get_if<schedule::event::Failed>(&event)) return happened(std::move(*failed), consumer);
  if (const auto* lost = std::get_if<schedule::event::Lost>(&event)) return happened(*lost, consumer);
  if (const auto* closed = std::get_if<schedule::event::Closed>(&event)) {
    schedule_.closed(closed->lease);
  } else if (const auto* printed = std::get_if<schedule::event::Printed>(&event)) {
    if (observer.printed) observer.printed(*printed);
  } else if (const auto* broken = std::get_if<schedule::event::Broken>(&event)) {
    return std::unexpected(broken->error);
  }
  return {};
}

}  // namespace gantry::host
