// Bad pipelines: what is wrong, where, and what to do, exactly as rendered. Lines 1 and 2 hold the version and plugins.
#include <catch2/catch.hpp>

#include "pipelines.hpp"

namespace gantry::test {
namespace {

struct Row {
  std::string name;
  std::string text;
  std::string rendered;
};

const std::vector<Row> rows{
    {"five errors, all in one pass", R"yaml(params: {low: abc}
steps:
  - {id: a, call: primes.count, args: {low: $params.low, hihg: 3}}
  - {id: b, call: primes.cuont, args: {}}
  - {id: c, call: std.sum, args: {values: $aa}, tiemout: 3s}
)yaml",
     R"text(p.yaml:5:45: error[E0401]: args.low: $params.low: abc does not fit u64: not an integer
   5 |   - {id: a, call: primes.count, args: {low: $params.low, hihg: 3}}
     |                                             ^
note: p.yaml:3:15: $params.low is set here
note: primes.count(low: u64, high: u64) -> u64, in libprimes.so 1.0.0
p.yaml:5:58: error[E0404]: primes.count has no parameter `hihg`
   5 |   - {id: a, call: primes.count, args: {low: $params.low, hihg: 3}}
     |                                                          ^
note: primes.count(low: u64, high: u64) -> u64, in libprimes.so 1.0.0
help: did you mean `high`?
p.yaml:6:19: error[E0502]: primes has no function `cuont`
   6 |   - {id: b, call: primes.cuont, args: {}}
     |                   ^
note: primes is libprimes.so 1.0.0, with count, find, nth
help: did you mean `count`?
p.yaml:7:43: error[E0301]: nothing is called `aa`
   7 |   - {id: c, call: std.sum, args: {values: $aa}, tiemout: 3s}
     |                                           ^
help: did you mean `a`?
p.yaml:7:49: error[E0201]: a step has no key "tiemout"
   7 |   - {id: c, call: std.sum, args: {values: $aa}, tiemout: 3s}
     |                                                 ^
help: did you mean "timeout"?
)text"},
    {"unknown key", R"yaml(steps: [{id: a, call: primes.nth, arg: {n: 1}}]
)yaml",
     R"text(p.yaml:3:23: error[E0403]: primes.nth needs the argument `n`, of type u64
   3 | steps: [{id: a, call: primes.nth, arg: {n: 1}}]
     |                       ^
note: primes.nth(n: u64) -> u64, in libprimes.so 1.0.0
p.yaml:3:35: error[E0201]: a step has no key "arg"
   3 | steps: [{id: a, call: primes.nth, arg: {n: 1}}]
     |                                   ^
help: did you mean "args"?
)text"},
    {"unknown function", R"yaml(steps: [{id: a, call: primes.cout, args: {}}]
)yaml",
     R"text(p.yaml:3:23: error[E0502]: primes has no function `cout`
   3 | steps: [{id: a, call: primes.cout, args: {}}]
     |                       ^
note: primes is libprimes.so 1.0.0, with count, find, nth
help: did you mean `count`?
)text"},
    {"unknown function, nothing near", R"yaml(steps: [{id: a, call: primes.fly, args: {}}]
)yaml",
     R"text(p.yaml:3:23: error[E0502]: primes has no function `fly`
   3 | steps: [{id: a, call: primes.fly, args: {}}]
     |                       ^
note: primes is libprimes.so 1.0.0, with count, find, nth
)text"},
    {"unknown plugin", R"yaml(steps: [{id: a, call: prime.count, args: {low: 1, high: 2}}]
)yaml",
     R"text(p.yaml:3:23: error[E0326]: the plugin "prime" is not listed under plugins
   3 | steps: [{id: a, call: prime.count, args: {low: 1, high: 2}}]
     |                       ^
help: did you mean "primes"?
)text"},
    {"unknown parameter", R"yaml(steps: [{id: a, call: primes.count, args: {low: 1, hihg: 2}}]
)yaml",
     R"text(p.yaml:3:52: error[E0404]: primes.count has no parameter `hihg`
   3 | steps: [{id: a, call: primes.count, args: {low: 1, hihg: 2}}]
     |                                                    ^
