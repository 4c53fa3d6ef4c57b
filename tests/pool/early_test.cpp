// Workers that load their plugins while the first one tells the catalog.
#include <algorithm>
#include <catch2/catch.hpp>

#include "crew_fixture.hpp"
#include "pool/cpus.hpp"

using namespace pool_test;

namespace {

gantry::pool::Options early(unsigned workers, fs::path program = worker_program_file()) {
  gantry::pool::Options options{std::move(program), workers, {liar_plugin()}};
  options.early = workers;
  return options;
}

}  // namespace

TEST_CASE("early workers are ready without having been asked for, one for each CPU at most") {
  const NothingLeft check;
  Run run(early(64));
  REQUIRE(run.pool().catalog());
  const std::size_t expected = std::min(gantry::pool::usable_cpus(), 64U);
  run.await<event::Ready>(expected);
  std::vector<bool> ready(64, false);
  for (const auto& each : run.of<event::Ready>()) ready[gantry::host::raw(each.worker)] = true;
  for (unsigned at = 0; at < 64; ++at) CHECK(ready[at] == (at < expected));
  CHECK(Holdings::now().children.size() == expected);

  const unsigned last = static_cast<unsigned>(expected) - 1;
  run.act(last, {{Act::square, 7}});
  run.await<event::Closed>();
  CHECK(run.values().at(0) == u64_bytes(49));
  CHECK(Holdings::now().children.size() == expected);
}

TEST_CASE("early workers that are not ready yet end with their pool") {
  const NothingLeft check;
  Run run(early(64));
  REQUIRE(run.pool().catalog());
}

TEST_CASE("in thread mode no worker is early") {
  const NothingLeft check;
  gantry::pool::Options options = early(4);
  options.mode = gantry::host::Mode::thread;
  Run run(std::move(options));
  REQUIRE(run.pool().catalog());
  CHECK(Holdings::now().children.size() == 1);
  run.act(0, {{Act::square, 3}});
  run.await<event::Closed>();
  CHECK(run.of<event::Ready>().size() == 1);
}

TEST_CASE("a plugin that is refused ends the early workers, which come back without it when they have work") {
  const NothingLeft check;
  gantry::pool::Options options = early(2);
  options.plugins.insert(options.plugins.begin(), "/dev/null");
  Run run(std::move(options));
  const auto offer = run.pool().catalog();
  REQUIRE(offer);
  REQUIRE(offer->refusals.size() == 1);
  CHECK(offer->refusals[0].position == 0);
  CHECK(offer->refusals[0].sentence == "/dev/null is a device, not a shared library");
  run.act(1, {{Act::square, 5}});
  run.await<event::Closed>();
  CHECK(run.values().at(0) == u64_bytes(25));
  CHECK(run.of<event::Broken>().empty());
  CHECK(run.of<event::Lost>().empty());
}

TEST_CASE("an early worker that dies while it loads is not heard of, and comes back when it has work") {
  if (gantry::pool::usable_cpus() < 2) return;  // there is none
  const NothingLeft check;
  const Folder folder;
  const Variable how("GANTRY_FAKE_WORKER", "early death");
  const Variable note("GANTRY_FAKE_NOTE", (folder.path() / "note").string());
  Run run(early(2, self()));
  REQUIRE(run.pool().catalog());
  CHECK(Holdings::now().children.size() == 1);
  run.act(1, {{Act::square, 5}});
  run.await<event::Closed>();
  CHECK(run.of<event::Failed>().size() == 1);  // the fake says so of each task
  CHECK(run.of<event::Broken>().empty());
  CHECK(run.of<event::Lost>().empty());
}

TEST_CASE("an early worker that offers another plugin than the first one ends the run") {
  if (gantry::pool::usable_cpus() < 2) return;  // there is none
  const NothingLeft check;
  const Variable how("GANTRY_FAKE_WORKER", "another version");
  Run run(early(2, self()));
  REQUIRE(run.pool().catalog());
  run.await<event::Broken>();
  const auto error = run.of<event::Broken>().front().error;
  CHECK(error.kind == gantry::host::ErrorKind::plugin);
  CHECK(error.sentence == "the plugin was replaced during the run: start the run again");
  CHECK(error.where == liar_plugin());
}
