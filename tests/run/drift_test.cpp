// Tasks change the state of their process: later tasks do not see it, no task is lost, and a line names the tasks.
#include <catch2/catch.hpp>
#include <string>

#include "run/command.hpp"

namespace {

using namespace gantry::tests;

Ended run_text(const std::string& text, const std::vector<std::string>& flags) {
  const Folder folder;
  folder.write("p.yaml", "gantry: 1\nplugins: [drifter]\nsteps:\n" + text);
  Command command;
  command.words = {GANTRY_BUILD "/bin/gantry",    "run",        "p.yaml", "--plugin-path",
                   GANTRY_BUILD "/tests/plugins", "--progress", "none"};
  command.words.insert(command.words.end(), flags.begin(), flags.end());
  command.folder = "/";  // so that the working directory is the same for all
  command.words[2] = (folder.path() / "p.yaml").string();
  return run(command);
}

std::string steps(const std::string& how, const std::string& bad) {
  return "  - {id: s, call: drifter.change, each: {n: {range: [0, 8]}}, args: {n: $n, how: " + how + ", bad: " + bad +
         "}}\n  - {id: seen, call: drifter.state, needs: [s]}\n";
}

int count(const std::string& text, const std::string& part) {
  int found = 0;
  for (auto at = text.find(part); at != std::string::npos; at = text.find(part, at + 1)) ++found;
  return found;
}

}  // namespace

TEST_CASE("what tasks change of thread and process, later tasks do not see") {
  struct Row {
    const char* how;
    const char* line;  ///< of stderr; empty: none
    bool thread;       ///< also in thread mode
  };
  const Row rows[] = {
      {"nothing", "", true},
      {"directory", "warning: changed the working directory: / → /usr; worker 0 is replaced", false},
      {"umask", " → 0123; worker 0 is replaced", false},
      {"environment", "warning: changed the environment: DRIFTER was set; worker 0 is replaced", false},
      {"locale", "warning: changed the locale: C → C.UTF-8; worker 0 is replaced", false},
      {"cpp_locale", "warning: changed the locale of C++: C → *; worker 0 is replaced", false},
      {"handler", "warning: changed what SIGPIPE does; worker 0 is replaced", false},
      {"timer", "warning: changed a timer: it ran on, and is stopped; worker 0 is replaced", false},
      {"rounding", "warning: changed the rounding mode: to nearest → upward; it is put back", true},
      {"flushing", "; it is put back", true},
      {"mask", "warning: changed the signal mask: SIGUSR1 is blocked; it is put back", true},
  };
  for (const char* mode : {"process", "thread"}) {
    const std::vector<std::string> flags{"-j", "1", "--mode", mode};
    const Ended clean = run_text(steps("nothing", "6"), flags);
    REQUIRE(clean.code == 0);
    for (const Row& row : rows) {
      if (std::string(mode) == "thread" && !row.thread) continue;
      INFO(mode << ": " << row.how);
      const Ended ended = run_text(steps(row.how, "6"), flags);
      INFO(ended.err);
      CHECK(ended.code == 0);
      CHECK(ended.out == clean.out);
      const bool told = ended.err.find("changed") != std::string::npos;
      CHECK(told == (*row.line != '\0'));
      CHECK(ended.err.find(row.line) != std::string::npos);
    }
  }
}

TEST_CASE("a step whose every lease changes the process costs three workers, and says so") {
  constexpr int kTasks = 60000;  // far more than a worker gets ahead, and time enough for four looks
  std::string expected;
  for (int i = 0; i < kTasks; ++i) expected += "s[" + std::to_string(i) + "] = " + std::to_string(i) + "\n";
  for (const char* workers : {"1", "3"}) {
    INFO(workers);
    const Ended ended = run_text(
        "  - {id: s, call: drifter.change, chunk: 1, each: {n: {range: [0, 60000]}}, args: {n: $n, how: directory, "
        "bad: 99}}\n",
        {"-j", workers});
    INFO(ended.err);
    CHECK(ended.code == 0);
    CHECK(ended.out == expected);
    CHECK(count(ended.err, " is replaced\n") == 3);
    CHECK(count(ended.err, "; as 3 workers were replaced for this step, it is left so, and not told again") == 1);
    CHECK(count(ended.err, "| warning: changed") == 4);
  }
}

TEST_CASE("a worker that changed and holds pinned values stays until nobody needs them") {
  const Ended ended = run_text(
      "  - {id: box, call: drifter.pack, each: {n: {range: [0, 4]}}, args: {n: $n}}\n"
      "  - {id: number, call: drifter.unpack, each: {each: $box}, args: {box: $each}}\n",
      {"-j", "2"});
  INFO(ended.err);
  CHECK(ended.code == 0);
  CHECK(ended.out == "number[0] = 0\nnumber[1] = 1\nnumber[2] = 2\nnumber[3] = 3\n");
  CHECK(ended.err.find(" is replaced once nobody needs its pinned values\n") != std::string::npos);
}
