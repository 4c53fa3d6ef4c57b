#include "config/reference.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "config/code_points.hpp"
#include "config/name.hpp"

namespace gantry::config {
namespace {

std::unexpected<host::Error> refuse(std::string sentence) {
  return host::fail(host::ErrorKind::pipeline, std::move(sentence));
}

/// What stands at `at`, for a message.
std::string shown(std::string_view text, std::size_t at) {
  if (at >= text.size()) return "nothing";
  return in_quotes(text.substr(at, code_point(text, at).size));
}

/// A reference read from the text, and the byte after it.
struct Found {
  Reference reference;
  std::size_t end = 0;
};

/// Reads `name`, then `.name` or `.digits` any number of times; `at` is where the name begins. A field may be any
/// identifier: it is spelled in C++ or in the environment.
host::Result<Found> find_reference(std::string_view text, std::size_t at) {
  const auto word_from = [text](std::size_t begin) {
    std::size_t end = begin;
    while (end < text.size() && is_word(text[end])) ++end;
    return text.substr(begin, end - begin);
  };
  const std::string_view name = word_from(at);
  if (!is_bound_name(name)) {
    if (name.empty()) return refuse(fmt::format("{} begins no name", shown(text, at)));
    return refuse(fmt::format("{} is no name: names match [a-z][a-z0-9_]*", in_quotes(name)));
  }
  Found found{{std::string(name), {}}, at + name.size()};
  while (found.end < text.size() && text[found.end] == '.') {
    const std::string_view part = word_from(found.end + 1);
    if (part.empty()) return refuse("a name or a number must follow the dot");
    if (is_digit(part[0]) && !std::ranges::all_of(part, is_digit)) {
      return refuse(fmt::format("{} is neither a name nor a number", in_quotes(part)));
    }
    found.reference.path.emplace_back(part);
    found.end += 1 + part.size();
  }
  return found;
}

/// A text that begins with `$` and a letter, and is to be a reference from end to end.
host::Result<Scalar> whole_reference(std::string_view text) {
  auto found = find_reference(text, 1);
  if (!found) return refuse(fmt::format("{} is no reference: {}", in_quotes(text), found.error().sentence));
  if (found->end == text.size()) return Scalar{{std::move(found->reference)}};
  const std::string written = to_text(found->reference);
  if (text[found->end] == '[') {
    return refuse(fmt::format("{} is no reference: \"[\" cannot follow {}; write {}.0 for its first element",
                              in_quotes(text), written, written));
  }
  return refuse(fmt::format("{} is no reference: {} cannot follow {}; write ${{{}}} inside text, or $$ for a dollar",
                            in_quotes(text), shown(text, found->end), written, written.substr(1)));
}

/// `${…}` at `at`: the reference, and the byte after the brace.
host::Result<Found> interpolated(std::string_view text, std::size_t at) {
  auto found = find_reference(text, at + 2);
  if (found && found->end < text.size() && text[found->end] == '}') {
    ++found->end;
    return found;
  }
  const std::size_t close = text.find('}', at);
  if (close == std::string_view::npos) {
    return refuse(fmt::format("{} has no closing brace; write $$ for a dollar", in_quotes(text.substr(at))));
  }
  const std::string reason =
      found ? fmt::format("{} cannot stand in it", shown(text, found->end)) : std::move(found.error().sentence);
  return refuse(fmt::format("{} is no reference: {}; write ${{name}}, or $$ for a dollar",
                            in_quotes(text.substr(at, close + 1 - at)), reason));
}

/// Neither `$$` nor `${`: says which of the ways out fits.
std::unexpected<host::Error> lone_dollar(std::string_view text, std::size_t at) {
  const auto found = find_reference(text, at + 1);
  if (!found) {
    return refuse(fmt::format("the $ in {} begins no reference; write $$ for a dollar", in_quotes(text)));
  }
  const std::string written = to_text(found->reference);
  return refuse(
      fmt::format("{} stands inside text; write ${{{}}} there, or $$ for a dollar", written, written.substr(1)));
}

}  // namespace

const Reference* Scalar::reference() const {
  return parts.size() == 1 ? std::get_if<Reference>(&parts.front()) : nullptr;
}

bool Scalar::literal() const {
  return std::ranges::none_of(parts, [](const auto& part) { return std::holds_alternative<Reference>(part); });
}

std::string Scalar::text() const {
  std::string text;
  for (const auto& part : parts) {
    if (const auto* plain = std::get_if<std::string>(&part)) text += *plain;
  }
  return text;
}

host::Result<Scalar> parse_scalar(std::string_view text) {
  const std::size_t first = text.find('$');
  if (first == std::string_view::npos) return text.empty() ? Scalar{} : Scalar{{std::string(text)}};
  if (first == 0 && text.size() > 1 && is_word(text[1]) && !is_digit(text[1])) return whole_reference(text);

  Scalar scalar;
  std::string plain;
  for (std::size_t at = 0; at < text.size();) {
    if (text[at] != '$') {
      plain.push_back(text[at++]);
    } else if (text.substr(at).starts_with("$$")) {
      plain.push_back('$');
      at += 2;
    } else if (text.substr(at).starts_with("${")) {
      auto found = interpolated(text, at);
      if (!found) return std::unexpected(std::move(found.error()));
      // The (maybe empty) text before it tells "${x}" from "$x": interpolation always makes text.
      if (!plain.empty() || scalar.parts.empty()) scalar.parts.emplace_back(std::move(plain));
      plain.clear();
      scalar.parts.emplace_back(std::move(found->reference));
      at = found->end;
    } else {
      return lone_dollar(text, at);
    }
  }
  if (!plain.empty()) scalar.parts.emplace_back(std::move(plain));
  return scalar;
}

std::string to_text(const Reference& reference) {
  std::string text = "$" + reference.name;
  for (const std::string& part : reference.path) text += "." + part;
  return text;
}

}  // namespace gantry::config
