// The catalog, plugins that cannot be loaded, worker programs that cannot be started or do not speak the protocol.
#include <fcntl.h>
#include <unistd.h>

#include <catch2/catch.hpp>
#include <csignal>
#include <cstdlib>
#include <fstream>

#include "crew_fixture.hpp"
#include "pool/worker_path.hpp"

using namespace pool_test;

namespace {

std::unique_ptr<gantry::pool::Pool> pool_of(gantry::pool::Options options) {
  auto made = gantry::pool::Pool::make(std::move(options));
  if (!made) FAIL(made.error().sentence);
  return std::move(*made);
}

}  // namespace

TEST_CASE("the catalog is told by a worker, which goes on as worker 0") {
  const NothingLeft check;
  Run run;
  const auto offer = run.pool().catalog();
  REQUIRE(offer);
  CHECK(offer->refusals.empty());
  REQUIRE(offer->catalog.plugins.size() == 1);
  const gantry::signature::Plugin& plugin = offer->catalog.plugins.front();
  CHECK(plugin.name == "liar");
  CHECK(plugin.version == "1.0.0");
  REQUIRE(plugin.functions.size() == 4);
  CHECK(plugin.functions[1].name == "echo");
  CHECK(gantry::signature::to_text(plugin.functions[0].signature) == "(what: u64, value: u64) -> u64");
  const std::vector<int> first = Holdings::now().children;
  run.act(0, {{Act::square, 4}});
  run.await<event::Closed>();
  CHECK(Holdings::now().children == first);
  CHECK(run.values().at(0) == u64_bytes(16));
  CHECK(run.pool().catalog()->catalog.plugins.size() == 1);  // asked again: the same
}

TEST_CASE("bad plugins cost a sentence each, and the others load") {
  const NothingLeft check;
  const Folder folder;
  const fs::path text = folder.path() / "libtext.so";
  std::ofstream(text) << "this is no library\n";
  gantry::pool::Options options{
      worker_program_file(),
      2,
      {folder.liar_as("libone_bus.so"), liar_plugin(), folder.liar_as("libtwo_exit.so"), text,
       folder.path() / "libmissing.so", folder.liar_as("libthree_hang.so"), folder.liar_as("libfour.so")},
      2s};
  options.early = GENERATE(1U, 2U);  // an early worker dies of the same, and nobody hears of it
  const auto pool = pool_of(std::move(options));
  const auto offer = pool->catalog();
  if (!offer) FAIL(offer.error().sentence);
  REQUIRE(offer->refusals.size() == 5);
  CHECK(offer->refusals[0].position == 0);
  CHECK(offer->refusals[0].sentence == "the worker died while loading it: SIGBUS");
  CHECK(offer->refusals[1].position == 2);
  CHECK(offer->refusals[1].sentence ==
        "the worker died while loading it: status 3; it last printed: goodbye from the constructor");
  CHECK(offer->refusals[2].position == 3);
  CHECK(offer->refusals[3].position == 4);
  CHECK(offer->refusals[4].position == 5);
  CHECK(offer->refusals[4].sentence == "the worker was still loading it after 2 s, and was killed");
  REQUIRE(offer->catalog.plugins.size() == 2);
  CHECK(offer->catalog.plugins[0].path == liar_plugin());
  CHECK(offer->catalog.plugins[1].path == folder.path() / "libfour.so");

  // Plugin 1 of the catalog is the same for the worker that saw the bad ones and for one that did not.
  std::vector<Event> events;
  for (unsigned at = 0; at < 2; ++at) {
    Chunk chunk;
    chunk.lease = {LeaseId{at + 1}, WorkerIndex{at}, StepIndex{0}, at, 1, 1};
    gantry::schedule::Assignment assignment;
    assignment.plugin = 1;
    assignment.step_id = "step";
    assignment.result_size = 8;
    Bytes row = u64_bytes(0);
    gantry::signature::append(row, u64_bytes(12));
    assignment.pattern = std::make_shared<const gantry::signature::Template>(gantry::signature::Template{row, {}, {}});
    chunk.assignment = std::make_shared<const gantry::schedule::Assignment>(std::move(assignment));
    const auto started = pool->start(std::move(chunk));
    REQUIRE(started);
  }
  std::size_t values = 0;
  const auto until = std::chrono::steady_clock::now() + 30s;
  while (values < 2 && std::chrono::steady_clock::now() < until) {
    events.clear();
    pool->wait(1s, events);
    for (const Event& each : events) {
      CHECK_FALSE(std::holds_alternative<event::Lost>(each));
      CHECK_FALSE(std::holds_alternative<event::Broken>(each));
      if (const auto* told = std::get_if<event::Values>(&each)) {
        CHECK(told->bytes == u64_bytes(144));
        ++values;
      }
    }
  }
  CHECK(values == 2);
}