note: primes.count(low: u64, high: u64) -> u64, in libprimes.so 1.0.0
help: did you mean `high`?
)text"},
    {"missing argument", R"yaml(steps: [{id: a, call: primes.count, args: {low: 1}}]
)yaml",
     R"text(p.yaml:3:23: error[E0403]: primes.count needs the argument `high`, of type u64
   3 | steps: [{id: a, call: primes.count, args: {low: 1}}]
     |                       ^
note: primes.count(low: u64, high: u64) -> u64, in libprimes.so 1.0.0
)text"},
    {"no arguments", R"yaml(steps: [{id: a, call: primes.count}]
)yaml",
     R"text(p.yaml:3:23: error[E0403]: primes.count needs the argument `low`, of type u64
   3 | steps: [{id: a, call: primes.count}]
     |                       ^
note: primes.count(low: u64, high: u64) -> u64, in libprimes.so 1.0.0
p.yaml:3:23: error[E0403]: primes.count needs the argument `high`, of type u64
   3 | steps: [{id: a, call: primes.count}]
     |                       ^
note: primes.count(low: u64, high: u64) -> u64, in libprimes.so 1.0.0
)text"},
    {"surplus argument", R"yaml(steps: [{id: a, call: primes.nth, args: {n: 1, seed: 2}}]
)yaml",
     R"text(p.yaml:3:48: error[E0404]: primes.nth has no parameter `seed`
   3 | steps: [{id: a, call: primes.nth, args: {n: 1, seed: 2}}]
     |                                                ^
note: primes.nth(n: u64) -> u64, in libprimes.so 1.0.0
)text"},
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
     R"text(p.yaml:3:52: error[E0401]: args.colour: gren does not fit ("red" | "green"): did you mean "green"?
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
    {"an element of values of the wrong type",
     R"yaml(steps: [{id: a, call: numbers.small, each: {x: {values: [1, 256, two]}}, args: {x: $x}}]
)yaml",
     R"text(p.yaml:3:61: error[E0401]: args.x: 256 does not fit u8
   3 | steps: [{id: a, call: numbers.small, each: {x: {values: [1, 256, two]}}, args: {x: $x}}]
     |                                                             ^
note: p.yaml:3:84: $x is used here, by args.x
note: numbers.small(x: u8) -> u8, in libnumbers.so 1.0.0
p.yaml:3:66: error[E0401]: args.x: two does not fit u8: not an integer
   3 | steps: [{id: a, call: numbers.small, each: {x: {values: [1, 256, two]}}, args: {x: $x}}]
     |                                                                  ^
note: p.yaml:3:84: $x is used here, by args.x
note: numbers.small(x: u8) -> u8, in libnumbers.so 1.0.0
)text"},
    {"an element of values without the part",
     R"yaml(steps: [{id: a, call: primes.nth, each: {x: {values: [{n: 1}, {m: 2}]}}, args: {n: $x.n}}]
)yaml",
     R"text(p.yaml:3:63: error[E0302]: $x.n: a map has no part `n`
   3 | steps: [{id: a, call: primes.nth, each: {x: {values: [{n: 1}, {m: 2}]}}, args: {n: $x.n}}]
     |                                                               ^
note: p.yaml:3:84: $x.n is used here, by args.n
)text"},
    {"$index that could leave the type",
     R"yaml(steps: [{id: a, call: numbers.small, each: {_x: {range: [0, 257]}}, args: {x: $index}}]
)yaml",
     R"text(p.yaml:3:79: error[E0402]: args.x: $index goes from 0 to 256, which does not fit u8
   3 | steps: [{id: a, call: numbers.small, each: {_x: {range: [0, 257]}}, args: {x: $index}}]
     |                                                                               ^
note: numbers.small(x: u8) -> u8, in libnumbers.so 1.0.0
)text"},
    {"$index without each", R"yaml(steps: [{id: a, call: primes.nth, args: {n: $index}}]
)yaml",
     R"text(p.yaml:3:45: error[E0303]: the step a has no each, so its one task has no index
   3 | steps: [{id: a, call: primes.nth, args: {n: $index}}]
     |                                             ^
help: give the step an each or a zip
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
    {"dangling reference", R"yaml(steps:
  - {id: counts, call: primes.nth, args: {n: 1}}
  - {id: b, call: primes.nth, args: {n: $count}}
)yaml",
     R"text(p.yaml:5:41: error[E0301]: nothing is called `count`
   5 |   - {id: b, call: primes.nth, args: {n: $count}}
     |                                         ^
