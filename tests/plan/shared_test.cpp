// shared: as a plan has it: contents, arguments, and all that can be wrong with them.
#include <catch2/catch.hpp>

#include "pipelines.hpp"
#include "signature/codec.hpp"

namespace gantry::test {
namespace {

signature::Catalog sharing() {
  signature::Plugin made{"tasks", "1.0.0", "", "/plugins/libtasks.so", {}, {}, {}};
  const std::pair<const char*, const char*> functions[] = {
      {"take", "(from: queue<u64>, n: u64 = 1) -> u64"},
      {"pair", "(a: queue<u64>, b: queue<u64>) -> u64"},
      {"count", "(hits: counter) -> i64"},
      {"bins", "(bins: array<u16>, hits: counter) -> u64"},
      {"spans", "(from: queue<{begin: u64, end: i64}>) -> u64"},
      {"one", "(x: u64) -> u64"},
      {"texts", "(from: queue<str>) -> str"},
  };
  for (const auto& [name, text] : functions) {
    made.functions.push_back(
        {name, "", *signature::parse_signature(text), 0, static_cast<std::uint32_t>(made.functions.size())});
  }
  return {{made}};
}

Built build_sharing(const std::string& text) {
  return build(text, sharing(), "[tasks]");
}

/// "q queue<u64> [3,1]": every object with its content as JSON.
std::string shown(const plan::Plan& plan) {
  std::string text;
  for (const auto& object : plan.shared()) {
    text += object.name + " " + signature::to_text(object.type);
    for (const auto& value : object.values) {
      text += ' ';
      REQUIRE(signature::append_json(object.type.of.front(), value, text));
    }
    for (const auto byte : object.numbers) text += ' ' + std::to_string(std::to_integer<int>(byte));
    text += '\n';
  }
  return text;
}

}  // namespace

TEST_CASE("the content of shared objects is known before the run") {
  const auto built = build_sharing(R"yaml(params: {start: 5, all: [7, 8], n: 2}
shared:
  q: {queue: u64, values: [3, $params.start, 1]}
  r: {queue: u64, values: $params.all}
  s: {queue: u64, each: {range: [10, 4, -3]}}
  t: {queue: "{begin: u64, end: i64}", each: {chunks: [0, $params.start, 2]}}
  e: {queue: str}
  c: {counter: -1}
  a: {array: u16, size: $params.n}
  b: {array: u16, values: [1, 256]}
steps:
  - {id: x, call: tasks.pair, args: {a: $shared.q, b: $shared.r}}
  - {id: y, call: tasks.bins, each: {_i: {range: [0, 2]}}, args: {bins: $shared.a, hits: $shared.c}}
  - {id: z, call: tasks.bins, args: {bins: $shared.b, hits: $shared.c}}
  - {id: u, call: tasks.spans, args: {from: $shared.t}}
  - {id: v, call: tasks.texts, args: {from: $shared.e}}
  - {id: w, call: tasks.pair, args: {a: $shared.s, b: $shared.s}}
  - {id: after, call: tasks.one, args: {x: $x}}
  - {id: apart, call: tasks.one, args: {x: 1}, needs: [x]}
)yaml");
  CHECK(config::render(built.diagnostics, built.sources).empty());
  CHECK(shown(built.plan) ==
        "q queue<u64> 3 5 1\nr queue<u64> 7 8\ns queue<u64> 10 7\n"
        "t queue<{begin: u64, end: i64}> {\"begin\":0,\"end\":2} {\"begin\":2,\"end\":4} {\"begin\":4,\"end\":5}\n"
        "e queue<str>\nc counter 255 255 255 255 255 255 255 255\na array<u16> 0 0 0 0\nb array<u16> 1 0 0 1\n");
  const auto& steps = built.plan.steps();
  REQUIRE(steps[1].shared.size() == 2);
  CHECK((steps[1].shared[0].object == 6 && steps[1].shared[0].parameter == 0 && steps[1].shared[0].size == 2));
  CHECK((steps[1].shared[1].object == 5 && steps[1].shared[1].parameter == 1));
  CHECK(steps[5].shared.size() == 1);  // one object, twice
  const Table nothing;
  const auto prepared = built.plan.prepare(plan::StepIndex{0}, nothing);
  REQUIRE(prepared);
  const auto row = (*prepared)->as_template()->arguments();  // of two queues, the numbers
  CHECK(signature::Bytes(row.begin(), row.end()) ==
        signature::Bytes{std::byte{0}, {}, {}, {}, std::byte{1}, {}, {}, {}});
  std::string unordered;
  for (const auto& step : steps) unordered += step.unordered ? step.id + " " : "";
  CHECK(unordered == "x y z u v w after ");
}

TEST_CASE("what is wrong with shared objects is told where it is") {
  const std::vector<std::pair<std::string, std::string>> rows{
      {"shared: {q: 3}", "p.yaml:3:13: error[E0230]: \"3\" is no shared object"},
      {"shared: {q: {values: [1]}}",
       "p.yaml:3:13: error[E0230]: a shared object says what it is: queue, counter or array"},
      {"shared: {q: {queue: u64, counter: 0}}",
       "p.yaml:3:26: error[E0230]: a shared object is one thing, and counter is its second kind"},
      {"shared: {q: {queue: u65}}",
       "p.yaml:3:21: error[E0230]: queue: \"u65\" is no type for it: character 1: there is no "
       "type u65; did you mean"},
      {"shared: {q: {array: bool, size: 3}}",
       "p.yaml:3:21: error[E0230]: array: \"bool\" is no type for it: a shared array is of numbers, to which can be "
       "added, "
       "not of bool"},
      {"shared: {q: {queue: u64, size: 3}}", "p.yaml:3:26: error[E0230]: a queue has no size: it grows"},
      {"shared: {q: {array: u64}}", "p.yaml:3:13: error[E0230]: an array needs a size, or values"},
      {"shared: {q: {array: u64, size: 0}}",
       "p.yaml:3:32: error[E0412]: shared.q.size: a shared array has 1 to 16777216 elements"},
      {"shared: {q: {counter: 0, values: [1]}}", "p.yaml:3:26: error[E0230]: a counter has no values"},
      {"shared: {q: {counter: x}}", "p.yaml:3:23: error[E0401]: shared.q.counter: x does not fit i64"},
      {"shared: {q: {queue: u64, values: [1], each: {range: [0, 1]}}}",
       "p.yaml:3:39: error[E0230]: \"values\" and \"each\" both say what is in it"},
      {"shared: {q: {queue: u64, values: [1, -2]}}",
       "p.yaml:3:38: error[E0401]: shared.q.values[1]: -2 does not fit u64"},
      {"shared: {q: {queue: u64, each: {range: [-1, 2]}}}",
       "p.yaml:3:32: error[E0412]: shared.q.each: -1 does not fit u64"},
      {"shared: {q: {queue: u64, each: {range: [0, 99999999]}}}",
       "p.yaml:3:32: error[E0412]: shared.q.each has 99999999 elements; the most is 16777216"},
      {"shared: {q: {queue: u64, each: $one}}",
       "p.yaml:3:32: error[E0230]: the content of a shared object is known before the run"},
      {"shared: {q: {queue: u64, values: [$one]}}",
       "p.yaml:3:35: error[E0211]: $one: the content of a shared object is known before the run"},
      {"shared: {q: {queue: u64, values: [$params.no]}}", "p.yaml:3:35: error[E0301]: there is no param `no`"},
      {"shared: {q: {queue: u64, vales: [1]}}", "error[E0201]: a shared object has no key \"vales\""},
      {"shared: {Q: {counter: 0}}", "p.yaml:3:10: error[E0320]: \"Q\" is no name of a shared object"},
      {"shared: {q: {queue: u64}}\n#: $shared.q", ""},
      {"shared: {q: {counter: 0}}", "error[E0411]: args.from: $shared.q is a counter, which is not queue<u64>"},
      {"shared: {q: {queue: u32}}", "error[E0411]: args.from: $shared.q is a queue<u32>, which is not queue<u64>"},
      {"shared: {q: {queue: u64}, lost: {counter: 1}}",
       "p.yaml:3:27: error[E0310]: the shared object `lost` is used by no step"},
      {"shared: {p: {queue: u64}}", "error[E0301]: nothing is called `q` under shared"},
  };
  for (const auto& [shared, says] : rows) {
    const auto built = build_sharing(shared +
                                     "\nsteps:\n  - {id: a, call: tasks.take, args: {from: $shared.q}}\n"
                                     "  - {id: one, call: tasks.one, args: {x: 1}}\n");
    const auto rendered = config::render(built.diagnostics, built.sources);
    INFO(shared << "\n" << rendered);
    if (says.empty())
      CHECK(rendered.empty());
    else
      CHECK(rendered.find(says) != std::string::npos);
  }
}

TEST_CASE("a shared object stands as an argument, whole, and nowhere else") {
  const std::vector<std::pair<std::string, std::string>> rows{
      {"{id: a, call: tasks.one, args: {x: $shared.q}}",
       "error[E0411]: args.x: $shared.q is a queue<u64>, which is not u64"},
      {"{id: a, call: tasks.take, args: {from: $shared.q.x}}", "error[E0302]: $shared.q has no part `x`"},
      {"{id: a, call: tasks.take, args: {from: $shared}}", "error[E0301]: $shared alone is no value"},
      {"{id: a, call: tasks.take, args: {from: [$shared.q]}}",
       "error[E0401]: args.from: a list of 1 does not fit queue<u64>"},
      {"{id: a, call: tasks.take, args: {from: 3}}",
       "error[E0401]: args.from: 3 does not fit queue<u64>: declare one under shared, and write $shared.name"},
      {"{id: a, call: tasks.take, args: {from: $b}}",
       "error[E0402]: args.from: $b is u64, which does not convert to queue<u64>"},
      {"{id: a, call: tasks.take, args: {from: \"x${shared.q}\"}}",
       "error[E0401]: args.from: a text with ${…} in it is a str, which does not convert to queue<u64>"},
      {"{id: a, call: tasks.take, each: {i: {values: [$shared.q]}}, args: {from: $shared.q, n: $i}}",
       "error[E0311]: $shared.q is no source of values"},
      {"{id: a, call: tasks.take, each: {i: $shared.q}, args: {from: $shared.q, n: $i}}",
       "error[E0210]: \"$shared.q\" is no source of values"},
      {"{id: a, call: tasks.take, chunk: 2, each: {i: {range: [0, 4]}}, args: {from: $shared.q, n: $i}}",
       "error[E0413]: the tasks of a share, so they are leased one by one"},
  };
  for (const auto& [step, says] : rows) {
    const auto built = build_sharing("shared: {q: {queue: u64}}\nsteps:\n  - " + step +
                                     "\n  - {id: b, call: tasks.take, args: {from: $shared.q}}\n");
    const auto rendered = config::render(built.diagnostics, built.sources);
    INFO(step << "\n" << rendered);
    CHECK(rendered.find(says) != std::string::npos);
  }
}

}  // namespace gantry::test
