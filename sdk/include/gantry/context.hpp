// What a running task may know of itself: an optional first parameter, `gantry::Context&`, not in the signature.
#pragma once

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

 private:
  gantry_call* call_;
  Random random_;
};

}  // namespace sdk1
}  // namespace gantry
