// How far the slowest reader of a step's results is.
#pragma once

#include <cstdint>
#include <map>
#include <memory>

#include "schedule/intervals.hpp"

namespace gantry::schedule {

/// Readers advance through a step in index order; a reader that is done stands at kNoEnd.
class Readers {
 public:
  /// One more, at 0.
  void join();
  /// One that stood at `from` now stands at `to` ≥ `from`. O(log of the distinct positions).
  void advance(std::uint64_t from, std::uint64_t to);
  /// kNoEnd if there is no reader.
  [[nodiscard]] std::uint64_t lowest() const { return lowest_; }

 private:
  std::uint64_t lowest_ = kNoEnd;
  std::uint32_t readers_ = 0;
  std::unique_ptr<std::map<std::uint64_t, std::uint32_t>> positions_;  ///< of two and more: position, how many there
};

}  // namespace gantry::schedule
