// Bad pipelines: pinned values and open files where they cannot be, or not together. What is wrong, where, and what to
// do, exactly as rendered; lines 1 and 2 hold the version and the plugins.
#include <catch2/catch.hpp>

#include "pinned.hpp"

namespace gantry::test {
namespace {

const std::vector<Bad> rows{
    {"values pinned by two steps in one task", R"yaml(steps:
- {id: dbs, call: db.open, each: {n: {range: [0, 3]}}, args: {path: x, n: $n}}
- {id: one, call: db.open, args: {path: y}}
- {id: u1, call: db.query, each: {d: $dbs}, args: {session: $d}}
- {id: u2, call: db.query, args: {session: $one}}
- {id: a, call: db.both, args: {a: $one, b: $dbs.0}}
)yaml",
     R"text(p.yaml:8:45: error[E0431]: args.b: a wants what one and dbs[0] pin, which may be in two workers
   8 | - {id: a, call: db.both, args: {a: $one, b: $dbs.0}}
     |                                             ^
note: p.yaml:8:36: args.a is given here
note: p.yaml:5:19: one is db.open(path: str, n: u64 = 0) -> pin<db.session>, in libdb.so 1.0.0
note: p.yaml:4:19: dbs is the list of all results of db.open(path: str, n: u64 = 0) -> pin<db.session>, in libdb.so 1.0.0
help: a task runs in one worker: let one task make both, or make one from the other, or pass results as values
)text"},
    {"two values of one step in one task", R"yaml(steps:
- {id: dbs, call: db.open, each: {n: {range: [0, 3]}}, args: {path: x, n: $n}}
- {id: one, call: db.open, args: {path: y}}
- {id: u1, call: db.query, each: {d: $dbs}, args: {session: $d}}
- {id: u2, call: db.query, args: {session: $one}}
- {id: a, call: db.both, args: {a: $dbs.0, b: $dbs.1}}
)yaml",
     R"text(p.yaml:8:47: error[E0431]: args.b: a wants what dbs[0] and dbs[1] pin, which may be in two workers
   8 | - {id: a, call: db.both, args: {a: $dbs.0, b: $dbs.1}}
     |                                               ^
note: p.yaml:8:36: args.a is given here
note: p.yaml:4:19: dbs is the list of all results of db.open(path: str, n: u64 = 0) -> pin<db.session>, in libdb.so 1.0.0
help: a task runs in one worker: let one task make both, or make one from the other, or pass results as values
)text"},
    {"a product of two steps that pin", R"yaml(steps:
- {id: dbs, call: db.open, each: {n: {range: [0, 3]}}, args: {path: x, n: $n}}
- {id: one, call: db.open, args: {path: y}}
- {id: u1, call: db.query, each: {d: $dbs}, args: {session: $d}}
- {id: u2, call: db.query, args: {session: $one}}
- {id: a, call: db.both, each: {x: $dbs, y: $dbs}, args: {a: $x, b: $y}}
)yaml",
     R"text(p.yaml:8:69: error[E0431]: args.b: a wants what dbs[$x] and dbs[$y] pin, which may be in two workers
   8 | - {id: a, call: db.both, each: {x: $dbs, y: $dbs}, args: {a: $x, b: $y}}
     |                                                                     ^
note: p.yaml:8:62: args.a is given here
note: p.yaml:4:19: dbs is the list of all results of db.open(path: str, n: u64 = 0) -> pin<db.session>, in libdb.so 1.0.0
help: a task runs in one worker: let one task make both, or make one from the other, or pass results as values
)text"},
    {"a value made from one session with another session", R"yaml(steps:
- {id: dbs, call: db.open, each: {n: {range: [0, 3]}}, args: {path: x, n: $n}}
- {id: one, call: db.open, args: {path: y}}
- {id: u1, call: db.query, each: {d: $dbs}, args: {session: $d}}
- {id: u2, call: db.query, args: {session: $one}}
- {id: st, call: db.prepare, each: {d: $dbs}, args: {session: $d}}
- {id: a, call: db.with, args: {session: $dbs.1, statement: $st.2}}
)yaml",
     R"text(p.yaml:9:61: error[E0431]: args.statement: a wants what dbs[1] and st[2] pin, which may be in two workers
   9 | - {id: a, call: db.with, args: {session: $dbs.1, statement: $st.2}}
     |                                                             ^
