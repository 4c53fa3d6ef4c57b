// Pipelines as text: what is said of broken ones, and what is read from good ones.
#include <catch2/catch.hpp>
#include <filesystem>

#include "bad_pipelines.hpp"
#include "config/config.hpp"

namespace gantry::config::test {
namespace {

struct Outcome {
  Config config;
  std::string said;
  std::size_t errors = 0;
};

Outcome read_text(const std::string& text, const std::vector<Override>& overrides = {}) {
  Sources sources;
  Diagnostics diagnostics;
  Outcome outcome;
  outcome.config = read("p.yaml", text, "/folder", overrides, sources, diagnostics);
  outcome.said = render(diagnostics, sources);
  outcome.errors = diagnostics.size();
  return outcome;
}

constexpr const char* whole = R"(
# every key
gantry: "1"
plugins:
  - primes
  - ./lib/libx.so
  - {path: /opt/y.so, sha256: ABCDEF0123456789abcdef0123456789abcdef0123456789abcdef0123456789}
params:
  low: 1_000
  dollars: a$$b
  list: [x, {y: $$, z: ~}]
  none:
run: {workers: 4, timeout: 1.5s, deadline: 2h, retries: 2, seed: 18446744073709551615, mode: thread, grace: 30s}
steps:
  - id: counts
    call: primes.count
    each:
      span: {chunks: [$params.low, 10, 5]}
      _b: {range: [0, 10]}
      c: {range: [0, 10, $params.step]}
    args: {low: $span.begin, text: "part-${_b}", "nested": [{x: $c}]}
    timeout: 250ms
    retries: 0
    retry_on: [crash, error]
    idempotent: false
    chunk: 7
    output: true
  - id: pairs
    call: x.f
    zip:
      a: {values: []}
      b: {values: $params.list}
      c: $counts
      d: {groups: [{groups: [{values: [1, 2]}, 2]}, $params.low]}
      e: {files: "data/**/*.txt"}
      f: {files: ["a*", $params.low]}
    needs: counts
  - {id: last, call: x.Name, needs: [counts, pairs], retry_on: []}
)";

}  // namespace

TEST_CASE("broken pipelines are told what is wrong, and where") {
  REQUIRE(bad_pipelines().size() >= 60);
  for (const Bad& bad : bad_pipelines()) {
    CAPTURE(bad.name);
    CHECK(read_text(bad.text).said == bad.said);
  }
}

TEST_CASE("a file with five errors shows five") {
  const auto five = std::ranges::find(bad_pipelines(), "five errors", &Bad::name);
  REQUIRE(five != bad_pipelines().end());
  CHECK(read_text(five->text).errors == 5);
}

TEST_CASE("a pipeline with every key is read") {
  const Outcome outcome = read_text(whole);
  REQUIRE(outcome.said.empty());
  const Config& config = outcome.config;
  CHECK(config.folder == "/folder");
  CHECK(config.given_folder == "/folder");

  REQUIRE(config.plugins.size() == 3);
  CHECK(config.plugins[0].name == "primes");
  CHECK(config.plugins[0].path.empty());
  CHECK(config.plugins[1].path == "/folder/lib/libx.so");
  CHECK(config.plugins[1].mark == Mark{0, 6, 5});
  CHECK(config.plugins[2].path == "/opt/y.so");
  CHECK(config.plugins[2].sha256 == "abcdef0123456789abcdef0123456789abcdef0123456789abcdef0123456789");

  REQUIRE(config.params.size() == 4);
  CHECK(config.params[0].key == "low");
  CHECK(config.params[0].mark == Mark{0, 9, 3});
  CHECK(config.params[0].value.text == "1_000");
  CHECK(config.params[0].value.mark == Mark{0, 9, 8});
  CHECK(config.params[1].value.text == "a$b");
  const Node& list = config.params[2].value;
  REQUIRE(list.kind == Node::Kind::list);
  CHECK(list.items[0].text == "x");
  CHECK(list.items[1].find("y")->text == "$");
  CHECK(list.items[1].find("z")->kind == Node::Kind::null);
  CHECK(config.params[3].value.kind == Node::Kind::null);
  CHECK(config.params[3].value.mark == config.params[3].mark);

  CHECK(config.run.workers == 4);
  CHECK(config.run.timeout == std::chrono::milliseconds(1500));
  CHECK(config.run.deadline == std::chrono::hours(2));
  CHECK(config.run.grace == std::chrono::seconds(30));
  CHECK(config.run.retries == 2);
  CHECK(config.run.seed == 18446744073709551615U);
  CHECK(config.run.mode == host::Mode::thread);
  REQUIRE(config.steps.size() == 3);
}

