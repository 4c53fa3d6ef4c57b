#include "signature/base64.hpp"
#include "signature/texts.hpp"

namespace gantry::signature {

namespace {

struct Row {
  std::string type;
  std::string bytes;
  std::string result;
};

}  // namespace

TEST_CASE("bytes that are no value are refused with the place") {
  const auto row = GENERATE(values<Row>({
      {"u32", "000000", "byte 0: the bytes end inside u32: 3 are left"},
      {"u8", "0000", "byte 1: 1 bytes too many after u8"},
      {"()", "00", "byte 0: 1 bytes too many after ()"},
      {"bool", "", "byte 0: the bytes end inside bool: 0 are left"},
      {"bool", "02", "byte 0: 2 is no bool: 0 or 1"},
      {"u8?", "02", "byte 0: 2 is no u8?: 0 or 1"},
      {"u8?", "01", "byte 1: the bytes end inside u8: 0 are left"},
      {"(\"a\" | \"b\")", "02000000", "byte 0: 2 is no index of (\"a\" | \"b\")"},
      {"(\"a\" | \"b\")", "020000", "byte 0: the bytes end inside (\"a\" | \"b\"): 3 are left"},
      {"str", "00000000000000", "byte 0: the bytes end inside str: 7 are left"},
      {"str", "0200000000000000 61", "byte 0: a length of 2 in str, but 1 bytes are left"},
      {"bytes", "ffffffffffffffff", "byte 0: a length of 18446744073709551615 in bytes, but 0 bytes are left"},
      {"[u64]", "0000000000000020", "byte 8: 2305843009213693952 elements of [u64], but 0 bytes are left"},
      {"[u64]", "0100000000000000 00000000000000", "byte 8: 1 elements of [u64], but 7 bytes are left"},
      {"[str]", "ffffffffffffff1f 0000000000000000",
       "byte 8: 2305843009213693951 elements of [str], but 8 bytes are left"},
      {"[bool]", "0200000000000000 0102", "byte 9: 2 is no bool: 0 or 1"},
      {"[u8; 3]", "0102", "byte 0: 3 elements of [u8; 3], but 2 bytes are left"},
      {"(u8, [str; 2])", "01 0000000000000000 0100000000000000 ", "byte 9: a length of 1 in str, but 0 bytes are left"},
      {"map<str, u8>", "0200000000000000 0100000000000000 62 00 0100000000000000 61 00",
       "byte 18: the keys of a map are not strictly ascending"},
      {"map<str, u8>", "0200000000000000 0100000000000000 61 00 0100000000000000 61 00",
       "byte 18: the keys of a map are not strictly ascending"},
      {"map<str, u8>", "0200000000000000 0000000000000000 00",
       "byte 17: the bytes end inside map<str, u8>: 0 are left"},
  }));
  CAPTURE(row.type, row.bytes);
  const auto type = type_of(row.type);
  const auto bytes = bytes_of(row.bytes);
  const auto valid = validate(type, bytes);
  REQUIRE(!valid);
  CHECK(valid.error().sentence == row.result);
  CHECK(valid.error().kind == host::ErrorKind::value);
  CHECK(json_of(type, bytes) == row.result);
}

TEST_CASE("a value's extent leaves alone what follows it") {
  struct Extent {
    std::string type;
    std::string bytes;
    std::uint64_t size;
  };
  const auto row = GENERATE(values<Extent>({
      {"u8", "01 ff", 1},
      {"()", "ff", 0},
      {"(u8, u8)", "0101 ff", 2},
      {"bool?", "0101 ff", 2},
      {"bool?", "00 ff", 1},
      {"[u8]", "0100000000000000 01 ff", 9},
      {"[str]", "0100000000000000 0100000000000000 61 ff", 17},
      {"map<str, bool>", "0100000000000000 0100000000000000 61 01 ff", 18},
  }));
  CAPTURE(row.type);
  const auto size = extent(type_of(row.type), bytes_of(row.bytes));
  REQUIRE(size);
  CHECK(*size == row.size);
}

TEST_CASE("types made by hand can be as wrong as they like") {
  Type deep = of_kind(Kind::u8);
  for (int i = 0; i < 65; ++i) {
    Type outer = of_kind(Kind::tuple);
    outer.of.push_back(std::move(deep));
    deep = std::move(outer);
  }
  const auto bytes = bytes_of("01");
  REQUIRE(!validate(deep, bytes));
  CHECK(validate(deep, bytes).error().sentence == "byte 0: types stand at most 64 deep inside each other");
  CHECK(validate(deep.of[0], bytes));

  Type units = of_kind(Kind::list);
  units.of.push_back(of_kind(Kind::unit));
  CHECK(validate(units, bytes_of("0000000000000000")));
  CHECK(!validate(units, bytes_of("0100000000000000")));
}

TEST_CASE("types of which any bytes are a value") {
  for (const auto* text : {"()", "u8", "f64", "[u16; 3]", "(u8, i64)", "{x: f64, y: [i8; 2]}"}) {
    CAPTURE(text);
    CHECK(any_bytes_valid(type_of(text)));
  }
  for (const auto* text : {"bool", "(\"a\" | \"b\")", "str", "bytes", "[u8]", "u8?", "map<str, u8>", "(u8, bool)",
                           "{x: [(\"a\" | \"b\"); 2]}"}) {
    CAPTURE(text);
    CHECK(!any_bytes_valid(type_of(text)));
  }
}

TEST_CASE("values are written as compact JSON") {
  const auto row = GENERATE(values<Row>({
      {"()", "", "null"},
      {"bool", "01", "true"},
      {"bool", "00", "false"},
      {"u8", "ff", "255"},
      {"u16", "ffff", "65535"},
      {"u32", "ffffffff", "4294967295"},
      {"u64", "ffffffffffffffff", "18446744073709551615"},
      {"i8", "ff", "-1"},
      {"i16", "0080", "-32768"},
      {"i32", "00000080", "-2147483648"},
      {"i64", "0000000000000080", "-9223372036854775808"},
      {"f64", "000000000000f83f", "1.5"},
      {"f64", "000000000000f03f", "1"},
      {"f64", "0000000000000080", "-0"},
      {"f64", "9a9999999999b93f", "0.1"},
      {"f64", "0000000000004043", "9007199254740992"},
      {"f64", "92d54d06cff08044", "1e+22"},
      {"f64", "0100000000000000", "5e-324"},
      {"f32", "cdcccc3d", "0.1"},
      {"f32", "0000804b", "16777216"},
      {"f32", "a379eb4c", "123456790.0"},  // 123456792
      {"f32", "ffff7f7f", "3.4028235e+38"},
      {"f64", "000000000000f87f", "\"NaN\""},
      {"f64", "000000000000f07f", "\"Infinity\""},
      {"f32", "000080ff", "\"-Infinity\""},
      {"str", "0300000000000000 61220a", R"("a\"\n")"},
      {"str", "0100000000000000 ff", "\"\uFFFD\""},
      {"bytes", "0200000000000000 ff00", R"("/wA=")"},
      {"[u8]", "0300000000000000 010203", "[1,2,3]"},
      {"[u8]", "0000000000000000", "[]"},
      {"[u8; 2]", "0102", "[1,2]"},
      {"(u8, bool)", "0101", "[1,true]"},
      {"u8?", "00", "null"},
      {"u8?", "0105", "5"},
      {"map<str, u8>", "0200000000000000 0100000000000000 61 01 0100000000000000 62 02", R"({"a":1,"b":2})"},
      {"(\"red\" | \"gr\\\"n\")", "01000000", R"("gr\"n")"},
      {"{x: u8, \"a b\": {z: ()}}", "07", R"({"x":7,"a b":{"z":null}})"},
  }));
  CAPTURE(row.type, row.bytes);
  CHECK(json_of(type_of(row.type), bytes_of(row.bytes)) == row.result);
}

TEST_CASE("base64 of RFC 4648, section 10") {
  const auto row = GENERATE(values<std::pair<std::string, std::string>>({{"", ""},
                                                                         {"f", "Zg=="},
                                                                         {"fo", "Zm8="},
                                                                         {"foo", "Zm9v"},
                                                                         {"foob", "Zm9vYg=="},
                                                                         {"fooba", "Zm9vYmE="},
                                                                         {"foobar", "Zm9vYmFy"},
                                                                         {"\xfb\xff\xfe", "+//+"}}));
  std::string text;
  append_base64(std::as_bytes(std::span(row.first)), text);
  CHECK(text == row.second);
  Bytes bytes;
  REQUIRE(decode_base64(text, bytes));
  CHECK(std::string(reinterpret_cast<const char*>(bytes.data()), bytes.size()) == row.first);
}

TEST_CASE("base64 has one spelling for all bytes") {
  for (const auto* text : {"Zg", "Zg=", "Zh==", "Zm9=", "====", "=", "Z===", "Zg==Zg==", "Zm 9v", "Zm9v\n", "Zm-_"}) {
    CAPTURE(text);
    Bytes bytes{std::byte{7}};
    CHECK(!decode_base64(text, bytes));
    CHECK(bytes.size() == 1);
  }
}

TEST_CASE("parts of types and values") {
  struct Part {
    std::string type;
    std::string bytes;
    std::string name;
    std::string part;  ///< type, or the error
    std::string json;  ///< value, or the error
  };
  const auto row = GENERATE(values<Part>({
      {"{x: u8, y: str, z: u16}", "01 0100000000000000 61 0500", "z", "u16", "5"},
      {"{x: u8, y: str, z: u16}", "01 0100000000000000 61 0500", "y", "str", "\"a\""},
      {"{xx: u8, y: str}", "01 0000000000000000", "yy", "{xx: u8, y: str} has no field yy; did you mean `y`?", ""},
      {"(u8, bool?)", "07 0101", "1", "bool?", "true"},
      {"(u8, bool?)", "07 0101", "2", "(u8, bool?) has no position 2: the last is 1", ""},
      {"[u16; 3]", "0100 0200 0300", "2", "u16", "3"},
      {"[u16; 3]", "0100 0200 0300", "3", "[u16; 3] has no position 3: the last is 2", ""},
      {"[u16]", "0200000000000000 0100 0200", "1", "u16", "2"},
      {"[u16]", "0200000000000000 0100 0200", "2", "u16", "this [u16] has 2 elements, so no .2"},
      {"[str]", "0200000000000000 0100000000000000 61 0100000000000000 62", "1", "str", "\"b\""},
      {"[u16]", "00", "0", "u16", "a list begins with its count in 8 bytes, 1 are there"},
      {"[u8]", "0000000000000000", "x", "[u8] is selected from by a position, 0 or more, not by .x", ""},
      {"[u8]", "0000000000000000", "01", "[u8] is selected from by a position, 0 or more, not by .01", ""},
      {"[u8]", "0000000000000000", "99999999999999999999",
       "[u8] is selected from by a position, 0 or more, not by .99999999999999999999", ""},
      {"u8", "00", "x", "u8 has no parts to select, so no .x", ""},
      {"map<str, u8>", "0000000000000000", "x", "map<str, u8> has no parts to select, so no .x", ""},
  }));
  CAPTURE(row.type, row.name);
  const auto type = type_of(row.type);
  const auto bytes = bytes_of(row.bytes);
  const auto part = select_type(type, row.name);
  CHECK((part ? to_text(*part) : part.error().sentence) == row.part);
  const auto selected = select(type, bytes, row.name);
  CHECK((selected ? json_of(selected->type, selected->bytes) : selected.error().sentence) ==
        (row.json.empty() ? row.part : row.json));
  if (selected) CHECK(selected->type == *part);
}

TEST_CASE("a list that lies about its count is not read past its end") {
  const auto bytes = bytes_of("ffffffffffffffff 0100");
  CHECK(!select(type_of("[u16]"), bytes, "9223372036854775807"));
  CHECK(!select(type_of("[u16]"), bytes, "1"));
  CHECK(select(type_of("[u16]"), bytes, "0"));
  CHECK(!select(type_of("[str]"), bytes, "0"));
  CHECK(!list_size(bytes_of("01")));
  CHECK(*list_size(bytes_of("0200000000000000")) == 2);
}

}  // namespace gantry::signature
