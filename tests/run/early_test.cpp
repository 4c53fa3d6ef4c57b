// Workers that a run starts before it knows its plan.
#include <signal.h>
#include <unistd.h>

#include <catch2/catch.hpp>
#include <chrono>
#include <string>

#include "pool/cpus.hpp"
#include "run/command.hpp"

namespace {

using namespace gantry::tests;
using Clock = std::chrono::steady_clock;

}  // namespace

TEST_CASE("a step with each has a worker on each CPU from the start, work for it or not") {
  if (gantry::pool::usable_cpus() < 2) return;
  const Folder folder;
  const std::string marker = "GANTRY_TEST_MARK=early-" + std::to_string(getpid());
  Command command;
  const std::string program = GANTRY_BUILD "/bin/gantry";
  command.words = {program, "run", "nap.yaml", "-j", "2"};
  command.folder = folder.path();
  command.environment = {marker};
  folder.write("nap.yaml", R"(gantry: 1
plugins: [sleepy]
steps:
  - {id: naps, call: sleepy.sleep, each: {s: {values: [30]}}, args: {seconds: $s}}
)");
  Started host(command);
  // One task would never have a second worker started.
  const auto until = Clock::now() + std::chrono::seconds{30};
  while (workers_marked(marker).size() < 2 && Clock::now() < until) usleep(1000);
  CHECK(workers_marked(marker).size() == 2);
  host.signal(SIGINT);
  host.signal(SIGTERM);
  CHECK(host.wait().code == 130);
  const auto gone = Clock::now() + std::chrono::seconds{1};  // they see that the host has ended
  while (!workers_marked(marker).empty() && Clock::now() < gone) usleep(1000);
  CHECK(workers_marked(marker).empty());
}
