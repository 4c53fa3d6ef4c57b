#include "schedule/absences.hpp"

#include <algorithm>

namespace gantry::schedule {

void Absences::add(const Share& share, const std::vector<Absence>& elements) {
  Axis axis{share, {}};
  for (const Absence& absence : elements) {
    Range range{absence.range.first / share.group, (absence.range.end - 1) / share.group + 1};
    if (share.position) range = {*share.position, *share.position + 1};
    if (!axis.positions.empty()) range.first = std::max(range.first, axis.positions.back().range.end);
    range.end = std::min(range.end, share.modulo);
    if (!range.empty()) axis.positions.push_back({range, absence.cause});
  }
  if (!axis.positions.empty()) axes_.push_back(std::move(axis));
}

Absences::Part Absences::front(Range tasks) const {
  Part part{tasks, std::nullopt};
  for (const Axis& axis : axes_) {
    const std::uint64_t turn = tasks.first / axis.share.divide;
    const std::uint64_t position = turn % axis.share.modulo;
    const auto found = std::ranges::lower_bound(axis.positions, position + 1, {},
                                                [](const Absence& absence) { return absence.range.end; });
    const bool absent = found != axis.positions.end() && found->range.first <= position;
    if (absent && !part.cause) part.cause = found->cause;
    std::uint64_t until = axis.share.modulo;
    if (found != axis.positions.end()) until = absent ? found->range.end : found->range.first;
    part.tasks.end = std::min(part.tasks.end, (turn + (until - position)) * axis.share.divide);
  }
  return part;
}

}  // namespace gantry::schedule
