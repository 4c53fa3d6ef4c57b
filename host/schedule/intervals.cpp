#include "schedule/intervals.hpp"

#include <algorithm>

namespace gantry::schedule {

namespace {

using Offset = std::vector<Range>::difference_type;

/// Below this many dead entries in front, moving the live ones down is not worth it.
constexpr std::size_t kFewDead = 32;
/// Sets smaller than this are just moved; larger ones get slack at the front.
constexpr std::size_t kFewLive = 16;

}  // namespace

Range common(Range a, Range b) {
  const Range both{std::max(a.first, b.first), std::min(a.end, b.end)};
  return both.empty() ? Range{} : both;
}

std::size_t IntervalSet::first_ending_after(std::uint64_t index) const {
  const auto from = ranges_.begin() + static_cast<Offset>(head_);
  const auto at = std::upper_bound(from, ranges_.end(), index,
                                   [](std::uint64_t value, const Range& range) { return value < range.end; });
  return static_cast<std::size_t>(at - ranges_.begin());
}

std::size_t IntervalSet::first_starting_from(std::size_t at, std::uint64_t index) const {
  // Nearly always the same or the next range: look there before searching.
  for (int near = 0; near < 2; ++near, ++at)
    if (at == ranges_.size() || ranges_[at].first >= index) return at;
  const auto found = std::lower_bound(ranges_.begin() + static_cast<Offset>(at), ranges_.end(), index,
                                      [](const Range& range, std::uint64_t value) { return range.first < value; });
  return static_cast<std::size_t>(found - ranges_.begin());
}

void IntervalSet::insert(std::size_t at, Range range) {
  const std::size_t before = at - head_;
  const std::size_t after = ranges_.size() - at;
  if (before < after && head_ == 0 && ranges_.size() >= kFewLive) {
    const std::size_t slack = ranges_.size() / 2;
    ranges_.insert(ranges_.begin(), slack, Range{});
    head_ += slack;
    at += slack;
  }
  if (before < after && head_ > 0) {
    const auto begin = ranges_.begin() + static_cast<Offset>(head_);
    std::move(begin, begin + static_cast<Offset>(before), begin - 1);
    --head_;
    ranges_[at - 1] = range;
  } else {
    ranges_.insert(ranges_.begin() + static_cast<Offset>(at), range);
  }
}

void IntervalSet::erase(std::size_t from, std::size_t to) {
  if (from == to) return;
  const auto begin = ranges_.begin();
  if (from - head_ <= ranges_.size() - to) {
    std::move_backward(begin + static_cast<Offset>(head_), begin + static_cast<Offset>(from),
                       begin + static_cast<Offset>(to));
    head_ += to - from;
  } else {
    ranges_.erase(begin + static_cast<Offset>(from), begin + static_cast<Offset>(to));
  }
  if (head_ == ranges_.size()) {
    ranges_.clear();
    head_ = 0;
  } else if (head_ > kFewDead && head_ > ranges_.size() / 4 * 3) {
    ranges_.erase(ranges_.begin(), ranges_.begin() + static_cast<Offset>(head_));
    head_ = 0;
  }
}

void IntervalSet::add(Range range) {
  if (range.empty()) return;
  if (empty() || ranges_.back().end < range.first) {
    ranges_.push_back(range);
    count_ += range.count();
    return;
  }
  if (ranges_.back().first <= range.first) {
    Range& last = ranges_.back();
    if (last.end >= range.end) return;
    count_ += range.end - last.end;
    last.end = range.end;
    return;
  }
  // The first range that reaches or touches the new one, and the first that lies beyond it.
  const std::size_t from = range.first == 0 ? head_ : first_ending_after(range.first - 1);
  const std::size_t to = range.end == kNoEnd ? ranges_.size() : first_starting_from(from, range.end + 1);
  if (from == to) {
    insert(from, range);
    count_ += range.count();
    return;
  }
  for (std::size_t at = from; at < to; ++at) count_ -= ranges_[at].count();
  ranges_[from] = {std::min(ranges_[from].first, range.first), std::max(ranges_[to - 1].end, range.end)};
  count_ += ranges_[from].count();
  erase(from + 1, to);
}

void IntervalSet::remove(Range range) {
  if (range.empty() || empty()) return;
  const std::size_t from = first_ending_after(range.first);
  const std::size_t to = first_starting_from(from, range.end);
  if (from >= to) return;
  for (std::size_t at = from; at < to; ++at) count_ -= common(ranges_[at], range).count();
  const Range left{ranges_[from].first, range.first};
  const Range right{range.end, ranges_[to - 1].end};
  if (left.empty() && right.empty()) return erase(from, to);
  if (left.empty()) {
    ranges_[to - 1] = right;
    return erase(from, to - 1);
  }
  ranges_[from] = left;
  if (right.empty()) return erase(from + 1, to);
  if (to - from == 1) return insert(to, right);
  ranges_[to - 1] = right;
  erase(from + 1, to - 1);
}

void IntervalSet::keep(Range range) {
  if (range.empty()) return clear();
  remove({0, range.first});
  remove({range.end, kNoEnd});
}

Range IntervalSet::pop(std::uint64_t most) {
  Range& first = ranges_[head_];
  const Range taken{first.first, first.count() <= most ? first.end : first.first + most};
  count_ -= taken.count();
  first.first = taken.end;
  if (first.empty()) erase(head_, head_ + 1);
  return taken;
}

void IntervalSet::clear() {
  ranges_.clear();
  head_ = 0;
  count_ = 0;
}

bool IntervalSet::covers(Range range) const {
  if (range.empty()) return true;
  const std::size_t at = first_ending_after(range.first);
  return at < ranges_.size() && ranges_[at].first <= range.first && ranges_[at].end >= range.end;
}

std::vector<Range> IntervalSet::gaps(Range within) const {
  std::vector<Range> missing;
  std::uint64_t from = within.first;
  for (std::size_t at = first_ending_after(within.first); at < ranges_.size() && ranges_[at].first < within.end; ++at) {
    if (from < ranges_[at].first) missing.push_back({from, ranges_[at].first});
    from = ranges_[at].end;
  }
  if (from < within.end) missing.push_back({from, within.end});
  return missing;
}

}  // namespace gantry::schedule
