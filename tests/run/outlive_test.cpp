// The host is killed while tasks run that started programs: nothing that came of it is left.
#include <signal.h>
#include <unistd.h>

#include <catch2/catch.hpp>
#include <string>
#include <thread>

#include "run/command.hpp"

namespace {

using namespace gantry::tests;
namespace fs = std::filesystem;
using Clock = std::chrono::steady_clock;

/// Processes that were started with `text` in their words or their environment, and have not ended.
std::size_t processes_with(const std::string& text) {
  std::size_t count = 0;
  for (const auto& entry : fs::directory_iterator("/proc")) {
    if (entry.path().filename().string().find_first_not_of("0123456789") != std::string::npos) continue;
    const bool has = read_file(entry.path() / "cmdline").find(text) != std::string::npos ||
                     read_file(entry.path() / "environ").find(text) != std::string::npos;
    count += has ? 1 : 0;
  }
  return count;
}

/// Waits until `met`, at most 20 s.
template <class Met>
bool await(Met met) {
  const auto until = Clock::now() + std::chrono::seconds{20};
  while (!met()) {
    if (Clock::now() > until) return false;
    std::this_thread::sleep_for(std::chrono::milliseconds{2});
  }
  return true;
}

}  // namespace

TEST_CASE("kill -9 of the host: nothing is left of what tasks started") {
  int turn = 0;
  for (const std::string mode : {"process", "thread"}) {
    for (const std::string how :
         {"waits", "background", "daemon", "keeps_starting", "own_group", "no_signal", "stops"}) {
      if (mode == "thread" && how == "stops") continue;  // of two tasks the second would stop it again
      INFO(mode << ": " << how);
      const Folder folder;
      // What the words of its sleep and the environment of all others hold.
      const std::string word = "600." + std::to_string(getpid()) + std::to_string(100 + ++turn);
      folder.write("p.yaml",
                   "gantry: 1\nplugins: [starter]\nsteps:\n  - id: s\n    call: starter.run\n    each: {_n: "
                   "{range: [0, 2]}}\n    args: {how: " +
                       how + ", word: \"" + word + "\"}\n");
      Command command;
      command.words = {GANTRY_BUILD "/bin/gantry",
                       "run",
                       "p.yaml",
                       "--plugin-path",
                       GANTRY_BUILD "/tests/plugins",
                       "--mode",
                       mode,
                       "-j",
                       "2",
                       "--progress",
                       "none"};
      command.folder = folder.path();
      command.environment = {"GANTRY_TEST_MARK=" + word};
      Started host(command);
      REQUIRE(host.says("under way"));
      REQUIRE(await([&] { return processes_with("sleep" + std::string(1, '\0') + word) >= 1; }));
      host.signal(SIGKILL);
      CHECK(await([&] { return processes_with(word) == 0; }));
    }
  }
}

TEST_CASE("tasks cannot gain privileges") {
  const Ended ended =
      command_line({"call", "starter.may_gain_privileges", "--plugin-path", GANTRY_BUILD "/tests/plugins"});
  INFO(ended.err);
  CHECK(ended.code == 0);
  CHECK(ended.out == "false\n");
}
