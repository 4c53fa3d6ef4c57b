#include "cli/watch.hpp"

#include <fmt/format.h>

#include <csignal>
#include <vector>

namespace gantry::cli {

Watch::Watch(host::Signals& signals, report::Console& console, const plan::Plan& plan, const host::Execution& execution,
             std::chrono::nanoseconds grace)
    : signals_(signals), console_(console), plan_(plan), execution_(execution), grace_(grace) {}

host::Wish Watch::wish() {
  if (signals_.was_asked()) {
    console_.say(fmt::format("gantry: {} task{} ended in {}; {}\n", ended_, ended_ == 1 ? "" : "s",
                             report::time_text(Clock::now() - began_), running()));
  }
  if (signals_.count() == 0) return host::Wish::go_on;
  if (signals_.count() > 1) return host::Wish::kill;
  const bool drains = signals_.first() == SIGINT;
  if (!told_) {
    told_ = true;
    told_at_ = Clock::now();
    const std::string most = drains ? std::string() : fmt::format(", for {} at most", report::time_text(grace_));
    console_.say(fmt::format("gantry: no more tasks start; {}{}; signal again (^C) to end at once\n", running(), most));
  }
  return drains || Clock::now() - told_at_ < grace_ ? host::Wish::drain : host::Wish::kill;
}

void Watch::look(std::uint64_t ended, Clock::time_point now) {
  ended_ = ended;
  if (!stillness_.is_due(ended, now - began_)) return;
  console_.say(fmt::format("gantry: no task has ended for {}; {}\n", report::time_text(stillness_.lasts(now - began_)),
                           running()));
}

std::string Watch::running() const {
  std::vector<report::RunningNote> notes;
  for (const host::RunningTask& task : execution_.running()) {
    notes.push_back({plan_.task_id(task.step, task.index), task.worker, task.ran});
  }
  return notes.empty() ? "no task runs" : "waits for " + report::running_text(notes);
}

}  // namespace gantry::cli
