// A plugin's file is replaced while the plugin runs: what runs is what was checked, in every worker, however late it
// starts; where that cannot be, the run ends and says so.
#include <catch2/catch.hpp>

#include "run/command.hpp"

namespace {

using namespace gantry::tests;
namespace fs = std::filesystem;

constexpr const char* kPlugins = GANTRY_BUILD "/tests/plugins/";

std::string values() {
  std::string text;
  for (int i = 0; i < 20; ++i) text += "s[" + std::to_string(i) + "] = " + std::to_string(1000 + i) + "\n";
  return text;
}

std::string sha256(const Folder& folder) {
  Command command;
  command.words = {"/usr/bin/sha256sum", (folder.path() / "libedition.so").string()};
  return run(command).out.substr(0, 64);
}

Ended run_replaced(const Folder& folder, const std::string& how, const std::string& mode, bool pinned) {
  fs::copy_file(std::string(kPlugins) + "libedition_1.so", folder.path() / "libedition.so");
  fs::copy_file(std::string(kPlugins) + "libedition_2.so", folder.path() / "libother.so");
  folder.write("p.yaml", "gantry: 1\nplugins: [{path: ./libedition.so" +
                             (pinned ? ", sha256: " + sha256(folder) : std::string()) +
                             "}]\nsteps:\n  - id: s\n    call: edition.number\n    each: {i: {range: [0, 20]}}\n"
                             "    args: {index: $i, how: " +
                             how + "}\n");
  return command_line({"run", "p.yaml", "-j", "2", "--retries", "1", "--mode", mode}, folder.path());
}

}  // namespace

TEST_CASE("a plugin whose path leads elsewhere during the run goes on from its old bytes") {
  for (const char* how : {"renamed_over", "removed", "moved_away", "same_bytes"}) {
    for (const char* mode : {"process", "thread"}) {
      for (const bool pinned : {false, true}) {
        INFO(how << ", " << mode << (pinned ? ", pinned" : ""));
        const Folder folder;
        const Ended ended = run_replaced(folder, how, mode, pinned);
        INFO(ended.err);
        CHECK(ended.code == 0);
        CHECK(ended.out == values());
      }
    }
  }
}

TEST_CASE("a plugin that is written to during the run ends it") {
  for (const char* mode : {"process", "thread"}) {
    for (const bool pinned : {false, true}) {
      INFO(mode << (pinned ? ", pinned" : ""));
      const Folder folder;
      const Ended ended = run_replaced(folder, "rewritten", mode, pinned);
      INFO(ended.err);
      CHECK(ended.code == 4);
      CHECK(ended.err.find("libedition.so: the plugin was written to during the run (replace one by renaming another "
                           "over it): start the run again\n") != std::string::npos);
    }
  }
}
