// Bad pipelines: values and results of the wrong type.
// What is wrong, where, and what to do, exactly as rendered; lines 1 and 2 hold the version and the plugins.
#include <catch2/catch.hpp>

#include "pipelines.hpp"

namespace gantry::test {
namespace {

const std::vector<Bad> rows{
    {"text for a number", R"yaml(steps: [{id: a, call: primes.nth, args: {n: many}}]
)yaml",
     R"text(p.yaml:3:45: error[E0401]: args.n: many does not fit u64: not an integer
   3 | steps: [{id: a, call: primes.nth, args: {n: many}}]
     |                                             ^
note: primes.nth(n: u64) -> u64, in libprimes.so 1.0.0
)text"},
    {"a quoted number", R"yaml(steps: [{id: a, call: primes.nth, args: {n: "5"}}]
)yaml",
     R"text(p.yaml:3:45: error[E0401]: args.n: the text "5" does not fit u64: write 5 without quotes
   3 | steps: [{id: a, call: primes.nth, args: {n: "5"}}]
     |                                             ^
note: primes.nth(n: u64) -> u64, in libprimes.so 1.0.0
)text"},
    {"a fraction for an integer", R"yaml(steps: [{id: a, call: primes.nth, args: {n: 1.5}}]
)yaml",
     R"text(p.yaml:3:45: error[E0401]: args.n: 1.5 does not fit u64: not an integer
   3 | steps: [{id: a, call: primes.nth, args: {n: 1.5}}]
     |                                             ^
note: primes.nth(n: u64) -> u64, in libprimes.so 1.0.0
)text"},
    {"a negative number for u64", R"yaml(steps: [{id: a, call: primes.nth, args: {n: -1}}]
)yaml",
     R"text(p.yaml:3:45: error[E0401]: args.n: -1 does not fit u64
   3 | steps: [{id: a, call: primes.nth, args: {n: -1}}]
     |                                             ^
note: primes.nth(n: u64) -> u64, in libprimes.so 1.0.0
)text"},
    {"out of range", R"yaml(steps: [{id: a, call: numbers.small, args: {x: 256}}]
)yaml",
     R"text(p.yaml:3:48: error[E0401]: args.x: 256 does not fit u8
   3 | steps: [{id: a, call: numbers.small, args: {x: 256}}]
     |                                                ^
note: numbers.small(x: u8) -> u8, in libnumbers.so 1.0.0
)text"},
    {"a list for a number", R"yaml(steps: [{id: a, call: primes.nth, args: {n: [1, 2]}}]
)yaml",
     R"text(p.yaml:3:45: error[E0401]: args.n: a list of 2 does not fit u64
   3 | steps: [{id: a, call: primes.nth, args: {n: [1, 2]}}]
     |                                             ^
note: primes.nth(n: u64) -> u64, in libprimes.so 1.0.0
)text"},
    {"a number for a list", R"yaml(steps: [{id: a, call: std.where, args: {flags: true}}]
)yaml",
     R"text(p.yaml:3:48: error[E0401]: args.flags: true does not fit [bool]
   3 | steps: [{id: a, call: std.where, args: {flags: true}}]
     |                                                ^
note: std.where(flags: [bool]) -> [u64], in libstd.so 1.0.0
)text"},
    {"null for a number", R"yaml(steps: [{id: a, call: primes.nth, args: {n: null}}]
)yaml",
     R"text(p.yaml:3:42: error[E0401]: args.n: null does not fit u64
   3 | steps: [{id: a, call: primes.nth, args: {n: null}}]
     |                                          ^
note: primes.nth(n: u64) -> u64, in libprimes.so 1.0.0
)text"},
    {"a word for a bool", R"yaml(steps: [{id: a, call: std.where, args: {flags: [true, yes]}}]
)yaml",
     R"text(p.yaml:3:55: error[E0401]: args.flags[1]: yes does not fit bool: write true or false
   3 | steps: [{id: a, call: std.where, args: {flags: [true, yes]}}]
     |                                                       ^
note: std.where(flags: [bool]) -> [u64], in libstd.so 1.0.0
)text"},
    {"an unknown enumerator", R"yaml(steps: [{id: a, call: shapes.paint, args: {colour: gren}}]
)yaml",
     R"text(p.yaml:3:52: error[E0401]: args.colour: gren does not fit ("red" | "green"): did you mean `green`?
   3 | steps: [{id: a, call: shapes.paint, args: {colour: gren}}]
     |                                                    ^
