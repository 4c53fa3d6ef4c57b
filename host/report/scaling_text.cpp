#include <algorithm>

#include "report/scaling_forms.hpp"
#include "report/scaling_table.hpp"
#include "signature/printable.hpp"
#include "signature/utf8.hpp"

namespace gantry::report {

namespace {

/// Columns are right-aligned, two spaces apart.
void append_cells(const Cells& cells, std::string& to) {
  std::vector<std::size_t> widths(cells.front().size(), 0);
  for (const auto& row : cells) {
    for (std::size_t i = 0; i < row.size(); ++i) {
      widths[i] = std::max(widths[i], signature::count_code_points(row[i]));
    }
  }
  for (const auto& row : cells) {
    for (std::size_t i = 0; i < row.size(); ++i) {
      to.append(widths[i] - signature::count_code_points(row[i]) + (i == 0 ? 0 : 2), ' ');
      to += row[i];
    }
    to += '\n';
  }
}

void append_captioned(std::string_view caption, const Cells& cells, std::string_view note, std::string& to) {
  to += '\n';
  to += caption;
  to += ":\n";
  append_cells(cells, to);
  to += note;
  to += '\n';
}

}  // namespace

std::string scaling_text(const Scaling& scaling) {
  std::string text;
  signature::append_printable(scaling.file, text);
  text += ": " + runs_text(scaling) + "\n\n";
  append_cells(time_cells(scaling), text);
  append_captioned(kWorkersCaption, worker_cells(scaling), kWorkersNote, text);
  append_captioned(kHostCaption, host_cells(scaling), kHostNote, text);
  text += '\n';
  for (const std::string& sentence : findings(scaling)) text += sentence + '\n';
  return text;
}

}  // namespace gantry::report
