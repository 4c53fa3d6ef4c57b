// Pipelines drawn from a seed, and what must become of their tasks: by doing one after the other, with plain arrays.
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "schedule/cause.hpp"
#include "schedule/fake_runner.hpp"
#include "schedule/schedule.hpp"

namespace gantry::test {

struct Outcome {
  enum class Kind : std::uint8_t { none, value, error, skipped, not_run };
  Kind kind = Kind::none;
  std::optional<schedule::Cause> cause;  ///< of error: itself

  friend bool operator==(const Outcome&, const Outcome&) = default;
};

struct Pipeline {
  std::uint64_t seed = 0;
  std::vector<schedule::Step> steps;
  std::vector<std::optional<std::uint64_t>> sizes;  ///< what the driver answers; nothing: it cannot be sized
  std::vector<std::uint32_t> order;                 ///< producers before users
  unsigned bad = 0;                                 ///< of a thousand starts, those that do not end with a value
  bool crashes = true;

  [[nodiscard]] Fate fate(host::StepIndex step, std::uint64_t index, std::uint32_t attempt) const;
};

struct Shape {
  std::uint32_t most_steps = 8;
  std::uint64_t most_tasks = 40;
  std::uint64_t most_window = 10;
  unsigned bad = 40;
};

[[nodiscard]] Pipeline random_pipeline(std::uint64_t seed, const Shape& shape);
/// By step: one outcome a task.
[[nodiscard]] std::vector<std::vector<Outcome>> serial_run(const Pipeline& pipeline);

}  // namespace gantry::test