note: shapes.paint(colour: ("red" | "green"), on: bool = true) -> (), in libshapes.so 1.0.0
)text"},
    {"a wrong number deep inside",
     R"yaml(steps: [{id: a, call: shapes.area, args: {shape: {name: n, at: {x: 1, y: wide}}}}]
)yaml",
     R"text(p.yaml:3:74: error[E0401]: args.shape.at.y: wide does not fit f64: not a number
   3 | steps: [{id: a, call: shapes.area, args: {shape: {name: n, at: {x: 1, y: wide}}}}]
     |                                                                          ^
note: shapes.area(shape: {name: str, at: {x: f64, y: f64}}) -> f64, in libshapes.so 1.0.0
)text"},
    {"wrong fields, with references",
     R"yaml(steps: [{id: a, call: shapes.area, each: {i: {range: [0, 2]}}, args: {shape: {name: n, at: {x: $i, yy: 2}}}}]
)yaml",
     R"text(p.yaml:3:92: error[E0401]: args.shape.at: the field `y` of {x: f64, y: f64} is missing
   3 | steps: [{id: a, call: shapes.area, each: {i: {range: [0, 2]}}, args: {shape: {name: n, at: {x: $i, yy: 2}}}}]
     |                                                                                            ^
note: shapes.area(shape: {name: str, at: {x: f64, y: f64}}) -> f64, in libshapes.so 1.0.0
p.yaml:3:100: error[E0401]: args.shape.at: {x: f64, y: f64} has no field `yy`
   3 | steps: [{id: a, call: shapes.area, each: {i: {range: [0, 2]}}, args: {shape: {name: n, at: {x: $i, yy: 2}}}}]
     |                                                                                                    ^
note: shapes.area(shape: {name: str, at: {x: f64, y: f64}}) -> f64, in libshapes.so 1.0.0
help: did you mean `y`?
)text"},
    {"a reference in a list for a number",
     R"yaml(steps: [{id: a, call: primes.nth, each: {i: {range: [0, 2]}}, args: {n: [$i]}}]
)yaml",
     R"text(p.yaml:3:73: error[E0401]: args.n: a list of 1 does not fit u64
   3 | steps: [{id: a, call: primes.nth, each: {i: {range: [0, 2]}}, args: {n: [$i]}}]
     |                                                                         ^
note: primes.nth(n: u64) -> u64, in libprimes.so 1.0.0
)text"},
    {"a param of the wrong type, both places", R"yaml(params:
  low: twelve
steps:
  - {id: a, call: primes.nth, args: {n: $params.low}}
)yaml",
     R"text(p.yaml:6:41: error[E0401]: args.n: $params.low: twelve does not fit u64: not an integer
   6 |   - {id: a, call: primes.nth, args: {n: $params.low}}
     |                                         ^
note: p.yaml:4:8: $params.low is set here
note: primes.nth(n: u64) -> u64, in libprimes.so 1.0.0
)text"},
    {"part of a param of the wrong type", R"yaml(params: {box: {at: {x: 1, y: [2]}}}
steps: [{id: a, call: shapes.place, args: {at: $params.box.at}}]
)yaml",
     R"text(p.yaml:4:48: error[E0401]: args.at: $params.box.at.y: a list of 1 does not fit f64
   4 | steps: [{id: a, call: shapes.place, args: {at: $params.box.at}}]
     |                                                ^
note: p.yaml:3:30: $params.box.at.y is set here
note: shapes.place(at: {x: f64, y: f64}) -> f64, in libshapes.so 1.0.0
)text"},
    {"the environment of the wrong type", R"yaml(steps: [{id: a, call: primes.nth, args: {n: $env.HOME}}]
)yaml",
     R"text(p.yaml:3:45: error[E0401]: args.n: $env.HOME: /home/ada does not fit u64: not an integer
   3 | steps: [{id: a, call: primes.nth, args: {n: $env.HOME}}]
     |                                             ^
