// The plugin text: words by its definition, in a table, and against the shell's one-liner.
#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>
#include <random>
#include <string>

#include "run/command.hpp"
#include "run/outcome.hpp"

namespace {

using namespace gantry::tests;
using Json = nlohmann::json;

/// What `uniq -c` counts, as text.count_words has it.
Json by_shell(const std::string& path) {
  std::istringstream lines(
      shell("tr A-Z a-z <'" + path + R"(' | tr -cs 'a-z0-9\200-\377' '\n' | grep -a . | sort | uniq -c)"));
  Json counts = Json::object();
  std::uint64_t count = 0;
  std::string word;
  while (lines >> count >> word) counts[word] = count;
  return counts;
}

}  // namespace

TEST_CASE("text.count_words: what a word is") {
  using namespace std::string_literals;
  const Folder folder;
  struct Row {
    std::string text;
    std::string counts;
  };
  const Row rows[] = {
      {"", "{}"},
      {" \n\t.,;:!?-_'\"()", "{}"},
      {"word", R"({"word":1})"},
      {"The end. the END? THE\n", R"({"end":2,"the":3})"},
      {"it's 3.14, x_1 and 0xFF", R"({"0xff":1,"14":1,"3":1,"and":1,"it":1,"s":1,"x":1,"1":1})"},
      {"gr\xc3\xbc\xc3\x9f Gr\xc3\xbc\xc3\x9f gr\xc3\x9c\xc3\x9f",
       "{\"gr\xc3\xbc\xc3\x9f\":2,\"gr\xc3\x9c\xc3\x9f\":1}"},
      {"a\0b\0a"s, R"({"a":2,"b":1})"},
      {"\xf0\x9f\x9a\x80 \xe6\xbc\xa2\xe5\xad\x97\n", "{\"\xf0\x9f\x9a\x80\":1,\"\xe6\xbc\xa2\xe5\xad\x97\":1}"},
      {"line\r\nline\r\n", R"({"line":2})"},
      {std::string(300'000, 'A'), "{\"" + std::string(300'000, 'a') + "\":1}"},
      {std::string(131'070, ' ') + "across blocks", R"({"across":1,"blocks":1})"},
      {std::string(131'071, ' ') + "\xc3\xbc", "{\"\xc3\xbc\":1}"},
  };
  for (const Row& row : rows) {
    INFO(row.text.substr(0, 100));
    const std::string path = folder.write("it.txt", row.text);
    const std::string told = outcome({"text.count_words", "path=" + path});
    CHECK(Json::parse(told) == Json::parse(row.counts));
    if (row.text.find('\0') == std::string::npos && row.counts != "{}") CHECK(Json::parse(told) == by_shell(path));
  }
}

TEST_CASE("text.count_words: bytes that are not UTF-8 are an error, with the place") {
  const Folder folder;
  struct Row {
    std::string text;
    int ends;
  };
  const Row rows[] = {
      {"f\xfcr alle", 3},         // Latin-1
      {"ok \xc3", 4},             // cut
      {"ok \xc0\xaf.", 5},        // overlong
      {"\xed\xa0\x80", 3},        // a surrogate
      {"\xf4\x90\x80\x80 x", 4},  // above U+10FFFF
      {"\xe6\xbc\xa2\x80", 4},    // a stray continuation
      {std::string(200'000, ' ') + "\xff\xfe", 200'002},
  };
  for (const Row& row : rows) {
    const std::string path = folder.write("it.txt", row.text);
    CHECK(outcome({"text.count_words", "path=" + path}) ==
          "encoding: \"" + path + "\" is not UTF-8: see the word that ends before byte " + std::to_string(row.ends) +
              "; iconv converts other encodings");
  }
}

TEST_CASE("text.count_words: two megabytes of words are counted as the shell counts them") {
  const Folder folder;
  std::mt19937_64 random(5);
  std::string text;
  while (text.size() < 2'000'000) {
    for (std::uint64_t left = 1 + random() % 3; left > 0; --left) text += static_cast<char>('a' + random() % 16);
    if (random() % 50 == 0) text += "\xc3\x9c";
    if (random() % 7 == 0) text += "AND";
    text += " \n.,-\t'"[random() % 7];
  }
  const std::string path = folder.write("it.txt", text);
  const Json counts = Json::parse(outcome({"text.count_words", "path=" + path}));
  CHECK(counts.size() > 4000);
  CHECK(counts == by_shell(path));
}

TEST_CASE("text.merge and text.top") {
  struct Row {
    std::vector<std::string> words;
    std::string expected;
  };
  const Row rows[] = {
      {{"text.merge", "counts=[]"}, "{}"},
      {{"text.merge", "counts=[{a: 1, b: 2}, {}, {b: 3, c: 4}]"}, R"({"a":1,"b":5,"c":4})"},
      {{"text.merge", "counts=[{a: 18446744073709551614}, {a: 1}]"}, R"({"a":18446744073709551615})"},
      {{"text.merge", "counts=[{a: 18446744073709551615}, {a: 1}]"}, "overflow: the count of \"a\" does not fit u64"},
      {{"text.top", "counts={}"}, "[]"},
      {{"text.top", "counts={a: 1, b: 3, d: 2, c: 2}"}, R"([["b",3],["c",2],["d",2],["a",1]])"},
      {{"text.top", "counts={a: 1, b: 3, d: 2, c: 2}", "n=2"}, R"([["b",3],["c",2]])"},
      {{"text.top", "counts={a: 1}", "n=0"}, "[]"},
      {{"text.top", "counts={a: 1}", "n=18446744073709551615"}, R"([["a",1]])"},
  };
  for (const Row& row : rows) {
    INFO(row.words[1]);
    CHECK(outcome(row.words) == row.expected);
  }
}
