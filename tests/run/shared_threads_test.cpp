// What tasks share, where the workers are threads of one process.
#include <catch2/catch.hpp>
#include <string>
#include <vector>

#include "run/command.hpp"

namespace {

using namespace gantry::tests;

struct Row {
  const char* name;
  const char* shared;
  const char* steps;
  const char* out;
};

Ended run_threads(const Row& row, const char* workers) {
  const Folder folder;
  folder.write("p.yaml", std::string("gantry: 1\nplugins: [sharer]\nshared:\n") + row.shared + "steps:\n" + row.steps);
  Command command;
  command.words = {(GANTRY_BUILD "/bin/gantry"),
                   "run",
                   "p.yaml",
                   "--plugin-path",
                   (GANTRY_BUILD "/tests/plugins"),
                   "--mode",
                   "thread",
                   "-j",
                   workers,
                   "--progress",
                   "none"};
  command.folder = folder.path();
  command.limit = std::chrono::seconds{30};
  return run(command);
}

}  // namespace

TEST_CASE("threads share queues and counters as processes do, and suspects of a death wait for none that waits") {
  const Row rows[] = {
      {"a consumer that waits lends its place", "  q: {queue: u64}\n",
       "  - {id: all, call: sharer.drain, args: {from: $shared.q}}\n"
       "  - {id: put, call: sharer.fill, args: {to: $shared.q, high: 3, close: true}}\n",
       "all = [0,1,2]\nput = 3\n"},
      {"increments are exact", "  hits: {counter: 0}\n  bins: {array: u64, size: 2}\n",
       "  - {id: hit, call: sharer.hit, each: {_i: {range: [0, 20]}}, args: {hits: $shared.hits, bins: $shared.bins, "
       "n: "
       "1000}, output: false}\n"
       "  - {id: sum, call: sharer.count, args: {hits: $shared.hits}, needs: [hit]}\n",
       "sum = 20000\n"},
      // The death takes the consumer along: both are suspects, and the consumer, run alone, waits for the other.
      {"who died, and who waits for it", "  q: {queue: u64, values: [7]}\n  go: {queue: u64}\n  hits: {counter: 0}\n",
       "  - {id: wait, call: sharer.grab_late, args: {from: $shared.q, go: $shared.go}, retries: 3}\n"
       "  - {id: die, call: sharer.fragile, args: {from: $shared.q, hits: $shared.hits, go: $shared.go, how: dies, "
       "until: 1}, retries: 3}\n",
       "wait = []\ndie = 7\n"},
  };
  for (const Row& row : rows) {
    for (const char* workers : {"1", "2", "4"}) {
      INFO(row.name << ", " << workers << " threads");
      const Ended ended = run_threads(row, workers);
      INFO(ended.err);
      CHECK(ended.code == 0);
      CHECK(ended.out == row.out);
    }
  }
}
