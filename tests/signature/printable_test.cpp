// Text of others as it is shown, by table.
#include "signature/printable.hpp"

#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>

#include "signature/code_point.hpp"
#include "signature/codec.hpp"

namespace gantry::signature {
namespace {

using namespace std::string_literals;

struct Row {
  std::string text;
  std::string shown;
};

const std::vector<Row> kRows = {
    {"", ""},
    {"plain text, é ü 漢 😀", "plain text, é ü 漢 😀"},
    {"a\\n", "a\\n"},
    {"a\tb\nc\rd\0e"s, "a\\tb\\nc\\rd\\x00e"},
    {"\x1b[2J\x1b]0;title\x07", "\\x1b[2J\\x1b]0;title\\x07"},
    {"\x7f\u0080\u009b\u009f\u00a0", "\\x7f\\u0080\\u009b\\u009f\u00a0"},
    {"\u202a\u202b\u202c\u202d\u202e", "\\u202a\\u202b\\u202c\\u202d\\u202e"},
    {"\u2066\u2067\u2068\u2069", "\\u2066\\u2067\\u2068\\u2069"},
    {"\u200d\u200e\u200f\u061c", "\u200d\\u200e\\u200f\\u061c"},
    {"\u2028\u2029\u2030", "\\u2028\\u2029\u2030"},
    {"\x9b\xff\xfe", "\\x9b\\xff\\xfe"},
    {"\xc0\x80 \xed\xa0\x80 \xf4\x90\x80\x80", "\\xc0\\x80 \\xed\\xa0\\x80 \\xf4\\x90\\x80\\x80"},
    {"cut \xe6\xbc", "cut \\xe6\\xbc"},
};

/// No control, and valid UTF-8.
bool is_clean(std::string_view text) {
  for (std::size_t at = 0; at < text.size();) {
    const CodePoint point = code_point(text, at);
    if (!point.valid || is_control(point.value)) return false;
    at += point.size;
  }
  return true;
}

}  // namespace

TEST_CASE("text of others is written out where it could do harm") {
  for (const Row& row : kRows) {
    CHECK(printable(row.text) == row.shown);
    CHECK(is_clean(row.shown));
  }
}

TEST_CASE("a long text is cut between two code points, and says what is missing") {
  CHECK(printable_start("abcé", 5) == "abcé");
  CHECK(printable_start("abcé", 4) == "abc… (2 more bytes)");
  CHECK(printable_start("abcé", 3) == "abc… (2 more bytes)");
  CHECK(printable_start("\nbcdef", 1) == "\\n… (5 more bytes)");
  CHECK(printable_start(std::string(65536, 'x'), 10) == "xxxxxxxxxx… (65526 more bytes)");
}

TEST_CASE("tabs of a printed line become the blanks that they stand for") {
  const std::vector<Row> rows = {
      {"", ""},
      {"\t", "        "},
      {"a\tb", "a       b"},
      {"1234567\tb", "1234567 b"},
      {"12345678\tb", "12345678        b"},
      {"é\té", "é       é"},
      {"a\t\tb\x1b", "a               b\\x1b"},
  };
  for (const Row& row : rows) {
    std::string line;
    append_printed_line(row.text, line);
    CHECK(line == row.shown);
  }
}

TEST_CASE("JSON strings hold no control as it is, and mean the same") {
  for (const Row& row : kRows) {
    std::string written;
    append_json_string(row.text, written);
    CHECK(is_clean(written));
    CHECK(nlohmann::json::parse(written).get<std::string>() == valid_utf8(row.text));
    const auto dumped = nlohmann::json{{"key", valid_utf8(row.text)}}.dump();
    CHECK(is_clean(printable_json(dumped)));
    CHECK(nlohmann::json::parse(printable_json(dumped)) == nlohmann::json::parse(dumped));
  }
  CHECK(valid_utf8("a\xff\xc3 é") == "a\uFFFD\uFFFD é");
  CHECK(printable_json("\"\xff\"") == "\"\uFFFD\"");
}

}  // namespace gantry::signature
