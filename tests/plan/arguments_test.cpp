// What the file alone gives: the arguments of every task, as JSON of a tuple of all parameters.
#include <catch2/catch.hpp>

#include "pipelines.hpp"
#include "signature/codec.hpp"

namespace gantry::test {
namespace {

const std::vector<Good> rows{
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
    {"no values", "steps: [{id: a, call: primes.nth, each: {n: {values: []}}, args: {n: $n}}]", {}, "a", "", true},
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
};

TEST_CASE("arguments from the file") {
  check_arguments(rows);
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
