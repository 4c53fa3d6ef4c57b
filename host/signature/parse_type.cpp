#include <algorithm>
#include <charconv>

#include <fmt/format.h>

#include "signature/identifier.hpp"
#include "signature/nearest.hpp"
#include "signature/type_parser.hpp"
#include "signature/utf8.hpp"

namespace gantry::signature {

namespace {

constexpr Kind words[] = {Kind::boolean, Kind::u8,  Kind::u16, Kind::u32, Kind::u64,    Kind::i8,   Kind::i16,
                          Kind::i32,     Kind::i64, Kind::f32, Kind::f64, Kind::string, Kind::bytes};

}  // namespace

host::Result<Type> TypeParser::type(std::uint64_t depth) {
  skip_spaces();
  const auto start = at_;
  if (depth > deepest) return refuse(start, fmt::format("types stand at most {} deep inside each other", deepest));
  auto inner = base(depth);
  if (!inner) return inner;
  while (take("?")) {
    if (inner->kind == Kind::optional)
      return refuse(at_ - 1, "T?? is not supported: its two kinds of nothing look alike");
    if (inner->kind == Kind::unit) return refuse(at_ - 1, "()? is not supported: its two values look alike; use bool");
    if (depth + height(*inner) + 1 > deepest) {
      return refuse(start, fmt::format("types stand at most {} deep inside each other", deepest));
    }
    Type optional = of_kind(Kind::optional);
    optional.of.push_back(std::move(*inner));
    inner = std::move(optional);
  }
  return inner;
}

host::Result<Type> TypeParser::base(std::uint64_t depth) {
  if (take("[")) return bracket(depth);
  if (take("(")) return parenthesis(depth);
  if (take("{")) return structure(depth);
  return word(depth);
}

host::Result<Type> TypeParser::word(std::uint64_t depth) {
  const auto start = at_;
  const auto written = name("a type", false);
  if (!written) return std::unexpected(written.error());
  for (const auto kind : words) {
    if (*written == word_of(kind)) return of_kind(kind);
  }
  if (*written == "pin" || *written == "fd") {
    return refuse(start, fmt::format("{} is the whole type of a parameter or a result: nothing holds one", *written));
  }
  if (*written == "queue" || *written == "counter" || *written == "array") {
    return refuse(
        start, fmt::format("{} is the whole type of a parameter: nothing holds one, and nothing gives one", *written));
  }
  if (*written != "map") {
    std::vector<std::string> known{"map"};
    for (const auto kind : words) known.emplace_back(word_of(kind));
    return refuse(start, fmt::format("there is no type {}{}", excerpt(*written, 40), or_did_you_mean(*written, known)));
  }
  return map(depth);
}

host::Result<Type> TypeParser::map(std::uint64_t depth) {
  if (!take("<")) return expected("'<' after map");
  const auto key_at = at_;
  const auto key = name("str, the type of a map's keys", false);
  if (!key) return std::unexpected(key.error());
  if (*key != "str") return refuse(key_at, fmt::format("the keys of a map are str, not {}", excerpt(*key, 40)));
  if (!take(",")) return expected("',' after the type of a map's keys");
  auto value = type(depth + 1);
  if (!value) return value;
  if (!take(">")) return expected("'>' after the type of a map's values");
  Type result = of_kind(Kind::map);
  result.of.push_back(std::move(*value));
  return result;
}

host::Result<Type> TypeParser::bracket(std::uint64_t depth) {
  const auto start = at_;
  auto element = type(depth + 1);
  if (!element) return element;
  Type list = of_kind(Kind::list);
  if (take(";")) {
    const auto count = length();
    if (!count) return std::unexpected(count.error());
    list.kind = Kind::array;
    list.length = *count;
  }
  if (!take("]"))
    return expected(list.kind == Kind::array ? "']' after the length" : "']' or ';' after the element type");
  // Without bytes, a count of 2^60 would be a valid value.
  if (least_size(*element) == 0) {
    return refuse(start, fmt::format("{} has no bytes, so there is no list of it", excerpt(to_text(*element), 80)));
  }
  list.of.push_back(std::move(*element));
  constexpr auto limit = std::uint64_t{1} << 48;
  if (least_size(list) > limit) return refuse(start, "no value of this array fits any memory");
  return list;
}

host::Result<std::uint64_t> TypeParser::length() {
  skip_spaces();
  auto stop = at_;
  while (stop < text_.size() && is_digit(text_[stop])) ++stop;
  const auto digits = text_.substr(at_, stop - at_);
  if (digits.empty()) return expected("the length of the array, a number");
  if (digits[0] == '0') return refuse(at_, "the length of an array is at least 1, without leading zeros");
  std::uint64_t count = 0;
  if (std::from_chars(digits.data(), digits.data() + digits.size(), count).ec != std::errc()) {
    return refuse(at_, fmt::format("the length {} does not fit u64", excerpt(digits, 40)));
  }
  at_ = stop;
  return count;
}

host::Result<Type> TypeParser::parenthesis(std::uint64_t depth) {
  if (next_is("\"")) return enumeration();
  if (take(")")) return Type{};
  Type tuple = of_kind(Kind::tuple);
  while (true) {
    auto field = type(depth + 1);
    if (!field) return field;
    tuple.of.push_back(std::move(*field));
    if (take(",")) {
      if (tuple.of.size() == 1 && take(")")) return tuple;
      continue;
    }
    if (!next_is(")")) return expected("',' or ')' in the tuple");
    if (tuple.of.size() == 1) return refuse(at_, "a tuple of one type is written (T,)");
    at_ += 1;
    return tuple;
  }
}

host::Result<Type> TypeParser::enumeration() {
  Type type = of_kind(Kind::enumeration);
  do {
    if (!next_is("\"")) return expected("an enumerator in double quotes");
    const auto start = at_;
    auto enumerator = quoted();
    if (!enumerator) return std::unexpected(enumerator.error());
    if (enumerator->empty()) return refuse(start, "an enumerator needs a name");
    if (std::ranges::find(type.names, *enumerator) != type.names.end()) {
      return refuse(start, fmt::format("the enumerator {} stands twice", excerpt(*enumerator, 40)));
    }
    type.names.push_back(std::move(*enumerator));
  } while (take("|"));
  if (!take(")")) return expected("'|' or ')' after an enumerator");
  return type;
}

host::Result<Type> TypeParser::structure(std::uint64_t depth) {
  Type type = of_kind(Kind::structure);
  if (take("}")) return type;
  do {
    skip_spaces();
    const auto start = at_;
    auto field = name("the name of a field", true);
    if (!field) return std::unexpected(field.error());
    if (std::ranges::find(type.names, *field) != type.names.end()) {
      return refuse(start, fmt::format("the field {} stands twice", excerpt(*field, 40)));
    }
    if (!take(":")) return expected(fmt::format("':' after the field {}", excerpt(*field, 40)));
    auto inner = this->type(depth + 1);
    if (!inner) return inner;
    type.names.push_back(std::move(*field));
    type.of.push_back(std::move(*inner));
  } while (take(","));
  if (!take("}")) return expected("',' or '}' after a field");
  return type;
}

host::Result<Type> TypeParser::whole_type() {
  auto result = type(0);
  if (!result) return result;
  if (const auto ended = end(); !ended) return std::unexpected(ended.error());
  return result;
}

host::Result<Type> parse_type(std::string_view text) {
  return TypeParser(text).whole_type();
}

}  // namespace gantry::signature