note: primes.nth(n: u64) -> u64, in libprimes.so 1.0.0
)text"},
    {"a result of the wrong type, both places", R"yaml(steps:
  - {id: a, call: numbers.half, args: {x: 1}}
  - {id: b, call: primes.nth, args: {n: $a}}
)yaml",
     R"text(p.yaml:5:41: error[E0402]: args.n: $a is f64, which does not convert to u64 without loss
   5 |   - {id: b, call: primes.nth, args: {n: $a}}
     |                                         ^
note: p.yaml:4:19: a is numbers.half(x: f64) -> f64, in libnumbers.so 1.0.0
note: primes.nth(n: u64) -> u64, in libprimes.so 1.0.0
)text"},
    {"a result that could lose something", R"yaml(steps:
  - {id: a, call: numbers.negative, args: {x: 1}}
  - {id: b, call: primes.nth, args: {n: $a}}
)yaml",
     R"text(p.yaml:5:41: error[E0402]: args.n: $a is i64, which does not convert to u64 without loss
   5 |   - {id: b, call: primes.nth, args: {n: $a}}
     |                                         ^
note: p.yaml:4:19: a is numbers.negative(x: i64) -> i64, in libnumbers.so 1.0.0
note: primes.nth(n: u64) -> u64, in libprimes.so 1.0.0
)text"},
    {"a list of results for one", R"yaml(steps:
  - {id: a, call: primes.nth, each: {n: {range: [0, 3]}}, args: {n: $n}}
  - {id: b, call: primes.nth, args: {n: $a}}
)yaml",
     R"text(p.yaml:5:41: error[E0402]: args.n: $a is [u64], which does not convert to u64 without loss
   5 |   - {id: b, call: primes.nth, args: {n: $a}}
     |                                         ^
note: p.yaml:4:19: a is the list of all results of primes.nth(n: u64) -> u64, in libprimes.so 1.0.0
note: primes.nth(n: u64) -> u64, in libprimes.so 1.0.0
)text"},
    {"wrong element type through $step", R"yaml(steps:
  - {id: a, call: numbers.half, each: {x: {range: [0, 3]}}, args: {x: $x}}
  - {id: b, call: primes.nth, each: {y: $a}, args: {n: $y}}
)yaml",
     R"text(p.yaml:5:56: error[E0402]: args.n: $y is f64, which does not convert to u64 without loss
   5 |   - {id: b, call: primes.nth, each: {y: $a}, args: {n: $y}}
     |                                                        ^
note: p.yaml:4:19: a is the list of all results of numbers.half(x: f64) -> f64, in libnumbers.so 1.0.0
note: primes.nth(n: u64) -> u64, in libprimes.so 1.0.0
)text"},
    {"wrong element type in a list of all", R"yaml(steps:
  - {id: a, call: numbers.half, each: {x: {range: [0, 3]}}, args: {x: $x}}
  - {id: b, call: std.where, args: {flags: $a}}
)yaml",
     R"text(p.yaml:5:44: error[E0402]: args.flags: $a is [f64], which does not convert to [bool] without loss
   5 |   - {id: b, call: std.where, args: {flags: $a}}
     |                                            ^
note: p.yaml:4:19: a is the list of all results of numbers.half(x: f64) -> f64, in libnumbers.so 1.0.0
note: std.where(flags: [bool]) -> [u64], in libstd.so 1.0.0
)text"},
    {"a range that leaves the type",
     R"yaml(steps: [{id: a, call: numbers.small, each: {x: {range: [250, 300]}}, args: {x: $x}}]
)yaml",
     R"text(p.yaml:3:80: error[E0402]: args.x: $x goes from 250 to 299, which does not fit u8
   3 | steps: [{id: a, call: numbers.small, each: {x: {range: [250, 300]}}, args: {x: $x}}]
     |                                                                                ^
note: numbers.small(x: u8) -> u8, in libnumbers.so 1.0.0
)text"},
    {"a range to a result that could leave the type", R"yaml(steps:
  - {id: a, call: primes.nth, args: {n: 1}}
  - {id: b, call: numbers.small, each: {x: {range: [0, $a]}}, args: {x: $x}}
)yaml",
     R"text(p.yaml:5:73: error[E0402]: args.x: $x can be anything from 0 to 18446744073709551614, which does not fit u8
   5 |   - {id: b, call: numbers.small, each: {x: {range: [0, $a]}}, args: {x: $x}}
     |                                                                         ^
