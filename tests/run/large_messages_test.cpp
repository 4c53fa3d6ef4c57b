// What a worker is told before it reads: however much it is, it arrives, and the host waits for nobody.
#include <catch2/catch.hpp>
#include <string>
#include <vector>

#include "run/command.hpp"

namespace {

using namespace gantry::tests;

Ended run_in(const Folder& folder, const std::string& pipeline, std::vector<std::string> flags) {
  folder.write("large.yaml", pipeline);
  std::vector<std::string> words{"run",        "large.yaml", "--plugin-path", GANTRY_BUILD "/tests/plugins",
                                 "--progress", "none"};
  words.insert(words.end(), flags.begin(), flags.end());
  return gantry::tests::command_line(words, folder.path());
}

std::string values(int count) {
  std::string text;
  for (int i = 0; i < count; ++i) text += "s[" + std::to_string(i) + "] = " + std::to_string(i) + "\n";
  return text;
}

}  // namespace

TEST_CASE("a plugin configuration of any size reaches all workers, also those that come late") {
  for (const std::size_t size : {std::size_t{320} << 10, std::size_t{5} << 20}) {
    // The file has too long a name to be written, which the plugin does not mind.
    const std::string plugins =
        "gantry: 1\nplugins: [{name: keeper, config: {file: " + std::string(size, 'x') + "}}, unruly]\n";
    const Folder folder;
    const std::string calm = plugins +
                             "steps:\n  - {id: s, call: unruly.task, each: {n: {range: [0, 60]}}, chunk: 1, "
                             "args: {n: $n, bad: 99}}\n";
    const Ended four = run_in(folder, calm, {"-j", "4"});
    INFO(size << " bytes, four workers: " << four.err);
    CHECK(four.code == 0);
    CHECK(four.out == values(60));
    // The replacement of a worker that died begins as the first did.
    const std::string dying = plugins +
                              "steps:\n  - {id: s, call: unruly.task, each: {n: {range: [0, 60]}}, retries: 1, "
                              "args: {n: $n, bad: 3, how: segfaults, until: 1}}\n";
    const Ended one = run_in(folder, dying, {"-j", "1"});
    INFO(size << " bytes, a crash: " << one.err);
    CHECK(one.code == 0);
    CHECK(one.out == values(60));
  }
}

TEST_CASE("a list of plugins of any length reaches the worker") {
  const Folder folder;
  std::string path = folder.path().string() + "/";
  while (path.size() < 160) path += "./";  // a longer way to the same place
  std::string plugins = "gantry: 1\nplugins:\n";
  for (int i = 0; i < 2000; ++i) plugins += "  - " + path + "lib" + std::to_string(i) + ".so\n";
  const Ended ended = run_in(folder, plugins + "steps: [{id: s, call: a.b}]\n", {"-j", "2"});
  INFO(ended.err.substr(0, 2000));
  CHECK(ended.code == 4);  // each is missing, and each is told: so the worker read them all
  CHECK(ended.took < std::chrono::seconds{30});
}
