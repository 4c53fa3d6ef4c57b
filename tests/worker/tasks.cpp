#include <fmt/format.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <catch2/catch.hpp>
#include <cstdio>
#include <cstring>
#include <fstream>
#include <numeric>

#include "wire/layout.hpp"
#include "worker/driver.hpp"
#include "worker/seed.hpp"

using namespace gantry;
using tests::counting;
using tests::Driver;
using tests::rows;
using tests::text;
using tests::u64s;

TEST_CASE("a worker says hello, loads, and is ready") {
  Driver driver({tests::plugin_file("well"), tests::plugin_file("bad_magic")});
  REQUIRE(driver.said().size() == 4);
  CHECK(std::holds_alternative<wire::Hello>(driver.said()[0]));
  const auto& loaded = std::get<wire::Loaded>(driver.said()[1]);
  CHECK(loaded.plugin.name == "well");
  CHECK(loaded.plugin.version == "1.2.3");
  CHECK(loaded.plugin.functions.size() == 13);
  CHECK(loaded.plugin.functions[3].signature.parameters[0].fallback == "3");
  CHECK(to_text(loaded.plugin.functions[12].signature) == "(x: u64) -> u64");
  CHECK(std::get<wire::Refused>(driver.said()[2]).position == 1);
}

TEST_CASE("values of run and of run_many, from a template and from rows, are the same") {
  Driver driver;
  constexpr std::uint64_t tasks = 100000;
  std::vector<std::uint64_t> squares(tasks);
  for (std::uint64_t i = 0; i < tasks; ++i) squares[i] = (i + 7) * (i + 7);
  CHECK(tests::numbers(driver.run(driver.chunk("square", 7, tasks, counting()))) == squares);
  CHECK(tests::numbers(driver.run(driver.chunk("spelled", 7, tasks, counting()))) == squares);
  std::vector<signature::Bytes> each;
  each.reserve(1000);
  for (std::uint64_t i = 0; i < 1000; ++i) each.push_back(u64s({i + 7}));
  squares.resize(1000);
  CHECK(tests::numbers(driver.run(driver.chunk("square", 7, 1000, rows(each)))) == squares);
  CHECK(driver.channel().tasks_run() == 2 * tasks + 1000);
}

TEST_CASE("a slot that divides and wraps fills every row as its formula says") {
  Driver driver;
  const signature::Slot slot{0, 5, 3, 1000, 4, 6, signature::Kind::u64, false};
  const auto events = driver.run(driver.chunk("square", 9, 200, signature::Template{u64s({0}), {slot}}));
  const auto found = tests::numbers(events);
  REQUIRE(found.size() == 200);
  for (std::uint64_t i = 0; i < 200; ++i) {
    const std::uint64_t k = (i + 9) / 4 % 6;
    const std::uint64_t x = k == 5 ? 1000 : 5 + 3 * k;
    REQUIRE(found[i] == x * x);
  }
}

TEST_CASE("errors are their task's own") {
  struct Row {
    std::string function;
    std::uint64_t first;
    std::uint64_t count;
    std::variant<signature::Template, schedule::Rows> arguments;
    std::string outcomes;
  };
  const std::string odd = "!odd: an odd number has no half ";
  const std::string misfit = "!result: the function gave bytes that are not its result type: ";
  // Room for 16 KiB and their length, in whole pages of the window.
  const auto page = static_cast<std::uint64_t>(::sysconf(_SC_PAGESIZE));
  const std::uint64_t length_size = sizeof(std::uint64_t);
  const std::uint64_t room = (16384 + length_size + page - 1) / page * page - length_size;
  const Row table[] = {
      {"half", 0, 4, counting(), "0:ok 1" + odd + "2:ok 3" + odd + "closed"},
      {"half", 98, 3, counting(),
       "98:ok 99" + odd + "100" + misfit + "run_many says it succeeded, but ended after 0 of 1 tasks closed"},
      {"lie", 0, 1, counting(), "0:ok closed"},
      {"lie", 7, 1, counting(), "7:ok closed"},
      {"lie", 2, 1, counting(),
       "2" + misfit + fmt::format("it says that it wrote {} bytes into room for {} closed", room + 1, room)},
      {"lie", 3, 1, counting(), "3!plugin: the function returned the status 7, which means nothing closed"},
      {"lie", 4, 1, counting(), "4!error: the function failed and did not say why closed"},
      {"lie", 5, 1, counting(), "5!result: the function gave two results closed"},
      {"lie", 6, 1, counting(), "6!too-large: the result has 4294967296 bytes; the most is 4294967295 closed"},
      {"lie", 8, 1, counting(), "8!error: no kind closed"},
  };
  for (const Row& row : table) {
    Driver driver;
    const auto events = driver.run(driver.chunk(row.function, row.first, row.count, row.arguments));
    CHECK(tests::outcomes(events) == row.outcomes);
  }
}

