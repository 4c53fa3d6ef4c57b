// A pool whose workers are threads of one process: they start, work, die and end together.
#include <algorithm>
#include <catch2/catch.hpp>
#include <csignal>
#include <set>
#include <string>

#include "crew_fixture.hpp"

using namespace pool_test;

namespace {

constexpr auto kThreads = gantry::host::Mode::thread;

std::size_t processes() {
  return Holdings::now().children.size();
}

}  // namespace

TEST_CASE("four workers are threads of one process, each with its own channel") {
  const NothingLeft check;
  Run run(4, kThreads);
  CHECK(run.pool().shares_process());
  run.pool().prestart(4);
  run.await<event::Ready>(4);
  CHECK(processes() == 1);
  std::set<unsigned> ready;
  for (const auto& each : run.of<event::Ready>()) ready.insert(gantry::host::raw(each.worker));
  CHECK(ready.size() == 4);
  for (unsigned worker = 0; worker < 4; ++worker) run.act(worker, std::vector<Todo>(1000, {Act::square, worker}));
  run.await<event::Closed>(4);
  const auto values = run.values();
  CHECK(values.size() == 4000);
  for (const auto& [index, bytes] : values) CHECK(bytes == u64_bytes((index / 1000) * (index / 1000)));
}

TEST_CASE("a thread is started when it gets work, and its process before it") {
  const NothingLeft check;
  Run run(8, kThreads);
  run.act(5, {{Act::square, 3}});
  run.await_task(0);
  CHECK(run.values().at(0) == u64_bytes(9));
  CHECK(processes() == 1);
  CHECK(run.of<event::Ready>().size() == 2);  // 0 leads
}

TEST_CASE("naps on four threads take as long as one") {
  const NothingLeft check;
  Run run(4, kThreads);
  run.pool().prestart(4);
  run.await<event::Ready>(4);
  const auto began = std::chrono::steady_clock::now();
  for (unsigned worker = 0; worker < 4; ++worker) run.act(worker, {{Act::nap, 300}});
  run.await<event::Closed>(4);
  CHECK(std::chrono::steady_clock::now() - began < 1100ms);
}

TEST_CASE("a death is every thread's: who ran is told with how many others, and all are replaced") {
  const NothingLeft check;
  const unsigned guilty = GENERATE(0U, 2U);
  CAPTURE(guilty);
  Run run(4, kThreads);
  run.pool().prestart(4);
  run.await<event::Ready>(4);
  run.act(3, {{Act::square, 6}});
  run.await_task(0);
  std::set<unsigned> running;
  for (unsigned worker = 0; worker < 3; ++worker) {
    if (worker == guilty) continue;
    run.act(worker, {{Act::sleep, 0}, {Act::square, 1}});
    running.insert(worker);
  }
  const Lease last = run.act(guilty, {{Act::nap, 200}, {Act::segfault, 0}});
  run.await<event::Lost>(4);
  for (const auto& lost : run.of<event::Lost>()) {
    const unsigned worker = gantry::host::raw(lost.worker);
    CHECK(lost.death.how == Death::How::signalled);
    CHECK(lost.death.code == SIGSEGV);
    CHECK(lost.death.sentence == "killed by SIGSEGV");
    CHECK(lost.death.tasks_run == 2);  // of the whole process
    CHECK(lost.running.has_value() == (worker == guilty || running.contains(worker)));
    CHECK(lost.others == (lost.running ? 2 : 0));
    CHECK_FALSE(lost.overdue.has_value());
    if (worker == guilty) CHECK(lost.running == last.first + 1);
  }
  CHECK(run.values().size() == 2);  // the nap was saved
  run.await<event::Ready>(8);
  CHECK(processes() == 1);
  for (unsigned worker = 0; worker < 4; ++worker) run.act(worker, {{Act::square, 2}});
  run.await<event::Closed>(5);
  CHECK(run.of<event::Lost>().size() == 4);
}

TEST_CASE("who runs alone in the process is the only one to blame") {
  const NothingLeft check;
  Run run(3, kThreads);
  run.pool().prestart(3);
  run.await<event::Ready>(3);
  run.act(1, {{Act::exit_now, 4}});
  run.await<event::Lost>(3);
  for (const auto& lost : run.of<event::Lost>()) {
    CHECK(lost.others == 0);
    CHECK(lost.running.has_value() == (lost.worker == WorkerIndex{1}));
  }
}

