// `--set name=text`.
#include <catch2/catch.hpp>

#include "config/config.hpp"

namespace gantry::config::test {
namespace {

constexpr const char* pipeline = "gantry: 1\nplugins: [p]\nparams: {low: 1, high: [1]}\nsteps: [{id: a, call: p.f}]\n";

struct Set {
  Config config;
  Sources sources;
  std::string said;
};

Set set(const std::vector<Override>& overrides) {
  Set result;
  Diagnostics diagnostics;
  result.config = read("p.yaml", pipeline, "/", overrides, result.sources, diagnostics);
  result.said = render(diagnostics, result.sources);
  return result;
}

}  // namespace

TEST_CASE("the text of --set stands for itself") {
  for (const char* text : {"7", "", "a: b", "$x", "$$", "yes # no", "- 1", "été", "*x", " [1]", "#"}) {
    const Set done = set({{"low", text}});
    CAPTURE(text);
    CHECK(done.said.empty());
    const Node& low = done.config.params.at(0).value;
    CHECK(low.kind == Node::Kind::plain);
    CHECK(low.text == text);
    CHECK(low.mark == Mark{1, 1, 1});
  }
  CHECK(set({{"low", "7"}}).sources.name(1) == "--set low");
  CHECK(set({{"low", "7"}}).sources.line({1, 1, 1}) == "7");
}

TEST_CASE("null of --set means what it means in the file, and quotes make it text") {
  for (const char* text : {"~", "null", "Null", "NULL"}) {
    const Set done = set({{"low", text}});
    CAPTURE(text);
    CHECK(done.said.empty());
    CHECK(done.config.params.at(0).value.kind == Node::Kind::null);
    CHECK(done.config.params.at(0).value.mark == Mark{1, 1, 1});
    const Set quoted = set({{"low", "\"" + std::string(text) + "\""}});
    CHECK(quoted.config.params.at(0).value.kind == Node::Kind::quoted);
    CHECK(quoted.config.params.at(0).value.text == text);
  }
  CHECK(set({{"low", "nul"}}).config.params.at(0).value.kind == Node::Kind::plain);
}

TEST_CASE("brackets, braces and quotes make the text of --set YAML") {
  const Set list = set({{"low", "[1, {a: $$}]"}});
  CHECK(list.said.empty());
  const Node& node = list.config.params.at(0).value;
  REQUIRE(node.kind == Node::Kind::list);
  REQUIRE(node.items.size() == 2);
  CHECK(node.items[0].mark == Mark{1, 1, 2});
  CHECK(node.items[1].find("a")->text == "$");
  const Set quoted = set({{"low", "\"a\\tb\""}});
  CHECK(quoted.config.params.at(0).value.kind == Node::Kind::quoted);
  CHECK(quoted.config.params.at(0).value.text == "a\tb");
}

TEST_CASE("the last --set of a name wins") {
  const Set done = set({{"low", "1"}, {"high", "2"}, {"low", "3"}});
  CHECK(done.config.params.at(0).value.text == "3");
  CHECK(done.config.params.at(0).value.mark.source == 3);
  CHECK(done.config.params.at(1).value.text == "2");
}

TEST_CASE("a wrong --set is told as such") {
  struct Row {
    const char* name;
    std::string text;
    std::string said;
  };
  const std::vector<Row> rows{
      {"lwo", "7", "--set lwo=7: error[E0327]: the file has no param \"lwo\"\nhelp: did you mean `low`?\n"},
      {"volume", "7", "--set volume=7: error[E0327]: the file has no param \"volume\"\n"},
      {"low", "[1, 2", "--set low:1:1: error[E0105]: this \"[\" is never closed\n   1 | [1, 2\n     | ^\n"},
      {"low", "'a", "--set low:1:1: error[E0105]: this quote is never closed\n   1 | 'a\n     | ^\n"},
      {"low", "{a: 1, a: 2}",
       "--set low:1:8: error[E0106]: the key \"a\" stands here a second time\n   1 | {a: 1, a: 2}\n     |        ^\n"
       "note: --set low:1:2: the first one is here\n"},
      {"low", "[$env.HOME]",
       "--set low:1:2: error[E0211]: \"$env.HOME\": params cannot hold references\n   1 | [$env.HOME]\n     |  ^\n"
       "help: write $$ for a dollar\n"},
      {"low", "a\xFF",
       "--set low:1:2: error[E0101]: the byte 0xff is not UTF-8\n   1 | a\\xff\n     |  ^\nhelp: save the file "
       "as UTF-8\n"},
  };
  for (const Row& row : rows) {
    CAPTURE(row.text);
    CHECK(set({{row.name, row.text}}).said == row.said);
  }
}

}  // namespace gantry::config::test