note: p.yaml:9:42: args.session is given here
note: p.yaml:4:19: dbs is the list of all results of db.open(path: str, n: u64 = 0) -> pin<db.session>, in libdb.so 1.0.0
note: p.yaml:8:18: st is the list of all results of db.prepare(session: pin<db.session>, sql: str = "x") -> pin<db.statement>, in libdb.so 1.0.0
help: a task runs in one worker: let one task make both, or make one from the other, or pass results as values
)text"},
    {"a list of all for one", R"yaml(steps:
- {id: dbs, call: db.open, each: {n: {range: [0, 3]}}, args: {path: x, n: $n}}
- {id: one, call: db.open, args: {path: y}}
- {id: u1, call: db.query, each: {d: $dbs}, args: {session: $d}}
- {id: u2, call: db.query, args: {session: $one}}
- {id: a, call: db.query, args: {session: $dbs}}
)yaml",
     R"text(p.yaml:8:43: error[E0402]: args.session: $dbs is [pin<db.session>], which is not pin<db.session>
   8 | - {id: a, call: db.query, args: {session: $dbs}}
     |                                           ^
note: p.yaml:4:19: dbs is the list of all results of db.open(path: str, n: u64 = 0) -> pin<db.session>, in libdb.so 1.0.0
note: db.query(session: pin<db.session>, n: u64 = 0) -> u64, in libdb.so 1.0.0
help: a task takes one of them: $dbs.0, or bind them with each
)text"},
    {"a pinned value for a number", R"yaml(steps:
- {id: dbs, call: db.open, each: {n: {range: [0, 3]}}, args: {path: x, n: $n}}
- {id: one, call: db.open, args: {path: y}}
- {id: u1, call: db.query, each: {d: $dbs}, args: {session: $d}}
- {id: u2, call: db.query, args: {session: $one}}
- {id: a, call: db.count, args: {n: $one}}
)yaml",
     R"text(p.yaml:8:37: error[E0402]: args.n: $one is pin<db.session>, which is not u64
   8 | - {id: a, call: db.count, args: {n: $one}}
     |                                     ^
note: p.yaml:5:19: one is db.open(path: str, n: u64 = 0) -> pin<db.session>, in libdb.so 1.0.0
note: db.count(n: u64) -> u64, in libdb.so 1.0.0
)text"},
    {"pinned values for a list of numbers", R"yaml(steps:
- {id: dbs, call: db.open, each: {n: {range: [0, 3]}}, args: {path: x, n: $n}}
- {id: one, call: db.open, args: {path: y}}
- {id: u1, call: db.query, each: {d: $dbs}, args: {session: $d}}
- {id: u2, call: db.query, args: {session: $one}}
- {id: a, call: db.sum, args: {values: $dbs}}
)yaml",
     R"text(p.yaml:8:40: error[E0402]: args.values: $dbs is [pin<db.session>], which is not [u64]
   8 | - {id: a, call: db.sum, args: {values: $dbs}}
     |                                        ^
