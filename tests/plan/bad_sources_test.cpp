// Bad pipelines: sources, their bounds and elements, and what stands inside texts.
// What is wrong, where, and what to do, exactly as rendered; lines 1 and 2 hold the version and the plugins.
#include <catch2/catch.hpp>

#include "pipelines.hpp"

namespace gantry::test {
namespace {

const std::vector<Bad> rows{
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
    {"a list in a text", R"yaml(steps:
  - {id: a, call: primes.find, args: {low: 1}}
  - {id: b, call: shapes.name, args: {name: "n-${a}"}}
)yaml",
     R"text(p.yaml:5:45: error[E0410]: args.name: $a is [u64], which cannot stand inside a text
   5 |   - {id: b, call: shapes.name, args: {name: "n-${a}"}}
     |                                             ^
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
    {"a part of a group",
     R"yaml(steps: [{id: b, call: primes.nth, each: {x: {groups: [{range: [0, 3]}, 2]}}, args: {n: $x.0}}]
)yaml",
     R"text(p.yaml:3:88: error[E0302]: args.n: $x.0: a group is a list and is passed whole
   3 | steps: [{id: b, call: primes.nth, each: {x: {groups: [{range: [0, 3]}, 2]}}, args: {n: $x.0}}]
     |                                                                                        ^
help: write $x
)text"},
    {"a field that elements do not have", R"yaml(steps:
  - {id: a, call: shapes.make, each: {i: {range: [0, 2]}}, args: {i: $i}}
  - {id: b, call: shapes.name, each: {x: $a}, args: {name: $x.nam}}
)yaml",
     R"text(p.yaml:5:60: error[E0302]: args.name: $x.nam: {name: str, at: {x: f64, y: f64}, tags: [str]} has no field nam; did you mean `name`?
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
};

TEST_CASE("bad sources") {
  check_rendered(rows);
}

}  // namespace
}  // namespace gantry::test
