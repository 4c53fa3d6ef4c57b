// Texts that nobody would write: random bytes, mutants, depth, length, and a program with another locale.
#include <catch2/catch.hpp>
#include <locale>
#include <random>

#include "bad_pipelines.hpp"
#include "config/codes.hpp"
#include "config/config.hpp"
#include "config/yaml.hpp"

namespace gantry::config::test {
namespace {

struct Outcome {
  Config config;
  std::vector<Diagnostic> errors;
  std::string said;
};

Outcome read_text(std::string text) {
  Sources sources;
  Diagnostics diagnostics;
  Outcome outcome;
  outcome.config = read("p.yaml", std::move(text), "/folder", {}, sources, diagnostics);
  outcome.errors = diagnostics.sorted();
  outcome.said = render(diagnostics, sources);
  return outcome;
}

/// What holds for any text: each error has a code of the table and a place in the text, or none.
void check_sound(const std::string& text) {
  const Outcome outcome = read_text(text);
  const auto lines = 1 + static_cast<std::size_t>(std::ranges::count(text, '\n'));
  for (const Diagnostic& error : outcome.errors) {
    REQUIRE(find_code(error.code) != nullptr);
    REQUIRE_FALSE(error.sentence.empty());
    REQUIRE(error.mark.line <= lines);
    REQUIRE((error.mark.line == 0) == (error.mark.column == 0));
    for (const Note& note : error.notes) REQUIRE(note.mark.line <= lines);
  }
  if (outcome.errors.empty()) REQUIRE_FALSE(outcome.config.steps.empty());
}

std::string many_steps(std::size_t count) {
  std::string text = "gantry: 1\nplugins: [std]\nsteps:\n";
  for (std::size_t i = 0; i < count; ++i) {
    const std::string number = std::to_string(i);
    text += "  - id: step" + number + "\n    call: std.sum\n    args: {values: [$step0, " + number +
            "]}\n    timeout: 5s\n";
  }
  return text;
}

/// Groups digits by threes and writes a comma for the point.
class Grouping : public std::numpunct<char> {
 protected:
  char do_decimal_point() const override { return ','; }
  char do_thousands_sep() const override { return '.'; }
  std::string do_grouping() const override { return "\3"; }
};

/// A global locale, until the end of the scope.
class Global {
 public:
  explicit Global(const std::locale& locale) : before_(std::locale::global(locale)) {}
  ~Global() { std::locale::global(before_); }
  Global(const Global&) = delete;
  Global& operator=(const Global&) = delete;

