// Data that lacks what an argument asks for, and elements without a value: the tasks that ask for them fail or are
// skipped, and no others.
#include <catch2/catch.hpp>
#include <csignal>
#include <nlohmann/json.hpp>
#include <thread>

#include "run/command.hpp"

namespace {

using namespace gantry::tests;

const std::string plugin = GANTRY_BUILD "/tests/plugins/libdice.so";
const std::string head = "gantry: 1\nplugins: [" + plugin + "]\nsteps:\n";

struct Row {
  const char* name;
  std::string steps;
  std::string out;
};

const std::vector<Row> rows{
    {"an element past a list's end, the number of tasks known",
     "- {id: l, call: dice.list, args: {n: 3}}\n"
     "- {id: bad, call: dice.add, each: {i: {range: [0, 2]}}, args: {a: $i, b: $l.7}}\n"
     "- {id: good, call: dice.add, each: {i: {range: [0, 2]}}, args: {a: $i}}\n",
     "bad[0] ! argument: this [u64] has 3 elements, so no .7\n"
     "bad[1] ! argument: this [u64] has 3 elements, so no .7\n"
     "good[0] = 1\ngood[1] = 2\n"},
    {"the same, and not known",
     "- {id: l, call: dice.list, args: {n: 3}}\n"
     "- {id: bad, call: dice.add, each: {i: $l}, args: {a: $i, b: $l.7}}\n"
     "- {id: good, call: dice.add, each: {i: {range: [0, 2]}}, args: {a: $i}}\n",
     "bad[0] ! argument: this [u64] has 3 elements, so no .7\n"
     "bad[1] ! argument: this [u64] has 3 elements, so no .7\n"
     "bad[2] ! argument: this [u64] has 3 elements, so no .7\n"
     "good[0] = 1\ngood[1] = 2\n"},
    {"a result past a step's last task, in a text",
     "- {id: l, call: dice.list, args: {n: 2}}\n"
     "- {id: e, call: dice.add, each: {x: $l}, args: {a: $x}}\n"
     "- {id: t, call: dice.join, args: {a: \"${e.9}\"}}\n"
     "- {id: u, call: dice.join, args: {a: $t}}\n",
     "u ! skipped: t has no value\n"},
    {"a step of no task prepares nothing",
     "- {id: none, call: dice.list, args: {n: 0}}\n"
     "- {id: a, call: dice.add, each: {x: $none}, args: {a: $x, b: $none.0}}\n"
     "- {id: b, call: dice.add, each: {x: {range: [0, 0]}}, args: {a: $x, b: $none.0}}\n"
     "- {id: c, call: dice.add, args: {a: 1}}\n",
     "c = 2\n"},
    {"a pinned value past a step's last task",
     "- {id: l, call: dice.list, args: {n: 2}}\n"
     "- {id: boxes, call: dice.box, each: {x: $l}, args: {n: $x}}\n"
     "- {id: seen, call: dice.look, args: {b: $boxes.5}}\n",
     "seen ! argument: there is no task 5: the step has 2\n"},
    {"one row of a written list",
     "- {id: l, call: dice.list, args: {n: 2}}\n"
     "- {id: a, call: dice.odd, each: {n: {range: [0, 2]}}, args: {n: $n}}\n"
     "- {id: r, call: dice.add, each: {x: {values: [$l.0, $l.4, $a.0, $a.1, 9]}}, args: {a: $x}}\n",
     "r[0] = 3\nr[1] ! argument: this [u64] has 2 elements, so no .4\nr[2] ! skipped: a[0] has no value\n"
     "r[3] = 2\nr[4] = 10\n"},
    {"a written list whose row was skipped without a start",
     "- {id: b, call: dice.odd_box, args: {n: 24}}\n"
     "- {id: s, call: dice.look, args: {b: $b}}\n"
     "- {id: t, call: dice.table, each: {x: {values: [$s, 1]}}, args: {n: $x}}\n",
     "t[0] ! skipped: b has no value\nt[1] = {\"k1\":0}\n"},
    {"single elements are a set of elements",
     "- {id: a, call: dice.odd, each: {n: {values: [1, 3, 4]}}, args: {n: $n}}\n"
     "- {id: both, call: dice.add, args: {a: $a.0, b: $a.1}}\n"
     "- {id: bad, call: dice.add, args: {a: $a.0, b: $a.2}}\n",
     "both = 4\nbad ! skipped: a[2] has no value\n"},
    {"a product",
     "- {id: a, call: dice.odd, each: {n: {values: [1, 4, 3]}}, args: {n: $n}}\n"
     "- {id: p, call: dice.add, each: {x: $a, y: {range: [0, 2]}}, args: {a: $x, b: $y}}\n"
     "- {id: q, call: dice.add, each: {z: $p}, args: {a: $z}}\n",
     "q[0] = 2\nq[1] = 3\nq[2…3] ! skipped: a[1] has no value\nq[4] = 4\nq[5] = 5\n"},
    {"groups",
     "- {id: a, call: dice.odd, each: {n: {values: [1, 3, 4, 6, 5]}}, args: {n: $n}}\n"
     "- {id: g, call: dice.sum, each: {x: {groups: [$a, 2]}}, args: {values: $x}}\n",
     "g[0] = 6761\ng[1] ! skipped: a[2] has no value\ng[2] = 222\n"},
    {"pinned values in a product",
     "- {id: boxes, call: dice.odd_box, each: {n: {values: [1, 4]}}, args: {n: $n}}\n"
     "- {id: seen, call: dice.look, each: {b: $boxes, y: {range: [0, 2]}}, args: {b: $b, k: $y}}\n",
     "seen[0] (y=0) = 1\nseen[1] (y=1) = 2\nseen[2…3] ! skipped: boxes[1] has no value\n"},
};

}  // namespace

