// Where the elements of several stream producers meet: task i may start when element i of all of them is there.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <vector>

#include "schedule/cause.hpp"
#include "schedule/intervals.hpp"

namespace gantry::schedule {

/// Tasks whose elements have all ended: with values, or at least one without.
struct Arrival {
  Range range;
  std::optional<Cause> cause;  ///< of the lowest-numbered edge whose element has no value

  friend bool operator==(const Arrival&, const Arrival&) = default;
};

class Arrivals {
 public:
  explicit Arrivals(std::uint32_t producers) : producers_(producers) {}

  /// Elements of one edge have ended (each element of an edge arrives once). Appends to `complete` what is now decided;
  /// the cause depends on the outcomes, not on the order of the calls. O(log n + segments of the range).
  void add(std::uint32_t edge, Range range, const std::optional<Cause>& cause, std::vector<Arrival>& complete);
  [[nodiscard]] std::size_t segments() const { return segments_.size(); }

 private:
  struct Segment {
    std::uint64_t end = 0;
    std::uint32_t arrived = 0;
    std::uint32_t edge = 0;  ///< of the cause
    std::optional<Cause> cause;
  };
  using Position = std::map<std::uint64_t, Segment>::iterator;

  Position split(std::uint64_t at);
  void merge(std::uint64_t from, std::uint64_t to);

  std::map<std::uint64_t, Segment> segments_;  ///< by first index; what no producer has reached is in none
  std::uint32_t producers_;
};

}  // namespace gantry::schedule
