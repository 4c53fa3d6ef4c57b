#include <catch2/catch.hpp>

#include "signature/type.hpp"

namespace gantry::signature {

namespace {

/// The text of the type, or the error's sentence.
[[nodiscard]] std::string read_type(const std::string& text) {
  const auto type = parse_type(text);
  return type ? to_text(*type) : type.error().sentence;
}

[[nodiscard]] std::string read_signature(const std::string& text) {
  const auto signature = parse_signature(text);
  return signature ? to_text(*signature) : signature.error().sentence;
}

[[nodiscard]] std::string repeat(const std::string& piece, int count) {
  std::string text;
  for (int i = 0; i < count; ++i) text += piece;
  return text;
}

}  // namespace

TEST_CASE("types are printed as they are written") {
  const auto* text =
      GENERATE("bool", "u8", "u16", "u32", "u64", "i8", "i16", "i32", "i64", "f32", "f64", "str", "bytes", "()", "[u8]",
               "[f32; 3]", "(u8,)", "(u8, str)", "(u8, (i8, i16), ())", "u8?", "[u8?]?", "map<str, u64>",
               "map<str, map<str, ()>>", "(\"red\")", "(\"red\" | \"green\")", "(\"a b\" | \"\\\"\" | \"ä\")?", "{}",
               "{x: f64, y: f64}", "{\"a b\": u8, _c: {d: ()}}", "[[i16; 3]; 2]", "[u8; 281474976710656]",
               "{id: i32, name: str, points: [{x: f64, y: f64}], colour: (\"red\" | \"green\" | \"blue\")?, tags: "
               "map<str, [f32; "
               "3]>, closed: bool, raw: [[i16; 3]; 2]}");
  CHECK(read_type(text) == text);
}

TEST_CASE("spaces between words do not matter") {
  CHECK(read_type(" [ u8 ;\n3 ] ? ") == "[u8; 3]?");
  CHECK(read_type("map<str,u8>") == "map<str, u8>");
  CHECK(read_type("(\"a\"|\"b\")") == "(\"a\" | \"b\")");
  CHECK(read_type("{a:u8,b:i8}") == "{a: u8, b: i8}");
  CHECK(read_signature("(a:u8=1,b:[u8]= [1, 2] )->u8") == "(a: u8 = 1, b: [u8] = [1, 2]) -> u8");
}

TEST_CASE("a wrong type is refused with its place and what was expected") {
  struct Row {
    const char* text;
    const char* error;
  };
  const auto row = GENERATE(values<Row>({
      {"", "character 1: expected a type, found the end"},
      {"u46", "character 1: there is no type u46; did you mean `u16`?"},
      {"[u8, f46]", "character 4: expected ']' or ';' after the element type, found ','"},
      {"(u8, f46)", "character 6: there is no type f46; did you mean `f64`?"},
      {"ä", "character 1: expected a type, found 'ä'"},
      {"(\"ä\" | 7)", "character 8: expected an enumerator in double quotes, found 7"},
      {"u8 u8", "character 4: expected the end, found u8"},
      {"(u8)", "character 4: a tuple of one type is written (T,)"},
      {"(u8, i8,)", "character 9: expected a type, found ')'"},
      {"(u8", "character 4: expected ',' or ')' in the tuple, found the end"},
      {"u8??", "character 4: T?? is not supported: its two kinds of nothing look alike"},
      {"()?", "character 3: ()? is not supported: its two values look alike; use bool"},
      {"[()]", "character 2: () has no bytes, so there is no list of it"},
      {"[{a: (), b: ((),)}]", "character 2: {a: (), b: ((),)} has no bytes, so there is no list of it"},
      {"[(); 4]", "character 2: () has no bytes, so there is no list of it"},
      {"[u8; 0]", "character 6: the length of an array is at least 1, without leading zeros"},
      {"[u8; 03]", "character 6: the length of an array is at least 1, without leading zeros"},
      {"[u8; ]", "character 6: expected the length of the array, a number, found ']'"},
      {"[u8; 99999999999999999999]", "character 6: the length 99999999999999999999 does not fit u64"},
      {"[u64; 18446744073709551615]", "character 2: no value of this array fits any memory"},
      {"[[[u8; 4294967296]; 4294967296]; 4294967296]", "character 3: no value of this array fits any memory"},
      {"[u8; 3", "character 7: expected ']' after the length, found the end"},
      {"map", "character 4: expected '<' after map, found the end"},
      {"map<u8, u8>", "character 5: the keys of a map are str, not u8"},
      {"map<str u8>", "character 9: expected ',' after the type of a map's keys, found u8"},
      {"map<str, u8", "character 12: expected '>' after the type of a map's values, found the end"},
      {"(\"a\" | \"a\")", "character 8: the enumerator a stands twice"},
      {"(\"\")", "character 2: an enumerator needs a name"},
      {"(\"a\" \"b\")", "character 6: expected '|' or ')' after an enumerator, found '\"'"},
      {"(\"a", "character 2: the quote that opens here is never closed"},
      {"(\"\\q\")", "character 3: unknown escape: a backslash itself is written \\\\"},
      {"{a: u8, a: i8}", "character 9: the field a stands twice"},
      {"{a u8}", "character 4: expected ':' after the field a, found u8"},
      {"{1a: u8}", "character 2: expected the name of a field, found 1a"},
      {"{a: u8,}", "character 8: expected the name of a field, found '}'"},
      {"{a: u8", "character 7: expected ',' or '}' after a field, found the end"},
  }));
  CAPTURE(row.text);
  const auto type = parse_type(row.text);
  REQUIRE(!type);
  CHECK(type.error().sentence == row.error);
  CHECK(type.error().kind == host::ErrorKind::plugin);
}

TEST_CASE("types stand at most 64 deep inside each other") {
  const std::string refused = "types stand at most 64 deep inside each other";
  const auto deepest_list = repeat("[", 64) + "u8" + repeat("]", 64);
  CHECK(read_type(deepest_list) == deepest_list);
  CHECK(height(*parse_type(deepest_list)) == 64);
  CHECK(read_type("[" + deepest_list + "]") == "character 66: " + refused);
  CHECK(read_type(deepest_list + "?") == "character 1: " + refused);
  CHECK(read_type(repeat("[", 63) + "u8?" + repeat("]", 63)) == repeat("[", 63) + "u8?" + repeat("]", 63));
  CHECK(read_type(repeat("[", 64) + "u8?" + repeat("]", 64)) == "character 65: " + refused);
  CHECK(read_type(repeat("{a: ", 1'000'000)) == "character 261: " + refused);
}

TEST_CASE("signatures are printed as they are written") {
  const auto* text =
      GENERATE("() -> ()", "(low: u64, high: u64 = 100) -> u64", "(a: str = \"x, y)\") -> str",
               "(a: [u8] = [1, (2), {a: \"]\"}], b: (u8, u8) = [1, 2]) -> (u8, u8)",
               "(a: str = hello world, B_2: bool = true) -> {x: u8}", "(colour: (\"red\" | \"green\") = red) -> ()");
  CHECK(read_signature(text) == text);
}

TEST_CASE("a wrong signature is refused with its place and what was expected") {
  struct Row {
    const char* text;
    const char* error;
  };
  const auto row = GENERATE(values<Row>({
      {"", "character 1: expected '(' before the parameters, found the end"},
      {"u8 -> u8", "character 1: expected '(' before the parameters, found u8"},
      {"()", "character 3: expected '->' and the type of the result; () is nothing, found the end"},
      {"() -> u8 x", "character 10: expected the end, found x"},
      {"(u8) -> u8", "character 4: expected ':' after the parameter u8, found ')'"},
      {"(a: u8 b: u8) -> ()", "character 8: expected ',' or ')' after a parameter, found b"},
      {"(a: u8, a: u8) -> ()", "character 9: the parameter a stands twice"},
      {"(a: u8,) -> ()", "character 8: expected the name of a parameter, found ')'"},
      {"(\"a\": u8) -> ()", "character 2: expected the name of a parameter, found '\"'"},
      {"(a: u8 =) -> ()", "character 9: expected a default after '=', found ')'"},
      {"(a: u8 = 1 -> u8", "character 17: expected ',' or ')' after the default, found the end"},
      {"(a: u8 = [1, 2) -> u8", "character 15: the ')' in the default closes nothing"},
      {"(a: u8 = ]) -> u8", "character 10: the ']' in the default closes nothing"},
      {"(a: u8 = [1", "character 12: expected ']' in the default, found the end"},
      {"(a: str = \"x) -> u8", "character 11: the quote that opens here is never closed"},
  }));
  CAPTURE(row.text);
  const auto signature = parse_signature(row.text);
  REQUIRE(!signature);
  CHECK(signature.error().sentence == row.error);
}

TEST_CASE("sizes of types") {
  struct Row {
    const char* text;
    std::optional<std::uint64_t> fixed;
    std::uint64_t least;
  };
  const auto row = GENERATE(values<Row>({
      {"()", 0, 0},
      {"bool", 1, 1},
      {"u8", 1, 1},
      {"i16", 2, 2},
      {"f32", 4, 4},
      {"i64", 8, 8},
      {"(\"a\" | \"b\")", 4, 4},
      {"[u16; 3]", 6, 6},
      {"(u8, u32, ())", 5, 5},
      {"{a: u8, b: [f64; 2]}", 17, 17},
      {"{}", 0, 0},
      {"str", std::nullopt, 8},
      {"bytes", std::nullopt, 8},
      {"[u8]", std::nullopt, 8},
      {"u64?", std::nullopt, 1},
      {"map<str, ()>", std::nullopt, 8},
      {"(u8, [str; 2])", std::nullopt, 17},
  }));
  CAPTURE(row.text);
  const auto type = parse_type(row.text);
  REQUIRE(type);
  CHECK(fixed_size(*type) == row.fixed);
  CHECK(least_size(*type) == row.least);
}

TEST_CASE("sizes do not overflow") {
  Type array = of_kind(Kind::array);
  array.of = {of_kind(Kind::u64)};
  array.length = std::uint64_t{1} << 61;
  CHECK(fixed_size(array) == std::nullopt);
  CHECK(least_size(array) == UINT64_MAX);
  array.length -= 1;
  CHECK(fixed_size(array) == UINT64_MAX - 7);
  Type pair = of_kind(Kind::tuple);
  pair.of = {array, of_kind(Kind::u64)};
  CHECK(fixed_size(pair) == std::nullopt);
  CHECK(least_size(pair) == UINT64_MAX);
}

TEST_CASE("kinds of scalars") {
  CHECK((is_integer(Kind::u8) && is_integer(Kind::i64) && !is_integer(Kind::boolean) && !is_integer(Kind::f32)));
  CHECK((is_signed(Kind::i8) && is_signed(Kind::i64) && !is_signed(Kind::u64) && !is_signed(Kind::f64)));
  CHECK((is_float(Kind::f32) && is_float(Kind::f64) && !is_float(Kind::i64) && !is_float(Kind::string)));
  CHECK((is_scalar(Kind::boolean) && is_scalar(Kind::f64) && !is_scalar(Kind::unit) && !is_scalar(Kind::string) &&
         !is_scalar(Kind::enumeration)));
}

}  // namespace gantry::signature