TEST_CASE("the keys of a step are read") {
  const Outcome outcome = read_text(whole);
  REQUIRE(outcome.config.steps.size() == 3);
  const Step& counts = outcome.config.steps[0];
  CHECK(counts.id.value == "counts");
  CHECK(counts.id.mark == Mark{0, 15, 9});
  CHECK(counts.mark == Mark{0, 15, 5});
  CHECK(counts.call.value == "primes.count");
  CHECK_FALSE(counts.zip);
  CHECK_FALSE(counts.broken);
  REQUIRE(counts.each.size() == 3);
  CHECK(counts.each[0].name == "span");
  CHECK(counts.each[0].source.kind == Source::Kind::chunks);
  REQUIRE(counts.each[0].source.numbers.size() == 3);
  CHECK(counts.each[0].source.numbers[0].text == "$params.low");
  CHECK(counts.each[1].name == "_b");
  CHECK(counts.each[1].source.numbers.size() == 2);
  CHECK(counts.each[2].source.kind == Source::Kind::range);
  CHECK(counts.each[2].source.numbers.size() == 3);
  REQUIRE(counts.args.size() == 3);
  CHECK(counts.args[0].key == "low");
  CHECK(counts.args[0].value.kind == Node::Kind::plain);
  CHECK(counts.args[1].value.kind == Node::Kind::quoted);
  CHECK(counts.args[1].value.text == "part-${_b}");
  CHECK(counts.args[2].value.items.at(0).find("x")->text == "$c");
  CHECK(counts.timeout == std::chrono::milliseconds(250));
  CHECK(counts.retries == 0);
  CHECK(counts.retry_on == 5);
  CHECK_FALSE(counts.idempotent);
  CHECK(counts.chunk == 7);
  CHECK(counts.output == true);

  const Step& pairs = outcome.config.steps[1];
  CHECK(pairs.zip);
  REQUIRE(pairs.each.size() == 6);
  CHECK(pairs.each[0].source.values.kind == Node::Kind::list);
  CHECK(pairs.each[0].source.values.items.empty());
  CHECK(pairs.each[1].source.kind == Source::Kind::values);
  CHECK(pairs.each[1].source.values.text == "$params.list");
  CHECK(pairs.each[2].source.kind == Source::Kind::reference);
  CHECK(pairs.each[2].source.values.text == "$counts");
  const Source& groups = pairs.each[3].source;
  CHECK(groups.kind == Source::Kind::groups);
  CHECK(groups.numbers.at(0).text == "$params.low");
  CHECK(groups.inner.at(0).kind == Source::Kind::groups);
  CHECK(groups.inner.at(0).inner.at(0).values.items.size() == 2);
  CHECK(pairs.each[4].source.kind == Source::Kind::files);
  CHECK(pairs.each[4].source.values.text == "data/**/*.txt");
  CHECK(pairs.each[5].source.values.items.at(1).text == "$params.low");
  REQUIRE(pairs.needs.size() == 1);
  CHECK(pairs.needs[0].value == "counts");
  CHECK(pairs.idempotent);
  CHECK_FALSE(pairs.timeout);
  CHECK_FALSE(pairs.retry_on);
  CHECK_FALSE(pairs.output);

  const Step& last = outcome.config.steps[2];
  CHECK(last.needs.size() == 2);
  CHECK(last.retry_on == 0);
  CHECK(last.args.empty());
}

TEST_CASE("workers: auto is no number") {
  const Outcome outcome = read_text("gantry: 1\nplugins: [p]\nrun: {workers: auto}\nsteps: [{id: a, call: p.f}]\n");
  CHECK(outcome.said.empty());
  CHECK_FALSE(outcome.config.run.workers);
}

TEST_CASE("byte-order mark, CRLF, document marks and comments change nothing") {
  const std::string text = "gantry: 1\nplugins: [p]\nsteps:\n  - id: a\n    call: p.f\n    args: {x: y z}\n";
  std::string crlf;
  for (const char c : text) crlf += c == '\n' ? "\r\n" : std::string(1, c);
  for (const std::string& same : {text, "\xEF\xBB\xBF" + text, crlf, "\xEF\xBB\xBF" + crlf,
                                  "# c\n---\n" + text + "...\n", text + "\t\n\t# c\n"}) {
    const Outcome outcome = read_text(same);
    CAPTURE(same);
    CHECK(outcome.said.empty());
    REQUIRE(outcome.config.steps.size() == 1);
    CHECK(outcome.config.steps[0].args.at(0).value.text == "y z");
  }
}

TEST_CASE("what was refused leaves a stand-in, so that one mistake is told once") {
  const Outcome outcome = read_text(
      "gantry: 1\nplugins: [p]\nsteps:\n  - id: a\n    call: p.f\n    each: {s: {chunks: [1]}, t: 5}\n"
      "    args: {low:$s.begin}\n  - {call: p.f}\n");
  CHECK(outcome.errors == 4);
  REQUIRE(outcome.config.steps.size() == 2);
  const Step& step = outcome.config.steps[0];
  CHECK(step.broken);
  REQUIRE(step.each.size() == 2);
  CHECK(step.each[0].broken);
  CHECK(step.each[0].source.kind == Source::Kind::chunks);
  CHECK(step.each[0].source.numbers.size() == 3);
  CHECK(step.each[1].source.kind == Source::Kind::values);
  REQUIRE(step.args.size() == 1);
  CHECK(step.args[0].key == "low");
  CHECK(step.args[0].value.text == "$s.begin");
  CHECK(outcome.config.steps[1].broken);
  CHECK(outcome.config.steps[1].id.value.empty());
}

TEST_CASE("the pipelines that come with gantry are read without a word") {
  std::size_t count = 0;
  for (const auto& file : std::filesystem::directory_iterator(GANTRY_SOURCE "/configs")) {
    if (file.path().extension() != ".yaml") continue;
    const auto text = load(file.path());
    REQUIRE(text);
    CAPTURE(file.path().string());
    const Outcome outcome = read_text(*text);
    CHECK(outcome.said.empty());
    CHECK_FALSE(outcome.config.steps.empty());
    ++count;
  }
  CHECK(count >= 9);
}

}  // namespace gantry::config::test