help: did you mean `counts`?
)text"},
    {"dangling reference to a param's bare name", R"yaml(params: {low: 1}
steps: [{id: b, call: primes.nth, args: {n: $low}}]
)yaml",
     R"text(p.yaml:4:45: error[E0301]: nothing is called `low`
   4 | steps: [{id: b, call: primes.nth, args: {n: $low}}]
     |                                             ^
help: a param is written $params.low
)text"},
    {"dangling param", R"yaml(params: {low: 1}
steps: [{id: b, call: primes.nth, args: {n: $params.lwo}}]
)yaml",
     R"text(p.yaml:4:45: error[E0301]: there is no param `lwo`
   4 | steps: [{id: b, call: primes.nth, args: {n: $params.lwo}}]
     |                                             ^
help: did you mean `low`?
)text"},
    {"dangling variable", R"yaml(steps: [{id: b, call: primes.nth, args: {n: $env.NOWHERE}}]
)yaml",
     R"text(p.yaml:3:45: error[E0301]: the environment has no variable NOWHERE
   3 | steps: [{id: b, call: primes.nth, args: {n: $env.NOWHERE}}]
     |                                             ^
help: set it, or use a param
)text"},
    {"dangling needs",
     R"yaml(steps: [{id: first, call: primes.nth, args: {n: 1}}, {id: b, call: primes.nth, args: {n: 1}, needs: [frist]}]
)yaml",
     R"text(p.yaml:3:102: error[E0301]: there is no step `frist`
   3 | steps: [{id: first, call: primes.nth, args: {n: 1}}, {id: b, call: primes.nth, args: {n: 1}, needs: [frist]}]
     |                                                                                                      ^
help: did you mean `first`?
)text"},
    {"no such part of a param", R"yaml(params: {p: {low: 1}}
steps: [{id: b, call: primes.nth, args: {n: $params.p.lo}}]
)yaml",
     R"text(p.yaml:4:45: error[E0302]: $params.p is a map and has no part `lo`
   4 | steps: [{id: b, call: primes.nth, args: {n: $params.p.lo}}]
     |                                             ^
help: did you mean `low`?
)text"},
    {"no such field of a result", R"yaml(steps:
  - {id: a, call: shapes.make, args: {i: 1}}
  - {id: b, call: shapes.name, args: {name: $a.nam}}
)yaml",
     R"text(p.yaml:5:45: error[E0302]: $a.nam: {name: str, at: {x: f64, y: f64}, tags: [str]} has no field nam; did you mean "name"?
   5 |   - {id: b, call: shapes.name, args: {name: $a.nam}}
     |                                             ^
note: p.yaml:4:19: a is shapes.make(i: u32) -> {name: str, at: {x: f64, y: f64}, tags: [str]}, in libshapes.so 1.0.0
)text"},
    {"a field of a list of results", R"yaml(steps:
  - {id: a, call: shapes.make, each: {i: {range: [0, 2]}}, args: {i: $i}}
  - {id: b, call: shapes.name, args: {name: $a.name}}
)yaml",
     R"text(p.yaml:5:45: error[E0302]: $a is the list of all results and has no part `name`
   5 |   - {id: b, call: shapes.name, args: {name: $a.name}}
     |                                             ^
note: p.yaml:4:19: a is the list of all results of shapes.make(i: u32) -> {name: str, at: {x: f64, y: f64}, tags: [str]}, in libshapes.so 1.0.0
help: write $a.0.name for a part of one result
)text"},
    {"a result past the end", R"yaml(steps:
  - {id: a, call: primes.nth, each: {i: {range: [0, 2]}}, args: {n: $i}}
  - {id: b, call: primes.nth, args: {n: $a.2}}
)yaml",
     R"text(p.yaml:5:41: error[E0302]: a has 2 tasks, so there is no result 2
   5 |   - {id: b, call: primes.nth, args: {n: $a.2}}
     |                                         ^
note: p.yaml:4:19: a is the list of all results of primes.nth(n: u64) -> u64, in libprimes.so 1.0.0
help: positions begin at 0
)text"},
    {"no such part of a chunk",
     R"yaml(steps: [{id: a, call: primes.nth, each: {s: {chunks: [0, 9, 3]}}, args: {n: $s.low}}]
)yaml",
     R"text(p.yaml:3:77: error[E0302]: args.n: a chunk has no part `low`
   3 | steps: [{id: a, call: primes.nth, each: {s: {chunks: [0, 9, 3]}}, args: {n: $s.low}}]
     |                                                                             ^
