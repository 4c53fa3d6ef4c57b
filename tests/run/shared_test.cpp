// Tasks that share queues, counters and arrays: what is taken, put and added is exact, whoever dies, and nobody waits
// for ever.
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <catch2/catch.hpp>
#include <csignal>
#include <nlohmann/json.hpp>
#include <random>
#include <sstream>
#include <thread>

#include "run/command.hpp"

namespace {

using namespace gantry::tests;
using nlohmann::json;

// A thousand kills over 10^5 values take about 13 s, and were tried; these are enough to notice a loss.
// Workers that die faster than tasks end are given up, as they should be, so kills keep a distance.
constexpr int kKills = 40;
constexpr std::uint64_t kValues = 20'000;

Ended run_steps(const std::string& shared, const std::string& steps, std::vector<std::string> flags = {"-j", "2"}) {
  const Folder folder;
  folder.write("p.yaml", "gantry: 1\nplugins: [sharer]\nshared:\n" + shared + "steps:\n" + steps);
  std::vector<std::string> words{"run", "p.yaml", "--plugin-path", GANTRY_BUILD "/tests/plugins", "--progress", "none"};
  words.insert(words.end(), flags.begin(), flags.end());
  return command_line(words, folder.path());
}

std::string config(const std::string& name) {
  return GANTRY_SOURCE "/configs/" + name + ".yaml";
}

std::vector<std::uint64_t> sorted_numbers(const json& lists) {
  std::vector<std::uint64_t> all;
  for (const auto& list : lists) {
    for (const auto& number : list) all.push_back(number.get<std::uint64_t>());
  }
  std::ranges::sort(all);
  return all;
}

std::vector<std::uint64_t> numbers_below(std::uint64_t end) {
  std::vector<std::uint64_t> all(end);
  for (std::uint64_t i = 0; i < end; ++i) all[i] = i;
  return all;
}

}  // namespace

TEST_CASE("count_to: ten limits, each counted to once, in order and as done") {
  const std::vector<std::string> limits{"10641985", "15030718", "18457932", "23175604", "29884390",
                                        "33766841", "37502263", "41093275", "44219056", "48920117"};
  std::string digest;
  for (const char* workers : {"1", "2", "4"}) {
    for (const char* order : {"id", "done"}) {
      INFO(workers << " workers, order " << order);
      const Ended ended = command_line({"run", config("count_to"), "-j", workers, "--order", order});
      INFO(ended.err);
      REQUIRE(ended.code == 0);
      std::vector<std::string> found;
      std::vector<std::size_t> tasks;
      std::istringstream lines(ended.out);
      for (std::string line; std::getline(lines, line);) {
        REQUIRE(line.starts_with("counted["));
        tasks.push_back(std::stoul(line.substr(8)));
        found.push_back(line.substr(line.find(" = ") + 3));
      }
      if (order == std::string("id")) CHECK(std::ranges::is_sorted(tasks));
      std::ranges::sort(found);
      CHECK(found == limits);
    }
    const Ended digested = command_line({"run", config("count_to"), "-j", workers, "-o", "digest"});
    REQUIRE(digested.code == 0);
    CHECK(digested.out.starts_with("counted 10 ok 0 error 0 skipped 0 not-run unordered xxh3:"));
    if (digest.empty()) digest = digested.out;
    CHECK(digested.out == digest);
  }
}

TEST_CASE("a consumer that waits lends its place to the producer, also on one worker") {
  for (const char* workers : {"1", "2", "4"}) {
    INFO(workers << " workers");
    const Ended ended = run_steps("  q: {queue: u64}\n",
                                  "  - {id: make, call: sharer.fill, each: {k: {range: [0, 5]}}, "
                                  "args: {to: $shared.q, low: $k, high: 5}}\n"
                                  "  - {id: take, call: sharer.drain, each: {_k: {range: [0, 3]}}, "
                                  "args: {from: $shared.q}}\n",
                                  {"-j", workers, "-o", "json"});
    INFO(ended.err);
    REQUIRE(ended.code == 0);
    const json steps = json::parse(ended.out).at("steps");
    CHECK(steps.at("make") == json::parse("[5,4,3,2,1]"));
    CHECK(sorted_numbers(steps.at("take")) == std::vector<std::uint64_t>{0, 1, 1, 2, 2, 2, 3, 3, 3, 3, 4, 4, 4, 4, 4});
  }
}

