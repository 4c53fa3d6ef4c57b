#include "cli/help.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <utility>
#include <vector>

#include "signature/utf8.hpp"

namespace gantry::cli {
namespace {

constexpr std::string_view kFooter =
    "Exit codes: 0 all values, 1 some tasks without a value, 2 wrong usage, 3 pipeline invalid,\n"
    "4 plugin missing or refused, 5 infrastructure or output failed, 6 halted by deadline, 130/143 on ^C/TERM.\n"
    "run, check, plan, inspect, call and scale start worker processes, which load plugin code; gantry itself never\n"
    "does.\n";
constexpr std::size_t kWidestTerm = 32;  // what is wider has its text on the next line

using Row = std::pair<std::string, std::string>;

/// Two columns; no line but a lone word is wider than 100 columns.
void append_rows(const std::vector<Row>& rows, std::string& to) {
  std::size_t width = 0;
  for (const auto& [term, text] : rows) {
    if (term.size() <= kWidestTerm) width = std::max(width, signature::count_code_points(term));
  }
  for (const auto& [term, text] : rows) {
    to += "  " + term;
    const std::size_t size = signature::count_code_points(term);
    if (size > width) to += "\n  ";
    to.append(size > width ? width : width - size, ' ');
    to += "  " + text + '\n';
  }
}

/// "-j, --workers N|auto".
std::string term_of(const Option& option) {
  const std::size_t comma = option.names.find(',');
  std::string term = comma == std::string_view::npos
                         ? "    " + std::string(option.names)
                         : fmt::format("{}, {}", option.names.substr(0, comma), option.names.substr(comma + 1));
  return option.value.empty() ? term : fmt::format("{} {}", term, option.value);
}

}  // namespace

std::string help() {
  std::string text =
      "Runs plain C++ functions from drop-in libraries over a YAML pipeline, on isolated worker processes.\n\n"
      "Usage: gantry VERB …\n\nVerbs:\n";
  std::vector<Row> rows;
  for (const VerbUsage& verb : verbs()) rows.emplace_back(verb.name, verb.doc);
  rows.emplace_back("help", "This text, or the flags of a verb: gantry help run");
  append_rows(rows, text);
  return text + '\n' + std::string(kFooter);
}

std::string help_of(const VerbUsage& verb) {
  std::string text = fmt::format("{}.\n\nUsage: gantry {}", verb.doc, verb.name);
  std::vector<Row> words;
  if (!verb.target.name.empty()) {
    text += verb.target.required ? fmt::format(" {}", verb.target.name) : fmt::format(" [{}]", verb.target.name);
    words.emplace_back(verb.target.name, verb.target.doc);
  }
  if (!verb.words.name.empty()) {
    text += fmt::format(" {}…", verb.words.name);
    words.emplace_back(verb.words.name, verb.words.doc);
  }
  text += " [FLAGS]\n";
  if (!words.empty()) text += '\n';
  append_rows(words, text);
  std::vector<Row> flags;
  for (const Option* option : verb.options) {
    flags.emplace_back(term_of(*option), option->variable == nullptr
                                             ? std::string(option->doc)
                                             : fmt::format("{} [{}]", option->doc, option->variable));
  }
  flags.emplace_back("-h, --help", "This text");
  text += "\nFlags:\n";
  append_rows(flags, text);
  return text;
}

}  // namespace gantry::cli
