#include <fmt/format.h>

#include <algorithm>
#include <iterator>

#include "config/code_points.hpp"
#include "config/diagnostic.hpp"
#include "signature/utf8.hpp"

namespace gantry::config {
namespace {

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
    return visible(line.substr(begin, byte_of(line, to) - begin), true);
  };
  return {(first > 0 ? "…" : "") + part(first, place), part(place, last) + (last < length ? "…" : "")};
}

/// Blanks as wide as the text: tabs stay tabs, so that the caret stands below the place in any terminal.
std::string blanks(std::string_view text) {
  std::string blank;
  for (std::size_t at = 0; at < text.size(); at += code_point(text, at).size) {
    blank.push_back(text[at] == '\t' ? '\t' : ' ');
  }
  return blank;
}

std::string place(Mark mark, const Sources& sources) {
  const std::string name = visible(sources.name(mark.source));
  return mark.line == 0 ? name : fmt::format("{}:{}:{}", name, mark.line, mark.column);
}

void append(std::string& to, const Diagnostic& diagnostic, const Sources& sources) {
  const auto out = std::back_inserter(to);
  const Mark mark = diagnostic.mark;
  fmt::format_to(out, "{}: error[{}]: {}\n", place(mark, sources), diagnostic.code, visible(diagnostic.sentence));
  if (mark.line > 0) {
    const Excerpt shown = excerpt(sources.line(mark), mark.column);
    const std::string number = fmt::format("{:>4}", mark.line);
    const bool empty = shown.before.empty() && shown.after.empty();
    fmt::format_to(out, "{} |{}{}{}\n", number, empty ? "" : " ", shown.before, shown.after);
    fmt::format_to(out, "{:{}} | {}^\n", "", number.size(), blanks(shown.before));
  }
  for (const Note& note : diagnostic.notes) {
    if (note.mark.line > 0) {
      fmt::format_to(out, "note: {}: {}\n", place(note.mark, sources), visible(note.text));
    } else {
      fmt::format_to(out, "note: {}\n", visible(note.text));
    }
  }
  if (!diagnostic.help.empty()) fmt::format_to(out, "help: {}\n", visible(diagnostic.help));
}

}  // namespace

std::string render(const Diagnostics& diagnostics, const Sources& sources) {
  std::string text;
  for (const Diagnostic& diagnostic : diagnostics.sorted()) append(text, diagnostic, sources);
  if (diagnostics.beyond() > 0) fmt::format_to(std::back_inserter(text), "and {} more errors\n", diagnostics.beyond());
  return text;
}

}  // namespace gantry::config