TEST_CASE("more consumers than places wait before a producer gets one") {
  const Ended ended = run_steps("  q: {queue: u64}\n",
                                "  - {id: make, call: sharer.fill, args: {to: $shared.q, high: 300}}\n"
                                "  - {id: take, call: sharer.one, each: {_k: {range: [0, 300]}}, "
                                "args: {from: $shared.q}}\n",
                                {"-j", "1", "-o", "json"});
  INFO(ended.err);
  REQUIRE(ended.code == 0);
  CHECK(sorted_numbers(json::array({json::parse(ended.out).at("steps").at("take")})) == numbers_below(300));
}

TEST_CASE("tasks that wait for each other fail, and say who waits for what") {
  for (const char* workers : {"1", "3"}) {
    const Ended ended = run_steps("  a: {queue: u64}\n  b: {queue: u64}\n  c: {queue: u64}\n",
                                  "  - {id: left, call: sharer.relay, args: {from: $shared.a, to: $shared.b}}\n"
                                  "  - {id: right, call: sharer.relay, args: {from: $shared.b, to: $shared.a}}\n"
                                  "  - {id: wait, call: sharer.drain, args: {from: $shared.c}}\n"
                                  "  - {id: later, call: sharer.fill, args: {to: $shared.c}, needs: [wait]}\n",
                                  {"-j", workers});
    INFO(ended.err);
    CHECK(ended.code == 1);
    CHECK(
        ended.out ==
        "left ! deadlock: it waits for a value in a, and nobody who could put one there will: right waits for a value "
        "in b\n"
        "right ! deadlock: it waits for a value in b, and nobody who could put one there will: left waits for a value "
        "in a\n"
        "wait ! deadlock: it waits for a value in c, and nobody who could put one there will: later cannot start "
        "before wait ends\n"
        "later ! skipped: wait has no value\n");
  }
}

TEST_CASE("get with a time, close, put after close, large values, sums that do not fit") {
  const Ended ended = run_steps(
      "  t: {queue: str}\n  e: {queue: u64, values: [7]}\n  n: {queue: u64}\n  big: {counter: 9223372036854775800}\n"
      "  closed: {queue: u64}\n",
      "  - {id: w, call: sharer.texts, args: {to: $shared.t, length: 1000000, count: 3}}\n"
      "  - {id: l, call: sharer.lengths, args: {from: $shared.t}}\n"
      "  - {id: p, call: sharer.patient, args: {from: $shared.e, wait: 30}}\n"
      "  - {id: pn, call: sharer.patient, args: {from: $shared.n, wait: 50}}\n"
      "  - {id: keep, call: sharer.fill, args: {to: $shared.n, high: 1}, needs: [pn]}\n"
      "  - {id: push, call: sharer.push, args: {hits: $shared.big, by: 5}}\n"
      "  - {id: push2, call: sharer.push, args: {hits: $shared.big, by: 5}, needs: [push]}\n"
      "  - {id: c1, call: sharer.fill, args: {to: $shared.closed, high: 2, close: true}}\n"
      "  - {id: c2, call: sharer.fill, args: {to: $shared.closed, low: 5, high: 6}, needs: [c1]}\n"
      "  - {id: c3, call: sharer.drain, args: {from: $shared.closed}, needs: [c1]}\n"
      "  - {id: c4, call: sharer.patient, args: {from: $shared.closed, wait: 100000}, needs: [c3]}\n");
  INFO(ended.err);
  CHECK(ended.code == 1);
  CHECK(ended.out ==
        "w = 3\nl = [1000000,1000001,1000002]\np = \"7\"\npn = \"nothing\"\nkeep = 1\npush = 5\n"
        "push2 ! shared: with what it added, big does not fit counter\n"
        "c1 = 2\nc2 ! shared: it put into the queue closed, which is closed\nc3 = [0,1]\nc4 = \"ended\"\n");
}

TEST_CASE("what an attempt took goes back if it dies or is made again, and is used up by an error") {
  struct Row {
    const char* how;
    const char* more;
    const char* out;
  };
  const Row rows[] = {
      {"dies", "retries: 1", "f = 1\nrest = [2,3]\nh = 1\n"},
      {"fails", "retries: 1, retry_on: [error]", "f = 1\nrest = [2,3]\nh = 1\n"},
      {"fails", "retries: 0", "f ! sharer: says no\nrest = [2,3]\nh = 0\n"},
      {"dies", "retries: 0", "f ! crash: killed by SIGKILL\nrest = [1,2,3]\nh = 0\n"},
  };
  for (const Row& row : rows) {
    INFO(row.how << ", " << row.more);
    // `rest` and `h` go on once nobody can put into `go`: when `f` has its outcome, whatever that is.
    const Ended ended =
        run_steps("  q: {queue: u64, values: [1, 2, 3]}\n  hits: {counter: 0}\n  go: {queue: u64}\n",
                  std::string("  - {id: f, call: sharer.fragile, args: {from: $shared.q, hits: "
                              "$shared.hits, go: $shared.go, how: ") +
                      row.how + "}, " + row.more +
                      "}\n"
                      "  - {id: rest, call: sharer.grab_late, args: {from: $shared.q, go: $shared.go}}\n"
                      "  - {id: h, call: sharer.count_late, args: {hits: $shared.hits, go: $shared.go}}\n",
                  {"-j", "3"});
    INFO(ended.err);
    CHECK(ended.out == row.out);
  }
}

