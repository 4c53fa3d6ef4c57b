// What a task can do to the process that it works for.
#include <unistd.h>

#include <catch2/catch.hpp>
#include <fstream>
#include <string>

#include "run/command.hpp"

namespace {

using namespace gantry::tests;

/// The command as a user who is not root: root may do everything.
std::vector<std::string> unprivileged(std::vector<std::string> words) {
  if (::geteuid() != 0) return words;
  std::vector<std::string> all{"/usr/bin/setpriv", "--reuid=65534", "--regid=65534", "--clear-groups"};
  all.insert(all.end(), words.begin(), words.end());
  return all;
}

}  // namespace

TEST_CASE("a task cannot read, write or trace the host, nor take its descriptors") {
  Command command;
  command.words = unprivileged(
      {GANTRY_BUILD "/bin/gantry", "call", "intruder.pry", "--plugin-path", GANTRY_BUILD "/tests/plugins"});
  command.folder = "/";
  const Ended ended = run(command);
  INFO(ended.err);
  CHECK(ended.code == 0);
  CHECK(ended.out ==
        "[\"reading its memory fails with EPERM\",\"writing its memory fails with EPERM\","
        "\"mem fails with EACCES\",\"maps fails with EACCES\",\"environ fails with EACCES\",\"fd/0 fails with "
        "EACCES\",\"tracing it fails with EPERM\"]\n");
}

TEST_CASE("workers are the first that the kernel takes when memory ends") {
  Command command;
  command.words = unprivileged({GANTRY_BUILD "/bin/gantry", "call", "sleepy.sleep", "seconds=20"});
  command.folder = "/";
  const std::string marker = "GANTRY_TEST_SCORE=" + std::to_string(::getpid());
  command.environment = {marker};
  Started host(command);
  const auto score = [](pid_t process) {
    int value = 0;
    std::ifstream("/proc/" + std::to_string(process) + "/oom_score_adj") >> value;
    return value;
  };
  const auto until = std::chrono::steady_clock::now() + std::chrono::seconds(20);
  bool first = false;
  while (!first && std::chrono::steady_clock::now() < until) {
    const auto workers = workers_marked(marker);
    first = !workers.empty() && score(workers.front()) == 1000;
  }
  CHECK(first);
}
