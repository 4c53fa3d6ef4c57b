// A value that may be meant as a number, or a bool, is never taken as text where another signature wants one.
#include <catch2/catch.hpp>

#include "pipelines.hpp"
#include "plan/text_choice.hpp"

namespace gantry::test {
namespace {

/// f.of has a signature for each of these types, in this order.
Built build_with(const std::vector<std::string>& types, const std::string& fallback, const std::string& text) {
  signature::Plugin made{"f", "1.0.0", "", "/plugins/libf.so", {}, {}, {}};
  for (const auto& type : types) {
    const auto signature = signature::parse_signature("(x: " + type + fallback + ") -> " + type);
    REQUIRE(signature);
    made.functions.push_back({"of", "", *signature, 0, static_cast<std::uint32_t>(made.functions.size())});
  }
  return build(text, {{made}}, "[f]");
}

std::string step(const std::string& argument) {
  return "steps: [{id: a, call: f.of, args: {x: " + argument + "}}]\n";
}

/// The type whose signature is called, or the codes of what is wrong.
std::string chosen(const Built& built) {
  if (built.diagnostics.empty()) return signature::to_text(built.plan.steps().back().result);
  std::string codes;
  for (const auto& wrong : built.diagnostics.sorted()) codes += wrong.code;
  return codes;
}

struct Row {
  std::vector<std::string> types;
  std::string argument;
  std::string chosen;
};

const std::vector<std::string> scalars{"u64", "i64", "f64", "str"};
const std::vector<std::string> lists{"[u64]", "[f64]", "[str]"};

const std::vector<Row> rows{
    {scalars, "+3", "E0405"},
    {scalars, "003", "E0405"},
    {scalars, "0x3", "E0405"},
    {scalars, "1e999", "E0405"},
    {scalars, "99999999999999999999", "E0405"},
    {scalars, "3 apples", "E0405"},
    {scalars, "-", "E0405"},
    {scalars, ".txt", "E0405"},
    {scalars, "nan", "E0405"},
    {scalars, "-INF", "E0405"},
    {scalars, "Infinity", "f64"},
    {scalars, "\"+3\"", "str"},
    {scalars, "'nan'", "str"},
    {scalars, "infos", "str"},
    {scalars, "nano", "str"},
    {scalars, "e5", "str"},
    {scalars, "\"${params.wrong}\"", "str"},
    {scalars, "$params.wrong", "E0405"},
    {scalars, "$params.quoted", "str"},
    {scalars, "$env.COUNT", "u64"},
    {{"str"}, "+3", "str"},
    {{"str", "bool"}, "+3", "str"},
    {{"str", "bool"}, "true", "bool"},
    {{"bool", "str"}, "\"true\"", "str"},
    {{"[bool]", "[str]"}, "[true, red]", "E0405"},
    {{"u64", "bytes"}, "0x12", "E0405"},
    {lists, "[100, 20, +3]", "E0405"},
    {lists, "[1, a]", "E0405"},
    {lists, "[\"1\", 2]", "E0405"},
    {lists, "[\"1\", red]", "[str]"},
    {lists, "[0.5, 9007199254740993]", "E0405"},
    {lists, "[]", "[u64]"},
    {{"u64?", "str?"}, "007", "E0405"},
    {{"u64?", "str?"}, "null", "u64?"},
    {{"map<str, i64>", "map<str, str>"}, "{a: 1, b: +1}", "E0405"},
    {{"map<str, i64>", "map<str, str>"}, "{a: \"1\", +b: c}", "map<str, str>"},
    {{"{a: u64, b: str}", "{a: str, b: str}"}, "{a: +1, b: 5}", "E0405"},
    {{"{a: u64, b: str}", "{a: str, b: str}"}, "{a: one, b: 5}", "{a: str, b: str}"},
    {{"(u64, str)", "(str, str)"}, "[1e1, 7]", "E0405"},
    {{"[[u64]]", "[[str]]"}, "[[1], [+2]]", "E0405"},
};

}  // namespace

TEST_CASE("a plain value that begins like a number is no text where another signature wants a number") {
  for (const Row& row : rows) {
    DYNAMIC_SECTION(row.argument) {
      const auto built = build_with(row.types, "", "params: {wrong: +3, quoted: \"+3\"}\n" + step(row.argument));
      INFO(config::render(built.diagnostics, built.sources));
      CHECK(chosen(built) == row.chosen);
    }
  }
}

TEST_CASE("so it is for bound names, in groups and by path, and for defaults") {
  const auto each = [](const std::string& source, const std::string& argument) {
    return "steps: [{id: a, call: f.of, each: {v: " + source + "}, args: {x: " + argument + "}}]\n";
  };
  CHECK(chosen(build_with(scalars, "", each("{values: [1, +3]}", "$v"))) == "E0405");
  CHECK(chosen(build_with(scalars, "", each("{values: [\"1\", \"+3\"]}", "$v"))) == "str");
  CHECK(chosen(build_with(scalars, "", each("{values: [{n: 003}]}", "$v.n"))) == "E0405");
  CHECK(chosen(build_with(lists, "", each("{groups: [{values: [1, +3]}, 2]}", "$v"))) == "E0405");
  const std::string none = "steps: [{id: a, call: f.of}]\n";
  CHECK(chosen(build_with({"str", "u64"}, " = 20", none)) == "u64");
  CHECK(chosen(build_with({"str", "u64"}, " = \"20\"", none)) == "str");
}

TEST_CASE("the error lists every signature, and why it does not fit") {
  const auto built = build_with({"u64", "bool", "str"}, "", step("+3"));
  CHECK(config::render(built.diagnostics, built.sources) ==
        "p.yaml:3:23: error[E0405]: no signature of f.of takes these arguments\n"
        "   3 | steps: [{id: a, call: f.of, args: {x: +3}}]\n"
        "     |                       ^\n"
        "note: p.yaml:3:39: f.of(x: u64) -> u64: args.x: +3 does not fit u64: write 3 without the plus\n"
        "note: p.yaml:3:39: f.of(x: bool) -> bool: args.x: +3 does not fit bool: write true or false\n"
        "note: p.yaml:3:39: f.of(x: str) -> str: args.x: +3 begins like a number, which another signature takes: write "
        "it in quotes, if it is text\n"
        "note: f.of is in libf.so 1.0.0\n");
}

}  // namespace gantry::test
