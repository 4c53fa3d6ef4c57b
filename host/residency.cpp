#include "residency.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

namespace gantry::host {

namespace {

/// Of one chunk: fewer than the kernel passes in one message, and than a worker may usually have open.
constexpr std::size_t kFiles = 64;

}  // namespace

void Residency::opened(const schedule::event::Values& event, StepIndex step) {
  if (event.file) files_[{raw(step), event.first}] = event.file;
}

Result<std::uint64_t> Residency::attach(schedule::Chunk& chunk, const plan::Arguments& arguments) const {
  const plan::Step& step = plan_.steps()[raw(chunk.lease.step)];
  const std::vector<signature::Stride> strides = arguments.strides();
  std::uint64_t tasks = chunk.lease.count;
  for (std::size_t use = 0; use < strides.size(); ++use) {
    const StepIndex producer = step.residents[use].producer;
    if (plan_.steps()[raw(producer)].residence != signature::Residence::host) continue;
    for (std::uint64_t i = 0; i < tasks; ++i) {
      const signature::Resident value{raw(producer), strides[use].at(chunk.lease.first + i)};
      if (std::ranges::find(chunk.files, value, &schedule::PassedFile::resident) != chunk.files.end()) continue;
      if (i > 0 && chunk.files.size() >= kFiles) {
        tasks = i;
        break;
      }
      const auto found = files_.find(value);
      if (found == files_.end()) {
        return fail(ErrorKind::infrastructure,
                    fmt::format("the open file of {} is not there", plan_.task_id(producer, value.index)));
      }
      chunk.files.push_back({value, found->second});
      if (strides[use].modulo == 1) break;  // the same one for all
    }
  }
  return tasks;
}

void Residency::failed_again(const schedule::Lease& lease, const std::string& kind, const std::string& message) {
  failures_[{raw(lease.step), lease.first}] = fmt::format("{}: {}", kind, message);
}

std::vector<StepIndex> Residency::drop() {
  std::vector<StepIndex> steps;
  for (const schedule::Dropped& dropped : schedule_.take_dropped()) {
    if (dropped.worker) {
      runner_.drop(*dropped.worker, dropped.value);
    } else {
      files_.erase(dropped.value);
    }
    steps.push_back(StepIndex{dropped.value.step});
  }
  return steps;
}

std::string Residency::why(const schedule::Loss& loss) const {
  using Why = schedule::Loss::Why;
  const StepIndex step{loss.value.step};
  const std::string value = plan_.task_id(step, loss.value.index);
  switch (loss.why) {
    case Why::changed:
      return fmt::format("{} was lost with its worker after a task had changed it, so it cannot be made again", value);
    case Why::not_repeatable:
      return fmt::format("{} was lost with its worker, and {} may not run twice", value, plan_.steps()[raw(step)].id);
    case Why::died:
      return fmt::format("{} was lost with its worker, and the worker that made it again died of it", value);
    case Why::failed:
      break;
  }
  const auto failure = failures_.find(loss.value);
  return fmt::format("{} was lost with its worker, and making it again failed{}", value,
                     failure == failures_.end() ? "" : ": " + failure->second);
}

}  // namespace gantry::host
