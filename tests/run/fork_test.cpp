// A task forks, and its child does not end with _exit: the parent's value counts, nobody else is blamed, nothing hangs.
#include <catch2/catch.hpp>
#include <string>

#include "run/command.hpp"

namespace {

using namespace gantry::tests;

constexpr int kTasks = 40;
constexpr const char* kSentence = "gantry-worker: a task forked, and its child came back: end it with _exit";

Ended run_forks(const std::string& call, const std::string& arguments, const std::string& mode) {
  const Folder folder;
  const bool shares = call == "ask";
  folder.write("p.yaml",
               std::string("gantry: 1\nplugins: [forker]\n") +
                   (shares ? "shared: {hits: {counter: 0}, values: {queue: u64}}\n" : "") +
                   "steps:\n  - {id: s, call: forker." + call + ", each: {n: {range: [0, " + std::to_string(kTasks) +
                   "]}}, args: {n: $n" + arguments + "}}\n" +
                   (shares ? "  - {id: hits, call: forker.total, args: {counter: $shared.hits}, needs: [s]}\n" : ""));
  Command command;
  command.words = {GANTRY_BUILD "/bin/gantry",
                   "run",
                   "p.yaml",
                   "--plugin-path",
                   GANTRY_BUILD "/tests/plugins",
                   "--progress",
                   "none",
                   "--mode",
                   mode,
                   "-j",
                   "3"};
  command.folder = folder.path();
  return run(command);
}

int count(const std::string& text, const std::string& part) {
  int found = 0;
  for (auto at = text.find(part); at != std::string::npos; at = text.find(part, at + 1)) ++found;
  return found;
}

/// Each task's own number, or a list of three of it; and what the tasks of ask() counted.
std::string expected(const std::string& call) {
  std::string text;
  for (int i = 0; i < kTasks; ++i) {
    const std::string value = std::to_string(i);
    text += "s[" + value + "] = " + (call == "list" ? "[" + value + "," + value + "," + value + "]" : value) + "\n";
  }
  return call == "ask" ? text + "hits = " + std::to_string(kTasks) + "\n" : text;
}

}  // namespace

TEST_CASE("the child of a task that forked comes back: the values are the parents'") {
  struct Row {
    const char* call;
    const char* arguments;
    bool told;  ///< by each child
    const char* also = "";
  };
  const Row rows[] = {
      {"task", ", how: returns", true}, {"task", ", how: fails", true},
      {"task", ", how: throws", true},  {"task", ", how: exec_fails", true},
      {"task", ", how: exits", false},  {"task", ", how: talks", true, "warning: the child logs"},
      {"task", ", how: sleeps", false}, {"task", ", how: leaves", false},
      {"task", ", how: syscall", true}, {"tool", "", true},
      {"list", ", size: 3", true},      {"ask", ", counter: $shared.hits, queue: $shared.values", true},
  };
  for (const char* mode : {"process", "thread"}) {
    for (const Row& row : rows) {
      INFO(mode << ": " << row.call << row.arguments);
      const Ended ended = run_forks(row.call, row.arguments, mode);
      INFO(ended.err);
      CHECK(ended.code == 0);
      CHECK(ended.out == expected(row.call));
      if (row.told) CHECK(count(ended.err, kSentence) == kTasks);
      CHECK(ended.err.find(row.also) != std::string::npos);
    }
  }
}
