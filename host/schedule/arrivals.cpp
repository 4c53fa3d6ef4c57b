#include "schedule/arrivals.hpp"

#include <algorithm>
#include <iterator>

namespace gantry::schedule {

Arrivals::Position Arrivals::split(std::uint64_t at) {
  const auto next = segments_.lower_bound(at);
  if (next == segments_.begin()) return next;
  const auto holder = std::prev(next);
  if (holder->second.end <= at) return next;
  Segment upper = holder->second;
  holder->second.end = at;
  return segments_.emplace_hint(next, at, upper);
}

void Arrivals::merge(std::uint64_t from, std::uint64_t to) {
  auto at = segments_.lower_bound(from);
  if (at != segments_.begin()) --at;
  while (at != segments_.end() && at->first <= to) {
    const auto next = std::next(at);
    if (next == segments_.end()) return;
    const bool same = next->first == at->second.end && next->second.arrived == at->second.arrived &&
                      !next->second.cause && !at->second.cause;
    if (same) {
      at->second.end = next->second.end;
      segments_.erase(next);
    } else {
      at = next;
    }
  }
}

void Arrivals::add(std::uint32_t edge, Range range, const std::optional<Cause>& cause, std::vector<Arrival>& complete) {
  if (range.empty()) return;
  split(range.end);
  auto at = split(range.first);
  for (std::uint64_t from = range.first; from < range.end;) {
    if (at == segments_.end() || at->first > from) {
      const std::uint64_t end = at == segments_.end() ? range.end : std::min(range.end, at->first);
      at = segments_.emplace_hint(at, from, Segment{end, 0, edge, std::nullopt});
    }
    Segment& segment = at->second;
    from = segment.end;
    ++segment.arrived;
    if (cause && (!segment.cause || edge < segment.edge)) {
      segment.cause = cause;
      segment.edge = edge;
    }
    if (segment.arrived == producers_) {
      complete.push_back({{at->first, segment.end}, segment.cause});
      at = segments_.erase(at);
    } else {
      ++at;
    }
  }
  merge(range.first, range.end);
}

}  // namespace gantry::schedule
