// Tasks that write over the memory which their worker shares with the host: no value of theirs or of their neighbours
// is wrong, whoever is at fault is found and pays alone, and the run ends.
#include <catch2/catch.hpp>
#include <optional>
#include <string>
#include <vector>

#include "run/command.hpp"

namespace {

using namespace gantry::tests;

/// One step of sixty tasks.
std::string sixty(const std::string& function, const std::string& arguments, const std::string& more = "") {
  return "gantry: 1\nplugins: [scribbler]\nsteps:\n  - id: s\n    call: scribbler." + function +
         "\n    each: {n: {range: [0, 60]}}\n    args: {n: $n" + arguments + "}\n" + more;
}

Ended run_in(const Folder& folder, const std::string& pipeline, std::vector<std::string> flags) {
  folder.write("scribble.yaml", pipeline);
  std::vector<std::string> words{"run",        "scribble.yaml", "--plugin-path", GANTRY_BUILD "/tests/plugins",
                                 "--progress", "none"};
  words.insert(words.end(), flags.begin(), flags.end());
  return gantry::tests::command_line(words, folder.path());
}

/// Whether each of the sixty has its value, or is the one that may have an error instead.
bool all_right(const std::string& out, const std::string& before, const std::string& after, std::optional<int> bad) {
  std::size_t at = 0;
  for (int i = 0; i < 60; ++i) {
    const std::string id = "s[" + std::to_string(i) + "] ";
    const std::string good = id + "= " + before + std::to_string(i) + after + "\n";
    const std::size_t end = out.find('\n', at);
    if (end == std::string::npos) return false;
    const std::string line = out.substr(at, end + 1 - at);
    if (line != good && !(bad == i && line.starts_with(id + "! crash: "))) return false;
    at = end + 1;
  }
  return at == out.size();
}

struct Row {
  const char* function;
  const char* arguments;
  const char* before;
  const char* after;
};

const Row rows[] = {
    {"zeros", ", every: 60", "", ""},
    {"words", ", every: 60", "", ""},
    {"one", ", every: 60, what: zeros, where: \"\"", "", ""},
    {"one", ", every: 60, what: ones, where: \"\"", "", ""},
    {"one", ", every: 60, what: random, where: channel", "", ""},
    {"one", ", every: 60, what: random, where: window", "", ""},
    {"text", ", every: 60, what: zeros", "\"value ", "\""},
    {"text", ", every: 60, what: random", "\"value ", "\""},
    {"dies", ", bad: 30", "", ""},
};

}  // namespace

TEST_CASE("one task of sixty writes over its worker's memory: no other value is lost, and none is wrong") {
  for (const Row& row : rows) {
    for (const char* workers : {"1", "3"}) {
      const Folder folder;
      const Ended ended = run_in(folder, sixty(row.function, row.arguments), {"-j", workers});
      INFO(row.function << row.arguments << " -j " << workers << "\n" << ended.out << ended.err);
      CHECK(all_right(ended.out, row.before, row.after, 30));
      CHECK((ended.code == 0 || ended.code == 1));
      CHECK(ended.took < std::chrono::seconds{30});
    }
  }
}

TEST_CASE("one task of a chunk of sixty writes over its worker's memory: nothing is wrong either") {
  for (const Row& row : rows) {
    const Folder folder;
    const Ended chunk = run_in(folder, sixty(row.function, row.arguments, "    chunk: 60\n"), {"-j", "1"});
    INFO(row.function << row.arguments << " in a chunk\n" << chunk.out << chunk.err);
    CHECK(all_right(chunk.out, row.before, row.after, 30));
  }
}

TEST_CASE("a task that scribbles once costs nobody an attempt") {
  const Folder folder;
  const Ended ended = run_in(folder, sixty("once", ", bad: 30, file: " + folder.path().string() + "/seen"),
                             {"-j", "1", "--retries", "0"});
  INFO(ended.out << ended.err);
  CHECK(ended.code == 0);
  CHECK(all_right(ended.out, "", "", std::nullopt));
}

TEST_CASE("tasks that all scribble end, each with an error or its value") {
  for (const char* function : {"zeros", "words"}) {
    const Folder folder;
    const Ended ended = run_in(folder, sixty(function, ", every: 1"), {"-j", "2"});
    INFO(function << "\n" << ended.out << ended.err);
    CHECK((ended.code == 0 || ended.code == 1));
    std::size_t lines = 0;
    for (std::size_t at = 0; at < ended.out.size(); ++lines) {
      const std::size_t end = ended.out.find('\n', at);
      const std::string id = "s[" + std::to_string(lines) + "] ";
      const std::string line = ended.out.substr(at, end - at);
      CHECK((line == id + "= " + std::to_string(lines) || line.starts_with(id + "! crash: ")));
      at = end + 1;
    }
    CHECK(lines == 60);
  }
}
