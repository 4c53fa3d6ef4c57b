#include "signature/type_cursor.hpp"

#include <algorithm>

#include <fmt/format.h>

#include "signature/identifier.hpp"
#include "signature/json_string.hpp"
#include "signature/utf8.hpp"

namespace gantry::signature {

void TypeCursor::skip_spaces() {
  while (at_ < text_.size() && is_space(text_[at_])) ++at_;
}

bool TypeCursor::next_is(std::string_view token) {
  skip_spaces();
  return text_.substr(at_).starts_with(token);
}

bool TypeCursor::take(std::string_view token) {
  if (!next_is(token)) return false;
  at_ += token.size();
  return true;
}

TypeCursor::Failure TypeCursor::refuse(std::size_t at, std::string_view sentence) const {
  return host::fail(host::ErrorKind::plugin,
                    fmt::format("character {}: {}", count_code_points(text_.substr(0, at)) + 1, sentence));
}

TypeCursor::Failure TypeCursor::expected(std::string_view what) {
  skip_spaces();
  auto size = at_;
  while (size < text_.size() && is_word(text_[size])) ++size;
  const auto found = at_ == text_.size() ? "the end"
                     : size > at_        ? excerpt(text_.substr(at_, size - at_), 40)
                                         : name_character(text_, at_);
  return refuse(at_, fmt::format("expected {}, found {}", what, found));
}

host::Result<void> TypeCursor::end() {
  skip_spaces();
  if (at_ != text_.size()) return expected("the end");
  return {};
}

host::Result<std::string> TypeCursor::quoted() {
  std::string text;
  const auto behind = read_json_string(text_, at_, text);
  if (!behind) return refuse(behind.error().at, behind.error().sentence);
  at_ = *behind;
  return text;
}

host::Result<std::string> TypeCursor::name(std::string_view what, bool may_be_quoted) {
  if (may_be_quoted && next_is("\"")) return quoted();
  skip_spaces();
  auto stop = at_;
  while (stop < text_.size() && is_word(text_[stop])) ++stop;
  const auto found = text_.substr(at_, stop - at_);
  if (!is_identifier(found)) return expected(what);
  at_ = stop;
  return std::string(found);
}

}  // namespace gantry::signature
