// What a running task may know of itself: an optional first parameter, `gantry::Context&`, not in the signature.
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include <gantry/abi.h>
#include <gantry/random.hpp>

namespace gantry {
inline namespace [[gnu::visibility("hidden")]] sdk1 {

enum class Level : std::int32_t {
  debug = GANTRY_LOG_DEBUG,
  info = GANTRY_LOG_INFO,
  warning = GANTRY_LOG_WARNING,
  error = GANTRY_LOG_ERROR,
};

/// Lives for one call, on the thread that runs it; a task's own threads must not use it at the same time.
class Context {
 public:
  explicit Context(gantry_call& call) : call_(&call), random_(call.seed) {}
  Context(const Context&) = delete;
  Context& operator=(const Context&) = delete;

  /// "total", or "counts[17]" for a task of a step with `each`.
  [[nodiscard]] std::string task_id() const {
    std::string id(call_->step.data, call_->step.size);
    if (call_->index != GANTRY_NO_INDEX) id += '[' + std::to_string(call_->index) + ']';
    return id;
  }
  /// The task's place within its step; nothing for a step without `each`.
  [[nodiscard]] std::optional<std::uint64_t> index() const {
    return call_->index == GANTRY_NO_INDEX ? std::nullopt : std::optional(call_->index);
  }
  /// 1 for the first start of this task, 2 after one death or retry, and so on.
  [[nodiscard]] std::uint32_t attempt() const { return call_->attempt; }
  /// Random numbers of this task: seeded from the run's seed and the task ID, so equal for any worker and attempt.
  [[nodiscard]] Random& rng() { return random_; }
  /// Shows a line on the host's stderr, tagged with the task ID.
  void log(Level level, std::string_view text) {
    call_->log(call_, static_cast<std::int32_t>(level), gantry_text{text.data(), text.size()});
  }
  /// Nobody waits for the result any more: the time limit has passed, or the run is being ended. Fail soon; what still
  /// runs a tenth of a second later is killed with its worker. May be asked often, and by the task's own threads.
  [[nodiscard]] bool cancelled() const {
    return has(offsetof(gantry_call, cancelled), sizeof call_->cancelled) && call_->cancelled(call_) != 0;
  }
  /// When this attempt is over its time limit; nothing if it has none.
  [[nodiscard]] std::optional<std::chrono::steady_clock::time_point> deadline() const {
    if (!has(offsetof(gantry_call, deadline), sizeof call_->deadline) || call_->deadline == 0) return std::nullopt;
    return std::chrono::steady_clock::time_point(std::chrono::nanoseconds(call_->deadline));
  }
  /// Shows people how far the task is: a fraction from 0 to 1, and at what. Cheap enough for any loop.
  void progress(double fraction, std::string_view text = {}) {
    if (!has(offsetof(gantry_call, progress), sizeof call_->progress)) return;
    call_->progress(call_, fraction, gantry_text{text.data(), text.size()});
  }

 private:
  /// A worker of an older minor version knows less of a call.
  [[nodiscard]] bool has(std::size_t offset, std::size_t size) const { return call_->struct_size >= offset + size; }

  gantry_call* call_;
  Random random_;
};

}  // namespace sdk1
}  // namespace gantry