note: p.yaml:4:19: dbs is the list of all results of db.open(path: str, n: u64 = 0) -> pin<db.session>, in libdb.so 1.0.0
note: db.sum(values: [u64]) -> u64, in libdb.so 1.0.0
)text"},
    {"a number for a pinned value", R"yaml(steps:
- {id: dbs, call: db.open, each: {n: {range: [0, 3]}}, args: {path: x, n: $n}}
- {id: one, call: db.open, args: {path: y}}
- {id: u1, call: db.query, each: {d: $dbs}, args: {session: $d}}
- {id: u2, call: db.query, args: {session: $one}}
- {id: a, call: db.query, args: {session: 3}}
)yaml",
     R"text(p.yaml:8:43: error[E0401]: args.session: 3 does not fit pin<db.session>: it is made by a step: write $step
   8 | - {id: a, call: db.query, args: {session: 3}}
     |                                           ^
note: db.query(session: pin<db.session>, n: u64 = 0) -> u64, in libdb.so 1.0.0
)text"},
    {"a number's result for a pinned value", R"yaml(steps:
- {id: dbs, call: db.open, each: {n: {range: [0, 3]}}, args: {path: x, n: $n}}
- {id: one, call: db.open, args: {path: y}}
- {id: u1, call: db.query, each: {d: $dbs}, args: {session: $d}}
- {id: u2, call: db.query, args: {session: $one}}
- {id: a, call: db.query, args: {session: $u2}}
)yaml",
     R"text(p.yaml:8:43: error[E0402]: args.session: $u2 is u64, which is not pin<db.session>
   8 | - {id: a, call: db.query, args: {session: $u2}}
     |                                           ^
note: p.yaml:7:18: u2 is db.query(session: pin<db.session>, n: u64 = 0) -> u64, in libdb.so 1.0.0
note: db.query(session: pin<db.session>, n: u64 = 0) -> u64, in libdb.so 1.0.0
)text"},
    {"an index and a range for a pinned value", R"yaml(steps:
- {id: dbs, call: db.open, each: {n: {range: [0, 3]}}, args: {path: x, n: $n}}
- {id: one, call: db.open, args: {path: y}}
- {id: u1, call: db.query, each: {d: $dbs}, args: {session: $d}}
- {id: u2, call: db.query, args: {session: $one}}
- {id: a, call: db.both, each: {x: {range: [0, 2]}}, args: {a: $x, b: $index}}
)yaml",
     R"text(p.yaml:8:64: error[E0402]: args.a: $x is a whole number, which does not convert to pin<db.session>
   8 | - {id: a, call: db.both, each: {x: {range: [0, 2]}}, args: {a: $x, b: $index}}
     |                                                                ^
note: db.both(a: pin<db.session>, b: pin<db.session>) -> u64, in libdb.so 1.0.0
p.yaml:8:71: error[E0402]: args.b: $index is a whole number, which does not convert to pin<db.session>
   8 | - {id: a, call: db.both, each: {x: {range: [0, 2]}}, args: {a: $x, b: $index}}
     |                                                                       ^
note: db.both(a: pin<db.session>, b: pin<db.session>) -> u64, in libdb.so 1.0.0
)text"},
    {"a param for a pinned value", R"yaml(params: {s: x}
steps:
- {id: dbs, call: db.open, each: {n: {range: [0, 3]}}, args: {path: x, n: $n}}
- {id: one, call: db.open, args: {path: y}}
- {id: u1, call: db.query, each: {d: $dbs}, args: {session: $d}}
- {id: u2, call: db.query, args: {session: $one}}
- {id: a, call: db.query, args: {session: $params.s}}
)yaml",
     R"text(p.yaml:9:43: error[E0401]: args.session: $params.s: x does not fit pin<db.session>: it is made by a step: write $step
   9 | - {id: a, call: db.query, args: {session: $params.s}}
     |                                           ^
note: p.yaml:3:13: $params.s is set here
note: db.query(session: pin<db.session>, n: u64 = 0) -> u64, in libdb.so 1.0.0
)text"},
    {"a value of another name", R"yaml(steps:
- {id: dbs, call: db.open, each: {n: {range: [0, 3]}}, args: {path: x, n: $n}}
- {id: one, call: db.open, args: {path: y}}
- {id: u1, call: db.query, each: {d: $dbs}, args: {session: $d}}
- {id: u2, call: db.query, args: {session: $one}}
- {id: o, call: db.other}
- {id: a, call: db.query, args: {session: $o}}
)yaml",
     R"text(p.yaml:9:43: error[E0402]: args.session: $o is pin<db.other>, which is not pin<db.session>
   9 | - {id: a, call: db.query, args: {session: $o}}
     |                                           ^