TEST_CASE("a worker program that cannot be started is an error, not a hang") {
  const NothingLeft check;
  const Folder folder;
  const fs::path text = folder.path() / "worker";
  std::ofstream(text) << "not a program\n";
  fs::permissions(text, fs::perms::owner_all);
  const fs::path forbidden = folder.path() / "forbidden";
  std::ofstream(forbidden) << "not executable\n";
  struct Case {
    fs::path program;
    const char* sentence;
  };
  const std::vector<Case> cases{
      {folder.path() / "missing", "the worker program cannot be started: exec: No such file or directory"},
      {forbidden, "the worker program cannot be started: exec: Permission denied"},
      {text, "the worker program cannot be started: exec: Exec format error"},
      {"/bin/true",
       "the worker program does not come up: exited with status 0 without being asked before it said hello"},
  };
  for (const Case& each : cases) {
    INFO(each.program);
    const auto pool = pool_of({each.program, 1, {liar_plugin()}});
    const auto offer = pool->catalog();
    REQUIRE_FALSE(offer);
    CHECK(offer.error().sentence == each.sentence);
    CHECK(offer.error().where == each.program);
    CHECK(offer.error().kind == gantry::host::ErrorKind::infrastructure);
  }
}

TEST_CASE("workers that break the protocol while loading") {
  const NothingLeft check;
  struct Case {
    const char* how;
    const char* sentence;  ///< begins so
  };
  const auto row = GENERATE(
      Case{"exit",
           "the worker program does not come up: exited with status 7 without being asked before it said hello"},
      Case{"silent", "the worker program does not come up: killed: it was not ready after 500 ms before it said hello"},
      Case{"garbage", "the worker program does not come up: killed: it broke the protocol: "},
      Case{"old", "the worker program does not come up: killed: it broke the protocol: "},
      Case{"no hello",
           "the worker program does not come up: killed: it broke the protocol: it did not say hello first"});
  DYNAMIC_SECTION(row.how) {
    const Variable variable("GANTRY_FAKE_WORKER", row.how);
    const auto pool = pool_of({self(), 1, {liar_plugin()}, 500ms});
    const auto offer = pool->catalog();
    REQUIRE_FALSE(offer);
    INFO(offer.error().sentence);
    CHECK(offer.error().sentence.rfind(row.sentence, 0) == 0);
  }
}

TEST_CASE("workers that never become ready break the pool") {
  const NothingLeft check;
  struct Case {
    const char* how;
    const char* sentence;
  };
  const auto row =
      GENERATE(Case{"exit", "workers do not become ready, the last one exited with status 7 without being asked"},
               Case{"silent", "workers do not become ready, the last one killed: it was not ready after 500 ms"});
  DYNAMIC_SECTION(row.how) {
    const Variable variable("GANTRY_FAKE_WORKER", row.how);
    const auto pool = pool_of({self(), 1, {liar_plugin()}, 500ms});
    pool->prestart(1);
    std::vector<Event> events;
    const auto until = std::chrono::steady_clock::now() + 30s;
    while (events.empty() && std::chrono::steady_clock::now() < until) pool->wait(1s, events);
    REQUIRE(events.size() == 1);
    REQUIRE(std::holds_alternative<event::Broken>(events.front()));
    CHECK(std::get<event::Broken>(events.front()).error.sentence == row.sentence);
    CHECK(std::get<event::Broken>(events.front()).error.where == self());
  }
}

TEST_CASE("a worker that refuses what another accepted ends the run") {
  const NothingLeft check;
  const Variable variable("GANTRY_FAKE_WORKER", "refuses");
  Run run(1, {liar_plugin()}, self());
  run.pool().prestart(1);
  run.await<event::Broken>();
  const auto error = run.of<event::Broken>().front().error;
  CHECK(error.kind == gantry::host::ErrorKind::plugin);
  CHECK(error.sentence == "a worker refused a plugin: it is not to its taste");
  CHECK(error.where == liar_plugin());
}

