// Workers that are stopped, and workers that are killed, while a run goes on.
#include <signal.h>
#include <unistd.h>

#include <catch2/catch.hpp>
#include <chrono>
#include <string>
#include <thread>

#include "run/command.hpp"

namespace {

using namespace gantry::tests;
using Clock = std::chrono::steady_clock;

Command one_task(const Folder& folder, const std::string& marker, const std::string& call) {
  folder.write("p.yaml", "gantry: 1\nplugins: [unruly, sleepy]\nsteps:\n  - {id: s, " + call + "}\n");
  Command command;
  command.words = {GANTRY_BUILD "/bin/gantry",
                   "run",
                   "p.yaml",
                   "--plugin-path",
                   GANTRY_BUILD "/tests/plugins:" GANTRY_BUILD "/plugins",
                   "--progress",
                   "none",
                   "-j",
                   "1"};
  command.folder = folder.path();
  command.environment = {marker};
  return command;
}

/// Sends a signal to the worker that there is, once there is one.
void signal_worker(const std::string& marker, int number) {
  const auto until = Clock::now() + std::chrono::seconds(20);
  while (Clock::now() < until) {
    const auto workers = workers_marked(marker);
    if (!workers.empty() && ::kill(workers.front(), number) == 0) return;
  }
  FAIL("no worker in 20 s");
}

}  // namespace

TEST_CASE("a stopped worker is told by name, and its task runs again elsewhere at no cost") {
  const Folder folder;
  const std::string marker = "GANTRY_TEST_STOPPED=" + std::to_string(::getpid());
  Started host(one_task(folder, marker, "each: {_i: {range: [0, 2]}}, call: sleepy.sleep, args: {seconds: 1.5}"));
  REQUIRE(host.says("s[0] = 1.5\n"));  // so the second one runs
  signal_worker(marker, SIGSTOP);
  REQUIRE(
      host.says("s[1] | warning: worker 0 was stopped by SIGSTOP: if it does not go on within 5 s, it is killed "
                "and replaced\n"));
  SECTION("it stays stopped") {
    const Ended ended = host.wait();
    INFO(ended.err);
    CHECK(ended.code == 0);
    CHECK(ended.out == "s[0] = 1.5\ns[1] = 1.5\n");
  }
  SECTION("it goes on") {
    signal_worker(marker, SIGCONT);
    const Ended ended = host.wait();
    CHECK(ended.code == 0);
    CHECK(ended.out == "s[0] = 1.5\ns[1] = 1.5\n");
  }
}

TEST_CASE("a task that stops itself each time is to blame the second time") {
  const Folder folder;
  const Ended ended = run(one_task(folder, "GANTRY_TEST_STOPPED=self",
                                   "each: {n: {range: [0, 3]}}, call: unruly.task, args: {n: $n, bad: 1, how: stops}"));
  INFO(ended.err);
  CHECK(ended.code == 1);
  CHECK(ended.out ==
        "s[0] = 0\ns[1] ! crash: killed: it was stopped by SIGSTOP, and did not go on within 5 s\ns[2] = 2\n");
}

TEST_CASE("the first worker is killed within its first milliseconds: nothing is lost") {
  const Folder folder;
  const std::string marker = "GANTRY_TEST_FIRST=" + std::to_string(::getpid());
  for (int i = 0; i < 20; ++i) {
    Command command = one_task(folder, marker, "each: {_i: {range: [0, 3]}}, call: sleepy.sleep, args: {seconds: 0.1}");
    command.words.insert(command.words.end(), {"--retries", "3"});  // of the task that it may have begun
    Started host(command);
    signal_worker(marker, SIGKILL);
    const Ended ended = host.wait();
    INFO("try " << i << ": " << ended.err);
    CHECK(ended.code == 0);
    CHECK(ended.out == "s[0] = 0.1\ns[1] = 0.1\ns[2] = 0.1\n");
  }
}