TEST_CASE("bytes that are not the result's type fail their task alone") {
  Driver driver;
  const std::string one = tests::outcomes(driver.run(driver.chunk("lie", 1, 1, counting())));
  CHECK(one.starts_with("1!result: the function gave bytes that are not its result type: "));
  CHECK(one.ends_with(" closed"));
  // Each third bool is 2; the others are delivered, whatever the batches were.
  const auto events = driver.run(driver.chunk("truth", 0, 3000, counting()));
  std::vector<std::string> found(3000, "lost");
  for (const auto& event : events) {
    if (const auto* values = std::get_if<schedule::event::Values>(&event)) {
      for (std::uint64_t i = 0; i < values->count; ++i) {
        found.at(values->first + i) = values->bytes.at(i) == std::byte{1} ? "true" : "false";
      }
    } else if (const auto* failed = std::get_if<schedule::event::Failed>(&event)) {
      found.at(failed->index) = failed->kind;
    }
  }
  const std::string expected[] = {"false", "true", "result"};
  for (std::size_t i = 0; i < found.size(); ++i) REQUIRE(found[i] == expected[i % 3]);
}

TEST_CASE("results of every size around the borders arrive whole") {
  Driver driver;
  const std::uint64_t segment = wire::segment_cap;
  const std::uint64_t sizes[] = {0,
                                 1,
                                 16 * 1024 - 8,
                                 16 * 1024 - 7,
                                 segment - 8,
                                 segment - 7,
                                 segment,
                                 segment + 1,
                                 3 * segment,
                                 wire::window_capacity - 16,
                                 wire::window_capacity + 1,
                                 std::uint64_t{20} << 20};
  for (const std::uint64_t size : sizes) {
    CAPTURE(size);
    const auto events = driver.run(driver.chunk("repeat", 0, 3, rows({u64s({size}), u64s({5}), u64s({size})})));
    CHECK(tests::outcomes(events) == "0:ok 1:ok 2:ok closed");
    std::vector<std::uint64_t> lengths;
    signature::Bytes all;
    for (const auto& event : events) {
      if (const auto* values = std::get_if<schedule::event::Values>(&event)) {
        lengths.insert(lengths.end(), values->lengths.begin(), values->lengths.end());
        signature::append(all, values->content());
      }
    }
    REQUIRE(lengths == std::vector<std::uint64_t>{size + 8, 13, size + 8});
    REQUIRE(all.size() == 2 * size + 29);
    for (const std::uint64_t start : {std::uint64_t{8}, size + 8 + 13 + 8}) {
      bool good = true;
      for (std::uint64_t k = 0; k < size; ++k) good = good && all[start + k] == std::byte(k % 251);
      CHECK(good);
    }
  }
}

TEST_CASE("a fixed result larger than a segment arrives whole") {
  Driver driver;
  signature::Template arguments{{std::byte{0}}, {{0, 0, 1, 0, 1, ~0ull, signature::Kind::u8, false}}};
  const auto events = driver.run(driver.chunk("blob", 5, 8, arguments));
  CHECK(tests::outcomes(events) == "5:ok 6:ok 7:ok 8:ok 9:ok 10:ok 11:ok 12:ok closed");
  std::uint64_t index = 5;
  for (const auto& event : events) {
    if (const auto* values = std::get_if<schedule::event::Values>(&event)) {
      CHECK(values->lengths.empty());
      REQUIRE(values->bytes.size() == 200000);
      CHECK(std::ranges::all_of(values->bytes, [&](std::byte byte) { return byte == std::byte(index); }));
      ++index;
    }
  }
}