help: a chunk has the parts begin and end
)text"},
    {"a chunk whole for a number",
     R"yaml(steps: [{id: a, call: primes.nth, each: {s: {chunks: [0, 9, 3]}}, args: {n: $s}}]
)yaml",
     R"text(p.yaml:3:77: error[E0402]: args.n: $s is a chunk, {begin, end}, which does not convert to u64
   3 | steps: [{id: a, call: primes.nth, each: {s: {chunks: [0, 9, 3]}}, args: {n: $s}}]
     |                                                                             ^
note: primes.nth(n: u64) -> u64, in libprimes.so 1.0.0
help: use $s.begin and $s.end
)text"},
    {"cycle of two", R"yaml(steps:
  - {id: a, call: primes.nth, args: {n: $b}}
  - {id: b, call: primes.nth, args: {n: $a}}
)yaml",
     R"text(p.yaml:4:41: error[E0304]: these steps wait for each other: a → b → a
   4 |   - {id: a, call: primes.nth, args: {n: $b}}
     |                                         ^
note: p.yaml:5:41: b uses a here
)text"},
    {"cycle through each, args and needs", R"yaml(steps:
  - {id: a, call: primes.nth, each: {x: $c}, args: {n: $x}}
  - {id: b, call: std.sum, args: {values: $a}}
  - {id: c, call: primes.find, args: {low: 1}, needs: [b]}
  - {id: d, call: primes.nth, args: {n: $b}}
)yaml",
     R"text(p.yaml:4:41: error[E0304]: these steps wait for each other: a → c → b → a
   4 |   - {id: a, call: primes.nth, each: {x: $c}, args: {n: $x}}
     |                                         ^
note: p.yaml:6:56: c uses b here
note: p.yaml:5:43: b uses a here
)text"},
    {"a step that uses itself", R"yaml(steps: [{id: a, call: primes.nth, args: {n: $a}}]
)yaml",
     R"text(p.yaml:3:45: error[E0304]: the step waits for itself: a → a
   3 | steps: [{id: a, call: primes.nth, args: {n: $a}}]
     |                                             ^
)text"},
    {"two cycles", R"yaml(steps:
  - {id: a, call: primes.nth, args: {n: $b}}
  - {id: b, call: primes.nth, args: {n: $a}}
  - {id: c, call: primes.nth, args: {n: 1}, needs: [d, a]}
  - {id: d, call: primes.nth, args: {n: 1}, needs: [c]}
)yaml",
     R"text(p.yaml:4:41: error[E0304]: these steps wait for each other: a → b → a
   4 |   - {id: a, call: primes.nth, args: {n: $b}}
     |                                         ^
note: p.yaml:5:41: b uses a here
p.yaml:6:53: error[E0304]: these steps wait for each other: c → d → c
   6 |   - {id: c, call: primes.nth, args: {n: 1}, needs: [d, a]}
     |                                                     ^
note: p.yaml:7:53: d uses c here
)text"},
    {"duplicate id", R"yaml(steps: [{id: a, call: primes.nth, args: {n: 1}}, {id: a, call: primes.nth, args: {n: 2}}]
)yaml",
     R"text(p.yaml:3:55: error[E0323]: a second step has the id "a"
   3 | steps: [{id: a, call: primes.nth, args: {n: 1}}, {id: a, call: primes.nth, args: {n: 2}}]
     |                                                       ^
note: p.yaml:3:14: the first one is here
)text"},
    {"unused bound name", R"yaml(steps: [{id: a, call: primes.nth, each: {x: {range: [0, 2]}}, args: {n: 1}}]
)yaml",
     R"text(p.yaml:3:42: error[E0305]: the bound name `x` is used by no argument
   3 | steps: [{id: a, call: primes.nth, each: {x: {range: [0, 2]}}, args: {n: 1}}]
     |                                          ^
help: use $x in args, or call it _x
)text"},
    {"a bound name in a source",
     R"yaml(steps: [{id: a, call: primes.count, each: {x: {range: [0, 2]}, y: {range: [0, $x]}}, args: {low: $x, high: $y}}]
)yaml",
     R"text(p.yaml:3:79: error[E0306]: a source cannot depend on the bound name $x
   3 | steps: [{id: a, call: primes.count, each: {x: {range: [0, 2]}, y: {range: [0, $x]}}, args: {low: $x, high: $y}}]
     |                                                                               ^