note: p.yaml:4:19: a is primes.nth(n: u64) -> u64, in libprimes.so 1.0.0
note: numbers.small(x: u8) -> u8, in libnumbers.so 1.0.0
)text"},
    {"a range where a text is wanted",
     R"yaml(steps: [{id: a, call: shapes.name, each: {x: {range: [0, 3]}}, args: {name: $x}}]
)yaml",
     R"text(p.yaml:3:77: error[E0402]: args.name: $x is a whole number, which does not convert to str
   3 | steps: [{id: a, call: shapes.name, each: {x: {range: [0, 3]}}, args: {name: $x}}]
     |                                                                             ^
note: shapes.name(name: str, index: u64 = 7) -> str, in libshapes.so 1.0.0
help: write "${x}"
)text"},
    {"$index that could leave the type",
     R"yaml(steps: [{id: a, call: numbers.small, each: {_x: {range: [0, 257]}}, args: {x: $index}}]
)yaml",
     R"text(p.yaml:3:79: error[E0402]: args.x: $index goes from 0 to 256, which does not fit u8
   3 | steps: [{id: a, call: numbers.small, each: {_x: {range: [0, 257]}}, args: {x: $index}}]
     |                                                                               ^
note: numbers.small(x: u8) -> u8, in libnumbers.so 1.0.0
)text"},
    {"no overload", R"yaml(steps:
  - {id: a, call: numbers.half, each: {x: {range: [0, 3]}}, args: {x: $x}}
  - id: b
    call: std.sum
    args: {values: [[1]]}
)yaml",
     R"text(p.yaml:6:11: error[E0405]: no signature of std.sum takes these arguments
   6 |     call: std.sum
     |           ^
note: p.yaml:7:21: std.sum(values: [u64]) -> u64: args.values[0]: a list of 1 does not fit u64
note: p.yaml:7:21: std.sum(values: [i64]) -> i64: args.values[0]: a list of 1 does not fit i64
note: p.yaml:7:21: std.sum(values: [f64]) -> f64: args.values[0]: a list of 1 does not fit f64
note: p.yaml:7:21: std.sum(values: [str]) -> str: args.values[0]: a list of 1 does not fit str
note: std.sum is in libstd.so 1.0.0
)text"},
    {"no overload for a result", R"yaml(steps:
  - {id: a, call: shapes.paint, args: {colour: red}}
  - {id: b, call: std.sum, args: {values: $a}}
)yaml",
     R"text(p.yaml:5:19: error[E0405]: no signature of std.sum takes these arguments
   5 |   - {id: b, call: std.sum, args: {values: $a}}
     |                   ^
note: p.yaml:5:43: std.sum(values: [u64]) -> u64: args.values: $a is (), which does not convert to [u64] without loss
note: p.yaml:5:43: std.sum(values: [i64]) -> i64: args.values: $a is (), which does not convert to [i64] without loss
note: p.yaml:5:43: std.sum(values: [f64]) -> f64: args.values: $a is (), which does not convert to [f64] without loss
note: p.yaml:5:43: std.sum(values: [str]) -> str: args.values: $a is (), which does not convert to [str] without loss
note: std.sum is in libstd.so 1.0.0
)text"},
    {"a text for a number", R"yaml(steps: [{id: b, call: primes.nth, each: {x: {range: [0, 3]}}, args: {n: "${x}"}}]
)yaml",
     R"text(p.yaml:3:73: error[E0401]: args.n: a text with ${…} in it is a str, which does not convert to u64
   3 | steps: [{id: b, call: primes.nth, each: {x: {range: [0, 3]}}, args: {n: "${x}"}}]
     |                                                                         ^
note: primes.nth(n: u64) -> u64, in libprimes.so 1.0.0
)text"},
    {"a list of the wrong length",
     R"yaml(steps: [{id: b, call: shapes.pair, each: {i: {range: [0, 2]}}, args: {both: [$i]}}]
)yaml",
     R"text(p.yaml:3:77: error[E0401]: args.both: a list of 1 does not fit (u64, str)
   3 | steps: [{id: b, call: shapes.pair, each: {i: {range: [0, 2]}}, args: {both: [$i]}}]
     |                                                                             ^
note: shapes.pair(both: (u64, str)) -> u64, in libshapes.so 1.0.0
)text"},
};

TEST_CASE("bad values") {
  check_rendered(rows);
}

}  // namespace
}  // namespace gantry::test