TEST_CASE("large arguments come in a block") {
  Driver driver;
  const auto large = [](std::uint64_t size) {
    signature::Bytes row = u64s({size});
    row.resize(8 + size);
    return row;
  };
  const auto events = driver.run(driver.chunk("length", 0, 3, rows({large(1 << 20), large(0), large(70000)})));
  CHECK(tests::numbers(events) == std::vector<std::uint64_t>{1 << 20, 0, 70000});
  const auto same = driver.run(driver.chunk("length", 0, 3, signature::Template{large(100000), {}}));
  CHECK(tests::numbers(same) == std::vector<std::uint64_t>{100000, 100000, 100000});
}

TEST_CASE("prints and logs are told as their tasks'") {
  Driver driver;
  const auto spoken = driver.run(driver.chunk("speak", 4, 3, rows({text("one\n"), text("two"), text("")})));
  CHECK(tests::outcomes(spoken).find("4+1@-1\"one\n\"") != std::string::npos);
  CHECK(tests::outcomes(spoken).find("5+1@-1\"two\"") != std::string::npos);
  const auto told = driver.run(driver.chunk("tell", 1, 2, rows({text("a"), text("b")})));
  CHECK(tests::outcomes(told) == "1+1@2\"a\" 2+1@2\"b\" 1:ok 2:ok closed");
}

TEST_CASE("a task knows its index, seed and attempt, whoever runs it") {
  const auto self_of = [](std::uint64_t first, bool indexed, std::uint32_t attempt) {
    Driver driver;
    schedule::Chunk chunk = driver.chunk("self", first, 1, signature::Template{});
    tests::reassign(chunk, [&](schedule::Assignment& assignment) {
      assignment.seed = 12;
      assignment.indexed = indexed;
    });
    chunk.lease.attempt = attempt;
    return std::get<schedule::event::Values>(driver.run(chunk).at(0)).bytes;
  };
  signature::Bytes expected = u64s({8, worker::task_seed(worker::step_seed("s", 12), 8)});
  for (const int byte : {2, 0, 0, 0}) expected.push_back(std::byte(byte));
  CHECK(self_of(8, true, 2) == expected);
  expected = u64s({~0ull, worker::task_seed(worker::step_seed("s", 12), 0)});
  for (const int byte : {1, 0, 0, 0}) expected.push_back(std::byte(byte));
  CHECK(self_of(0, false, 1) == expected);
  // Fixed for ever: results of seeded tasks depend on it. The first output of SplitMix64 from 0 is published.
  CHECK(worker::splitmix64(0) == 0xE220A8397B1DCDAFu);
}

TEST_CASE("what is not claimed can be taken back while a task runs") {
  Driver driver;
  const std::string gate = "/tmp/gantry-test-gate-" + std::to_string(::getpid());
  std::remove(gate.c_str());
  const schedule::Chunk waiting = driver.chunk("wait_for", 10, 6, signature::Template{text(gate), {}});
  const schedule::Chunk behind = driver.chunk("square", 0, 4, counting());
  REQUIRE(driver.start(waiting));
  REQUIRE(driver.start(behind));
  const auto patience = std::chrono::steady_clock::now() + std::chrono::seconds(20);
  while (!driver.channel().running()) {
    REQUIRE(driver.channel().open_leases() == 2);
    REQUIRE(std::chrono::steady_clock::now() < patience);
  }
  CHECK(driver.channel().running()->index == 10);
  CHECK(driver.channel().running()->lease == waiting.lease.id);
  CHECK(driver.channel().recall(waiting.lease.id) == 11);
  CHECK(driver.channel().recall(behind.lease.id) == 0);
  REQUIRE(std::ofstream(gate));
  CHECK(tests::outcomes(driver.finish(2)) == "10:ok closedclosed");
  std::remove(gate.c_str());
  CHECK(tests::numbers(driver.run(driver.chunk("square", 3, 1, counting()))) == std::vector<std::uint64_t>{9});
}

