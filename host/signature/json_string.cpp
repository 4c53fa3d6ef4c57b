#include "signature/json_string.hpp"

#include <charconv>
#include <optional>

#include <fmt/format.h>

#include "signature/code_point.hpp"
#include "signature/codec.hpp"
#include "signature/printable.hpp"
#include "signature/utf8.hpp"

namespace gantry::signature {

namespace {

using Fault = std::unexpected<StringFault>;

[[nodiscard]] Fault fault(std::size_t at, std::string sentence) {
  return Fault({at, std::move(sentence)});
}

/// The four hexadecimal digits at text[at], if they are there.
[[nodiscard]] std::optional<char32_t> hexadecimal(std::string_view text, std::size_t at) {
  if (text.size() < at + 4) return std::nullopt;
  std::uint32_t value = 0;
  const auto* end = text.data() + at + 4;
  const auto [stopped, error] = std::from_chars(text.data() + at, end, value, 16);
  if (error != std::errc() || stopped != end) return std::nullopt;
  return value;
}

/// The escape \uXXXX (and its low surrogate) whose backslash is text[at]; returns the offset behind it.
[[nodiscard]] std::expected<std::size_t, StringFault> read_unicode(std::string_view text, std::size_t at,
                                                                   std::string& to) {
  const auto first = hexadecimal(text, at + 2);
  if (!first) return fault(at, "\\u needs four hexadecimal digits");
  if (*first < 0xD800 || *first > 0xDFFF) {
    append_code_point(*first, to);
    return at + 6;
  }
  const auto low = text.substr(at + 6).starts_with("\\u") ? hexadecimal(text, at + 8) : std::nullopt;
  const char32_t second = low.value_or(0);
  if (*first > 0xDBFF || second < 0xDC00 || second > 0xDFFF) {
    return fault(at, "\\u escapes of surrogates stand in pairs, high before low");
  }
  append_code_point(0x10000 + ((*first - 0xD800) << 10) + (second - 0xDC00), to);
  return at + 12;
}

[[nodiscard]] std::expected<std::size_t, StringFault> read_escape(std::string_view text, std::size_t at,
                                                                  std::string& to) {
  const char c = at + 1 < text.size() ? text[at + 1] : '\0';
  switch (c) {
    case '"':
    case '\\':
    case '/':
      to += c;
      break;
    case 'b':
      to += '\b';
      break;
    case 'f':
      to += '\f';
      break;
    case 'n':
      to += '\n';
      break;
    case 'r':
      to += '\r';
      break;
    case 't':
      to += '\t';
      break;
    case 'u':
      return read_unicode(text, at, to);
    default:
      return fault(at, "unknown escape: a backslash itself is written \\\\");
  }
  return at + 2;
}

}  // namespace

std::expected<std::size_t, StringFault> read_json_string(std::string_view text, std::size_t at, std::string& to) {
  const auto start = at++;
  while (at < text.size()) {
    const char c = text[at];
    if (c == '"') return at + 1;
    if (c == '\\') {
      const auto behind = read_escape(text, at, to);
      if (!behind) return behind;
      at = *behind;
      continue;
    }
    if (static_cast<unsigned char>(c) < 0x20) {
      return fault(at, fmt::format("a control character in quotes is written \\u{:04x}", static_cast<unsigned>(c)));
    }
    const auto size = code_point_size(text, at);
    if (size == 0) return fault(at, "not UTF-8");
    to.append(text, at, size);
    at += size;
  }
  return fault(start, "the quote that opens here is never closed");
}

void append_json_string(std::string_view text, std::string& to) {
  to += '"';
  for (std::size_t at = 0; at < text.size();) {
    const char c = text[at];
    const auto size = code_point_size(text, at);
    if (size == 0) {
      to += "\uFFFD";
      ++at;
      continue;
    }
    switch (c) {
      case '"':
        to += "\\\"";
        break;
      case '\\':
        to += "\\\\";
        break;
      case '\b':
        to += "\\b";
        break;
      case '\f':
        to += "\\f";
        break;
      case '\n':
        to += "\\n";
        break;
      case '\r':
        to += "\\r";
        break;
      case '\t':
        to += "\\t";
        break;
      default:
        // No control has more than three bytes.
        if (const bool is_plain = size > 3 || (c >= 0x20 && c < 0x7F);
            !is_plain && is_control(code_point(text, at).value)) {
          fmt::format_to(std::back_inserter(to), "\\u{:04x}", static_cast<unsigned>(code_point(text, at).value));
        } else {
          to.append(text, at, size);
        }
    }
    at += size;
  }
  to += '"';
}

}  // namespace gantry::signature
