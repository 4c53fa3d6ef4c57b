#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "report/outline.hpp"
#include "signature/printable.hpp"
#include "signature/utf8.hpp"

namespace gantry::report {

namespace {

/// Columns left-aligned under a caption, indented, two spaces apart; nothing if there are no rows.
template <std::size_t width>
void append_table(std::string_view caption, std::vector<std::array<std::string, width>> rows, std::string& to) {
  if (rows.empty()) return;
  for (auto& row : rows) {
    for (std::string& cell : row) cell = signature::printable(cell);
  }
  std::array<std::size_t, width> widths{};
  for (const auto& row : rows) {
    for (std::size_t i = 0; i < width; ++i) widths[i] = std::max(widths[i], signature::count_code_points(row[i]));
  }
  to += fmt::format("\n{}\n", caption);
  for (const auto& row : rows) {
    std::string line = " ";
    for (std::size_t i = 0; i < width; ++i) {
      line += ' ';
      line += row[i];
      if (i + 1 < width) line.append(widths[i] - signature::count_code_points(row[i]) + 1, ' ');
    }
    to += line.substr(0, line.find_last_not_of(' ') + 1) + '\n';
  }
}

void append_settings(std::string_view caption, const std::vector<Setting>& settings, std::string& to) {
  std::vector<std::array<std::string, 3>> rows;
  rows.reserve(settings.size());
  for (const Setting& setting : settings) rows.push_back({setting.name, setting.value, setting.from});
  append_table(caption, std::move(rows), to);
}

std::string tasks_of(const Outline::Step& step) {
  if (!step.tasks) return "as many tasks as the run shows";
  return fmt::format("{} task{}", *step.tasks, *step.tasks == 1 ? "" : "s");
}

std::string taken(const Outline::Edge& edge) {
  if (edge.kind == "stream") return fmt::format("takes {} value by value, as they come (stream)", edge.producer);
  if (edge.kind == "order") return fmt::format("starts when {} is done (order)", edge.producer);
  if (edge.kind == "after") return fmt::format("starts when {} is done, even if it failed (after)", edge.producer);
  if (edge.within) {
    const std::string what = edge.element ? fmt::format("{}[{}]", edge.producer, *edge.element) : edge.producer;
    return fmt::format("takes {}, when it is done: each task what its elements are (keep)", what);
  }
  if (edge.element) return fmt::format("takes {}[{}], when it is done (keep)", edge.producer, *edge.element);
  return fmt::format("takes {} whole, when it is done (keep)", edge.producer);
}

/// Of numbers with one unit, whole if they can be.
std::string bytes(std::uint64_t size) {
  constexpr std::array<std::string_view, 4> units{"B", "KiB", "MiB", "GiB"};
  std::size_t unit = 0;
  double scaled = static_cast<double>(size);
  for (; scaled >= 1024 && unit + 1 < units.size(); ++unit) scaled /= 1024;
  return unit == 0 ? fmt::format("{} B", size) : fmt::format("{:.4g} {}", scaled, units[unit]);
}

std::string memory_of(const Outline::Step& step) {
  if (step.value_size == 0) return {};
  if (step.kept) {
    return step.kept_bytes ? fmt::format("its values are kept until their last use: {}", bytes(*step.kept_bytes))
                           : "its values are kept until their last use: how much that is, the run shows";
  }
  return step.window_bytes ? fmt::format("of its values at most {} wait for their turn", bytes(*step.window_bytes))
                           : std::string();
}

void append_step(const Outline::Step& step, std::string& to) {
  to += "  ";
  signature::append_printable(fmt::format("{}: {} of {}{}", step.id, tasks_of(step), step.call, step.signature), to);
  to += '\n';
  const auto line = [&](std::string_view text) {
    if (text.empty()) return;
    to += "      ";
    signature::append_printable(text, to);
    to += '\n';
  };
  for (const Outline::Edge& edge : step.edges) line(taken(edge));
  for (const Setting& setting : step.settings)
    line(fmt::format("{}: {} ({})", setting.name, setting.value, setting.from));
  if (step.printed) line("its results are output");
  line(memory_of(step));
  for (const std::string& note : step.notes) line("note: " + note);
}

/// "at most 1.6 KiB of values are kept at once, and …".
std::string memory_of(const Outline& outline) {
  std::uint64_t kept = 0;
  std::uint64_t window = 0;
  std::size_t unknown = 0;
  for (const Outline::Step& step : outline.steps) {
    kept += step.kept_bytes.value_or(0);
    window += step.window_bytes.value_or(0);
    const bool shown = step.kept ? step.kept_bytes.has_value() : step.window_bytes.has_value();
    unknown += shown ? 0 : 1;
  }
  std::string text =
      fmt::format("at most {} of kept values, and {} of values that wait for their turn", bytes(kept), bytes(window));
  if (unknown > 0) text += fmt::format("; of {} step{} only the run shows it", unknown, unknown == 1 ? "" : "s");
  return text;
}

}  // namespace

std::string outline_text(const Outline& outline) {
  std::string text;
  signature::append_printable(outline.file, text);
  const std::uint64_t tasks = outline.known_tasks();
  text += fmt::format(": {} step{}, {}{} task{}\n", outline.steps.size(), outline.steps.size() == 1 ? "" : "s",
                      outline.all_tasks_known() ? "" : "at least ", tasks, tasks == 1 ? "" : "s");
  append_settings("settings", outline.settings, text);
  append_settings("params", outline.params, text);
  std::vector<std::array<std::string, 3>> plugins;
  plugins.reserve(outline.plugins.size());
  for (const Outline::Plugin& plugin : outline.plugins) plugins.push_back({plugin.name, plugin.version, plugin.path});
  append_table("plugins", std::move(plugins), text);
  std::vector<std::array<std::string, 2>> shared;
  shared.reserve(outline.shared.size());
  for (const Outline::Shared& object : outline.shared) shared.push_back({object.name, object.type});
  append_table("shared", std::move(shared), text);
  text += "\nsteps\n";
  for (const Outline::Step& step : outline.steps) append_step(step, text);
  return text + "\nmemory of the host\n  " + memory_of(outline) + '\n';
}

}  // namespace gantry::report