TEST_CASE("ten million increments from four workers are exact, and load sees what is committed and its own") {
  const Ended ended = run_steps("  hits: {counter: 5}\n  bins: {array: u64, values: [1, 2, 3, 4]}\n",
                                "  - {id: hit, call: sharer.hit, each: {_k: {range: [0, 4]}}, "
                                "args: {hits: $shared.hits, bins: $shared.bins, n: 2500000}, output: false}\n"
                                "  - {id: look, call: sharer.look, args: {hits: $shared.hits, bins: $shared.bins}, "
                                "needs: [hit]}\n",
                                {"-j", "4"});
  INFO(ended.err);
  CHECK(ended.code == 0);
  CHECK(ended.out == "look = [10000006,2500002,2500002,2500003,2500004,2500002]\n");
}

TEST_CASE("workers are killed at random: no value of the queue is lost or doubled, counters are exact") {
  const auto seed = std::random_device{}();
  INFO("seed " << seed);
  std::mt19937 random(seed);
  const Folder folder;
  folder.write("p.yaml", "gantry: 1\nplugins: [sharer]\nshared: {q: {queue: u64, each: {range: [0, " +
                             std::to_string(kValues) +
                             "]}}, hits: {counter: 0}, bins: {array: u64, size: 3}}\nsteps:\n"
                             "  - {id: g, call: sharer.grab, each: {_k: {range: [0, 400]}}, args: {from: $shared.q, "
                             "most: 50, nap: 16}}\n"
                             "  - {id: hit, call: sharer.hit, each: {_k: {range: [0, 200]}}, args: {hits: "
                             "$shared.hits, bins: $shared.bins, n: 3000, nap: 16}, output: false}\n"
                             "  - {id: look, call: sharer.look, args: {hits: $shared.hits, bins: $shared.bins}, "
                             "needs: [hit]}\n");
  const std::string marker = "GANTRY_TEST_SHARED=" + std::to_string(::getpid());
  Command command{{"run", "p.yaml", "--plugin-path", GANTRY_BUILD "/tests/plugins", "-j", "4", "-o", "json",
                   "--progress", "none", "--retries", "100000"},
                  folder.path(),
                  "",
                  false,
                  "",
                  std::chrono::seconds{120},
                  {marker}};
  command.words.insert(command.words.begin(), GANTRY_BUILD "/bin/gantry");
  Started started(command);
  std::atomic<int> kills = 0;
  std::jthread killer([&](const std::stop_token& stop) {
    while (!stop.stop_requested() && kills < kKills) {
      std::this_thread::sleep_for(std::chrono::milliseconds(20 + random() % 40));
      const auto workers = workers_marked(marker);
      if (!workers.empty() && ::kill(workers[random() % workers.size()], SIGKILL) == 0) ++kills;
    }
  });
  const Ended ended = started.wait();
  killer.request_stop();
  killer.join();
  INFO(kills.load() << " kills, stderr: " << ended.err);
  REQUIRE(ended.code == 0);
  CHECK(kills > kKills / 4);
  const json steps = json::parse(ended.out).at("steps");
  CHECK(sorted_numbers(steps.at("g")) == numbers_below(kValues));
  CHECK(steps.at("look") == json::parse("[600001,200001,200000,200000,200001]"));
}

TEST_CASE("what is wrong with shared is told at its place") {
  const Ended ended = run_steps("  q: {queue: u64}\n  lost: {counter: 0}\n",
                                "  - {id: a, call: sharer.lengths, args: {from: $shared.q}}\n"
                                "  - {id: b, call: sharer.count, args: {hits: 3}}\n"
                                "  - {id: c, call: sharer.count, args: {hits: $shared.hit}}\n");
  CHECK(ended.code == 3);
  for (const char* part :
       {"error[E0411]: args.from: $shared.q is a queue<u64>, which is not queue<str>", "p.yaml:4:3: q is declared here",
        "error[E0310]: the shared object `lost` is used by no step",
        "error[E0401]: args.hits: 3 does not fit counter: declare one under shared, and write $shared.name",
        "error[E0301]: nothing is called `hit` under shared"}) {
    INFO(part << "\n" << ended.err);
    CHECK(ended.err.find(part) != std::string::npos);
  }
}