note: p.yaml:8:17: o is db.other() -> pin<db.other>, in libdb.so 1.0.0
note: db.query(session: pin<db.session>, n: u64 = 0) -> u64, in libdb.so 1.0.0
)text"},
    {"an open file for a pinned value, and the other way", R"yaml(steps:
- {id: dbs, call: db.open, each: {n: {range: [0, 3]}}, args: {path: x, n: $n}}
- {id: one, call: db.open, args: {path: y}}
- {id: u1, call: db.query, each: {d: $dbs}, args: {session: $d}}
- {id: u2, call: db.query, args: {session: $one}}
- {id: f, call: db.file, args: {path: x}}
- {id: a, call: db.query, args: {session: $f}}
- {id: b, call: db.size, args: {file: $one}}
)yaml",
     R"text(p.yaml:9:43: error[E0402]: args.session: $f is fd, which is not pin<db.session>
   9 | - {id: a, call: db.query, args: {session: $f}}
     |                                           ^
note: p.yaml:8:17: f is db.file(path: str) -> fd, in libdb.so 1.0.0
note: db.query(session: pin<db.session>, n: u64 = 0) -> u64, in libdb.so 1.0.0
p.yaml:10:39: error[E0402]: args.file: $one is pin<db.session>, which is not fd
  10 | - {id: b, call: db.size, args: {file: $one}}
     |                                       ^
note: p.yaml:5:19: one is db.open(path: str, n: u64 = 0) -> pin<db.session>, in libdb.so 1.0.0
note: db.size(file: fd) -> u64, in libdb.so 1.0.0
)text"},
    {"a part of a pinned value", R"yaml(steps:
- {id: dbs, call: db.open, each: {n: {range: [0, 3]}}, args: {path: x, n: $n}}
- {id: one, call: db.open, args: {path: y}}
- {id: u1, call: db.query, each: {d: $dbs}, args: {session: $d}}
- {id: u2, call: db.query, args: {session: $one}}
- {id: a, call: db.query, args: {session: $one.x}}
)yaml",
     R"text(p.yaml:8:43: error[E0302]: $one.x: pin<db.session> has no parts to select, so no .x
   8 | - {id: a, call: db.query, args: {session: $one.x}}
     |                                           ^
note: p.yaml:5:19: one is db.open(path: str, n: u64 = 0) -> pin<db.session>, in libdb.so 1.0.0
)text"},
    {"a pinned value in a text", R"yaml(steps:
- {id: dbs, call: db.open, each: {n: {range: [0, 3]}}, args: {path: x, n: $n}}
- {id: one, call: db.open, args: {path: y}}
- {id: u1, call: db.query, each: {d: $dbs}, args: {session: $d}}
- {id: u2, call: db.query, args: {session: $one}}
- {id: a, call: db.text, args: {text: "db ${one}"}}
)yaml",
     R"text(p.yaml:8:39: error[E0410]: args.text: $one is pin<db.session>, which cannot stand inside a text
   8 | - {id: a, call: db.text, args: {text: "db ${one}"}}
     |                                       ^
)text"},
    {"a bound pinned value in a text", R"yaml(steps:
- {id: dbs, call: db.open, each: {n: {range: [0, 3]}}, args: {path: x, n: $n}}
- {id: one, call: db.open, args: {path: y}}
- {id: u1, call: db.query, each: {d: $dbs}, args: {session: $d}}
- {id: u2, call: db.query, args: {session: $one}}
- {id: a, call: db.text, each: {d: $dbs}, args: {text: "db ${d}"}}
)yaml",
     R"text(p.yaml:8:56: error[E0410]: args.text: $d is pin<db.session>, which cannot stand inside a text
   8 | - {id: a, call: db.text, each: {d: $dbs}, args: {text: "db ${d}"}}
     |                                                        ^
)text"},
    {"a pinned value among values", R"yaml(steps:
- {id: dbs, call: db.open, each: {n: {range: [0, 3]}}, args: {path: x, n: $n}}
- {id: one, call: db.open, args: {path: y}}
- {id: u1, call: db.query, each: {d: $dbs}, args: {session: $d}}
- {id: u2, call: db.query, args: {session: $one}}
- {id: a, call: db.query, each: {d: {values: [$one, $dbs.1]}}, args: {session: $d}}
)yaml",
     R"text(p.yaml:8:47: error[E0430]: args.session: $one is pin<db.session>, and no element of values
   8 | - {id: a, call: db.query, each: {d: {values: [$one, $dbs.1]}}, args: {session: $d}}
     |                                               ^
