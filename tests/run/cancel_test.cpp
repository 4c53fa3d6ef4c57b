// Tasks that ask whether anybody still waits for them.
#include <catch2/catch.hpp>

#include "run/command.hpp"

namespace {

using namespace gantry::tests;

Command waiting(const Folder& folder, const std::string& args, const std::string& step,
                std::vector<std::string> flags) {
  folder.write("p.yaml", "gantry: 1\nplugins: [keeper]\nsteps:\n  - {id: w, call: keeper.wait, args: {" + args + "}" +
                             step + "}\n  - {id: next, call: keeper.count, needs: [w]}\n");
  Command command;
  command.words = {GANTRY_BUILD "/bin/gantry",    "run", "p.yaml", "--plugin-path",
                   GANTRY_BUILD "/tests/plugins", "-j",  "1"};
  command.words.insert(command.words.end(), flags.begin(), flags.end());
  command.folder = folder.path();
  return command;
}

struct Row {
  const char* name;
  const char* args;
  const char* step;
  int code;
  const char* out;
  const char* err;  ///< part of it
};

}  // namespace

TEST_CASE("a task that is over its time limit is told, and its worker lives if it ends by itself") {
  const Row rows[] = {
      {"it fails in time", "seconds: 30", ", timeout: 200ms", 1,
       "w ! timeout: it ran longer than its time limit of 200 ms\nnext ! skipped: w has no value\n",
       "it ended by itself, with stopped: it was cancelled"},
      {"it gives a value in time", "seconds: 30, gives_value: true", ", timeout: 200ms", 0,
       "w = \"cancelled\"\nnext = 1\n", ""},
      {"it is retried as what it is", "seconds: 30", ", timeout: 100ms, retries: 1, retry_on: [timeout]", 1,
       "w ! timeout: it ran longer than its time limit of 100 ms\nnext ! skipped: w has no value\n", "attempt 2"},
      {"it knows its deadline", "seconds: 0.01", ", timeout: 20s", 0, "w = \"waited with a deadline\"\nnext = 1\n", ""},
      {"or that it has none", "seconds: 0.01", "", 0, "w = \"waited without a deadline\"\nnext = 1\n", ""},
  };
  for (const Row& row : rows) {
    INFO(row.name);
    const Folder folder;
    const Ended ended = run(waiting(folder, row.args, row.step, {"--timing", "--output", "text"}));
    INFO(ended.err);
    CHECK(ended.code == row.code);
    CHECK(ended.err.find(row.err) != std::string::npos);
    CHECK(ended.err.find("0 workers lost") != std::string::npos);
    CHECK(ended.out.starts_with(std::string(row.out).substr(0, std::string(row.out).find('\n'))));
  }
}

TEST_CASE("tasks that run when the run ends are told, and their workers end in order") {
  const Folder folder;
  const auto diary = folder.path() / "diary";
  folder.write("p.yaml", "gantry: 1\nplugins: [{name: keeper, config: {file: " + diary.string() +
                             "}}]\nsteps:\n  - {id: w, call: keeper.wait, each: {_i: {range: [0, 4]}}, args: {seconds: "
                             "30}}\n");
  Command command;
  command.words = {GANTRY_BUILD "/bin/gantry",
                   "run",
                   "p.yaml",
                   "--plugin-path",
                   GANTRY_BUILD "/tests/plugins",
                   "-j",
                   "2",
                   "--deadline",
                   "500ms"};
  command.folder = folder.path();
  const Ended ended = run(command);
  INFO(ended.err);
  CHECK(ended.code == 6);
  const std::string told = " ! interrupted: the run was ended while it ran\n";
  CHECK(ended.out == "w[0]" + told + "w[1]" + told + "w[2…3] ! not-run: the run's deadline came first\n");
  CHECK(ended.err.find("attempt 1: it ended by itself, with stopped: it was cancelled\n") != std::string::npos);
  CHECK(ended.took < std::chrono::seconds(10));
  const std::string notes = read_file(diary);
  for (const char* note : {"open", "cancelled", "close"}) {
    std::size_t count = 0;
    for (std::size_t at = 0; (at = notes.find(note, at)) != std::string::npos; ++at) ++count;
    INFO(notes);
    CHECK(count == 2);
  }
}

TEST_CASE("how far a task is stands behind the numbers") {
  const Folder folder;
  const Ended ended = run(waiting(folder, "seconds: 0.4", "", {"--progress", "none"}));
  CHECK(ended.code == 0);
  CHECK(ended.err.find("waiting") == std::string::npos);
}