help: sources are params, environment, literals and results of other steps
)text"},
    {"elements of what is no list", R"yaml(steps:
  - {id: a, call: primes.nth, args: {n: 1}}
  - {id: b, call: primes.nth, each: {x: $a}, args: {n: $x}}
)yaml",
     R"text(p.yaml:5:41: error[E0407]: $a is u64, and only the elements of a list can be bound
   5 |   - {id: b, call: primes.nth, each: {x: $a}, args: {n: $x}}
     |                                         ^
note: p.yaml:4:19: a is primes.nth(n: u64) -> u64, in libprimes.so 1.0.0
)text"},
    {"values of a result", R"yaml(steps:
  - {id: a, call: primes.find, args: {low: 1}}
  - {id: b, call: primes.nth, each: {x: {values: $a}}, args: {n: $x}}
)yaml",
     R"text(p.yaml:5:50: error[E0407]: values wants a list, and $a is a result
   5 |   - {id: b, call: primes.nth, each: {x: {values: $a}}, args: {n: $x}}
     |                                                  ^
help: bind it without values: {x: $a}
)text"},
    {"values of a param that is no list", R"yaml(params: {l: 3}
steps: [{id: b, call: primes.nth, each: {x: {values: $params.l}}, args: {n: $x}}]
)yaml",
     R"text(p.yaml:4:54: error[E0407]: values wants a list, and $params.l is 3
   4 | steps: [{id: b, call: primes.nth, each: {x: {values: $params.l}}, args: {n: $x}}]
     |                                                      ^
note: p.yaml:3:13: $params.l is set here
)text"},
    {"a range of texts", R"yaml(params: {end: soon}
steps: [{id: b, call: primes.count, each: {x: {range: [1.5, 3]}, y: {range: [0, $params.end]}}, args: {low: $x, high: $y}}]
)yaml",
     R"text(p.yaml:4:56: error[E0406]: range wants whole numbers of 64 bits, and this is 1.5
   4 | steps: [{id: b, call: primes.count, each: {x: {range: [1.5, 3]}, y: {range: [0, $params.end]}}, args: {low: $x, high: $y}}]
     |                                                        ^
p.yaml:4:81: error[E0406]: range wants whole numbers of 64 bits, and $params.end is soon
   4 | steps: [{id: b, call: primes.count, each: {x: {range: [1.5, 3]}, y: {range: [0, $params.end]}}, args: {low: $x, high: $y}}]
     |                                                                                 ^
note: p.yaml:3:15: $params.end is set here
)text"},
    {"a range to a fraction", R"yaml(steps:
  - {id: a, call: numbers.half, args: {x: 1}}
  - {id: b, call: primes.nth, each: {x: {range: [0, $a]}}, args: {n: $x}}
)yaml",
     R"text(p.yaml:5:53: error[E0406]: range wants whole numbers, and $a is f64
   5 |   - {id: b, call: primes.nth, each: {x: {range: [0, $a]}}, args: {n: $x}}
     |                                                     ^
note: p.yaml:4:19: a is numbers.half(x: f64) -> f64, in libnumbers.so 1.0.0
)text"},
    {"a range with step 0", R"yaml(steps: [{id: b, call: primes.nth, each: {x: {range: [0, 3, 0]}}, args: {n: $x}}]
)yaml",
     R"text(p.yaml:3:45: error[E0406]: range: a range needs a step other than 0
   3 | steps: [{id: b, call: primes.nth, each: {x: {range: [0, 3, 0]}}, args: {n: $x}}]
     |                                             ^
)text"},
    {"chunks of 0", R"yaml(steps: [{id: b, call: primes.nth, each: {x: {chunks: [0, 3, 0]}}, args: {n: $x.end}}]
)yaml",
     R"text(p.yaml:3:45: error[E0406]: chunks: a chunk has at least 1 number, not 0
   3 | steps: [{id: b, call: primes.nth, each: {x: {chunks: [0, 3, 0]}}, args: {n: $x.end}}]
     |                                             ^
)text"},
    {"groups of 0",
     R"yaml(steps: [{id: b, call: std.sum, each: {x: {groups: [{range: [0, 3]}, 0]}}, args: {values: $x}}]
)yaml",
     R"text(p.yaml:3:69: error[E0406]: a group has at least 1 element
   3 | steps: [{id: b, call: std.sum, each: {x: {groups: [{range: [0, 3]}, 0]}}, args: {values: $x}}]
     |                                                                     ^
)text"},
    {"a group for a number",
     R"yaml(steps: [{id: b, call: primes.nth, each: {x: {groups: [{range: [0, 3]}, 2]}}, args: {n: $x}}]
)yaml",
     R"text(p.yaml:3:88: error[E0402]: args.n: $x is a group, a list, which does not convert to u64
   3 | steps: [{id: b, call: primes.nth, each: {x: {groups: [{range: [0, 3]}, 2]}}, args: {n: $x}}]
     |                                                                                        ^
