// The graph of the steps. Graphviz: https://graphviz.org/doc/info/lang.html (quoted strings escape `"` and `\`);
// Mermaid: https://mermaid.js.org/syntax/flowchart.html (quoted labels write `"` as `#quot;`).
#include <fmt/format.h>

#include <map>

#include "report/outline.hpp"
#include "signature/printable.hpp"

namespace gantry::report {

namespace {

/// Its lines, each written by `write`.
template <class Write>
std::string label_of(const Outline::Step& step, std::string_view line_break, Write write) {
  std::string tasks = "tasks: as the run shows";
  if (step.tasks) tasks = fmt::format("{} task{}", *step.tasks, *step.tasks == 1 ? "" : "s");
  return fmt::format("{}{}{}{}{}", write(step.id), line_break, write(step.call), line_break, tasks);
}

std::string label_of(const Outline::Edge& edge) {
  return edge.element ? fmt::format("{} [{}]", edge.kind, *edge.element) : edge.kind;
}

std::string replaced(std::string_view text, const std::map<char, std::string_view>& by) {
  std::string plain;
  signature::append_printable(text, plain);
  std::string result;
  for (const char letter : plain) {
    const auto found = by.find(letter);
    if (found == by.end()) {
      result += letter;
    } else {
      result += found->second;
    }
  }
  return result;
}

std::string dot_text(const std::string& text) {
  return replaced(text, {{'"', "\\\""}, {'\\', "\\\\"}});
}

std::string mermaid_text(const std::string& text) {
  return replaced(text, {{'"', "#quot;"}, {'#', "#35;"}, {'<', "#lt;"}, {'>', "#gt;"}, {'&', "#amp;"}});
}

std::string_view style_of(const Outline::Edge& edge) {
  if (edge.kind == "stream") return "bold";
  return edge.kind == "keep" ? "solid" : "dashed";
}

std::string_view arrow_of(const Outline::Edge& edge) {
  if (edge.kind == "stream") return "==>";
  return edge.kind == "keep" ? "-->" : "-.->";
}

}  // namespace

std::string outline_dot(const Outline& outline) {
  std::string text = "digraph gantry {\n  rankdir=LR;\n  node [shape=box];\n";
  for (const Outline::Step& step : outline.steps) {
    text += fmt::format("  \"{}\" [label=\"{}\"{}];\n", dot_text(step.id), label_of(step, "\\n", dot_text),
                        step.printed ? ", peripheries=2" : "");
  }
  for (const Outline::Step& step : outline.steps) {
    for (const Outline::Edge& edge : step.edges) {
      text += fmt::format("  \"{}\" -> \"{}\" [label=\"{}\", style={}];\n", dot_text(edge.producer), dot_text(step.id),
                          label_of(edge), style_of(edge));
    }
  }
  return text + "}\n";
}

std::string outline_mermaid(const Outline& outline) {
  std::string text = "flowchart LR\n";
  std::map<std::string_view, std::size_t> numbers;  // ids may be words of Mermaid's own, like `end`
  for (const Outline::Step& step : outline.steps) {
    const std::size_t number = numbers.emplace(step.id, numbers.size()).first->second;
    text += fmt::format("  s{}[\"{}\"]\n", number, label_of(step, "<br/>", mermaid_text));
  }
  for (const Outline::Step& step : outline.steps) {
    for (const Outline::Edge& edge : step.edges) {
      text += fmt::format("  s{} {}|\"{}\"| s{}\n", numbers[edge.producer], arrow_of(edge), label_of(edge),
                          numbers[step.id]);
    }
  }
  return text;
}

}  // namespace gantry::report
