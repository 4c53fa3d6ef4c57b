#include "config/raw_text.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "config/code_points.hpp"
#include "config/codes.hpp"

namespace gantry::config {
namespace {

std::uint32_t narrow(std::size_t count) {
  return static_cast<std::uint32_t>(count);
}

Diagnostic wrong(const Code& code, Mark mark, std::string sentence, std::string help = {}) {
  return {std::string(code.number), mark, std::move(sentence), {}, std::move(help)};
}

/// Tabs before the first word of a line: what they align with depends on the reader's editor.
bool check_indentation(std::string_view text, std::uint32_t source, Diagnostics& diagnostics) {
  bool good = true;
  std::uint32_t number = 0;
  for (std::size_t begin = 0; begin < text.size();) {
    ++number;
    const std::size_t end = std::min(text.find('\n', begin), text.size());
    const std::string_view line = text.substr(begin, end - begin);
    const std::size_t word = line.find_first_not_of(" \t\r");
    const std::size_t tab = line.find('\t');
    if (word != std::string_view::npos && tab < word && line[word] != '#') {
      diagnostics.report(wrong(codes::tab_indentation, {source, number, narrow(tab + 1)},
                               "this line is indented with a tab", "indent with spaces"));
      good = false;
    }
    begin = end + 1;
  }
  return good;
}

/// `%YAML` and `%TAG` before the document: nothing in a pipeline needs them, and their numbers are read by locale.
bool check_directives(std::string_view text, std::uint32_t source, Diagnostics& diagnostics) {
  bool good = true;
  std::uint32_t number = 0;
  for (std::size_t begin = 0; begin < text.size();) {
    ++number;
    const std::size_t end = std::min(text.find('\n', begin), text.size());
    const std::string_view line = text.substr(begin, end - begin);
    if (line.starts_with('%')) {
      diagnostics.report(wrong(codes::not_supported_yaml, {source, number, 1},
                               "directives (%) are not part of a pipeline", "delete this line"));
      good = false;
    } else if (const std::size_t word = line.find_first_not_of(" \t\r");
               word != std::string_view::npos && line[word] != '#') {
      break;  // the document begins
    }
    begin = end + 1;
  }
  return good;
}

}  // namespace

// Reports the first byte that is no text: everything after it is suspect, so that one error says it all.
bool check_characters(std::string_view text, std::uint32_t source, Diagnostics& diagnostics) {
  Mark mark{source, 1, 1};
  for (std::size_t at = 0; at < text.size();) {
    const CodePoint point = code_point(text, at);
    const char32_t value = point.value;
    const bool crlf = value == U'\r' && text.substr(at).starts_with("\r\n");
    const bool control = (value < 0x20 && value != U'\t' && value != U'\n' && !crlf) || (value >= 0x7F && value < 0xA0);
    if (!point.valid) {
      const auto byte = static_cast<unsigned>(static_cast<unsigned char>(text[at]));
      diagnostics.report(
          wrong(codes::not_text, mark, fmt::format("the byte 0x{:02x} is not UTF-8", byte), "save the file as UTF-8"));
      return false;
    }
    if (control) {
      const std::string name = value == 0 ? "a NUL byte"
                               : value == U'\r'
                                   ? "a carriage return without a line feed"
                                   : fmt::format("the control character U+{:04X}", static_cast<unsigned>(value));
      diagnostics.report(wrong(codes::not_text, mark, name + " cannot stand in a pipeline",
                               value == U'\r' || value == 0 ? ""
                                                            : fmt::format("in double quotes, write it as \\x{:02x}",
                                                                          static_cast<unsigned>(value))));
      return false;
    }
    at += point.size;
    ++mark.column;
    if (value == U'\n') mark = {source, mark.line + 1, 1};
  }
  return true;
}

bool check_text(std::string_view text, std::uint32_t source, Diagnostics& diagnostics) {
  if (text.size() > largest_file) {
    diagnostics.report(wrong(codes::too_large, {source, 0, 0},
                             fmt::format("{} bytes are more than the 16 MiB that a pipeline may have", text.size()),
                             "let a plugin read large inputs, and pass their paths"));
    return false;
  }
  if (text.starts_with("\xFF\xFE") || text.starts_with("\xFE\xFF")) {
    diagnostics.report(wrong(codes::not_text, {source, 1, 1}, "the file is UTF-16", "save the file as UTF-8"));
    return false;
  }
  if (!check_characters(text, source, diagnostics)) return false;
  const bool indented = check_indentation(text, source, diagnostics);
  return check_directives(text, source, diagnostics) && indented;
}

Places::Places(std::string_view text, std::uint32_t source) : text_(text), source_(source), line_starts_{0} {
  for (std::size_t end = text.find('\n'); end != std::string_view::npos; end = text.find('\n', end + 1)) {
    line_starts_.push_back(end + 1);
  }
}

std::size_t Places::offset(std::size_t line, std::size_t byte_column) const {
  if (line >= line_starts_.size()) return text_.size();
  return std::min(line_starts_[line] + byte_column, text_.size());
}

std::size_t Places::line_of(std::size_t offset) const {
  const std::size_t line = last_line_;
  const bool same =
      line_starts_[line] <= offset && (line + 1 == line_starts_.size() || offset < line_starts_[line + 1]);
  if (same) return line;
  return static_cast<std::size_t>(std::ranges::upper_bound(line_starts_, offset) - line_starts_.begin()) - 1;
}

Mark Places::mark(std::size_t offset) {
  const std::size_t line = line_of(offset);
  if (line != last_line_) {
    last_line_ = line;
    last_offset_ = line_starts_[line];
    last_column_ = 0;
  }
  const auto starts = [this](std::size_t from, std::size_t to) {
    const auto begins = [](char c) { return (static_cast<unsigned char>(c) & 0xC0U) != 0x80U; };
    return static_cast<std::size_t>(std::ranges::count_if(text_.substr(from, to - from), begins));
  };
  if (offset >= last_offset_) {
    last_column_ += starts(last_offset_, offset);
  } else {
    last_column_ -= starts(offset, last_offset_);
  }
  last_offset_ = offset;
  return {source_, narrow(line + 1), narrow(last_column_ + 1)};
}

std::string_view Places::line(std::size_t offset) const {
  const std::size_t line = line_of(offset);
  const std::size_t begin = line_starts_[line];
  return text_.substr(begin, std::min(text_.find('\n', begin), text_.size()) - begin);
}

}  // namespace gantry::config
