#include <fmt/format.h>

#include <algorithm>
#include <iterator>

#include "config/code_points.hpp"
#include "config/diagnostic.hpp"
#include "signature/printable.hpp"
#include "signature/utf8.hpp"

namespace gantry::config {
namespace {

using signature::printable;

constexpr std::size_t widest = 160;  // code points of a source line that are shown

/// A source line as shown: what stands before the place decides where the caret goes.
struct Excerpt {
  std::string before;
  std::string after;
};

/// The byte at which code point `count` of the line begins, or its size.
std::size_t byte_of(std::string_view line, std::size_t count) {
  std::size_t at = 0;
  for (; count > 0 && at < line.size(); --count) at += code_point(line, at).size;
  return at;
}

Excerpt excerpt(std::string_view line, std::size_t column) {
  const std::size_t length = signature::count_code_points(line);
  const std::size_t place = std::min(column > 0 ? column - 1 : 0, length);
  std::size_t first = 0;
  std::size_t last = length;
  if (length > widest) {
    first = std::min(place > widest / 2 ? place - widest / 2 : 0, length - widest);
    last = first + widest;
  }
  const auto part = [&](std::size_t from, std::size_t to) {
    const std::size_t begin = byte_of(line, from);
    std::string shown = first > 0 ? "…" : "";
    signature::append_printed_line(line.substr(begin, byte_of(line, to) - begin), shown);
    return shown;
  };
  Excerpt shown{part(first, place), {}};
  shown.after = part(first, last).substr(shown.before.size()) + (last < length ? "…" : "");
  return shown;
}

std::string place(Mark mark, const Sources& sources) {
  const std::string name = printable(sources.name(mark.source));
  return mark.line == 0 ? name : fmt::format("{}:{}:{}", name, mark.line, mark.column);
}

void append(std::string& to, const Diagnostic& diagnostic, const Sources& sources) {
  const auto out = std::back_inserter(to);
  const Mark mark = diagnostic.mark;
  fmt::format_to(out, "{}: error[{}]: {}\n", place(mark, sources), diagnostic.code, printable(diagnostic.sentence));
  if (mark.line > 0) {
    const Excerpt shown = excerpt(sources.line(mark), mark.column);
    const std::string number = fmt::format("{:>4}", mark.line);
    const bool empty = shown.before.empty() && shown.after.empty();
    fmt::format_to(out, "{} |{}{}{}\n", number, empty ? "" : " ", shown.before, shown.after);
    fmt::format_to(out, "{:{}} | {}^\n", "", number.size(),
                   std::string(signature::count_code_points(shown.before), ' '));
  }
  for (const Note& note : diagnostic.notes) {
    if (note.mark.line > 0) {
      fmt::format_to(out, "note: {}: {}\n", place(note.mark, sources), printable(note.text));
    } else {
      fmt::format_to(out, "note: {}\n", printable(note.text));
    }
  }
  if (!diagnostic.help.empty()) fmt::format_to(out, "help: {}\n", printable(diagnostic.help));
}

}  // namespace

std::string render(const Diagnostics& diagnostics, const Sources& sources) {
  std::string text;
  for (const Diagnostic& diagnostic : diagnostics.sorted()) append(text, diagnostic, sources);
  if (diagnostics.beyond() > 0) fmt::format_to(std::back_inserter(text), "and {} more errors\n", diagnostics.beyond());
  return text;
}

}  // namespace gantry::config
