// Sets of task indices as sorted, disjoint, non-adjacent ranges: what a step knows of 12 million tasks is a few of
// them.
#pragma once

#include <cstddef>
#include <cstdint>
#include <limits>
#include <span>
#include <vector>

namespace gantry::schedule {

/// Tasks first … end - 1.
struct Range {
  std::uint64_t first = 0;
  std::uint64_t end = 0;

  [[nodiscard]] bool empty() const { return first >= end; }
  [[nodiscard]] std::uint64_t count() const { return empty() ? 0 : end - first; }
  friend bool operator==(const Range&, const Range&) = default;
};

/// Past every task: the end of "all from here on".
inline constexpr std::uint64_t kNoEnd = std::numeric_limits<std::uint64_t>::max();

/// The part of both; empty ranges are {0, 0}.
[[nodiscard]] Range common(Range a, Range b);

class IntervalSet {
 public:
  /// Union with the range; ranges that touch become one. Finding is O(log n); making room costs the distance to the
  /// nearer end, so work at the front and the back is amortised constant.
  void add(Range range);
  /// Without the range; indices that are not in the set may be in it.
  void remove(Range range);
  /// Intersection with the range.
  void keep(Range range);
  /// Takes up to `most` (≥ 1) indices from the front, all of one range. Precondition: not empty.
  Range pop(std::uint64_t most);
  void clear();

  [[nodiscard]] bool empty() const { return head_ == ranges_.size(); }
  /// Number of indices (wraps round only for sets that reach kNoEnd from 0).
  [[nodiscard]] std::uint64_t count() const { return count_; }
  /// Precondition: not empty.
  [[nodiscard]] Range front() const { return ranges_[head_]; }
  /// All indices below it are in the set: 0 if 0 is not.
  [[nodiscard]] std::uint64_t frontier() const { return empty() || front().first != 0 ? 0 : front().end; }
  /// True for an empty range.
  [[nodiscard]] bool covers(Range range) const;
  /// What of the range is not in the set, ascending.
  [[nodiscard]] std::vector<Range> gaps(Range within) const;
  /// Ascending.
  [[nodiscard]] std::span<const Range> ranges() const { return std::span(ranges_).subspan(head_); }

 private:
  [[nodiscard]] std::size_t first_ending_after(std::uint64_t index) const;
  [[nodiscard]] std::size_t first_starting_from(std::size_t at, std::uint64_t index) const;
  void insert(std::size_t at, Range range);
  void erase(std::size_t from, std::size_t to);

  std::vector<Range> ranges_;  ///< live from head_ on: what is popped leaves room for what comes back
  std::size_t head_ = 0;
  std::uint64_t count_ = 0;
};

}  // namespace gantry::schedule
