#include "report/scaling_table.hpp"

#include <fmt/format.h>

namespace gantry::report {

namespace {

Cells share_cells(const Scaling& scaling, std::vector<Share> (*shares)(const ScaleSize&)) {
  Cells cells{{"workers"}};
  for (const Share& share : shares(scaling.sizes.front())) cells.front().emplace_back(share.name);
  for (const ScaleSize& size : scaling.sizes) {
    auto& row = cells.emplace_back();
    row.push_back(fmt::format("{}", size.workers));
    for (const Share& share : shares(size)) row.push_back(percent_text(share.tenths));
  }
  return cells;
}

}  // namespace

Cells time_cells(const Scaling& scaling) {
  Cells cells{{"workers", "median", "fastest", "slowest", "speed-up", "efficiency"}};
  for (const ScaleSize& size : scaling.sizes) {
    cells.push_back({fmt::format("{}", size.workers), seconds_text(size.median()), seconds_text(size.fastest()),
                     seconds_text(size.slowest()), fmt::format("{:.2f}", scaling.speedup(size)),
                     fmt::format("{:.1f} %", 100 * scaling.efficiency(size))});
  }
  return cells;
}

Cells worker_cells(const Scaling& scaling) {
  return share_cells(scaling, worker_shares);
}

Cells host_cells(const Scaling& scaling) {
  return share_cells(scaling, host_shares);
}

std::string runs_text(const Scaling& scaling) {
  return fmt::format("{} run{} at each size, {} CPU{}", scaling.repeats, scaling.repeats == 1 ? "" : "s", scaling.cpus,
                     scaling.cpus == 1 ? "" : "s");
}

std::string seconds_text(double seconds) {
  return seconds < 1 ? fmt::format("{:.1f} ms", seconds * 1000) : fmt::format("{:.3f} s", seconds);
}

std::string percent_text(unsigned tenths) {
  return fmt::format("{}.{} %", tenths / 10, tenths % 10);
}

}  // namespace gantry::report
