// A set of steps that knows its highest member: which of 10^5 steps has work is one look, not a scan.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <vector>

namespace gantry::schedule {

/// A bitmap with a summary bitmap above it, and so on up to one word: all operations are O(log64 n), and none
/// allocates.
class StepSet {
 public:
  /// Empty, for steps 0 … `steps` - 1.
  explicit StepSet(std::size_t steps);

  /// Puts the step in or takes it out. Precondition: step < steps.
  void assign(std::uint32_t step, bool member);
  [[nodiscard]] bool empty() const { return levels_.back().front() == 0; }
  [[nodiscard]] std::optional<std::uint32_t> highest() const;
  [[nodiscard]] std::size_t size() const { return members_; }

 private:
  std::size_t members_ = 0;
  std::vector<std::vector<std::uint64_t>> levels_;  ///< bit i of a level: word i of the level below is not zero
};

}  // namespace gantry::schedule
