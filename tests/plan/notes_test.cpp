// What a plan says of where tasks must run.
#include "plan/notes.hpp"

#include <catch2/catch.hpp>

#include "pinned.hpp"

namespace gantry::test {
namespace {

const std::string dbs =
    "- {id: dbs, call: db.open, output: false, each: {n: {range: [0, 3]}}, args: {path: x, n: $n}}\n";
const std::string one = "- {id: one, call: db.open, output: false, args: {path: x}}\n";
const std::string pool = "- {id: pool, call: db.pool, output: false}\n";
const std::string makers =
    "its values stay in the workers that make them (pinned); the makers are spread over all workers";

}  // namespace

TEST_CASE("a plan says where the tasks of a step must run, and why") {
  struct Row {
    std::string steps;
    std::string id;
    std::vector<std::string> notes;
    host::Mode mode = host::Mode::process;
  };
  const Row table[] = {
      {"- {id: a, call: db.count, args: {n: 1}}\n", "a", {}},
      {dbs, "dbs", {makers}},
      {"- {id: dbs, call: db.open, output: false, idempotent: false, args: {path: x}}\n",
       "dbs",
       {makers, "it may not run twice: what dies with its worker is lost to later users"}},
      {dbs + "- {id: a, call: db.query, each: {d: $dbs}, args: {session: $d}}\n",
       "a",
       {"each task runs in the worker that has its value of dbs (pinned)"}},
      {dbs + "- {id: a, call: db.query, each: {n: {range: [0, 9]}}, args: {session: $dbs.2, n: $n}}\n",
       "a",
       {"all tasks run in the one worker that has dbs[2] (pinned)"}},
      {one + "- {id: a, call: db.query, each: {n: {range: [0, 9]}}, args: {session: $one, n: $n}}\n",
       "a",
       {"all tasks run in the one worker that has one (pinned)"}},
      {one + "- {id: a, call: db.both, args: {a: $one, b: $one}}\n",
       "a",
       {"all tasks run in the one worker that has one (pinned)"}},
      {one + "- {id: a, call: db.prepare, output: false, args: {session: $one}}\n",
       "a",
       {makers, "all tasks run in the one worker that has one (pinned)"}},
      {one + "- {id: a, call: db.change, each: {n: {range: [0, 9]}}, args: {session: $one, n: $n}}\n",
       "a",
       {"all tasks run in the one worker that has one (pinned)",
        "its tasks change what is pinned: they run in task order, each at most once"}},
      {pool, "pool", {"its values stay in the worker process (pinned), for any of its threads"}, host::Mode::thread},
      {pool + "- {id: a, call: db.ask, args: {pool: $pool}}\n",
       "a",
       {"any thread may run its tasks: they share pool (pinned)"},
       host::Mode::thread},
      {pool + "- {id: a, call: db.ask, args: {pool: $pool}}\n",
       "a",
       {"all tasks run in the one worker that has pool (pinned)"}},
      {"- {id: f, call: db.file, output: false, each: {n: {range: [0, 3]}}, args: {path: \"x${n}\"}}\n",
       "f",
       {"its values are open files: gantry holds each until its last user is done"}},
      {"- {id: f, call: db.file, output: false, args: {path: x}}\n- {id: a, call: db.size, args: {file: $f}}\n",
       "a",
       {"each task is given the open file of f"}},
  };
  for (const Row& row : table) {
    CAPTURE(row.steps);
    const Built built = build_pinned("steps:\n" + row.steps, row.mode);
    INFO(config::render(built.diagnostics, built.sources));
    REQUIRE(built.diagnostics.empty());
    CHECK(plan::notes(built.plan, step_of(built.plan, row.id)) == row.notes);
  }
}

}  // namespace gantry::test
