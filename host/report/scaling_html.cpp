#include <fmt/format.h>

#include "report/scaling_forms.hpp"
#include "report/scaling_markup.hpp"
#include "report/scaling_table.hpp"

namespace gantry::report {

namespace {

constexpr std::string_view kStyle = R"(<style>
:root { color-scheme: light dark; }
body { max-width: 55rem; margin: 2rem auto; padding: 0 1rem; background: #f5f7fa; color: #1f2933;
  font: 16px/1.5 system-ui, 'Segoe UI', 'DejaVu Sans', Verdana, sans-serif; }
h1 { font-size: 1.4rem; overflow-wrap: anywhere; }
figure { margin: 1.5rem 0; }
figure svg { display: block; width: 100%; height: auto; }
table { border-collapse: collapse; margin: 1.5rem 0; font-variant-numeric: tabular-nums; }
caption { text-align: left; font-weight: 600; padding-bottom: .3rem; white-space: nowrap; }
.note { margin: -1rem 0 2rem; font-size: .85rem; opacity: .8; }
th, td { text-align: right; padding: .25rem .9rem; border-bottom: 1px solid #cbd2d9; }
.warning { border-left: .3rem solid #d9a400; padding-left: .7rem; }
@media (prefers-color-scheme: dark) {
  body { background: #14181d; color: #e4e7eb; }
  th, td { border-color: #3e4c59; }
}
</style>
)";

void append_table(std::string_view caption, const Cells& cells, std::string& to) {
  fmt::format_to(std::back_inserter(to), "<table>\n<caption>{}</caption>\n", escape_markup(caption));
  for (std::size_t i = 0; i < cells.size(); ++i) {
    to += "<tr>";
    for (const std::string& cell : cells[i]) {
      to += i == 0 ? "<th scope=\"col\">" : "<td>";
      to += escape_markup(cell);
      to += i == 0 ? "</th>" : "</td>";
    }
    to += "</tr>\n";
  }
  to += "</table>\n";
}

void append_note(std::string_view note, std::string& to) {
  fmt::format_to(std::back_inserter(to), "<p class=\"note\">{}</p>\n", escape_markup(note));
}

}  // namespace

std::string scaling_html(const Scaling& scaling) {
  const std::string file = escape_markup(scaling.file);
  std::string page = fmt::format(
      "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n"
      "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n<title>Speed-up of {}</title>\n{}"
      "</head>\n<body>\n<h1>Speed-up of {}</h1>\n",
      file, kStyle, file);
  for (const std::string& sentence : warnings(workers_of(scaling.sizes), scaling.cpus)) {
    fmt::format_to(std::back_inserter(page), "<p class=\"warning\">{}</p>\n", escape_markup(sentence));
  }
  for (const std::string& sentence : findings(scaling)) {
    fmt::format_to(std::back_inserter(page), "<p>{}</p>\n", escape_markup(sentence));
  }
  page += "<figure>\n" + scaling_svg(scaling) + "</figure>\n";
  append_table(runs_text(scaling), time_cells(scaling), page);
  append_table(kWorkersCaption, worker_cells(scaling), page);
  append_note(kWorkersNote, page);
  append_table(kHostCaption, host_cells(scaling), page);
  append_note(kHostNote, page);
  return page + "</body>\n</html>\n";
}

}  // namespace gantry::report
