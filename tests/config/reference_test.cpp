// The `$` in scalars.
#include <catch2/catch.hpp>

#include "config/reference.hpp"

namespace gantry::config::test {
namespace {

/// "text" or <$reference> for each part, in order.
std::string spell(const Scalar& scalar) {
  std::string text;
  for (const auto& part : scalar.parts) {
    const auto* reference = std::get_if<Reference>(&part);
    text += reference != nullptr ? "<" + to_text(*reference) + ">" : "\"" + std::get<std::string>(part) + "\"";
  }
  return text;
}

}  // namespace

TEST_CASE("scalars are cut into text and references") {
  struct Row {
    const char* text;
    const char* parts;
  };
  const std::vector<Row> rows{
      {"", ""},
      {"abc", "\"abc\""},
      {"a.b[0] {x}", "\"a.b[0] {x}\""},
      {"$counts", "<$counts>"},
      {"$counts.3", "<$counts.3>"},
      {"$counts.3.mean", "<$counts.3.mean>"},
      {"$params.low", "<$params.low>"},
      {"$env.HOME", "<$env.HOME>"},
      {"$env._X9", "<$env._X9>"},
      {"$stats.maxValue", "<$stats.maxValue>"},
      {"$index", "<$index>"},
      {"$_batch", "<$_batch>"},
      {"$a.0.1.2", "<$a.0.1.2>"},
      {"$$", "\"$\""},
      {"$$$$", "\"$$\""},
      {"$$5", "\"$5\""},
      {"$$name", "\"$name\""},
      {"a$$b$$", "\"a$b$\""},
      {"part-${index}.txt", "\"part-\"<$index>\".txt\""},
      {"${a}${b.c}", "\"\"<$a><$b.c>"},
      {"${x}", "\"\"<$x>"},
      {"$${x}", "\"${x}\""},
      {"$$${x}", "\"$\"<$x>"},
      {"${x}$$", "\"\"<$x>\"$\""},
      {"été ${x}", "\"été \"<$x>"},
  };
  for (const Row& row : rows) {
    CAPTURE(row.text);
    const auto scalar = parse_scalar(row.text);
    REQUIRE(scalar);
    CHECK(spell(*scalar) == row.parts);
  }
}

TEST_CASE("only a scalar that is wholly a reference is one") {
  CHECK(parse_scalar("$counts.3")->reference()->name == "counts");
  CHECK(parse_scalar("$counts.3")->reference()->path == std::vector<std::string>{"3"});
  CHECK_FALSE(parse_scalar("$counts")->literal());
  CHECK(parse_scalar("${counts}")->reference() == nullptr);
  CHECK_FALSE(parse_scalar("${counts}")->literal());
  CHECK(parse_scalar("$$counts")->reference() == nullptr);
  CHECK(parse_scalar("$$counts")->literal());
  CHECK(parse_scalar("a$$b")->text() == "a$b");
  CHECK(parse_scalar("")->literal());
  CHECK(parse_scalar("")->text().empty());
}

TEST_CASE("any other dollar is refused with a way out") {
  struct Row {
    const char* text;
    const char* sentence;
  };
  const std::vector<Row> rows{
      {"$", "the $ in \"$\" begins no reference; write $$ for a dollar"},
      {"$5", "the $ in \"$5\" begins no reference; write $$ for a dollar"},
      {"a $ b", "the $ in \"a $ b\" begins no reference; write $$ for a dollar"},
      {"$.a", "the $ in \"$.a\" begins no reference; write $$ for a dollar"},
      {"$$$", "the $ in \"$$$\" begins no reference; write $$ for a dollar"},
      {"$Low", "\"$Low\" is no reference: \"Low\" is no name: names match [a-z][a-z0-9_]*"},
      {"$lOw", "\"$lOw\" is no reference: \"lOw\" is no name: names match [a-z][a-z0-9_]*"},
      {"$a.", "\"$a.\" is no reference: a name or a number must follow the dot"},
      {"$a..b", "\"$a..b\" is no reference: a name or a number must follow the dot"},
      {"$a.3x", "\"$a.3x\" is no reference: \"3x\" is neither a name nor a number"},
      {"$a[0]", "\"$a[0]\" is no reference: \"[\" cannot follow $a; write $a.0 for its first element"},
      {"$a-b", "\"$a-b\" is no reference: \"-\" cannot follow $a; write ${a} inside text, or $$ for a dollar"},
      {"$a.b c", "\"$a.b c\" is no reference: \" \" cannot follow $a.b; write ${a.b} inside text, or $$ for a dollar"},
      {"$a$b", "\"$a$b\" is no reference: \"$\" cannot follow $a; write ${a} inside text, or $$ for a dollar"},
      {"$aé", "\"$aé\" is no reference: \"é\" cannot follow $a; write ${a} inside text, or $$ for a dollar"},
      {"x$a.b", "$a.b stands inside text; write ${a.b} there, or $$ for a dollar"},
      {"${", "\"${\" has no closing brace; write $$ for a dollar"},
      {"x${a", "\"${a\" has no closing brace; write $$ for a dollar"},
      {"${}", "\"${}\" is no reference: \"}\" begins no name; write ${name}, or $$ for a dollar"},
      {"${a b}", "\"${a b}\" is no reference: \" \" cannot stand in it; write ${name}, or $$ for a dollar"},
      {"${a.}", "\"${a.}\" is no reference: a name or a number must follow the dot; write ${name}, or $$ for a dollar"},
      {"${A}",
       "\"${A}\" is no reference: \"A\" is no name: names match [a-z][a-z0-9_]*; write ${name}, or $$ for a dollar"},
      {"${$a}", "\"${$a}\" is no reference: \"$\" begins no name; write ${name}, or $$ for a dollar"},
  };
  for (const Row& row : rows) {
    CAPTURE(row.text);
    const auto scalar = parse_scalar(row.text);
    REQUIRE_FALSE(scalar);
    CHECK(scalar.error().sentence == row.sentence);
    CHECK(scalar.error().kind == host::ErrorKind::pipeline);
  }
}

}  // namespace gantry::config::test