note: primes.nth(n: u64) -> u64, in libprimes.so 1.0.0
)text"},
    {"a zip of unequal lengths",
     R"yaml(steps: [{id: b, call: primes.count, zip: {x: {range: [0, 3]}, y: {values: [1, 2]}}, args: {low: $x, high: $y}}]
)yaml",
     R"text(p.yaml:3:63: error[E0408]: zip walks its names together, and x has 3 elements, y has 2
   3 | steps: [{id: b, call: primes.count, zip: {x: {range: [0, 3]}, y: {values: [1, 2]}}, args: {low: $x, high: $y}}]
     |                                                               ^
note: p.yaml:3:43: x is bound here
help: for all combinations write each
)text"},
    {"too many tasks",
     R"yaml(steps: [{id: b, call: primes.count, each: {x: {range: [0, 4_000_000_000]}, y: {range: [0, 4_000_000_000]}}, args: {low: $x, high: $y}}]
)yaml",
     R"text(p.yaml:3:44: error[E0409]: the product of these names has more than 2^63 tasks
   3 | steps: [{id: b, call: primes.count, each: {x: {range: [0, 4_000_000_000]}, y: {range: [0, 4_000_000_000]}}, args: {low: $x, high: $y}}]
     |                                            ^
)text"},
    {"a range over two types",
     R"yaml(steps: [{id: b, call: primes.nth, each: {x: {range: [-1, 18446744073709551615]}}, args: {n: $x}}]
)yaml",
     R"text(p.yaml:3:45: error[E0406]: range: it has more than 2^63 elements
   3 | steps: [{id: b, call: primes.nth, each: {x: {range: [-1, 18446744073709551615]}}, args: {n: $x}}]
     |                                             ^
)text"},
    {"a text for a number", R"yaml(steps: [{id: b, call: primes.nth, each: {x: {range: [0, 3]}}, args: {n: "${x}"}}]
)yaml",
     R"text(p.yaml:3:73: error[E0401]: args.n: a text with ${…} in it is a str, which does not convert to u64
   3 | steps: [{id: b, call: primes.nth, each: {x: {range: [0, 3]}}, args: {n: "${x}"}}]
     |                                                                         ^
note: primes.nth(n: u64) -> u64, in libprimes.so 1.0.0
)text"},
    {"a list in a text", R"yaml(steps:
  - {id: a, call: primes.find, args: {low: 1}}
  - {id: b, call: shapes.name, args: {name: "n-${a}"}}
)yaml",
     R"text(p.yaml:5:45: error[E0410]: args.name: $a is [u64], which cannot stand inside a text
   5 |   - {id: b, call: shapes.name, args: {name: "n-${a}"}}
     |                                             ^
)text"},
    {"errors upstream are not repeated", R"yaml(steps:
  - {id: a, call: primes.nope, args: {n: 1}}
  - {id: b, call: primes.nth, each: {x: $a}, args: {n: $x}}
  - {id: c, call: std.sum, args: {values: $a.b.c}}
)yaml",
     R"text(p.yaml:4:19: error[E0502]: primes has no function `nope`
   4 |   - {id: a, call: primes.nope, args: {n: 1}}
     |                   ^