note: p.yaml:8:80: $d is used here, by args.session
note: db.query(session: pin<db.session>, n: u64 = 0) -> u64, in libdb.so 1.0.0
help: bind the step that makes them: {x: $step}
p.yaml:8:53: error[E0430]: args.session: $dbs.1 is pin<db.session>, and no element of values
   8 | - {id: a, call: db.query, each: {d: {values: [$one, $dbs.1]}}, args: {session: $d}}
     |                                                     ^
note: p.yaml:8:80: $d is used here, by args.session
note: db.query(session: pin<db.session>, n: u64 = 0) -> u64, in libdb.so 1.0.0
help: bind the step that makes them: {x: $step}
)text"},
    {"groups of pinned values", R"yaml(steps:
- {id: dbs, call: db.open, each: {n: {range: [0, 3]}}, args: {path: x, n: $n}}
- {id: one, call: db.open, args: {path: y}}
- {id: u1, call: db.query, each: {d: $dbs}, args: {session: $d}}
- {id: u2, call: db.query, args: {session: $one}}
- {id: a, call: db.query, each: {d: {groups: [$dbs, 2]}}, args: {session: $d}}
)yaml",
     R"text(p.yaml:8:75: error[E0402]: args.session: $d is a group, a list, which does not convert to pin<db.session>
   8 | - {id: a, call: db.query, each: {d: {groups: [$dbs, 2]}}, args: {session: $d}}
     |                                                                           ^
note: db.query(session: pin<db.session>, n: u64 = 0) -> u64, in libdb.so 1.0.0
)text"},
    {"elements of one pinned value", R"yaml(steps:
- {id: dbs, call: db.open, each: {n: {range: [0, 3]}}, args: {path: x, n: $n}}
- {id: one, call: db.open, args: {path: y}}
- {id: u1, call: db.query, each: {d: $dbs}, args: {session: $d}}
- {id: u2, call: db.query, args: {session: $one}}
- {id: a, call: db.query, each: {d: $one}, args: {session: $d}}
)yaml",
     R"text(p.yaml:8:37: error[E0407]: $one is pin<db.session>, and only the elements of a list can be bound
   8 | - {id: a, call: db.query, each: {d: $one}, args: {session: $d}}
     |                                     ^
note: p.yaml:5:19: one is db.open(path: str, n: u64 = 0) -> pin<db.session>, in libdb.so 1.0.0
)text"},
    {"a pinned value as a bound", R"yaml(steps:
- {id: dbs, call: db.open, each: {n: {range: [0, 3]}}, args: {path: x, n: $n}}
- {id: one, call: db.open, args: {path: y}}
- {id: u1, call: db.query, each: {d: $dbs}, args: {session: $d}}
- {id: u2, call: db.query, args: {session: $one}}
- {id: a, call: db.count, each: {n: {range: [0, $one]}}, args: {n: $n}}
)yaml",
     R"text(p.yaml:8:49: error[E0406]: range wants whole numbers, and $one is pin<db.session>
   8 | - {id: a, call: db.count, each: {n: {range: [0, $one]}}, args: {n: $n}}
     |                                                 ^
