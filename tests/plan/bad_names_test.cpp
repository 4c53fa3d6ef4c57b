// Bad pipelines: names, references, arguments that are missing or too many, cycles.
// What is wrong, where, and what to do, exactly as rendered; lines 1 and 2 hold the version and the plugins.
#include <catch2/catch.hpp>

#include "pipelines.hpp"

namespace gantry::test {
namespace {

const std::vector<Bad> rows{
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
help: did you mean `timeout`?
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
help: did you mean `args`?
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
help: did you mean `primes`?
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
    {"$index without each", R"yaml(steps: [{id: a, call: primes.nth, args: {n: $index}}]
)yaml",
     R"text(p.yaml:3:45: error[E0303]: the step a has no each, so its one task has no index
   3 | steps: [{id: a, call: primes.nth, args: {n: $index}}]
     |                                             ^
help: give the step an each or a zip
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
     R"text(p.yaml:5:45: error[E0302]: $a.nam: {name: str, at: {x: f64, y: f64}, tags: [str]} has no field nam; did you mean `name`?
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
    {"a part of a number", R"yaml(steps: [{id: b, call: primes.nth, each: {x: {range: [0, 3]}}, args: {n: $x.begin}}]
)yaml",
     R"text(p.yaml:3:73: error[E0302]: args.n: a number has no part `begin`
   3 | steps: [{id: b, call: primes.nth, each: {x: {range: [0, 3]}}, args: {n: $x.begin}}]
     |                                                                         ^
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

TEST_CASE("bad names") {
  check_rendered(rows);
}

}  // namespace
}  // namespace gantry::test
