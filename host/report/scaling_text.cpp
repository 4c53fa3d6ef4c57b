#include <fmt/format.h>

#include "report/escape.hpp"
#include "report/scaling_forms.hpp"
#include "signature/utf8.hpp"

namespace gantry::report {

namespace {

/// Cells, right-aligned in columns two spaces apart; the first row is the heading.
class Table {
 public:
  void row(std::vector<std::string> cells) {
    widths_.resize(std::max(widths_.size(), cells.size()), 0);
    for (std::size_t i = 0; i < cells.size(); ++i) widths_[i] = std::max(widths_[i], width(cells[i]));
    rows_.push_back(std::move(cells));
  }

  void append(std::string& to) const {
    for (const auto& cells : rows_) {
      for (std::size_t i = 0; i < cells.size(); ++i) {
        to.append(widths_[i] - width(cells[i]) + (i == 0 ? 0 : 2), ' ');
        to += cells[i];
      }
      to += '\n';
    }
  }

 private:
  static std::size_t width(const std::string& text) { return signature::count_code_points(text); }
  std::vector<std::vector<std::string>> rows_;
  std::vector<std::size_t> widths_;
};

void append_shares(const Scaling& scaling, std::vector<Share> (*shares)(const ScaleSize&), std::string& to) {
  Table table;
  std::vector<std::string> heading{"workers"};
  for (const Share& share : shares(scaling.sizes.front())) heading.emplace_back(share.name);
  table.row(std::move(heading));
  for (const ScaleSize& size : scaling.sizes) {
    std::vector<std::string> cells{fmt::format("{}", size.workers)};
    for (const Share& share : shares(size)) cells.push_back(percent_text(share.tenths));
    table.row(std::move(cells));
  }
  table.append(to);
}

}  // namespace

std::string seconds_text(double seconds) {
  return seconds < 1 ? fmt::format("{:.1f} ms", seconds * 1000) : fmt::format("{:.3f} s", seconds);
}

std::string percent_text(unsigned tenths) {
  return fmt::format("{}.{} %", tenths / 10, tenths % 10);
}

std::string scaling_text(const Scaling& scaling) {
  std::string text;
  append_line(scaling.file, text);
  text += fmt::format(": {} run{} at each size, {} CPU{}\n\n", scaling.repeats, scaling.repeats == 1 ? "" : "s",
                      scaling.cpus, scaling.cpus == 1 ? "" : "s");
  Table table;
  table.row({"workers", "median", "fastest", "slowest", "speed-up", "efficiency"});
  for (const ScaleSize& size : scaling.sizes) {
    table.row({fmt::format("{}", size.workers), seconds_text(size.median()), seconds_text(size.fastest()),
               seconds_text(size.slowest()), fmt::format("{:.2f}", scaling.speedup(size)),
               fmt::format("{:.1f} %", 100 * scaling.efficiency(size))});
  }
  table.append(text);
  text += "\nWhere the workers' time went, of workers × time:\n";
  append_shares(scaling, worker_shares, text);
  text += "\nWhere the host's time went, of the time:\n";
  append_shares(scaling, host_shares, text);
  text += '\n';
  for (const std::string& sentence : findings(scaling)) text += sentence + '\n';
  return text;
}

}  // namespace gantry::report