note: p.yaml:5:19: one is db.open(path: str, n: u64 = 0) -> pin<db.session>, in libdb.so 1.0.0
)text"},
    {"a pinned value is asked for as output", R"yaml(steps:
- {id: dbs, call: db.open, each: {n: {range: [0, 3]}}, args: {path: x, n: $n}}
- {id: one, call: db.open, args: {path: y}, output: true}
- {id: u1, call: db.query, each: {d: $dbs}, args: {session: $d}}
- {id: u2, call: db.query, args: {session: $one}}
)yaml",
     R"text(p.yaml:5:53: error[E0432]: output: one gives pin<db.session>, which cannot be printed
   5 | - {id: one, call: db.open, args: {path: y}, output: true}
     |                                                     ^
note: p.yaml:5:19: one is db.open(path: str, n: u64 = 0) -> pin<db.session>, in libdb.so 1.0.0
help: leave out output, and print what is made from it
)text"},
    {"a pinned value that no step uses", R"yaml(steps:
- {id: dbs, call: db.open, args: {path: x}}
)yaml",
     R"text(p.yaml:4:19: error[E0432]: no step uses dbs, and its pin<db.session> cannot be printed
   4 | - {id: dbs, call: db.open, args: {path: x}}
     |                   ^
note: p.yaml:4:19: dbs is db.open(path: str, n: u64 = 0) -> pin<db.session>, in libdb.so 1.0.0
help: use it in another step; or write output: false
)text"},
    {"an open file that no step uses", R"yaml(steps:
- {id: f, call: db.file, args: {path: x}}
)yaml",
     R"text(p.yaml:4:17: error[E0432]: no step uses f, and its fd cannot be printed
   4 | - {id: f, call: db.file, args: {path: x}}
     |                 ^
note: p.yaml:4:17: f is db.file(path: str) -> fd, in libdb.so 1.0.0
help: use it in another step; or write output: false
)text"},
    {"a chunk of values to be pinned", R"yaml(steps:
- {id: dbs, call: db.open, each: {n: {range: [0, 3]}}, args: {path: x, n: $n}, chunk: 4}
- {id: u1, call: db.query, each: {d: $dbs}, args: {session: $d}}
)yaml",
     R"text(p.yaml:4:87: error[E0433]: chunk: dbs gives pin<db.session>, so its tasks are leased one by one
   4 | - {id: dbs, call: db.open, each: {n: {range: [0, 3]}}, args: {path: x, n: $n}, chunk: 4}
     |                                                                                       ^
help: leave out chunk
)text"},
    {"retries of tasks that change", R"yaml(steps:
- {id: dbs, call: db.open, each: {n: {range: [0, 3]}}, args: {path: x, n: $n}}
- {id: one, call: db.open, args: {path: y}}
- {id: u1, call: db.query, each: {d: $dbs}, args: {session: $d}}
- {id: u2, call: db.query, args: {session: $one}}
- {id: a, call: db.change, args: {session: $one}, retries: 2}
)yaml",
     R"text(p.yaml:8:60: error[E0433]: retries: a changes what is pinned, so its tasks never start twice
   8 | - {id: a, call: db.change, args: {session: $one}, retries: 2}
     |                                                            ^
help: leave out retries
)text"},
};

}  // namespace

TEST_CASE("pinned values and open files where they cannot be") {
  for (const Bad& row : rows) {
    INFO(row.name);
    const Built built = build_pinned(row.text);
    CHECK(config::render(built.diagnostics, built.sources) == row.rendered);
  }
}

}  // namespace gantry::test
