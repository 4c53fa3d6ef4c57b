#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>
#include <random>

#include "signature/codec.hpp"
#include "signature/json_string.hpp"
#include "signature/nearest.hpp"
#include "signature/node.hpp"
#include "signature/utf8.hpp"

namespace gantry::signature {

namespace {

/// A tree as one text: kind, place, content.
void append_tree(const Node& node, std::string& to) {
  switch (node.kind) {
    case Node::Kind::null:
      to += "null";
      break;
    case Node::Kind::plain:
      to += "<" + node.text + ">";
      break;
    case Node::Kind::quoted:
      append_json_string(node.text, to);
      break;
    case Node::Kind::list:
      to += '[';
      for (const auto& item : node.items) append_tree(item, to), to += ' ';
      to += ']';
      break;
    case Node::Kind::map:
      to += '{';
      for (const auto& entry : node.entries) {
        to += entry.key + "@" + std::to_string(entry.mark.line) + ":" + std::to_string(entry.mark.column) + "=";
        append_tree(entry.value, to);
        to += ' ';
      }
      to += '}';
      break;
  }
  to += "@" + std::to_string(node.mark.line) + ":" + std::to_string(node.mark.column);
}

[[nodiscard]] std::string tree(const host::Result<Node>& node) {
  if (!node) return node.error().sentence;
  std::string text;
  append_tree(*node, text);
  return text;
}

struct Row {
  std::string text;
  std::string result;
};

}  // namespace

TEST_CASE("JSON becomes a tree that keeps numbers as written and every place") {
  const auto row = GENERATE(values<Row>({
      {"null", "null@1:1"},
      {" true", "<true>@1:2"},
      {"-0", "<-0>@1:1"},
      {"1E+05", "<1E+05>@1:1"},
      {"123456789012345678901234567890.10", "<123456789012345678901234567890.10>@1:1"},
      {"1e999", "<1e999>@1:1"},
      {"\"a\\u0062\\n\"", "\"ab\\n\"@1:1"},
      {"\"\\ud83d\\ude00\"", "\"😀\"@1:1"},
      {"[]", "[]@1:1"},
      {"[1,\n \"ä\", {\"k\" : [null]}]", "[<1>@1:2 \"ä\"@2:2 {k@2:8=[null@2:15 ]@2:14 }@2:7 ]@1:1"},
      {"\xEF\xBB\xBF{}", "{}@1:1"},
  }));
  CAPTURE(row.text);
  CHECK(tree(parse_json(row.text)) == row.result);
}

TEST_CASE("marks carry their source") {
  const auto node = parse_json("[7]", 5);
  REQUIRE(node);
  CHECK(node->items.at(0).mark == Mark{.source = 5, .line = 1, .column = 2});
}

TEST_CASE("what is no JSON is refused with its place") {
  const auto row = GENERATE(values<Row>({
      {"", "1:1: expected a JSON value, found the end"},
      {"[1,\n  2 3]", "2:5: expected ',' or ']' in the list, found 3"},
      {"[1,]", "1:4: expected a JSON value, found ']'"},
      {"{\"a\": 1,\n\"a\": 2}", "2:1: the key a stands twice in one map"},
      {"{a: 1}", "1:2: expected a key in double quotes, found a"},
      {"{\"a\" 1}", "1:6: expected ':' after the key, found 1"},
      {"{\"a\": 1", "1:8: expected ',' or '}' in the map, found the end"},
      {"01", "1:1: expected a JSON value, found 01"},
      {"1.", "1:1: expected a JSON value, found 1"},
      {"+1", "1:1: expected a JSON value, found '+'"},
      {".5", "1:1: expected a JSON value, found '.'"},
      {"nul", "1:1: expected a JSON value, found nul"},
      {"nulls", "1:1: expected a JSON value, found nulls"},
      {"NaN", "1:1: expected a JSON value, found NaN"},
      {"[\"ä\", é]", "1:7: expected a JSON value, found 'é'"},
      {"1 2", "1:3: expected the end, found 2"},
      {"\"\t\"", "1:2: a control character in quotes is written \\u0009"},
      {"\"ä\xff\"", "1:3: not UTF-8"},
      {"\"\\ud800\"", "1:2: \\u escapes of surrogates stand in pairs, high before low"},
      {"\"\\udc00\\ud800\"", "1:2: \\u escapes of surrogates stand in pairs, high before low"},
      {"\"\\u12g4\"", "1:2: \\u needs four hexadecimal digits"},
      {"\"\\u-123\"", "1:2: \\u needs four hexadecimal digits"},
      {"\"\\x\"", "1:2: unknown escape: a backslash itself is written \\\\"},
      {"\"abc", "1:1: the quote that opens here is never closed"},
      {"\"abc\\", "1:5: unknown escape: a backslash itself is written \\\\"},
  }));
  CAPTURE(row.text);
  CHECK(tree(parse_json(row.text)) == row.result);
}

TEST_CASE("lists and maps stand at most 64 deep inside each other") {
  const auto nest = [](std::size_t depth) { return std::string(depth, '[') + std::string(depth, ']'); };
  CHECK(parse_json(nest(64)));
  CHECK(tree(parse_json(nest(65))) == "1:65: lists and maps stand at most 64 deep inside each other");
  CHECK(tree(parse_literal(std::string(1'000'000, '['))) ==
        "1:65: lists and maps stand at most 64 deep inside each other");
}

TEST_CASE("literals are JSON that may go without quotes") {
  const auto row = GENERATE(values<Row>({
      {"100", "<100>@1:1"},
      {" hello, world: [1] ", "<hello, world: [1]>@1:2"},
      {"null", "null@1:1"},
      {"\"null\"", "\"null\"@1:1"},
      {"[1_000, .5, red, \"a, b\", null]", "[<1_000>@1:2 <.5>@1:9 <red>@1:13 \"a, b\"@1:18 null@1:26 ]@1:1"},
      {"{name: hello world, \"a b\": [x:y]}", "{name@1:2=<hello world>@1:8 a b@1:21=[<x:y>@1:29 ]@1:28 }@1:1"},
      {"", "1:1: expected a value, found the end"},
      {"[1, ]", "1:5: expected a value, found ']'"},
      {"[1", "1:3: expected ',' or ']' in the list, found the end"},
      {"{: 1}", "1:2: expected a key, found ':'"},
      {"{a: 1, a: 2}", "1:8: the key a stands twice in one map"},
      {"\"a\" b", "1:5: expected the end, found b"},
      {"x\xff", "1:2: not UTF-8"},
  }));
  CAPTURE(row.text);
  CHECK(tree(parse_literal(row.text)) == row.result);
}

TEST_CASE("JSON is what nlohmann's parser takes, but for keys twice") {
  const auto seed = std::random_device{}();
  CAPTURE(seed);
  std::mt19937_64 random(seed);
  // No e without its minus: numbers too large for a double are JSON, but nlohmann refuses them.
  const std::string pieces[] = {"{", "}",    "[",    "]", ",",  ":",  "\"a\"", "\"b\\n\"", "1",        "-0.5", "e-1",
                                "0", "true", "null", " ", "\n", "\"", "\\",    "\\u00e4",  "\xC3\xA4", "\xC3", "."};
  int accepted = 0;
  for (int round = 0; round < 200'000; ++round) {
    std::string text;
    const auto count = random() % 8 + 1;
    for (std::uint64_t i = 0; i < count; ++i) text += pieces[random() % std::size(pieces)];
    const bool theirs = nlohmann::json::accept(text);
    const auto ours = parse_json(text);
    const bool twice = !ours && ours.error().sentence.find("stands twice") != std::string::npos;
    accepted += theirs ? 1 : 0;
    CAPTURE(text, tree(ours));
    if (theirs != (ours.has_value() || twice)) FAIL("the parsers differ");
  }
  CHECK(accepted > 1000);
}

TEST_CASE("find looks in a map") {
  const auto node = parse_json(R"({"a": 1, "b": [2]})");
  REQUIRE(node);
  REQUIRE(node->find("b") != nullptr);
  CHECK(node->find("b")->items.size() == 1);
  CHECK(node->find("c") == nullptr);
  CHECK(Node{}.find("a") == nullptr);
}

TEST_CASE("nodes are described for messages") {
  const auto row = GENERATE(values<Row>({
      {"null", "null"},
      {"12", "12"},
      {"\"a\\\"b\"", "the text \"a\\\"b\""},
      {"[1, 2, 3]", "a list of 3"},
      {"[]", "an empty list"},
      {"{}", "a map"},
      {'"' + std::string(61, 'x') + '"', "the text \"" + std::string(60, 'x') + "…\""},
  }));
  const auto node = parse_json(row.text);
  REQUIRE(node);
  CHECK(describe(*node) == row.result);
}

TEST_CASE("keys that are not UTF-8 stay apart") {
  const auto type = parse_type("map<str, u8>");
  REQUIRE(type);
  const auto entry = [](char key, char value) { return std::string("\x01\0\0\0\0\0\0\0", 8) + key + value; };
  const std::string bytes = std::string("\x03\0\0\0\0\0\0\0", 8) + entry('a', 1) + entry('\xfe', 2) + entry('\xff', 3);
  std::string text;
  REQUIRE(append_json(*type, std::as_bytes(std::span(bytes)), text));
  CHECK(text == "{\"a\":1,\"\uFFFDfe\":2,\"\uFFFDff\":3}");
}

TEST_CASE("JSON strings are escaped, and what is no UTF-8 is replaced") {
  const auto row = GENERATE(values<Row>({
      {"", R"("")"},
      {"a\"\\/\b\f\n\r\t", R"("a\"\\/\b\f\n\r\t")"},
      {std::string("\0\x1f\x7f", 3), "\"\\u0000\\u001f\\u007f\""},
      {"äπ😀", "\"äπ😀\""},
      {"\xff|\xC3|\xE2\x82|", "\"\uFFFD|\uFFFD|\uFFFD\uFFFD|\""},
      {"\xED\xA0\x80", "\"\uFFFD\uFFFD\uFFFD\""},  // a surrogate
      {"\xC0\xAF", "\"\uFFFD\uFFFD\""},            // overlong
      {"\xF4\x90\x80\x80", "\"\uFFFD\uFFFD\uFFFD\uFFFD\""},
  }));
  std::string text;
  append_json_string(row.text, text);
  CHECK(text == row.result);
  CHECK(nlohmann::json::accept(text));
}

TEST_CASE("every code point survives its way through a JSON string") {
  for (char32_t point = 0; point <= 0x10FFFF; ++point) {
    if (point >= 0xD800 && point <= 0xDFFF) continue;
    std::string text;
    append_code_point(point, text);
    std::string json;
    append_json_string(text, json);
    std::string back;
    const auto behind = read_json_string(json, 0, back);
    if (!behind || *behind != json.size() || back != text || code_point_size(text, 0) != text.size()) {
      FAIL("code point " << static_cast<std::uint32_t>(point));
    }
  }
}

TEST_CASE("texts are cut between code points") {
  CHECK(excerpt("äöü", 3) == "äöü");
  CHECK(excerpt("äöü", 2) == "äö…");
  CHECK(count_code_points("aä😀\xff") == 4);
}

TEST_CASE("the nearest name is a third of it away at most") {
  const std::vector<std::string> names{"low", "high", "values", "colour"};
  CHECK(nearest("hihg", names) == "high");
  CHECK(nearest("color", names) == "colour");
  CHECK(nearest("lwo", names) == "low");
  CHECK(nearest("value", names) == "values");
  CHECK(nearest("xyz", names).empty());
  CHECK(nearest("", names).empty());
  CHECK(nearest("low", {}).empty());
  CHECK(or_did_you_mean("hgh", names) == "; did you mean `high`?");
  CHECK(did_you_mean("xyz", names).empty());
}

}  // namespace gantry::signature
