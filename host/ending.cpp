// The end of a run before its tasks have ended: by a signal, by its deadline, or because it cannot go on. What ran then
// is an error, what never started is told as not run; the work is linear in steps and workers, not in tasks.
#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "execution.hpp"

namespace gantry::host {

namespace {

using Clock = std::chrono::steady_clock;

/// For tasks that take no time, or ask whether they are cancelled, to end by themselves: a worker that is killed takes
/// along what it has not reported, and its plugins cannot end.
constexpr std::chrono::milliseconds kMoment{100};

const char* why_not_run(Ending::How how) {
  if (how == Ending::How::deadline) return "the run's deadline came first";
  return how == Ending::How::broken ? "the run could not go on" : "the run was interrupted";
}

}  // namespace

std::vector<RunningTask> Execution::running() const {
  std::vector<RunningTask> tasks;
  for (const schedule::Running& running : runner_.running()) {
    const schedule::Lease* lease = schedule_.find(running.lease);
    if (lease != nullptr) tasks.push_back({lease->step, running.index, running.worker, running.ran});
  }
  std::ranges::sort(tasks, std::ranges::greater{}, &RunningTask::ran);
  return tasks;
}

Result<void> Execution::end_early(const Observer& observer) {
  draining_ = true;
  schedule_.drain();
  std::vector<schedule::Event> events;
  const auto hear = [&]() -> Result<void> {
    for (schedule::Event& event : std::exchange(events, {})) {
      if (std::holds_alternative<schedule::event::Broken>(event)) continue;  // it is ended anyway
      if (auto done = handle(std::move(event), observer); !done) return done;
    }
    return {};
  };
  take_back();
  for (const auto until = Clock::now() + kMoment; !schedule_.finished() && Clock::now() < until;) {
    cancel();
    runner_.wait(std::chrono::milliseconds{10}, events);
    if (auto done = hear(); !done) return done;
  }
  cancel();
  runner_.interrupt(events);
  if (auto done = hear(); !done) return done;
  if (auto done = size_steps(); !done) return done;  // draining, it takes what was decided and sizes nothing
  if (auto done = record_not_run(); !done) return done;
  return consume();
}

/// Again and again: a worker may begin what it had claimed before that was taken back.
void Execution::cancel() {
  for (const schedule::Running& running : runner_.cancel()) {
    if (ran_until_end(running.lease, running.index) == nullptr) interrupted_.push_back(running);
  }
}

const schedule::Running* Execution::ran_until_end(LeaseId lease, std::uint64_t index) const {
  const auto ran = std::ranges::find_if(
      interrupted_, [&](const schedule::Running& each) { return each.lease == lease && each.index == index; });
  return ran == interrupted_.end() ? nullptr : &*ran;
}

/// Takes back what no worker has begun.
void Execution::take_back() {
  for (std::size_t worker = 0; worker < absent_.size(); ++worker) {
    for (const schedule::LeaseId id : schedule_.leases(static_cast<WorkerIndex>(worker))) {
      const schedule::Lease lease = *schedule_.find(id);
      if (!lease.again) schedule_.recalled(id, runner_.recall(lease));
    }
  }
}

Result<void> Execution::record_not_run() {
  const char* const why = why_not_run(ending_.how);
  for (const schedule::NotRun& rest : schedule_.not_run()) {
    if (!store_.size(rest.step)) store_.sized(rest.step, rest.count);
    Result<void> done;
    if (rest.started) {
      done = fail_task(rest.step, rest.first,
                       {results::Status::error, "interrupted", "the run was ended before it could start again"},
                       fmt::format("attempt {} was to come", schedule_.attempt(rest.step, rest.first) + 1), {});
    } else {
      ending_.not_run += rest.count;
      done = put(rest.step, rest.first, rest.count, {results::Status::not_run, "not-run", why});
    }
    if (!done) return done;
  }
  return {};
}

// How long it ran depends on chance: that goes to standard error alone.
Result<void> Execution::interrupted(const schedule::event::Lost& event, StepIndex step, std::uint64_t index,
                                    std::uint32_t attempt) {
  std::string detail =
      fmt::format("{} on worker {}, attempt {}", plan_.steps()[raw(step)].call, raw(event.worker), attempt);
  if (const schedule::Running* const ran = ran_until_end(event.lease, index); ran != nullptr) {
    detail += fmt::format(": it had run for {:.1f} s", std::chrono::duration<double>(ran->ran).count());
  }
  return fail_task(step, index, {results::Status::error, "interrupted", kInterrupted}, std::move(detail),
                   event.death.last_lines);
}

}  // namespace gantry::host