TEST_CASE("a death leaves what was finished, and names the task that was running") {
  struct Row {
    std::uint64_t how;
    int status;
  };
  for (const Row& row : {Row{0, 0}, Row{1, SIGSEGV}, Row{2, SIGABRT}}) {
    CAPTURE(row.how);
    Driver driver;
    std::vector<schedule::Event> events = driver.run(driver.chunk("die", 0, 10, counting({0, row.how})));
    const int status = driver.wait_for_end();
    CHECK((WIFSIGNALED(status) ? WTERMSIG(status) : WEXITSTATUS(status)) >= 0);
#ifndef GANTRY_SANITIZED
    CHECK((row.status == 0 ? WIFEXITED(status) && WEXITSTATUS(status) == 0
                           : WIFSIGNALED(status) && WTERMSIG(status) == row.status));
#endif
    REQUIRE(driver.channel().receive(events));
    wire::Remains remains = driver.channel().remains();
    if (remains.values) events.emplace_back(*std::move(remains.values));
    CHECK(tests::outcomes(events) == "0:ok 1:ok 2:ok ");
    CHECK(tests::numbers(events) == std::vector<std::uint64_t>{0, 1, 2});
    CHECK(remains.lease == host::LeaseId{1});
    CHECK(remains.running == 3);
    CHECK(remains.tasks_run == 3);
    CHECK(driver.channel().open_leases() == 0);
  }
}

TEST_CASE("a death in run_many names the right task of its batch") {
  Driver driver;
  schedule::Chunk chunk = driver.chunk(
      "half", 150, 200, signature::Template{u64s({0}), {{0, 0, 2, 0, 1, ~0ull, signature::Kind::u64, false}}});
  chunk.lease.first = 60;  // the argument is 2 * index: 200 comes at index 100
  std::vector<schedule::Event> events = driver.run(chunk);
  driver.wait_for_end();
  REQUIRE(driver.channel().receive(events));
  wire::Remains remains = driver.channel().remains();
  CHECK(remains.running == 100);
  CHECK(remains.tasks_run == 40);
}

TEST_CASE("a worker killed between tasks blames nobody") {
  Driver driver;
  const auto events = driver.run(driver.chunk("square", 0, 5, counting()));
  driver.kill(SIGKILL);
  driver.wait_for_end();
  const wire::Remains remains = driver.channel().remains();
  CHECK(remains.lease == host::LeaseId{0});
  CHECK_FALSE(remains.running.has_value());
  CHECK_FALSE(remains.values.has_value());
  CHECK(remains.tasks_run == 5);
}

TEST_CASE(
    "a worker that is dismissed leaves, and one whose host hangs up ends as if killed, with all that it started") {
  Driver dismissed;
  dismissed.dismiss();
  Driver left;
  left.channel() = std::move(wire::HostChannel::make(host::WorkerIndex{1}, 9)->channel);
  const int status = left.wait_for_end();
  CHECK((WIFSIGNALED(status) && WTERMSIG(status) == SIGKILL));
}

TEST_CASE("a worker that is started by hand explains itself") {
  const std::string command = std::string(GANTRY_BUILD) + "/bin/gantry-worker 2>&1 3>&-";
  FILE* pipe = ::popen(command.c_str(), "r");
  REQUIRE(pipe != nullptr);
  std::string said(1000, '\0');
  said.resize(std::fread(said.data(), 1, said.size(), pipe));
  const int status = ::pclose(pipe);
  CHECK(WEXITSTATUS(status) == 2);
  CHECK(said ==
        "gantry-worker is started by gantry, which talks to it through descriptor 3; there is nothing to do for it "
        "here.\nTo run a pipeline: gantry run FILE\n");
}

TEST_CASE("a library that ends the process while it loads costs that process alone") {
  for (const std::string name : {"bad_aborts", "bad_exits"}) {
    Driver driver({tests::plugin_file(name)});
    REQUIRE(driver.said().size() == 1);
    CHECK(std::holds_alternative<wire::Hello>(driver.said()[0]));
    CHECK(driver.channel().hung_up());
    driver.wait_for_end();
  }
}
