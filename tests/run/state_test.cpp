// What a plugin keeps in each worker: begun once with its checked configuration, ended in order, told when it fails.
#include <algorithm>
#include <catch2/catch.hpp>
#include <vector>

#include "run/command.hpp"

namespace {

using namespace gantry::tests;

struct Row {
  const char* name;
  const char* plugins;  ///< the pipeline's entry
  const char* steps;
  int code;
  const char* out;
  const char* err;  ///< part of it
};

Ended run_in(const Folder& folder, const std::string& plugins, const std::string& steps,
             std::vector<std::string> flags = {"-j", "1"}) {
  folder.write("p.yaml", "gantry: 1\nplugins: [" + plugins + "]\nparams: {begin: 7}\nsteps:\n" + steps);
  std::vector<std::string> words{"run",        "p.yaml", "--plugin-path", (GANTRY_BUILD "/tests/plugins"),
                                 "--progress", "none"};
  words.insert(words.end(), flags.begin(), flags.end());
  return command_line(words, folder.path());
}

constexpr const char* kCount = "  - {id: n, call: keeper.count, each: {_i: {range: [0, 3]}}}\n";

/// How often a line stands in a file.
std::ptrdiff_t lines(const std::filesystem::path& file, const std::string& line) {
  std::ptrdiff_t count = 0;
  const std::string text = read_file(file);
  for (std::size_t at = 0; at < text.size();) {
    const std::size_t end = std::min(text.find('\n', at), text.size());
    if (text.substr(at, end - at) == line) ++count;
    at = end + 1;
  }
  return count;
}

constexpr const char* kNotRun = "n[0…2] ! not-run: the run could not go on\n";

}  // namespace

TEST_CASE("a plugin's configuration is checked like arguments, and is what it begins with") {
  const Row rows[] = {
      {"by default", "keeper", kCount, 0, "n[0] = 1\nn[1] = 2\nn[2] = 3\n", " | info: opens its diary"},
      {"a literal", "{name: keeper, config: {start: 10}}", kCount, 0, "n[0] = 11\nn[1] = 12\nn[2] = 13\n", ""},
      {"a param", "{name: keeper, config: {start: $params.begin}}", kCount, 0, "n[0] = 8\nn[1] = 9\nn[2] = 10\n", ""},
      {"with the context", "{name: keeper, config: {start: 4}}",
       "  - {id: n, call: keeper.name, each: {_i: {range: [0, 2]}}, args: {text: x}}\n", 0,
       "n[0] = \"n[0] 4 x\"\nn[1] = \"n[1] 4 x\"\n", ""},
      {"a wrong value", "{name: keeper, config: {start: many}}", kCount, 3, "",
       "p.yaml:2:42: error[E0401]: config.start: many does not fit u32: not an integer"},
      {"a wrong word", "{name: keeper, config: {how: badly}}", kCount, 3, "",
       "p.yaml:2:40: error[E0401]: config.how: "},
      {"an unknown key", "{name: keeper, config: {stat: 1}}", kCount, 3, "",
       "p.yaml:2:35: error[E0404]: the configuration of keeper has no `stat`"},
      {"the nearest", "{name: keeper, config: {stat: 1}}", kCount, 3, "", "help: did you mean `start`?"},
      {"what it takes", "{name: keeper, config: {stat: 1}}", kCount, 3, "",
       "note: keeper is configured by (file: str = \"\", how: "},
      {"a step's result", "{name: keeper, config: {start: $n}}", kCount, 3, "",
       "p.yaml:2:42: error[E0211]: $n: a plugin's configuration may use $params.name and $env.NAME"},
      {"one that takes none", "{name: unruly, config: {x: 1}}, keeper", kCount, 3, "",
       "p.yaml:2:35: error[E0505]: the plugin unruly takes no configuration"},
      {"a failure", "{name: keeper, config: {how: fails}}", kCount, 4, kNotRun,
       "a plugin could not begin in a worker: no-diary: the diary is lost"},
      {"an exception", "{name: keeper, config: {how: throws}}", kCount, 4, kNotRun,
       "a plugin could not begin in a worker: exception: thrown by begin"},
      {"a crash", "{name: keeper, config: {how: segfaults}}", kCount, 5, kNotRun, " while a plugin began"},
  };
  for (const Row& row : rows) {
    INFO(row.name);
    const Folder folder;
    const Ended ended = run_in(folder, row.plugins, row.steps);
    INFO(ended.err);
    CHECK(ended.code == row.code);
    CHECK(ended.out == row.out);
    CHECK(ended.err.find(row.err) != std::string::npos);
    CHECK(ended.err.find("n[0] | info") == std::string::npos);  // no task says so
  }
}

