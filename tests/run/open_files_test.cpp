// Open files that tasks give to tasks, from outside.
#include <catch2/catch.hpp>

#include "run/command.hpp"

namespace {

using namespace gantry::tests;

}  // namespace

TEST_CASE("more open files are held at once than a process usually may have, if the system allows it more") {
  const Folder folder;
  folder.write("p.yaml",
               "gantry: 1\nplugins: [" GANTRY_BUILD
               "/tests/plugins/libhoard.so]\nsteps:\n"
               "  - {id: given, call: hoard.give, each: {_i: {range: [0, 300]}}, args: {words: word, how: 0}}\n"
               "  - {id: rest, call: hoard.nap, args: {ms: 1}, needs: [given]}\n"
               "  - {id: taken, call: hoard.take, each: {file: $given}, args: {file: $file}, needs: [rest]}\n");
  Command command;
  command.folder = folder.path();
  for (const char* mode : {"process", "thread"}) {
    command.words = {
        "/bin/sh", "-c",
        "ulimit -Sn 100; exec " GANTRY_BUILD "/bin/gantry run p.yaml -j 2 -o digest --mode " + std::string(mode)};
    const Ended ended = run(command);
    INFO(mode << "\n" << ended.err);
    CHECK(ended.code == 0);
    CHECK(ended.out.find("taken 300 ok 0 error 0 skipped 0 not-run") != std::string::npos);
  }
}
