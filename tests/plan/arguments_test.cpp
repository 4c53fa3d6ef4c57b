// Good pipelines: the arguments of every task, as JSON of a tuple of all parameters.
#include <catch2/catch.hpp>

#include "pipelines.hpp"
#include "signature/codec.hpp"

namespace gantry::test {
namespace {

struct Given {
  std::string step;
  std::vector<std::string> values;
};

struct Row {
  std::string name;
  std::string text;          // `steps:` and what else there is
  std::vector<Given> given;  // results of steps
  std::string step;          // the one looked at
  std::string arguments;     // of its tasks
  bool is_template;
};

const std::vector<Row> rows{
    {"literals", "steps: [{id: a, call: primes.count, args: {high: 1_000, low: 7}}]", {}, "a", "[7,1000]", true},
    {"defaults", "steps: [{id: a, call: primes.find, args: {low: 7}}]", {}, "a", "[7,100]", true},
    {"text of any scalar is a str",
     "steps: [{id: a, call: shapes.name, args: {name: 010}}]",
     {},
     "a",
     R"(["010",7])",
     true},
    {"a dollar", "steps: [{id: a, call: shapes.name, args: {name: $$5}}]", {}, "a", R"(["$5",7])", true},
    {"params",
     "params: {n: 5, p: {x: 1, y: 2.5}}\nsteps: [{id: a, call: shapes.place, args: {at: $params.p}}]",
     {},
     "a",
     R"([{"x":1,"y":2.5}])",
     true},
    {"part of a param",
     "params: {p: [{x: 1}, {x: 4}]}\nsteps: [{id: a, call: primes.nth, args: {n: $params.p.1.x}}]",
     {},
     "a",
     "[4]",
     true},
    {"environment",
     "steps: [{id: a, call: shapes.name, args: {name: $env.HOME, index: $env.COUNT}}]",
     {},
     "a",
     R"(["/home/ada",3])",
     true},
    {"a dollar in a param is a dollar",
     "params: {s: $$x}\nsteps: [{id: a, call: shapes.name, each: {x: {values: [$params.s]}}, args: {name: $x}}]",
     {},
     "a",
     R"(["$x",7])",
     false},
    {"range",
     "steps: [{id: a, call: primes.nth, each: {n: {range: [3, 6]}}, args: {n: $n}}]",
     {},
     "a",
     "[3] [4] [5]",
     true},
    {"range with a step",
     "steps: [{id: a, call: numbers.negative, each: {n: {range: [-3, 5, 4]}}, args: {x: $n}}]",
     {},
     "a",
     "[-3] [1]",
     true},
    {"range downwards",
     "steps: [{id: a, call: numbers.negative, each: {n: {range: [2, -4, -2]}}, args: {x: $n}}]",
     {},
     "a",
     "[2] [0] [-2]",
     true},
    {"empty range",
     "steps: [{id: a, call: numbers.small, each: {n: {range: [300, 300]}}, args: {x: $n}}]",
     {},
     "a",
     "",
     true},
    {"range as narrow types and floats",
     "steps: [{id: a, call: numbers.narrow, each: {n: {range: [0, 3]}}, args: {a: $n, b: $n, c: $index, d: $n}}]",
     {},
     "a",
     "[0,0,0,0] [1,1,1,1] [2,2,2,2]",
     true},
    {"range as an optional",
     "steps: [{id: a, call: numbers.maybe, each: {n: {range: [0, 2]}}, args: {x: $n}}]",
     {},
     "a",
     "[0] [1]",
     true},
    {"largest numbers",
     "steps: [{id: a, call: primes.nth, each: {n: {range: [18446744073709551613, 18446744073709551615]}}, args: {n: "
     "$n}}]",
     {},
     "a",
     "[18446744073709551613] [18446744073709551614]",
     true},
    {"chunks, the last shorter",
     "params: {low: 0, high: 12}\nsteps: [{id: a, call: primes.count, each: {s: {chunks: [$params.low, $params.high, "
     "5]}}, args: {low: $s.begin, high: $s.end}}]",
     {},
     "a",
     "[0,5] [5,10] [10,12]",
     true},
    {"chunks of one",
     "steps: [{id: a, call: primes.count, each: {s: {chunks: [3, 5, 100]}}, args: {low: $s.begin, high: $s.end}}]",
     {},
     "a",
     "[3,5]",
     true},
    {"a chunk whole",
     "steps: [{id: a, call: shapes.span, each: {s: {chunks: [-4, 3, 4]}}, args: {span: $s}}]",
     {},
     "a",
     R"([{"begin":-4,"end":0}] [{"begin":0,"end":3}])",
     true},
    {"values by two types",
     "steps: [{id: a, call: shapes.name, each: {n: {values: [1, 2]}}, args: {name: $n, index: $n}}]",
     {},
     "a",
     R"(["1",1] ["2",2])",
     false},
    {"values of a param, with parts",
     "params: {l: [{s: a, i: 1}, {s: b, i: 2}]}\nsteps: [{id: a, call: shapes.name, each: {r: {values: $params.l}}, "
     "args: {name: $r.s, index: $r.i}}]",
     {},
     "a",
     R"(["a",1] ["b",2])",
     false},
    {"no values", "steps: [{id: a, call: primes.nth, each: {n: {values: []}}, args: {n: $n}}]", {}, "a", "", false},
    {"product, the last fastest",
     "steps: [{id: a, call: primes.count, each: {x: {range: [0, 2]}, y: {range: [5, 8]}}, args: {low: $x, high: $y}}]",
     {},
     "a",
     "[0,5] [0,6] [0,7] [1,5] [1,6] [1,7]",
     true},
    {"product of values and range",
     "steps: [{id: a, call: shapes.name, each: {s: {values: [p, q]}, i: {range: [0, 2]}}, args: {name: $s, index: "
     "$i}}]",
     {},
     "a",
     R"(["p",0] ["p",1] ["q",0] ["q",1])",
     false},
    {"zip",
     "steps: [{id: a, call: primes.count, zip: {x: {range: [0, 3]}, y: {values: [7, 8, 9]}}, args: {low: $x, high: "
     "$y}}]",
     {},
     "a",
     "[0,7] [1,8] [2,9]",
     false},
    {"groups of values",
     "steps: [{id: a, call: std.sum, each: {g: {groups: [{values: [1, 2, 3, 4, 5]}, 2]}}, args: {values: $g}}]",
     {},
     "a",
     "[[1,2]] [[3,4]] [[5]]",
     false},
    {"groups of a range",
     "steps: [{id: a, call: numbers.sum32, each: {g: {groups: [{range: [0, 5]}, 3]}}, args: {values: $g}}]",
     {},
     "a",
     "[[0,1,2]] [[3,4]]",
     false},
    {"groups of results",
     "steps: [{id: p, call: primes.nth, each: {n: {range: [0, 3]}}, args: {n: $n}}, {id: a, call: std.sum, each: {g: "
     "{groups: [$p, 2]}}, args: {values: $g}}]",
     {{"p", {"10", "20", "30"}}},
     "a",
     "[[10,20]] [[30]]",
     false},
    {"all results",
     "steps: [{id: p, call: primes.nth, each: {n: {range: [0, 3]}}, args: {n: $n}}, {id: a, call: std.sum, args: "
     "{values: $p}}]",
     {{"p", {"10", "20", "30"}}},
     "a",
     "[[10,20,30]]",
     true},
    {"no results",
     "steps: [{id: p, call: primes.nth, each: {n: {range: [0, 0]}}, args: {n: $n}}, {id: a, call: std.sum, args: "
     "{values: $p}}]",
     {{"p", {}}},
     "a",
     "[[]]",
     true},
    {"all results, converted",
     "steps: [{id: p, call: numbers.small, each: {n: {range: [0, 3]}}, args: {x: $n}}, {id: a, call: numbers.sum32, "
     "args: {values: $p}}]",
     {{"p", {"1", "2", "255"}}},
     "a",
     "[[1,2,255]]",
     true},
    {"one result of many",
     "steps: [{id: p, call: primes.nth, each: {n: {range: [0, 3]}}, args: {n: $n}}, {id: a, call: primes.count, args: "
     "{low: $p.2, high: $p.0}}]",
     {{"p", {"10", "20", "30"}}},
     "a",
     "[30,10]",
     true},
    {"a step's value",
     "steps: [{id: p, call: primes.nth, args: {n: 1}}, {id: a, call: primes.count, args: {low: 0, high: $p}}]",
     {{"p", {"9"}}},
     "a",
     "[0,9]",
     true},
    {"a step further down",
     "steps: [{id: a, call: primes.nth, args: {n: $p}}, {id: p, call: primes.nth, args: {n: 1}}]",
     {{"p", {"9"}}},
     "a",
     "[9]",
     true},
    {"a field of a result",
     "steps: [{id: p, call: shapes.make, each: {i: {range: [0, 2]}}, args: {i: $i}}, {id: a, call: shapes.place, args: "
     "{at: $p.1.at}}]",
     {{"p", {R"({"name":"a","at":{"x":1,"y":2},"tags":[]})", R"({"name":"b","at":{"x":3,"y":4},"tags":["t"]})"}}},
     "a",
     R"([{"x":3,"y":4}])",
     true},
    {"references inside trees",
     "steps: [{id: p, call: numbers.half, args: {x: 1}}, {id: a, call: shapes.area, each: {i: {range: [0, 2]}}, args: "
     "{shape: {name: \"n${i}\", at: {x: $p, y: $i}}}}]",
     {{"p", {"0.5"}}},
     "a",
     R"([{"name":"n0","at":{"x":0.5,"y":0}}] [{"name":"n1","at":{"x":0.5,"y":1}}])",
     false},
    {"a list of references",
     "steps: [{id: p, call: primes.nth, args: {n: 1}}, {id: q, call: primes.nth, args: {n: 2}}, {id: a, call: std.sum, "
     "args: {values: [$p, 4, $q]}}]",
     {{"p", {"1"}}, {"q", {"2"}}},
     "a",
     "[[1,4,2]]",
     true},
    {"a list over a bound name is a template",
     "steps: [{id: a, call: std.sum, each: {i: {range: [1, 3]}}, args: {values: [$i, 4, $index]}}]",
     {},
     "a",
     "[[1,4,0]] [[2,4,1]]",
     true},
    {"a map with references, keys in order",
     "steps: [{id: a, call: shapes.tally, each: {i: {range: [1, 3]}}, args: {counts: {z: 9, b: $i}}}]",
     {},
     "a",
     R"([{"b":1,"z":9}] [{"b":2,"z":9}])",
     true},
    {"a tuple with references",
     "steps: [{id: a, call: shapes.pair, each: {i: {range: [1, 3]}}, args: {both: [$i, \"t${i}\"]}}]",
     {},
     "a",
     R"([[1,"t1"]] [[2,"t2"]])",
     false},
    {"a tuple of numbers and a fixed text is a template",
     "steps: [{id: a, call: shapes.pair, each: {i: {range: [1, 3]}}, args: {both: [$i, t]}}]",
     {},
     "a",
     R"([[1,"t"]] [[2,"t"]])",
     true},
    {"bytes with references",
     "steps: [{id: a, call: shapes.raw, each: {i: {range: [1, 3]}}, args: {data: [$i, 255]}}]",
     {},
     "a",
     R"(["Af8="] ["Av8="])",
     true},
    {"interpolation",
     "params: {dir: out}\nsteps: [{id: p, call: primes.nth, args: {n: 1}}, {id: a, call: shapes.name, each: {i: "
     "{range: [-1, 1]}, s: {values: [x, 2.50]}}, args: {name: \"${params.dir}/$$${s}-${i}-${index}-${p}\", index: 0}}]",
     {{"p", {"42"}}},
     "a",
     R"(["out/$x--1-0-42",0] ["out/$2.50--1-1-42",0] ["out/$x-0-2-42",0] ["out/$2.50-0-3-42",0])",
     false},
    {"interpolation of what is known is a template",
     "steps: [{id: a, call: shapes.name, each: {i: {range: [0, 2]}}, args: {name: \"${env.HOME}/x\", index: $i}}]",
     {},
     "a",
     R"(["/home/ada/x",0] ["/home/ada/x",1])",
     true},
    {"interpolation of results",
     "steps: [{id: p, call: std.echo, args: {x: 0.5}}, {id: q, call: std.echo, args: {x: true}}, {id: a, call: "
     "shapes.name, args: {name: \"${p} ${q}\"}}]",
     {{"p", {"0.5"}}, {"q", {"true"}}},
     "a",
     R"(["0.5 true",7])",
     true},
    {"stream",
     "steps: [{id: p, call: primes.nth, each: {n: {range: [0, 3]}}, args: {n: $n}}, {id: a, call: primes.nth, each: "
     "{x: $p}, args: {n: $x}}]",
     {{"p", {"10", "20", "30"}}},
     "a",
     "[10] [20] [30]",
     false},
    {"stream of a field",
     "steps: [{id: p, call: shapes.make, each: {i: {range: [0, 2]}}, args: {i: $i}}, {id: a, call: shapes.name, each: "
     "{x: $p}, args: {name: $x.name}}]",
     {{"p", {R"({"name":"a","at":{"x":1,"y":2},"tags":[]})", R"({"name":"bc","at":{"x":3,"y":4},"tags":["t"]})"}}},
     "a",
     R"(["a",7] ["bc",7])",
     false},
    {"stream, converted",
     "steps: [{id: p, call: numbers.small, each: {n: {range: [0, 2]}}, args: {x: $n}}, {id: a, call: numbers.maybe, "
     "each: {x: $p}, args: {x: $x}}]",
     {{"p", {"1", "2"}}},
     "a",
     "[1] [2]",
     false},
    {"elements of a list in one result",
     "steps: [{id: p, call: primes.find, args: {low: 1}}, {id: a, call: primes.nth, each: {x: $p}, args: {n: $x}}]",
     {{"p", {"[2,3,5]"}}},
     "a",
     "[2] [3] [5]",
     false},
    {"elements that differ in size",
     "steps: [{id: p, call: numbers.lists, args: {values: []}}, {id: a, call: shapes.name, each: {x: $p}, args: {name: "
     "$x, index: $index}}]",
     {{"p", {R"(["","abc","z"])"}}},
     "a",
     R"(["",0] ["abc",1] ["z",2])",
     false},
    {"elements of a list inside one result of many",
     "steps: [{id: p, call: shapes.make, each: {i: {range: [0, 2]}}, args: {i: $i}}, {id: a, call: shapes.name, each: "
     "{x: $p.1.tags}, args: {name: $x}}]",
     {{"p", {R"({"name":"a","at":{"x":1,"y":2},"tags":[]})", R"({"name":"b","at":{"x":3,"y":4},"tags":["t","u"]})"}}},
     "a",
     R"(["t",7] ["u",7])",
     false},
    {"elements of an array",
     "steps: [{id: p, call: numbers.triple, args: {x: 1}}, {id: a, call: primes.nth, each: {x: $p}, args: {n: $x}}]",
     {{"p", {"[7,8,9]"}}},
     "a",
     "[7] [8] [9]",
     false},
    {"a range to a result",
     "steps: [{id: p, call: primes.nth, args: {n: 1}}, {id: a, call: primes.nth, each: {x: {range: [1, $p]}}, args: "
     "{n: $x}}]",
     {{"p", {"4"}}},
     "a",
     "[1] [2] [3]",
     true},
    {"a range of narrow results",
     "steps: [{id: p, call: numbers.small, args: {x: 1}}, {id: a, call: numbers.half, each: {x: {range: [0, $p, 2]}}, "
     "args: {x: $x}}]",
     {{"p", {"5"}}},
     "a",
     "[0] [2] [4]",
     true},
    {"groups by a result",
     "steps: [{id: p, call: primes.nth, args: {n: 1}}, {id: a, call: std.sum, each: {g: {groups: [{range: [0, 3]}, "
     "$p]}}, args: {values: $g}}]",
     {{"p", {"2"}}},
     "a",
     "[[0,1]] [[2]]",
     false},
    {"values with a result among them",
     "steps: [{id: p, call: primes.nth, args: {n: 1}}, {id: a, call: primes.nth, each: {x: {values: [3, $p, 5]}}, "
     "args: {n: $x}}]",
     {{"p", {"4"}}},
     "a",
     "[3] [4] [5]",
     false},
    {"parts of results among values",
     "steps: [{id: p, call: shapes.make, args: {i: 1}}, {id: a, call: shapes.name, each: {x: {values: [$p, {name: "
     "lit}]}}, args: {name: \"<${x.name}>\"}}]",
     {{"p", {R"({"name":"a","at":{"x":1,"y":2},"tags":[]})"}}},
     "a",
     R"(["<a>",7] ["<lit>",7])",
     false},
    {"a range over results in a product",
     "steps: [{id: p, call: primes.nth, each: {n: {range: [0, 2]}}, args: {n: $n}}, {id: a, call: primes.count, each: "
     "{x: $p, y: {range: [0, $p.1]}}, args: {low: $y, high: $x}}]",
     {{"p", {"8", "2"}}},
     "a",
     "[0,8] [1,8] [0,2] [1,2]",
     false},
};

TEST_CASE("every task's arguments") {
  for (const auto& one : rows) {
    SECTION(one.name) {
      auto built = build(one.text + "\n");
      INFO(config::render(built.diagnostics, built.sources));
      REQUIRE(built.diagnostics.empty());
      Table values;
      for (const auto& given : one.given) {
        const auto producer = step_of(built.plan, given.step);
        values.put(producer, built.plan.steps()[raw(producer)].result, given.values);
      }
      const auto step = step_of(built.plan, one.step);
      CHECK(all_rows(built.plan, step, values) == one.arguments);
      const auto arguments = built.plan.prepare(step, values);
      REQUIRE(arguments);
      CHECK(((*arguments)->as_template() != nullptr) == one.is_template);
    }
  }
}

TEST_CASE("arguments are byte for byte what encode makes of them") {
  auto built = build(
      "steps: [{id: a, call: shapes.area, each: {i: {range: [0, 3]}}, args: {shape: {name: x, at: {x: $i, y: "
      "0.5}}}}]\n");
  REQUIRE(built.diagnostics.empty());
  const Table values;
  const auto arguments = built.plan.prepare(plan::StepIndex{0}, values);
  REQUIRE(arguments);
  const auto type = arguments_type(built.plan.steps()[0]);
  for (std::uint64_t i = 0; i < 3; ++i) {
    CHECK(row(**arguments, i, values) ==
          encoded(R"([{"name":"x","at":{"x":)" + std::to_string(i) + R"(,"y":0.5}}])", type));
  }
}

TEST_CASE("a list of all results of equal type is assembled in bulk") {
  auto built = build(
      "steps: [{id: p, call: primes.nth, each: {n: {range: [0, 1000]}}, args: {n: $n}}, {id: a, call: std.sum, args: "
      "{values: $p}}]\n");
  REQUIRE(built.diagnostics.empty());
  Table values;
  values.put(plan::StepIndex{0}, built.plan.steps()[0].result, std::vector<std::string>(1000, "1"));
  const auto arguments = built.plan.prepare(plan::StepIndex{1}, values);
  REQUIRE(arguments);
  CHECK(values.bulk == 1);
  CHECK((*arguments)->as_template()->row.size() == 8 + 8000);
}

}  // namespace
}  // namespace gantry::test