TEST_CASE("check looks at a configuration, and lets nothing begin") {
  const Folder folder;
  const auto diary = folder.path() / "diary";
  folder.write("p.yaml", "gantry: 1\nplugins: [{name: keeper, config: {file: " + diary.string() + "}}]\nsteps:\n" +
                             std::string(kCount));
  const Ended ended = command_line({"check", "p.yaml", "--plugin-path", GANTRY_BUILD "/tests/plugins"}, folder.path());
  INFO(ended.err);
  CHECK(ended.code == 0);
  CHECK_FALSE(std::filesystem::exists(diary));
}

TEST_CASE("each worker begins a plugin once, and ends it when the run is over") {
  for (const char* workers : {"1", "3"}) {
    const Folder folder;
    const auto diary = folder.path() / "diary";
    const Ended ended =
        run_in(folder, "{name: keeper, config: {file: " + diary.string() + ", how: ends_slowly}}",
               "  - {id: n, call: keeper.wait, each: {_i: {range: [0, 6]}}, args: {seconds: 0.05}}\n", {"-j", workers});
    INFO(ended.err);
    CHECK(ended.code == 0);
    CHECK(lines(diary, "open") == std::stoi(workers));
    CHECK(lines(diary, "close") == std::stoi(workers));
  }
}

TEST_CASE("what a plugin prints when it ends is read to the end, and one that does not end is told of") {
  const Folder folder;
  const auto diary = folder.path() / "diary";
  const auto end = [&](const std::string& how) {
    return run_in(folder, "{name: keeper, config: {file: " + diary.string() + ", how: " + how + "}}", kCount);
  };
  const Ended loud = end("ends_loudly");
  CHECK(loud.code == 0);
  CHECK(lines(diary, "close") == 1);
  CHECK(std::count(loud.err.begin(), loud.err.end(), '.') == 5000 * 999);
  CHECK(loud.err.find("did not end") == std::string::npos);
  const Ended never = end("never_ends");
  INFO(never.err);
  CHECK(never.code == 0);
  CHECK(lines(diary, "close") == 1);
  CHECK(never.err.find("worker 0 | warning: killed: its plugins did not end within 2 s\n") != std::string::npos);
}

TEST_CASE("a worker that replaces a dead one begins the plugin again") {
  const Folder folder;
  const auto diary = folder.path() / "diary";
  const Ended ended = run_in(folder, "{name: keeper, config: {file: " + diary.string() + "}}, unruly",
                             "  - {id: n, call: keeper.wait, each: {_i: {range: [0, 4]}}, args: {seconds: 0.05}}\n"
                             "  - {id: crash, call: unruly.task, args: {n: 1, bad: 1, how: segfaults}}\n");
  INFO(ended.err);
  CHECK(ended.code == 1);
  CHECK(lines(diary, "open") == 2);
  CHECK(lines(diary, "close") == 1);
}

TEST_CASE("call configures a plugin by words that begin with config.") {
  const Folder folder;
  const std::vector<std::string> path{"--plugin-path", GANTRY_BUILD "/tests/plugins"};
  std::vector<std::string> words{"call", "keeper.count", "config.start=41"};
  words.insert(words.end(), path.begin(), path.end());
  const Ended ended = command_line(words, folder.path());
  INFO(ended.err);
  CHECK(ended.code == 0);
  CHECK(ended.out == "42\n");
}