note: primes is libprimes.so 1.0.0, with count, find, nth
)text"},
    {"numbers that no type holds together",
     R"yaml(steps: [{id: b, call: primes.nth, each: {x: {range: [-1, 18446744073709551615, 4611686018427387904]}}, args: {n: $x}}]
)yaml",
     R"text(p.yaml:3:45: error[E0406]: range: no integer type holds both -1 and 13835058055282163711
   3 | steps: [{id: b, call: primes.nth, each: {x: {range: [-1, 18446744073709551615, 4611686018427387904]}}, args: {n: $x}}]
     |                                             ^
)text"},
    {"a source that depends on $index",
     R"yaml(steps: [{id: b, call: primes.nth, each: {x: {range: [0, $index]}}, args: {n: $x}}]
)yaml",
     R"text(p.yaml:3:57: error[E0306]: a source cannot depend on $index
   3 | steps: [{id: b, call: primes.nth, each: {x: {range: [0, $index]}}, args: {n: $x}}]
     |                                                         ^
help: sources are params, environment, literals and results of other steps
)text"},
    {"a list of the wrong length",
     R"yaml(steps: [{id: b, call: shapes.pair, each: {i: {range: [0, 2]}}, args: {both: [$i]}}]
)yaml",
     R"text(p.yaml:3:77: error[E0401]: args.both: a list of 1 does not fit (u64, str)
   3 | steps: [{id: b, call: shapes.pair, each: {i: {range: [0, 2]}}, args: {both: [$i]}}]
     |                                                                             ^
note: shapes.pair(both: (u64, str)) -> u64, in libshapes.so 1.0.0
)text"},
    {"a part of a group",
     R"yaml(steps: [{id: b, call: primes.nth, each: {x: {groups: [{range: [0, 3]}, 2]}}, args: {n: $x.0}}]
)yaml",
     R"text(p.yaml:3:88: error[E0302]: args.n: $x.0: a group is a list and is passed whole
   3 | steps: [{id: b, call: primes.nth, each: {x: {groups: [{range: [0, 3]}, 2]}}, args: {n: $x.0}}]
     |                                                                                        ^
help: write $x
)text"},
    {"a part of a number", R"yaml(steps: [{id: b, call: primes.nth, each: {x: {range: [0, 3]}}, args: {n: $x.begin}}]
)yaml",
     R"text(p.yaml:3:73: error[E0302]: args.n: a number has no part `begin`
   3 | steps: [{id: b, call: primes.nth, each: {x: {range: [0, 3]}}, args: {n: $x.begin}}]
     |                                                                         ^
)text"},
    {"a field that elements do not have", R"yaml(steps:
  - {id: a, call: shapes.make, each: {i: {range: [0, 2]}}, args: {i: $i}}
  - {id: b, call: shapes.name, each: {x: $a}, args: {name: $x.nam}}
)yaml",
     R"text(p.yaml:5:60: error[E0302]: args.name: $x.nam: {name: str, at: {x: f64, y: f64}, tags: [str]} has no field nam; did you mean "name"?
   5 |   - {id: b, call: shapes.name, each: {x: $a}, args: {name: $x.nam}}
     |                                                            ^
note: p.yaml:4:19: a is the list of all results of shapes.make(i: u32) -> {name: str, at: {x: f64, y: f64}, tags: [str]}, in libshapes.so 1.0.0
)text"},
    {"twelve wrong elements",
     R"yaml(steps: [{id: a, call: numbers.small, each: {x: {values: [a, b, c, d, e, f, g, h, i, j, k, l]}}, args: {x: $x}}]
)yaml",
     R"text(p.yaml:3:58: error[E0401]: args.x: a does not fit u8: not an integer
   3 | steps: [{id: a, call: numbers.small, each: {x: {values: [a, b, c, d, e, f, g, h, i, j, k, l]}}, args: {x: $x}}]
     |                                                          ^
note: p.yaml:3:107: $x is used here, by args.x
note: numbers.small(x: u8) -> u8, in libnumbers.so 1.0.0
p.yaml:3:61: error[E0401]: args.x: b does not fit u8: not an integer
   3 | steps: [{id: a, call: numbers.small, each: {x: {values: [a, b, c, d, e, f, g, h, i, j, k, l]}}, args: {x: $x}}]
     |                                                             ^
note: p.yaml:3:107: $x is used here, by args.x
note: numbers.small(x: u8) -> u8, in libnumbers.so 1.0.0
p.yaml:3:64: error[E0401]: args.x: c does not fit u8: not an integer
   3 | steps: [{id: a, call: numbers.small, each: {x: {values: [a, b, c, d, e, f, g, h, i, j, k, l]}}, args: {x: $x}}]
     |                                                                ^