 private:
  std::locale before_;
};

}  // namespace

TEST_CASE("a hundred thousand steps are read") {
  const Outcome outcome = read_text(many_steps(100'000));
  CHECK(outcome.said.empty());
  REQUIRE(outcome.config.steps.size() == 100'000);
  CHECK(outcome.config.steps.back().id.value == "step99999");
  CHECK(outcome.config.steps.back().mark.line == 3 + 4 * 99'999 + 1);
}

TEST_CASE("a hundred thousand equal ids are told a thousand times") {
  std::string text = "gantry: 1\nplugins: [p]\nsteps:\n";
  for (int i = 0; i < 100'000; ++i) text += "  - {id: a, call: p.f}\n";
  const Outcome outcome = read_text(text);
  CHECK(outcome.errors.size() == Diagnostics::most);
  CHECK(outcome.said.ends_with("and 98999 more errors\n"));
}

TEST_CASE("numbers and sentences do not follow the global locale") {
  const std::string text =
      "gantry: 1\nplugins: [p]\nparams: {x: 1.234, y: 1_000}\nrun: {timeout: 1.5s, seed: 1234567}\n"
      "steps: [{id: a, call: p.f, chunk: 1000}]\n";
  std::string broken(1500, '\n');
  broken += "gantry: [1\n";
  const std::string said_before = read_text(broken).said;
  const Global global(std::locale(std::locale::classic(), new Grouping));  // the locale owns its facet
  const Outcome outcome = read_text(text);
  CHECK(outcome.said.empty());
  CHECK(outcome.config.params.at(0).value.text == "1.234");
  CHECK(outcome.config.run.timeout == std::chrono::milliseconds(1500));
  CHECK(outcome.config.run.seed == 1'234'567);
  CHECK(outcome.config.steps.at(0).chunk == 1000);
  CHECK(read_text(broken).said == said_before);
  CHECK(said_before.starts_with("p.yaml:1501:9: error[E0105]"));
  for (const Bad& bad : bad_pipelines()) {
    CAPTURE(bad.name);
    CHECK(read_text(bad.text).said == bad.said);
  }
}

TEST_CASE("lists and maps nest 64 deep, and no deeper") {
  const auto nested = [](std::size_t depth) { return std::string(depth, '[') + "1" + std::string(depth, ']'); };
  for (const std::size_t depth : {1U, 63U, 64U}) {
    Diagnostics diagnostics;
    CHECK(parse_yaml(nested(depth), 0, Root::any, diagnostics));
    CHECK(diagnostics.empty());
  }
  for (const std::size_t depth : {65U, 400U, 600U, 10'000U}) {
    for (const std::string& text : {nested(depth), std::string(depth, '['), std::string(depth, '{')}) {
      CAPTURE(depth, text.size());
      Diagnostics diagnostics;
      CHECK_FALSE(parse_yaml(text, 0, Root::any, diagnostics));
      REQUIRE(diagnostics.size() == 1);
      CHECK(diagnostics.sorted()[0].code == codes::too_deep.number);
    }
  }
  for (const char* piece : {"- ", "? ", "{a: ", ": ", "[{"}) {
    std::string text;
    for (int i = 0; i < 5'000; ++i) text += piece;
    Diagnostics diagnostics;
    CAPTURE(piece);
    CHECK_FALSE(parse_yaml(text, 0, Root::any, diagnostics));
    REQUIRE_FALSE(diagnostics.empty());
    CHECK(diagnostics.sorted().back().code == codes::too_deep.number);
  }
}

TEST_CASE("files over 16 MiB are refused unread") {
  const Outcome outcome = read_text(std::string((16U << 20U) + 1, '#'));
  CHECK(outcome.said ==
        "p.yaml: error[E0102]: 16777217 bytes are more than the 16 MiB that a pipeline may have\n"
        "help: let a plugin read large inputs, and pass their paths\n");
}

TEST_CASE("a line of a hundred thousand columns keeps its places") {
  std::string text = "gantry: 1\nplugins: [p]\nparams: {a: [é";
  for (int i = 0; i < 50'000; ++i) text += ",é";
  text += "], B: 1}\nsteps: [{id: a, call: p.f}]\n";
  const Outcome outcome = read_text(text);
  REQUIRE(outcome.errors.size() == 1);
  CHECK(outcome.errors[0].mark == Mark{0, 3, 100'018});
}

TEST_CASE("random bytes end in errors, or in a pipeline") {
  const auto seed = std::random_device()();
  INFO("seed " << seed);
  std::mt19937 random(seed);
  const std::string letters = "[]{}:,#&*!|>'\"%@`$\\-? \n\tabc01.~<\r\xC3\xA9\x01";
  for (int round = 0; round < 3000; ++round) {
    std::string text(random() % 60, '\0');
    const bool any = round % 10 == 0;
    for (char& c : text) c = any ? static_cast<char>(random() % 256) : letters[random() % letters.size()];
    CAPTURE(round, text);
    check_sound(text);
  }
}

TEST_CASE("mutants of pipelines end in errors, or in a pipeline") {
  const auto seed = std::random_device()();
  INFO("seed " << seed);
  std::mt19937 random(seed);
  std::vector<std::string> texts{many_steps(3)};
  for (const Bad& bad : bad_pipelines()) {
    if (bad.text.size() < 1500) texts.push_back(bad.text);
  }
  const std::string letters = "[]{}:,#&*!|>'\"%$-? \n01a.\xA9";
  for (int round = 0; round < 6000; ++round) {
    std::string text = texts[random() % texts.size()];
    for (auto edits = 1 + random() % 4; edits > 0 && !text.empty(); --edits) {
      const std::size_t at = random() % text.size();
      switch (random() % 4) {
        case 0:
          text.erase(at, 1 + random() % 8);
          break;
        case 1:
          text.insert(at, 1, letters[random() % letters.size()]);
          break;
        case 2:
          text[at] = letters[random() % letters.size()];
          break;
        default:
          text.insert(at, text.substr(random() % text.size(), random() % 30));
      }
    }
    CAPTURE(round, text);
    check_sound(text);
  }
}

}  // namespace gantry::config::test
