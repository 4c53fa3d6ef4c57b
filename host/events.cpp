// What happened to tasks and workers, told to the schedule and the store.
#include <fmt/format.h>

#include <utility>

#include "execution.hpp"
#include "pool/clock.hpp"

namespace gantry::host {

namespace {

/// Failures remembered for the summary; the outcomes themselves are all in the store.
constexpr std::size_t kNotes = 1000;

}  // namespace

Result<void> Execution::put(StepIndex step, std::uint64_t first, std::uint64_t count, results::Reason reason) {
  Result<void> done;
  if (order_ == report::Order::done) {
    results::Run run;
    run.first = first;
    run.count = count;
    run.reason = &reason;
    done = printer_->done(step, run);
  }
  store_.put(step, first, count, std::move(reason));
  touch(step);
  return done;
}

Result<void> Execution::fail_task(StepIndex step, std::uint64_t index, results::Reason reason, std::string detail,
                                  std::vector<std::string> lines) {
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
  return put(step, index, 1, std::move(reason));
}

// Tasks that fail alike, without a start. The summary shows a few; only so many are remembered.
Result<void> Execution::fail_tasks(const schedule::TaskRun& run, const results::Reason& reason) {
  ending_.errors += run.count;
  for (std::uint64_t i = 0; i < run.count && ending_.failures.size() < kNotes; ++i) {
    const std::uint64_t index = run.first + i;
    ending_.failures.push_back({run.step, index, plan_.task_id(run.step, index), reason.kind, reason.message, {}, {}});
  }
  return put(run.step, run.first, run.count, reason);
}

Result<void> Execution::happened(schedule::event::Values event) {
  const schedule::Lease* lease = schedule_.find(event.lease);
  if (lease == nullptr) return {};
  const StepIndex step = lease->step;
  if (auto refusal = sharing_.refusal(event)) {
    return happened(schedule::event::Failed{event.lease, event.first, "shared", std::move(*refusal), event.busy});
  }
  const bool again = lease->again;
  if (!again) residency_.opened(event, step);
  if (!schedule_.values(event.lease, event.first, event.count, event.busy)) {
    if (again) touch(step);  // its arguments were made once more
    return {};
  }
  Result<void> done;
  if (!plan_.steps()[raw(step)].shared.empty()) done = sharing_.has_value(event.lease, event.changes.get());
  if (!done) return done;
  if (order_ == report::Order::done) {
    results::Run run;
    run.first = event.first;
    run.count = event.count;
    run.bytes = event.content();
    run.size = plan_.steps()[raw(step)].result_size;
    run.lengths = event.lengths;
    done = printer_->done(step, run);
  }
  if (event.shared) {
    store_.put(step, event.first, std::move(event.shared));
  } else {
    store_.put(step, event.first, event.count, std::move(event.bytes), std::move(event.lengths));
  }
  ending_.values += event.count;
  touch(step);
  return done;
}

Result<void> Execution::happened(schedule::event::Failed event) {
  const schedule::Lease* lease = schedule_.find(event.lease);
  if (lease == nullptr) return {};
  const schedule::Lease held = *lease;
  if (held.again) residency_.failed_again(held, event.kind, event.message);
  const std::uint32_t attempt = schedule_.attempt(held.step, event.index);
  const auto verdict = schedule_.failed(event.lease, event.index, event.busy, event.timed_out);
  if (verdict == schedule::Verdict::retried) ++ending_.retried;
  if (verdict != schedule::Verdict::none && !plan_.steps()[raw(held.step)].shared.empty()) {
    if (auto done = sharing_.has_error(held.id, verdict == schedule::Verdict::retried); !done) return done;
  }
  if (verdict != schedule::Verdict::final) return {};
  std::string detail =
      fmt::format("{} on worker {}, attempt {}", plan_.steps()[raw(held.step)].call, raw(held.worker), attempt);
  results::Reason reason{results::Status::error, std::move(event.kind), std::move(event.message)};
  if (event.timed_out || ran_until_end(held.id, event.index) != nullptr) {
    detail += fmt::format(": it ended by itself, with {}: {}", reason.kind, reason.message);
    reason.kind = event.timed_out ? "timeout" : "interrupted";
    reason.message = event.timed_out ? over_limit(held.step) : kInterrupted;
  }
  return fail_task(held.step, event.index, std::move(reason), std::move(detail), {});
}

Result<void> Execution::happened(const schedule::event::Lost& event) {
  absent_[raw(event.worker)] = true;
  schedule_.present(event.worker, false);
  const bool died = event.death.how != schedule::Death::How::not_started;
  if (died) ++ending_.deaths;
  if (died) ending_.abandoned += schedule_.pinned_in(event.worker);
  const schedule::Lease* lease = schedule_.find(event.lease);
  std::optional<std::uint64_t> running = event.running;
  if (event.spoilt && lease != nullptr && lease->count == 1) running = lease->first;
  const StepIndex guilty = lease == nullptr ? StepIndex{} : lease->step;
  const bool excused = event.excused && !draining_ && plan_.steps()[raw(guilty)].idempotent;
  const bool blamed = lease != nullptr && running.has_value() && !excused;
  const bool timed_out = event.death.how == schedule::Death::How::timed_out;
  const std::uint32_t attempt = blamed ? schedule_.attempt(guilty, *running) : 1;
  if (auto done = sharing_.lost(event.worker); !done) return done;
  const auto verdict =
      schedule_.lost(event.worker, event.lease, blamed ? running : std::nullopt, timed_out, died, event.spoilt);
  if (auto done = record_unrepeatable(); !done) return done;
  if (verdict == schedule::Verdict::retried) ++ending_.retried;
  if (verdict != schedule::Verdict::final || !blamed) return {};
  if (event.death.how == schedule::Death::How::interrupted) return interrupted(event, guilty, *running, attempt);
  const plan::Step& step = plan_.steps()[raw(guilty)];
  const signature::Plugin& plugin = catalog_.plugins[step.plugin];
  const std::uint64_t before = event.death.tasks_run;
  std::string detail =
      fmt::format("{} ({} {}) on worker {}, attempt {}: {}, after {} task{} of this process", step.call, plugin.path,
                  plugin.version, raw(event.worker), attempt, event.death.sentence, before, before == 1 ? "" : "s");
  results::Reason reason{results::Status::error, "crash", event.death.sentence};
  if (timed_out) reason = {results::Status::error, "timeout", over_limit(guilty)};
  if (event.others > 0) {
    reason.message += ", with other tasks running in the same process: which one was at fault is not known";
    detail += fmt::format("; it ran together with {} other{}", event.others, event.others == 1 ? "" : "s");
    if (attempt == 1 && step.idempotent) detail += ": --retries 1 runs each of them again, alone";
  }
  if (event.overdue) {
    reason.message = fmt::format("its process was killed because {} ran longer than its time limit of {}",
                                 plan_.task_id(event.overdue->step, event.overdue->index),
                                 pool::duration_text(limit_of(event.overdue->step)));
  }
  return fail_task(guilty, *running, std::move(reason), std::move(detail), event.death.last_lines);
}

// Whether the task ended in time to be spared or was killed is no matter of the pipeline's.
std::string Execution::over_limit(StepIndex step) const {
  return "it ran longer than its time limit of " + pool::duration_text(limit_of(step));
}

std::chrono::nanoseconds Execution::limit_of(StepIndex step) const {
  return plan_.steps()[raw(step)].timeout.value_or(policy_.timeout);
}

// Results that had been made but died with their worker, of tasks that cannot start again.
Result<void> Execution::record_unrepeatable() {
  results::Reason reason{results::Status::error, "crash", "its worker died before its result was taken over, and "};
  if (!draining_) {
    reason.message += "the step is not idempotent";
  } else if (ending_.how == Ending::How::drained) {
    reason.message += "the run was ending";
  } else {
    reason.kind = "interrupted";
    reason.message = "the run was ended before its result was taken over";
  }
  for (const schedule::TaskRun& run : schedule_.take_unrepeatable()) {
    for (std::uint64_t index = run.first; index < run.first + run.count; ++index) {
      if (auto done = fail_task(run.step, index, reason, {}, {}); !done) return done;
    }
  }
  return {};
}

Result<void> Execution::handle(schedule::Event event, const Observer& observer) {
  spent_.happened(event, schedule_);
  if (auto* values = std::get_if<schedule::event::Values>(&event)) return happened(std::move(*values));
  if (auto* failed = std::get_if<schedule::event::Failed>(&event)) return happened(std::move(*failed));
  if (const auto* lost = std::get_if<schedule::event::Lost>(&event)) return happened(*lost);
  if (const auto* closed = std::get_if<schedule::event::Closed>(&event)) {
    schedule_.closed(closed->lease);
  } else if (const auto* ready = std::get_if<schedule::event::Ready>(&event)) {
    absent_[raw(ready->worker)] = false;
    schedule_.present(ready->worker, true);
  } else if (const auto* printed = std::get_if<schedule::event::Printed>(&event)) {
    if (observer.printed) observer.printed(*printed);
  } else if (const auto* progressed = std::get_if<schedule::event::Progressed>(&event)) {
    if (observer.progressed) observer.progressed(*progressed);
  } else if (const auto* asked = std::get_if<schedule::event::Asked>(&event)) {
    return sharing_.asked(*asked);
  } else if (const auto* broken = std::get_if<schedule::event::Broken>(&event)) {
    return std::unexpected(broken->error);
  }
  return {};
}

}  // namespace gantry::host
