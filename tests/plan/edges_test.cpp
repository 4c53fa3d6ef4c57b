// Edges, counts, what is used, kept and printed, which overload is chosen, and task IDs.
#include <catch2/catch.hpp>

#include <fmt/core.h>

#include "pipelines.hpp"

namespace gantry::test {
namespace {

std::string text_of(const plan::Plan& plan, const plan::Step& step) {
  std::string text = step.tasks ? fmt::format("{}", *step.tasks) : "?";
  for (const auto& edge : step.edges) {
    const auto& producer = plan.steps()[raw(edge.producer)].id;
    text += fmt::format(" {}:{}",
                        edge.kind == plan::Edge::Kind::stream ? "stream"
                        : edge.kind == plan::Edge::Kind::keep ? "keep"
                                                              : "order",
                        producer);
    if (edge.element) text += fmt::format(".{}", *edge.element);
    if (edge.within) text += fmt::format(" of ${}", edge.within->binding);
    if (edge.within && edge.within->row) text += fmt::format("[{}]", *edge.within->row);
  }
  if (step.used) text += " used";
  if (step.kept) text += " kept";
  if (step.printed) text += " printed";
  return text;
}

struct Row {
  std::string name;
  std::string steps;  // after a step `p` of 4 tasks and a step `one` of one
  std::string of_a;   // tasks, edges, flags of the step `a`
  std::string of_p;   // flags of p after "4"
};

const std::string before =
    "steps:\n- {id: p, call: primes.nth, each: {n: {range: [0, 4]}}, args: {n: $n}}\n"
    "- {id: one, call: primes.find, args: {low: 1}}\n- ";

const std::vector<Row> rows{
    {"no use", "{id: a, call: primes.nth, args: {n: 1}}", "1 printed", " printed"},
    {"stream", "{id: a, call: primes.nth, each: {x: $p}, args: {n: $x}}", "4 stream:p printed", " used"},
    {"keep", "{id: a, call: std.sum, args: {values: $p}}", "1 keep:p printed", " used kept"},
    {"one element", "{id: a, call: primes.count, args: {low: $p.3, high: $p.3}}", "1 keep:p.3 printed", " used kept"},
    {"two elements", "{id: a, call: primes.count, args: {low: $p.3, high: $p.2}}", "1 keep:p.3 keep:p.2 printed",
     " used kept"},
    {"needs", "{id: a, call: primes.nth, args: {n: 1}, needs: [p, p]}", "1 order:p printed", " printed"},
    {"needs and keep", "{id: a, call: std.sum, args: {values: $p}, needs: [p]}", "1 keep:p order:p printed",
     " used kept"},
    {"stream and keep of one step", "{id: a, call: std.sum, each: {x: $p}, args: {values: [$x, $p.0]}}",
     "4 stream:p keep:p.0 printed", " used kept"},
    {"a zip streams", "{id: a, call: primes.count, zip: {x: $p, y: {range: [0, 4]}}, args: {low: $x, high: $y}}",
     "4 stream:p printed", " used"},
    {"a product keeps", "{id: a, call: primes.count, each: {x: $p, y: {range: [0, 2]}}, args: {low: $x, high: $y}}",
     "8 keep:p of $0 printed", " used kept"},
    {"groups keep", "{id: a, call: std.sum, each: {g: {groups: [$p, 3]}}, args: {values: $g}}",
     "2 keep:p of $0 printed", " used kept"},
    {"rows of a written list", "{id: a, call: primes.nth, each: {x: {values: [$p.1, 5, $one.0, $p.1]}}, args: {n: $x}}",
     "4 keep:p.1 of $0[0] keep:one of $0[2] keep:p.1 of $0[3] printed", " used kept"},
    {"the same element twice", "{id: a, call: primes.count, args: {low: $p.3, high: $p.3}}", "1 keep:p.3 printed",
     " used kept"},
    {"an element, then all: both are waited for",
     "{id: a, call: std.sum, each: {_x: {range: [0, $p.2]}}, args: {values: $p}}", "? keep:p.2 keep:p printed",
     " used kept"},
    {"all, then an element: all are enough", "{id: a, call: shapes.late, args: {all: $p, one: $p.2}}",
     "1 keep:p printed", " used kept"},
    {"a list in one result", "{id: a, call: primes.nth, each: {x: $one}, args: {n: $x}}", "? keep:one printed",
     " printed"},
    {"a bound from a result", "{id: a, call: primes.nth, each: {x: {range: [0, $p.1]}}, args: {n: $x}}",
     "? keep:p.1 printed", " used kept"},
    {"output: false", "{id: a, call: primes.nth, output: false, args: {n: 1}}", "1", " printed"},
    {"in a text", "{id: a, call: shapes.name, args: {name: \"${p.0}\"}}", "1 keep:p.0 printed", " used kept"},
    {"an empty product",
     "{id: a, call: primes.count, each: {x: {range: [0, 0]}, y: {range: [0, 2]}}, args: {low: $x, high: $y}}",
     "0 printed", " printed"},
    {"2^63 tasks", "{id: a, call: primes.nth, each: {x: {range: [0, 9223372036854775808]}}, args: {n: $x}}",
     "9223372036854775808 printed", " printed"},
};

TEST_CASE("edges and counts") {
  for (const auto& one : rows) {
    SECTION(one.name) {
      auto built = build(before + one.steps + "\n");
      INFO(config::render(built.diagnostics, built.sources));
      REQUIRE(built.diagnostics.empty());
      CHECK(text_of(built.plan, built.plan.steps()[2]) == one.of_a);
      CHECK(text_of(built.plan, built.plan.steps()[0]) == "4" + one.of_p);
    }
  }
}

TEST_CASE("the first overload that takes the arguments unchanged wins, else the first that takes them") {
  const std::vector<std::pair<std::string, std::string>> table{
      {"x: 5", "u64"},         {"x: -5", "i64"},        {"x: 1_000", "u64"},     {"x: 2.5", "f64"},
      {"x: 1e3", "f64"},       {"x: true", "bool"},     {"x: \"5\"", "str"},     {"x: hello", "str"},
      {"x: yes", "str"},       {"x: $params.n", "u64"}, {"x: $params.s", "str"}, {"x: $i", "u64"},
      {"x: $minus", "i64"},    {"x: $index", "u64"},    {"x: $float", "f64"},    {"x: $narrow", "u64"},
      {"x: \"a${i}\"", "str"}, {"x: $word", "str"},
  };
  for (const auto& [argument, type] : table) {
    SECTION(argument) {
      auto built = build(
          "params: {n: 3, s: \"3\"}\nsteps:\n- {id: float, call: numbers.half, args: {x: 1}}\n- {id: narrow, call: "
          "numbers.small, args: {x: 1}}\n"
          "- {id: a, call: std.echo, each: {i: {range: [0, 2]}, minus: {range: [-1, 1]}, word: {values: [p, q]}}, "
          "args: {" +
          argument + "}}\n- {id: b, call: std.sum, each: {_i: $a}, args: {values: []}}\n");
      std::string text = config::render(built.diagnostics, built.sources);
      std::size_t others = 0;
      for (const auto& wrong : built.diagnostics.sorted()) others += wrong.code == "E0305" ? 0 : 1;
      INFO(text);
      REQUIRE(others == 0);
      CHECK(signature::to_text(built.plan.steps()[2].result) == type);
    }
  }
  const std::vector<std::pair<std::string, std::string>> lists{
      {"[1, 2]", "u64"},     {"[1, -2]", "i64"}, {"[1, 2.5]", "f64"}, {"[-1.5]", "f64"},
      {"[a, \"1\"]", "str"}, {"[]", "u64"},      {"[$v, 1]", "u64"},  {"[$v, 1.5]", "f64"},
  };
  for (const auto& [list, type] : lists) {
    SECTION(list) {
      auto built = build(
          "steps:\n- {id: v, call: numbers.narrow, args: {a: 1, b: 1, c: 1, d: 1}}\n- {id: a, call: std.sum, args: "
          "{values: " +
          list + "}}\n");
      INFO(config::render(built.diagnostics, built.sources));
      REQUIRE(built.diagnostics.empty());
      CHECK(signature::to_text(built.plan.steps()[1].result) == type);
    }
  }
}

TEST_CASE("task IDs") {
  const std::vector<std::tuple<std::string, std::uint64_t, std::string>> table{
      {"{id: a, call: primes.nth, args: {n: 1}}", 0, "a"},
      {"{id: a, call: primes.nth, each: {n: {range: [5, 9]}}, args: {n: $n}}", 3, "a[3]"},
      {"{id: grid, call: primes.count, each: {a: {range: [0, 9]}, b: {range: [0, 5]}}, args: {low: $a, high: $b}}", 17,
       "grid[17] (a=3, b=2)"},
      {"{id: g, call: shapes.name, each: {_a: {values: [x, \"y z\", {k: [1, n]}]}, b: {values: [1, 2]}}, args: {name: "
       "t, index: $b}}",
       3, "g[3] (_a=\"y z\", b=2)"},
      {"{id: g, call: shapes.name, each: {_a: {values: [x, \"y z\", {k: [1, n]}]}, b: {values: [1, 2]}}, args: {name: "
       "t, index: $b}}",
       4, "g[4] (_a={k:[1,n]}, b=1)"},
      {"{id: g, call: primes.count, each: {s: {chunks: [0, 12, 5]}, _b: {range: [0, 2]}}, args: {low: $s.begin, high: "
       "$s.end}}",
       5, "g[5] (s={begin:10,end:12}, _b=1)"},
      {"{id: g, call: primes.count, each: {a: {range: [0, $p]}, b: {range: [7, 9]}}, args: {low: $a, high: $b}}", 5,
       "g[5] (b=8)"},
      {"{id: g, call: primes.count, each: {a: {range: [7, 9]}, b: {range: [0, $p]}}, args: {low: $a, high: $b}}", 5,
       "g[5]"},
      {"{id: g, call: primes.count, zip: {a: {range: [7, 9]}, b: {range: [0, 2]}}, args: {low: $a, high: $b}}", 1,
       "g[1]"},
  };
  for (const auto& [step, index, id] : table) {
    SECTION(step + std::to_string(index)) {
      auto built = build("steps:\n- " + step + "\n- {id: p, call: primes.nth, args: {n: 1}}\n");
      INFO(config::render(built.diagnostics, built.sources));
      REQUIRE(built.diagnostics.empty());
      CHECK(built.plan.task_id(plan::StepIndex{0}, index) == id);
    }
  }
}

TEST_CASE("what only the run can show fails the step, with a sentence") {
  const std::vector<std::tuple<std::string, std::string, std::string>> table{
      {"{id: a, call: primes.nth, each: {x: {range: [0, 5, $p]}}, args: {n: $x}}", "0",
       "error: range: a range needs a step other than 0"},
      {"{id: a, call: primes.count, each: {s: {chunks: [0, 5, $p]}}, args: {low: $s.begin, high: $s.end}}", "0",
       "error: chunks: a chunk has at least 1 number, not 0"},
      {"{id: a, call: std.sum, each: {g: {groups: [{range: [0, 3]}, $p]}}, args: {values: $g}}", "0",
       "error: a group has at least 1 element, and $p is 0"},
      {"{id: a, call: primes.count, each: {x: {range: [0, $p]}, y: {range: [0, $p]}}, args: {low: $x, high: $y}}",
       "9000000000000000000", "error: the product of the bound names has more than 2^63 tasks"},
      {"{id: a, call: primes.count, zip: {x: {range: [0, $p]}, y: {range: [0, 3]}}, args: {low: $x, high: $y}}", "4",
       "error: zip walks its names together, and one has 4 elements, another 3"},
      {"{id: a, call: primes.nth, args: {n: $q.3}}", "2", "refused: there is no task 3: the step has 2"},
  };
  for (const auto& [step, value, error] : table) {
    SECTION(step) {
      auto built = build("steps:\n- " + step +
                         "\n- {id: p, call: primes.nth, args: {n: 1}}\n- {id: q, call: primes.nth, each: {x: {range: "
                         "[0, $p]}}, args: {n: $x}}\n");
      INFO(config::render(built.diagnostics, built.sources));
      REQUIRE(built.diagnostics.empty());
      Table values;
      values.put(plan::StepIndex{1}, built.plan.steps()[1].result, {value});
      values.put(plan::StepIndex{2}, built.plan.steps()[2].result, {"1", "2"});
      CHECK(all_rows(built.plan, plan::StepIndex{0}, values) == error);
    }
  }
}

}  // namespace
}  // namespace gantry::test