TEST_CASE("a worker that refused a plugin for the catalog goes on, however late it is ready") {
  const NothingLeft check;
  const Folder folder;
  const fs::path note = folder.path() / "note";
  const Variable how("GANTRY_FAKE_WORKER", "refuses the first");
  const Variable variable("GANTRY_FAKE_NOTE", note.string());
  Run run(1, {liar_plugin(), folder.liar_as("libother.so")}, self());
  const auto offer = run.pool().catalog();
  REQUIRE(offer);
  REQUIRE(offer->refusals.size() == 1);
  CHECK(offer->refusals[0].sentence == "it is not to its taste");
  std::ofstream(note) << "now\n";
  run.await<event::Ready>();
  CHECK(run.of<event::Broken>().empty());
}

TEST_CASE("workers that report what is not theirs are killed, and nothing that they leave is believed") {
  const NothingLeft check;
  const std::string how = GENERATE("twice", "outside", "wrong lease", "early close", "ring", "chatty", "testament");
  DYNAMIC_SECTION(how) {
    const Variable variable("GANTRY_FAKE_WORKER", how);
    Run run(1, {liar_plugin()}, self());
    const Lease lease = run.act(0, {{Act::square, 1}, {Act::square, 2}});
    run.await<event::Lost>();
    const event::Lost lost = run.of<event::Lost>().front();
    CHECK(lost.death.how == Death::How::protocol);
    CHECK(lost.death.code == SIGKILL);
    INFO(lost.death.sentence);
    CHECK(lost.death.sentence.rfind("killed: it broke the protocol: ", 0) == 0);
    CHECK(lost.lease == lease.id);
    CHECK(lost.spoilt);  // whoever is to blame is not known by that
    CHECK(run.of<event::Failed>().size() == (how == "twice" ? 1 : 0));
    CHECK(run.of<event::Closed>().empty());
    CHECK(run.values().empty());
  }
}

TEST_CASE("workers start when the standard descriptors are closed") {
  const NothingLeft check;
  const int saved = ::fcntl(0, F_DUPFD_CLOEXEC, 10);
  REQUIRE(saved >= 0);
  ::close(0);
  {
    Run run;
    run.act(0, {{Act::square, 5}});
    run.await<event::Closed>();
    CHECK(run.values().at(0) == u64_bytes(25));
  }
  CHECK(::fcntl(0, F_GETFD) == -1);
  ::dup2(saved, 0);
  ::close(saved);
}

TEST_CASE("a parent that ignores the death of children does not matter") {
  const NothingLeft check;
  ::signal(SIGCHLD, SIG_IGN);
  {
    Run run;
    run.act(0, {{Act::exit_now, 3}});
    run.await<event::Lost>();
    CHECK(run.of<event::Lost>().front().death.sentence == "exited with status 3 in the middle of a task");
  }
  CHECK(::signal(SIGCHLD, SIG_DFL) == SIG_IGN);
}

TEST_CASE("the worker program is found beside this one, or where GANTRY_WORKER says") {
  CHECK(gantry::pool::worker_program().value() == self().parent_path() / "gantry-worker");
  const Folder folder;
  {
    const Variable variable("GANTRY_WORKER", "/bin/true");
    CHECK(gantry::pool::worker_program().value() == "/bin/true");
  }
  const fs::path plain = folder.path() / "plain";
  std::ofstream(plain) << "x";
  fs::permissions(plain, fs::perms::owner_read);
  struct Case {
    fs::path path;
    const char* why;
  };
  const std::vector<Case> cases{{folder.path() / "missing", "it does not exist"},
                                {folder.path(), "it is not a regular file"},
                                {plain, "it is not executable"}};
  for (const Case& each : cases) {
    const Variable variable("GANTRY_WORKER", each.path.string());
    const auto found = gantry::pool::worker_program();
    REQUIRE_FALSE(found);
    CHECK(found.error().where == each.path);
    CHECK(found.error().sentence == std::string("the worker program cannot be started: ") + each.why +
                                        "; correct GANTRY_WORKER, or unset it to use the one beside gantry");
  }
}