TEST_CASE("what data lack is the matter of the tasks that ask for it") {
  for (const Row& row : rows) {
    DYNAMIC_SECTION(row.name) {
      const Folder folder;
      const std::string file = folder.write("p.yaml", head + row.steps);
      for (const char* workers : {"1", "3"}) {
        const Ended ended = command_line({"run", file, "-j", workers});
        INFO(ended.err);
        CHECK(ended.out == row.out);
        CHECK(ended.code == (row.out.find('!') == std::string::npos ? 0 : 1));
      }
      const Ended as_json = command_line({"run", file, "-o", "json"});
      CHECK(nlohmann::json::accept(as_json.out));
    }
  }
}

TEST_CASE("a step of 3 million tasks that all lack an argument fails within seconds, and a signal ends a larger one") {
  const Folder folder;
  const std::string steps =
      "- {id: l, call: dice.list, args: {n: 3}}\n"
      "- {id: bad, call: dice.add, each: {i: {range: [0, ";
  const std::string file = folder.write("p.yaml", head + steps + "3000000]}}, args: {a: $i, b: $l.7}}\n");
  Command command;
  command.words = {GANTRY_BUILD "/bin/gantry", "run", file, "-o", "digest"};
  command.limit = std::chrono::seconds(60);
  const Ended ended = run(command);
  CHECK(ended.code == 1);
  CHECK(ended.out.find("3000000 error") != std::string::npos);

  const std::string endless = folder.write("q.yaml", head + steps + "9000000000000000]}}, args: {a: $i, b: $l.7}}\n");
  command.words = {GANTRY_BUILD "/bin/gantry", "run", endless, "-o", "none"};
  Started started(command);
  std::this_thread::sleep_for(std::chrono::milliseconds(300));
  started.signal(SIGINT);
  started.signal(SIGINT);
  CHECK(started.wait().code == 130);
}

TEST_CASE("all of 3 million tasks that use an element without a value are skipped, window after window") {
  const Folder folder;
  const std::string file =
      folder.write("p.yaml", head +
                                 "- {id: a, call: dice.odd, each: {n: {values: [4]}}, args: {n: $n}}\n"
                                 "- {id: p, call: dice.add, each: {x: $a, y: {range: [0, 3000000]}}, args: {a: $x, b: "
                                 "$y}}\n");
  const Ended ended = command_line({"run", file, "-o", "digest"});
  INFO(ended.err);
  CHECK(ended.code == 1);
  CHECK(ended.out.find("3000000 skipped") != std::string::npos);
}

TEST_CASE("who waits in a queue is not told of a deadlock while a step of no tasks is still to be sized") {
  const Folder folder;
  const std::string file = folder.write(
      "p.yaml", "gantry: 1\nplugins: [" + plugin + "]\nshared: {q: {queue: u64, values: [1, 2]}}\nsteps:\n" +
                    "- {id: n, call: dice.sum, args: {values: [27, 8]}}\n"
                    "- {id: none, call: dice.minus, each: {_x: {range: [$n, 7]}, y: {range: [4, 8]}}, args: {a: $y}}\n"
                    "- {id: fed, call: dice.feed, each: {_x: $none}, args: {to: $shared.q, n: $n}}\n"
                    "- {id: all, call: dice.drain, args: {from: $shared.q}}\n");
  for (const char* workers : {"1", "2", "4"}) {
    const Ended ended = command_line({"run", file, "-j", workers});
    INFO(ended.err);
    CHECK(ended.out == "all = 3\n");
    CHECK(ended.code == 0);
  }
}
