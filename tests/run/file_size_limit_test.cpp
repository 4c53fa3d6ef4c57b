// The limit of file sizes (ulimit -f) holds for memory files as well: what runs into it is told, and never a signal.
#include <catch2/catch.hpp>
#include <string>

#include "run/command.hpp"

namespace {

using namespace gantry::tests;

Ended run_limited(const Folder& folder, const std::string& kibibytes, const std::string& more) {
  Command command;
  // bash counts in KiB, and so does gantry; dash would count in half of them
  command.words = {"/bin/bash", "-c",
                   "ulimit -f " + kibibytes +
                       " && exec " GANTRY_BUILD "/bin/gantry run p.yaml --progress none --plugin-path " +
                       GANTRY_BUILD "/tests/plugins -j 2 " + more};
  command.folder = folder.path();
  return gantry::tests::run(command);
}

const char* const kSixty =
    "gantry: 1\nplugins: [unruly]\nsteps:\n  - {id: s, call: unruly.task, each: {n: {range: [0, 60]}}, "
    "args: {n: $n, bad: 99}}\n";

/// A list of 32 MiB in one memory file.
const char* const kList =
    "gantry: 1\nplugins: [unruly]\nsteps:\n  - {id: a, call: unruly.list, args: {n: 4000000}}\n"
    "  - {id: s, call: unruly.length, args: {values: $a}}\n";

}  // namespace

TEST_CASE("under a file size limit that no channel fits, a run says so at once") {
  const Folder folder;
  folder.write("p.yaml", kSixty);
  const Ended ended = run_limited(folder, "100", "-o none");
  INFO(ended.err);
  CHECK(ended.code == 5);
  CHECK(
      ended.err.find("the file size limit (ulimit -f) is 100 KiB, and gantry needs a memory file of 516 KiB: raise the "
                     "limit, or lift it (ulimit -f unlimited)") != std::string::npos);
  CHECK(ended.took < std::chrono::seconds{10});
}

TEST_CASE("under a file size limit that channels fit, a run goes on") {
  const Folder folder;
  folder.write("p.yaml", kSixty);
  const Ended ended = run_limited(folder, "1000", "-o digest");
  INFO(ended.err);
  CHECK(ended.code == 0);
}

TEST_CASE("a value that is larger than the file size limit is told, or goes another way, but is no signal") {
  const Folder folder;
  folder.write("p.yaml", kList);
  const Ended ended = run_limited(folder, "10000", "-o none");
  INFO(ended.err);
  CHECK(ended.code == 5);
  CHECK(ended.err.find("the file size limit (ulimit -f) is 10000 KiB, and gantry needs a memory file of ") !=
        std::string::npos);
}

TEST_CASE("output that is larger than the file size limit is told") {
  const Folder folder;
  folder.write(
      "p.yaml",
      "gantry: 1\nplugins: [unruly]\nsteps:\n  - {id: s, call: unruly.list, args: {n: 400000}, output: true}\n");
  const Ended ended = run_limited(folder, "600", "--output-file out.txt");
  INFO(ended.err);
  CHECK(ended.code == 5);
  CHECK(ended.err.find("File too large") != std::string::npos);
}
