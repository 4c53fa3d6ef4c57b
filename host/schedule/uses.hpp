// Who uses a step's results: the edges of all steps, turned round once and stored flat.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "schedule/intervals.hpp"
#include "schedule/schedule.hpp"

namespace gantry::schedule {

struct Use {
  std::uint32_t user = 0;     ///< a step
  std::uint32_t edge = 0;     ///< number in the user's list
  std::uint64_t element = 0;  ///< of elements()
};

class Uses {
 public:
  /// Linear in steps and edges (times the logarithm of a step's element uses).
  explicit Uses(const std::vector<Step>& steps);

  [[nodiscard]] std::span<const Use> streams(std::uint32_t producer) const { return group(producer, 0); }
  /// Keep and order edges that need all of it.
  [[nodiscard]] std::span<const Use> wholes(std::uint32_t producer) const { return group(producer, 1); }
  /// Keep edges that need one element, which is in the range; by element.
  [[nodiscard]] std::span<const Use> elements(std::uint32_t producer, Range range) const;

 private:
  [[nodiscard]] std::span<const Use> group(std::uint32_t producer, std::size_t kind) const;

  std::vector<std::size_t> starts_;  ///< three groups a producer
  std::vector<Use> uses_;
};

}  // namespace gantry::schedule
