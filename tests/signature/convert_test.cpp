#include "signature/texts.hpp"

namespace gantry::signature {

namespace {

struct Row {
  std::string from;
  std::string to;
  std::string literal;
};

}  // namespace

TEST_CASE("a converted value is what the text would have been") {
  const auto row = GENERATE(values<Row>({
      {"u8", "u8", "7"},
      {"u8", "u16", "255"},
      {"u8", "i16", "255"},
      {"u16", "u64", "65535"},
      {"u32", "i64", "4294967295"},
      {"i8", "i64", "-128"},
      {"i32", "i64", "-1"},
      {"u16", "f32", "65535"},
      {"i16", "f32", "-32768"},
      {"u32", "f64", "4294967295"},
      {"i32", "f64", "-2147483648"},
      {"f32", "f64", "-1.5"},
      {"f32", "f64", ".nan"},
      {"f32", "f64", "-.inf"},
      {"bool", "bool?", "true"},
      {"u8", "u8?", "7"},
      {"u8", "i32?", "7"},
      {"u8?", "u16?", "null"},
      {"u8?", "u16?", "7"},
      {"[u8]", "[u16]", "[1, 2, 255]"},
      {"[u8]", "[u8]?", "[1, 2]"},
      {"[str]", "[str?]", "[a, b]"},
      {"[u8; 2]", "[f32; 2]", "[1, 2]"},
      {"[i8]", "[[i8]?]?", ""},
      {"(u8, str, [str])", "(u16, str, [str])", "[1, a, [b, c]]"},
      {"{x: u8, y: {z: f32}}", "{x: u32, y: {z: f64}?}", "{x: 1, y: {z: .25}}"},
      {"map<str, u8>", "map<str, i16>", "{b: 1, a: 2}"},
      {"map<str, [u8]>", "map<str, [u8]?>", "{b: [1], a: []}"},
      {"([bool], bytes, (\"a\" | \"b\"), (), u8)", "([bool], bytes, (\"a\" | \"b\"), (), u16)",
       "[[true, false], [1, 2], b, null, 9]"},
  }));
  if (row.literal.empty()) {
    CHECK(!converts(type_of(row.from), type_of(row.to)));
    return;
  }
  CAPTURE(row.from, row.to, row.literal);
  const auto from = type_of(row.from);
  const auto to = type_of(row.to);
  CHECK(converts(from, to));
  Bytes before;
  Bytes after{std::byte{0xEE}};
  REQUIRE(encode(node_of(row.literal), from, "", before));
  REQUIRE(convert(from, to, before, after));
  CHECK(hexadecimal(View(after).subspan(1)) == encoded(row.literal, row.to));
}

TEST_CASE("what would lose something does not convert") {
  const auto row = GENERATE(values<std::pair<std::string, std::string>>({
      {"u16", "u8"},
      {"i8", "u8"},
      {"i8", "u64"},
      {"u8", "i8"},
      {"u64", "i64"},
      {"u32", "i32"},
      {"u64", "f64"},
      {"i64", "f64"},
      {"u32", "f32"},
      {"i32", "f32"},
      {"f64", "f32"},
      {"f32", "i64"},
      {"bool", "u8"},
      {"u8", "bool"},
      {"u8", "str"},
      {"str", "bytes"},
      {"bytes", "[u8]"},
      {"u8?", "u8"},
      {"[u8]", "u8"},
      {"[u8]", "[u8; 2]"},
      {"[u8; 2]", "[u8]"},
      {"[u8; 2]", "[u8; 3]"},
      {"[u16]", "[u8]"},
      {"(u8,)", "(u8, u8)"},
      {"(u8, u8)", "[u8; 2]"},
      {"{x: u8}", "{y: u8}"},
      {"{x: u8}", "{x: u8, y: u8}"},
      {"{x: u8, y: u8}", "{y: u8, x: u8}"},
      {"(\"a\" | \"b\")", "(\"a\" | \"b\" | \"c\")"},
      {"(\"a\" | \"b\")", "u32"},
      {"map<str, u16>", "map<str, u8>"},
      {"()", "u8"},
  }));
  CAPTURE(row.first, row.second);
  CHECK(!converts(type_of(row.first), type_of(row.second)));
  Bytes to;
  const auto done = convert(type_of(row.first), type_of(row.second), {}, to);
  REQUIRE(!done);
  CHECK(done.error().sentence == row.first + " does not convert to " + row.second + " without loss");
}

TEST_CASE("bytes that are no value are not converted") {
  Bytes to;
  CHECK(!convert(type_of("[u8]"), type_of("[u16]"), bytes_of("0900000000000000 00"), to));
  CHECK(!convert(type_of("u8"), type_of("u8"), bytes_of("0000"), to));
  CHECK(to.empty());
}

}  // namespace gantry::signature
