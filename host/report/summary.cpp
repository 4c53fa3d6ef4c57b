#include "report/summary.hpp"

#include <fmt/core.h>

#include <algorithm>
#include <iterator>
#include <string_view>

#include "signature/printable.hpp"

namespace gantry::report {
namespace {

constexpr std::size_t kShown = 20;

/// Appends each line of `text`, which a program printed, after `before`.
void append_lines(std::string_view text, std::string_view before, std::string& to) {
  while (!text.empty()) {
    const std::size_t end = std::min(text.find('\n'), text.size());
    to += before;
    signature::append_printed_line(text.substr(0, end), to);
    to += '\n';
    text.remove_prefix(std::min(end + 1, text.size()));
  }
}

void append_note(const FailureNote& note, const Terminal& terminal, std::string& to) {
  signature::append_printable(note.id, to);
  to += " ! ";
  to += begin_colour(terminal, Colour::red);
  signature::append_printable(note.kind, to);
  to += end_colour(terminal);
  if (!note.message.empty()) {
    to += ": ";
    signature::append_printable(note.message, to);
  }
  to += '\n';
  if (!note.detail.empty()) {
    to += "    ";
    signature::append_printable(note.detail, to);
    to += '\n';
  }
  for (const std::string& line : note.last_lines) append_lines(line, "    | ", to);
}

}  // namespace

std::string count_line(const Counts& counts) {
  std::string line = fmt::format("{} task{}: {} ok", counts.total(), counts.total() == 1 ? "" : "s", counts.ok);
  const auto add = [&line](std::uint64_t count, std::string_view word) {
    if (count > 0) fmt::format_to(std::back_inserter(line), ", {} {}", count, word);
  };
  add(counts.error, counts.error == 1 ? "error" : "errors");
  add(counts.skipped, "skipped");
  add(counts.not_run, "not run");
  return line;
}

std::string summary(const Counts& counts, std::span<const FailureNote> notes, const Terminal& terminal) {
  std::string text = count_line(counts) + '\n';
  const auto shown = notes.first(std::min(notes.size(), kShown));
  for (const FailureNote& note : shown) append_note(note, terminal, text);
  if (counts.error > shown.size()) {
    fmt::format_to(std::back_inserter(text), "… and {} more\n", counts.error - shown.size());
  }
  return text;
}

}  // namespace gantry::report
