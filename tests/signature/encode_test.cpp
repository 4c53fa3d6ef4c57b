#include <clocale>

#include "signature/texts.hpp"

namespace gantry::signature {

namespace {

struct Row {
  std::string literal;
  std::string type;
  std::string result;  ///< bytes, or the error
};

}  // namespace

TEST_CASE("values become bytes") {
  const auto row = GENERATE(values<Row>({
      {"null", "()", ""},
      {"true", "bool", "01"},
      {"false", "bool", "00"},
      {"0", "u8", "00"},
      {"-0", "u8", "00"},
      {"255", "u8", "ff"},
      {"65_535", "u16", "ffff"},
      {"4294967295", "u32", "ffffffff"},
      {"18_446_744_073_709_551_615", "u64", "ffffffffffffffff"},
      {"-128", "i8", "80"},
      {"127", "i8", "7f"},
      {"-32768", "i16", "0080"},
      {"-2147483648", "i32", "00000080"},
      {"-9223372036854775808", "i64", "0000000000000080"},
      {"9223372036854775807", "i64", "ffffffffffffff7f"},
      {"258", "u32", "02010000"},
      {"1.5", "f32", "0000c03f"},
      {".5", "f64", "000000000000e03f"},
      {"5.", "f64", "0000000000001440"},
      {"-0", "f64", "0000000000000080"},
      {"1e-2", "f64", "7b14ae47e17a843f"},
      {"1E+2", "f64", "0000000000005940"},
      {"1_000.000_1", "f64", "d6c56d3400408f40"},
      {"16777216", "f32", "0000804b"},
      {"16777217.0", "f32", "0000804b"},
      {"9007199254740992", "f64", "0000000000004043"},
      {"10000000000000000000000", "f64", "92d54d06cff08044"},  // 10^22, the last exact power of ten
      {".inf", "f64", "000000000000f07f"},
      {"-.inf", "f32", "000080ff"},
      {".nan", "f32", "0000c07f"},
      {"NaN", "f64", "000000000000f87f"},
      {"\"NaN\"", "f64", "000000000000f87f"},
      {"\"Infinity\"", "f32", "0000807f"},
      {"\"-Infinity\"", "f64", "000000000000f0ff"},
      {"\"\"", "str", "0000000000000000"},
      {"010", "str", "0300000000000000 303130"},
      {"\"ä\"", "str", "0200000000000000 c3a4"},
      {"\"/wA=\"", "bytes", "0200000000000000 ff00"},
      {"\"\"", "bytes", "0000000000000000"},
      {"[1, 2]", "bytes", "0200000000000000 0102"},
      {"[]", "[u64]", "0000000000000000"},
      {"[1, 2]", "[u16]", "0200000000000000 0100 0200"},
      {"[1, 2]", "[u16; 2]", "0100 0200"},
      {"[7, x]", "(u8, str)", "07 0100000000000000 78"},
      {"[7]", "(u8,)", "07"},
      {"null", "u8?", "00"},
      {"7", "u8?", "01 07"},
      {"\"null\"", "str?", "01 0400000000000000 6e756c6c"},
      {"{}", "map<str, u8>", "0000000000000000"},
      {"{b: 2, \"\": 0, a: 1, aa: 3, é: 4}", "map<str, u8>",
       "0500000000000000 0000000000000000 00 0100000000000000 61 01 0200000000000000 6161 03 0100000000000000 62 02 "
       "0200000000000000 c3a9 04"},
      {"green", "(\"red\" | \"green\")", "01000000"},
      {"\"red\"", "(\"red\" | \"green\")", "00000000"},
      {"true", "(\"false\" | \"true\")", "01000000"},
      {"{y: 2, x: 1}", "{x: u8, y: u16}", "01 0200"},
      {"{x: 1}", "{x: u8, y: u16?}", "01 00"},
      {"{}", "{}", ""},
  }));
  CAPTURE(row.literal, row.type);
  CHECK(encoded(row.literal, row.type) == hexadecimal(bytes_of(row.result)));
}

TEST_CASE("a scalar that does not fit says why") {
  const auto row = GENERATE(values<Row>({
      {"300", "u8", "300 does not fit u8"},
      {"-1", "u64", "-1 does not fit u64"},
      {"128", "i8", "128 does not fit i8"},
      {"-129", "i8", "-129 does not fit i8"},
      {"18446744073709551616", "u64", "18446744073709551616 does not fit u64"},
      {"-9223372036854775809", "i64", "-9223372036854775809 does not fit i64"},
      {"010", "u8", "010 does not fit u8: write 10, leading zeros are not allowed"},
      {"-007", "i8", "-007 does not fit i8: write -7, leading zeros are not allowed"},
      {"00", "u8", "00 does not fit u8: write 0, leading zeros are not allowed"},
      {"01.5", "f64", "01.5 does not fit f64: write 1.5, leading zeros are not allowed"},
      {"+5", "u8", "+5 does not fit u8: write 5 without the plus"},
      {"+.5", "f64", "+.5 does not fit f64: write .5 without the plus"},
      {"1__0", "u8", "1__0 does not fit u8: a _ may only stand between two digits"},
      {"_1", "u8", "_1 does not fit u8: a _ may only stand between two digits"},
      {"1_", "u8", "1_ does not fit u8: a _ may only stand between two digits"},
      {"1_.5", "f64", "1_.5 does not fit f64: a _ may only stand between two digits"},
      {"1.5", "u8", "1.5 does not fit u8: not an integer"},
      {"1e2", "u8", "1e2 does not fit u8: not an integer"},
      {"0x10", "u8", "0x10 does not fit u8: not an integer"},
      {"abc", "u8", "abc does not fit u8: not an integer"},
      {"-", "u8", "- does not fit u8: not an integer"},
      {".inf", "u8", ".inf does not fit u8: not an integer"},
      {"true", "u8", "true does not fit u8: not an integer"},
      {"null", "u8", "null does not fit u8"},
      {"[1]", "u8", "a list of 1 does not fit u8"},
      {"{}", "f32", "a map does not fit f32"},
      {"\"5\"", "u8", "the text \"5\" does not fit u8: write 5 without quotes"},
      {"\"x\"", "u8", "the text \"x\" does not fit u8: not an integer"},
      {"\"1.5\"", "f64", "the text \"1.5\" does not fit f64: write 1.5 without quotes"},
      {"\".inf\"", "f64", "the text \".inf\" does not fit f64: write .inf without quotes"},
      {"\"x\"", "f64", "the text \"x\" does not fit f64: not a number"},
      {"1e999", "f64", "1e999 does not fit f64"},
      {"-1e999", "f64", "-1e999 does not fit f64"},
      {"1e39", "f32", "1e39 does not fit f32"},
      {"1e-999", "f64", "1e-999 does not fit f64: it would become 0"},
      {"1e-46", "f32", "1e-46 does not fit f32: it would become 0"},
      {"1e99999999999999999999", "f64", "1e99999999999999999999 does not fit f64"},
      {"1e-99999999999999999999", "f64", "1e-99999999999999999999 does not fit f64: it would become 0"},
      {"9007199254740993", "f64",
       "9007199254740993 does not fit f64: it cannot be held exactly; write 9007199254740993.0 to have it rounded"},
      {"16_777_217", "f32",
       "16_777_217 does not fit f32: it cannot be held exactly; write 16777217.0 to have it rounded"},
      {"1e", "f64", "1e does not fit f64: not a number"},
      {".", "f64", ". does not fit f64: not a number"},
      {"inf", "f64", "inf does not fit f64: not a number"},
      {"nan", "f64", "nan does not fit f64: not a number"},
      {".Inf", "f64", ".Inf does not fit f64: not a number"},
      {"1,5", "f64", "1,5 does not fit f64: not a number"},
      {"yes", "bool", "yes does not fit bool: write true or false"},
      {"True", "bool", "True does not fit bool: write true or false"},
      {"1", "bool", "1 does not fit bool: write true or false"},
      {"\"true\"", "bool", "the text \"true\" does not fit bool: write true without quotes"},
      {"null", "str", "null does not fit str: write \"\" for the empty text, quotes around a word that is text"},
      {"[a]", "str", "a list of 1 does not fit str"},
      {"0", "()", "0 does not fit (): write null"},
      {"gren", "(\"red\" | \"green\")", "gren does not fit (\"red\" | \"green\"): did you mean `green`?"},
      {"1", "(\"red\" | \"green\")", "1 does not fit (\"red\" | \"green\")"},
      {"null", "(\"red\" | \"green\")", "null does not fit (\"red\" | \"green\")"},
      {"\"/w=\"", "bytes",
       "the text \"/w=\" does not fit bytes: not base64: its length must be a multiple of 4, padded with ="},
      {"\"/x==\"", "bytes",
       "the text \"/x==\" does not fit bytes: not base64: the bits that its last character leaves over must be 0"},
      {"\"é===\"", "bytes", "the text \"é===\" does not fit bytes: not base64: 'é' at character 1"},
      {"\"ab\\ncd\"", "bytes", "the text \"ab\\ncd\" does not fit bytes: not base64: the byte 0x0a at character 3"},
      {"{}", "bytes", "a map does not fit bytes: write base64 text or a list of u8"},
  }));
  CAPTURE(row.literal, row.type);
  CHECK(encoded(row.literal, row.type) == row.result);
}

TEST_CASE("errors name the path of the innermost value") {
  const auto row = GENERATE(values<Row>({
      {"{grid: [{x: 1}, {x: 2}, {x: 3}, {x: 300}]}", "{grid: [{x: u8}]}", "args.grid[3].x: 300 does not fit u8"},
      {"[1, [2, x]]", "(u8, [u8])", "args[1][1]: x does not fit u8: not an integer"},
      {"{a: 1, \"b c\": x}", "map<str, u8?>", "args[\"b c\"]: x does not fit u8: not an integer"},
      {"[1, 256]", "bytes", "args[1]: 256 does not fit u8"},
      {"[1, 2]", "[u8; 3]", "args: a list of 2 does not fit [u8; 3]: it needs 3"},
      {"[1, 2]", "(u8, u8, u8)", "args: a list of 2 does not fit (u8, u8, u8): it needs 3"},
      {"[]", "(u8,)", "args: an empty list does not fit (u8,): it needs 1"},
      {"3", "[u8]", "args: 3 does not fit [u8]"},
      {"[]", "map<str, u8>", "args: an empty list does not fit map<str, u8>"},
      {"[]", "{x: u8}", "args: an empty list does not fit {x: u8}"},
      {"{x: 1, colr: 2}", "{x: u8, color: u8}", "args: {x: u8, color: u8} has no field colr; did you mean `color`?"},
      {"{x: 1}", "{x: u8, y: {z: u8}}", "args: the field y of {x: u8, y: {z: u8}} is missing"},
  }));
  CAPTURE(row.literal, row.type);
  CHECK(encoded(row.literal, row.type, "args") == row.result);
}

TEST_CASE("errors have the mark of the innermost node") {
  Bytes to;
  const auto mark_of = [&](const std::string& literal, const std::string& type) {
    const auto done = encode(node_of(literal), type_of(type), "", to);
    REQUIRE(!done);
    return std::pair(done.error().mark.line, done.error().mark.column);
  };
  CHECK(mark_of("{x: [1, 2,\n  300]}", "{x: [u8]}") == std::pair(2U, 3U));
  CHECK(mark_of("{x: 1,\n zz: 2}", "{x: u8}") == std::pair(2U, 2U));
  CHECK(mark_of(" {x: 1}", "{x: u8, y: u8}") == std::pair(1U, 2U));
}

TEST_CASE("a key twice in a map is refused") {
  Node node;
  node.kind = Node::Kind::map;
  node.entries = {{.key = "b", .mark = {}, .value = node_of("1")},
                  {.key = "a", .mark = {}, .value = node_of("1")},
                  {.key = "b", .mark = {.source = 0, .line = 7, .column = 8}, .value = node_of("1")}};
  Bytes to;
  const auto done = encode(node, type_of("map<str, u8>"), "", to);
  REQUIRE(!done);
  CHECK(to_text(done.error()) == "b: this key stands twice in one map");
  CHECK(done.error().mark.line == 7);
}

TEST_CASE("numbers do not depend on the locale") {
  const auto* found = std::setlocale(LC_ALL, "de_DE.UTF-8");
  CAPTURE(found == nullptr ? "no German locale here: the C locale is tested" : found);
  CHECK(encoded("1.5", "f64") == "000000000000f83f");
  CHECK(json_of(type_of("f64"), bytes_of("000000000000f83f")) == "1.5");
  std::setlocale(LC_ALL, "C");
}

TEST_CASE("defaults are checked") {
  const auto checked = [](const std::string& text) {
    const auto signature = parse_signature(text);
    REQUIRE(signature);
    const auto done = check_defaults(*signature);
    if (!done) CHECK(done.error().kind == host::ErrorKind::plugin);
    return done ? "" : done.error().sentence;
  };
  CHECK(checked("(a: u8, b: u8 = 255, c: [str] = [x, \"y, z\"], d: {x: f64} = {x: .5}, e: u8? = null) -> ()").empty());
  CHECK(checked("(a: u8 = 256) -> ()") == "the default of a: 256 does not fit u8");
  CHECK(checked("(a: [u8] = [1, 2, x]) -> ()") == "the default of a[2]: x does not fit u8: not an integer");
  CHECK(checked("(a: u8 = 1, b: [u8] = [1 2]) -> ()") == "the default of b[0]: 1 2 does not fit u8: not an integer");
  CHECK(checked("(a: [u8] = [1,]) -> ()") == "the default of a: 1:4: expected a value, found ']'");
}

}  // namespace gantry::signature
