// Queues, pinned values and crashes in one pipeline: what comes out does not depend on how many workers there are.
#include <catch2/catch.hpp>
#include <string>

#include "run/command.hpp"

namespace {

using namespace gantry::tests;

struct Row {
  const char* what;
  const char* shared;
  const char* steps;
  int code;
  const char* out;
};

const Row rows[] = {
    {"the consumer is ready when the value is made", "{q: {queue: u64}}",
     "  - {id: open, call: tangled.box, args: {number: 1}}\n"
     "  - {id: seen, call: tangled.look, args: {box: $open}}\n"
     "  - {id: fed, call: tangled.feed, args: {to: $shared.q, number: $seen}}\n"
     "  - {id: sum, call: tangled.drain, args: {from: $shared.q}, needs: [open]}\n",
     0, "fed = 4\nsum = 4\n"},
    {"the consumer is ready before the value is made", "{q: {queue: u64}}",
     "  - {id: open, call: tangled.box, args: {number: 1}}\n"
     "  - {id: seen, call: tangled.look, args: {box: $open}}\n"
     "  - {id: fed, call: tangled.feed, args: {to: $shared.q, number: $seen}}\n"
     "  - {id: sum, call: tangled.drain, args: {from: $shared.q}}\n",
     0, "fed = 4\nsum = 4\n"},
    {"more consumers than workers, and a value that has nothing to do with them", "{q: {queue: u64}}",
     "  - {id: open, call: tangled.box, args: {number: 1}}\n"
     "  - {id: seen, call: tangled.look, args: {box: $open}}\n"
     "  - {id: sums, call: tangled.drain, each: {id: {range: [0, 8]}}, args: {from: $shared.q, id: $id}}\n",
     0,
     "seen = 4\nsums[0] = 0\nsums[1] = 0\nsums[2] = 0\nsums[3] = 0\nsums[4] = 0\nsums[5] = 0\nsums[6] = 0\n"
     "sums[7] = 0\n"},
    {"the user of one value waits for the user of another, whose home it would hold up", "{q: {queue: u64}}",
     "  - {id: open, call: tangled.box, each: {n: {range: [0, 2]}}, args: {number: $n}}\n"
     "  - {id: sum, call: tangled.drain_at, args: {box: $open.0, from: $shared.q}}\n"
     "  - {id: fed, call: tangled.feed_from, args: {box: $open.1, to: $shared.q}}\n",
     0, "sum = 1\nfed = 1\n"},
    {"users of one value that share a queue run in the order of the file", "{q: {queue: u64}}",
     "  - {id: open, call: tangled.box, args: {number: 7}}\n"
     "  - {id: fed, call: tangled.feed_from, args: {box: $open, to: $shared.q}}\n"
     "  - {id: sum, call: tangled.drain_at, args: {box: $open, from: $shared.q}}\n",
     0, "fed = 7\nsum = 14\n"},
    {"so one that waits for a later one waits for ever, and is told so", "{q: {queue: u64}}",
     "  - {id: open, call: tangled.box, args: {number: 7}}\n"
     "  - {id: sum, call: tangled.drain_at, args: {box: $open, from: $shared.q}}\n"
     "  - {id: fed, call: tangled.feed_from, args: {box: $open, to: $shared.q}}\n",
     1,
     "sum ! deadlock: it waits for a value in q, and nobody who could put one there will: fed cannot start before sum "
     "ends\nfed = 7\n"},
};

Ended run_row(const Row& row, const std::string& workers, const std::string& mode) {
  const Folder folder;
  folder.write("p.yaml", std::string("gantry: 1\nplugins: [tangled]\n") +
                             (row.shared == nullptr ? "" : std::string("shared: ") + row.shared + "\n") + "steps:\n" +
                             row.steps);
  return command_line({"run", "p.yaml", "--plugin-path", GANTRY_BUILD "/tests/plugins", "--progress", "none", "-j",
                       workers, "--mode", mode},
                      folder.path());
}

}  // namespace

TEST_CASE("queues beside pinned values: the same for any number of workers, in both modes") {
  for (const Row& row : rows) {
    for (const char* mode : {"process", "thread"}) {
      for (const char* workers : {"1", "2", "3", "4", "6"}) {
        INFO(row.what << ", -j " << workers << ", " << mode);
        const Ended ended = run_row(row, workers, mode);
        INFO(ended.err);
        CHECK(ended.out == row.out);
        CHECK(ended.code == row.code);
      }
    }
  }
}

TEST_CASE("a task that could run elsewhere takes no changed values along when it crashes") {
  const Row row{"", nullptr,
                "  - {id: boxes, call: tangled.box, each: {n: {range: [0, 4]}}, args: {number: $n}}\n"
                "  - {id: once, call: tangled.change, each: {b: $boxes}, args: {box: $b}}\n"
                "  - {id: twice, call: tangled.change, each: {b: $boxes}, args: {box: $b}, needs: [once]}\n"
                "  - {id: crash, call: tangled.crash, each: {id: {range: [0, 5]}}, args: {id: $id}, needs: [once]}\n",
                1, ""};
  std::string lines;
  for (int i = 0; i < 4; ++i) {
    lines += "once[" + std::to_string(i) + "] = " + std::to_string(i + 3) + "\n";
    lines += "twice[" + std::to_string(i) + "] = " + std::to_string(i + 6) + "\n";
  }
  for (int i = 0; i < 5; ++i)
    lines += "crash[" + std::to_string(i) + "] ! crash: exited with status 3 in the middle of a task\n";
  for (const char* workers : {"1", "2", "4"}) {
    for (int time = 0; time < 3; ++time) {
      INFO("-j " << workers);
      const Ended ended = run_row(row, workers, "process");
      INFO(ended.err);
      CHECK(ended.out == lines);
      CHECK(ended.code == 1);
    }
  }
}