TEST_CASE("a time limit kills the process: the overdue task is named to the others") {
  const NothingLeft check;
  Run run(3, kThreads);
  run.pool().prestart(3);
  run.await<event::Ready>(3);
  const Lease calm = run.act(0, {{Act::sleep, 0}});
  const Lease late = run.act(2, {{Act::spin, 0}}, 200ms);
  run.await<event::Lost>(3);
  for (const auto& lost : run.of<event::Lost>()) {
    if (lost.worker == WorkerIndex{2}) {
      CHECK(lost.death.how == Death::How::timed_out);
      CHECK(lost.running == late.first);
      CHECK_FALSE(lost.overdue.has_value());
      continue;
    }
    CHECK(lost.death.how == Death::How::signalled);
    REQUIRE(lost.overdue.has_value());
    CHECK(lost.overdue->index == late.first);
    CHECK(lost.overdue->step == late.step);
    if (lost.worker == WorkerIndex{0}) CHECK(lost.running == calm.first);
  }
}

TEST_CASE("a thread that closes every descriptor ends its process") {
  const NothingLeft check;
  Run run(2, kThreads);
  run.act(1, {{Act::close_all, 0}});
  run.await<event::Lost>(2);
  const auto all = run.of<event::Lost>();
  // The host sees a channel closed and kills it, or a thread sees it first and ends all: either is told of both.
  for (const auto& lost : all) {
    INFO(lost.death.sentence);
    CHECK((lost.death.how == Death::How::protocol || lost.death.how == Death::How::exited));
  }
  run.await<event::Ready>(4);
}

TEST_CASE("what threads print is of no task, and is here before their leases are over") {
  const NothingLeft check;
  Run run(3, kThreads);
  for (unsigned worker = 0; worker < 3; ++worker) run.act(worker, std::vector<Todo>(5, {Act::print, worker}));
  run.await<event::Closed>(3);
  std::string all = run.printed();
  for (unsigned worker = 0; worker < 3; ++worker) {
    const std::string line = "printed by " + std::to_string(worker) + "\n";
    int found = 0;
    for (std::size_t at = 0; (at = all.find(line, at)) != std::string::npos; at += line.size()) ++found;
    CHECK(found == 5);
  }
  for (const auto& printed : run.of<event::Printed>()) CHECK(printed.count == 0);
}

TEST_CASE("a task that prints and does not end is heard, and one that floods does not block") {
  const NothingLeft check;
  Run run(2, kThreads);
  run.act(0, {{Act::print_and_sleep, 8}});
  run.await_until([&] { return run.printed().find("printed by 8\n") != std::string::npos; });
  run.act(1, {{Act::flood, 3'000'000}});
  run.await<event::Closed>(1);
  CHECK(run.printed().size() >= 3'000'000);
}

TEST_CASE("stop ends idle threads in good order and running ones at once") {
  const NothingLeft check;
  SECTION("idle") {
    Run run(4, kThreads);
    run.pool().prestart(4);
    run.await<event::Ready>(4);
    const auto began = std::chrono::steady_clock::now();
    run.end();
    CHECK(std::chrono::steady_clock::now() - began < 1s);
  }
  SECTION("one runs") {
    const unsigned busy = GENERATE(0U, 3U);
    Run run(4, kThreads);
    run.pool().prestart(4);
    run.await<event::Ready>(4);
    run.act(busy, {{Act::spin, 0}});
    run.pool().stop(50ms);
    CHECK(processes() == 0);
  }
  SECTION("none is ready yet") {
    Run run(4, kThreads);
    run.pool().prestart(4);
    run.end();
  }
}

TEST_CASE("sixty-four threads") {
  const NothingLeft check;
  Run run(64, kThreads);
  for (unsigned worker = 0; worker < 64; ++worker) run.act(worker, std::vector<Todo>(50, {Act::square, worker}));
  run.await<event::Closed>(64);
  CHECK(run.values().size() == 64UL * 50);
  CHECK(processes() == 1);
}