note: p.yaml:3:107: $x is used here, by args.x
note: numbers.small(x: u8) -> u8, in libnumbers.so 1.0.0
p.yaml:3:67: error[E0401]: args.x: d does not fit u8: not an integer
   3 | steps: [{id: a, call: numbers.small, each: {x: {values: [a, b, c, d, e, f, g, h, i, j, k, l]}}, args: {x: $x}}]
     |                                                                   ^
note: p.yaml:3:107: $x is used here, by args.x
note: numbers.small(x: u8) -> u8, in libnumbers.so 1.0.0
p.yaml:3:70: error[E0401]: args.x: e does not fit u8: not an integer
   3 | steps: [{id: a, call: numbers.small, each: {x: {values: [a, b, c, d, e, f, g, h, i, j, k, l]}}, args: {x: $x}}]
     |                                                                      ^
note: p.yaml:3:107: $x is used here, by args.x
note: numbers.small(x: u8) -> u8, in libnumbers.so 1.0.0
p.yaml:3:73: error[E0401]: args.x: f does not fit u8: not an integer
   3 | steps: [{id: a, call: numbers.small, each: {x: {values: [a, b, c, d, e, f, g, h, i, j, k, l]}}, args: {x: $x}}]
     |                                                                         ^
note: p.yaml:3:107: $x is used here, by args.x
note: numbers.small(x: u8) -> u8, in libnumbers.so 1.0.0
p.yaml:3:76: error[E0401]: args.x: g does not fit u8: not an integer
   3 | steps: [{id: a, call: numbers.small, each: {x: {values: [a, b, c, d, e, f, g, h, i, j, k, l]}}, args: {x: $x}}]
     |                                                                            ^
note: p.yaml:3:107: $x is used here, by args.x
note: numbers.small(x: u8) -> u8, in libnumbers.so 1.0.0
p.yaml:3:79: error[E0401]: args.x: h does not fit u8: not an integer
   3 | steps: [{id: a, call: numbers.small, each: {x: {values: [a, b, c, d, e, f, g, h, i, j, k, l]}}, args: {x: $x}}]
     |                                                                               ^
note: p.yaml:3:107: $x is used here, by args.x
note: numbers.small(x: u8) -> u8, in libnumbers.so 1.0.0
p.yaml:3:82: error[E0401]: args.x: i does not fit u8: not an integer
   3 | steps: [{id: a, call: numbers.small, each: {x: {values: [a, b, c, d, e, f, g, h, i, j, k, l]}}, args: {x: $x}}]
     |                                                                                  ^
note: p.yaml:3:107: $x is used here, by args.x
note: numbers.small(x: u8) -> u8, in libnumbers.so 1.0.0
p.yaml:3:85: error[E0401]: args.x: j does not fit u8: not an integer
   3 | steps: [{id: a, call: numbers.small, each: {x: {values: [a, b, c, d, e, f, g, h, i, j, k, l]}}, args: {x: $x}}]
     |                                                                                     ^
note: p.yaml:3:107: $x is used here, by args.x
note: 2 more elements of values were not looked at
note: numbers.small(x: u8) -> u8, in libnumbers.so 1.0.0
)text"},
    {"a map in a text", R"yaml(params: {m: {a: 1}}
steps: [{id: a, call: shapes.name, args: {name: "${params.m}"}}]
)yaml",
     R"text(p.yaml:4:49: error[E0410]: args.name: $params.m is a map, which cannot stand inside a text
   4 | steps: [{id: a, call: shapes.name, args: {name: "${params.m}"}}]
     |                                                 ^
note: p.yaml:3:13: $params.m is set here
)text"},
    {"params alone", R"yaml(params: {m: 1}
steps: [{id: a, call: primes.nth, args: {n: $params}}]
)yaml",
     R"text(p.yaml:4:45: error[E0301]: $params alone is no value
   4 | steps: [{id: a, call: primes.nth, args: {n: $params}}]
     |                                             ^
help: write $params.name
)text"},
};

TEST_CASE("bad pipelines") {
  for (const auto& one : rows) {
    SECTION(one.name) {
      const auto built = build(one.text);
      CHECK(config::render(built.diagnostics, built.sources) == one.rendered);
    }
  }
}

}  // namespace
}  // namespace gantry::test
