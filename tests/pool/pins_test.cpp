// Pinned values and open files in a pool of real workers: who has them, when they go, and on which thread.
#include <unistd.h>

#include <algorithm>
#include <catch2/catch.hpp>
#include <csignal>
#include <fstream>
#include <map>
#include <span>
#include <variant>

#include "crew_fixture.hpp"

using namespace pool_test;
using gantry::host::Mode;
using gantry::signature::Residence;
using gantry::signature::Resident;

namespace {

/// The order of hoard's functions.
enum class Hoard : std::uint32_t {
  open = 0,
  open_sync = 1,
  use = 4,
  change = 5,
  give = 8,
  take = 9,
  nap = 10,
  thread = 11
};

fs::path hoard_plugin() {
  return fs::path(GANTRY_BUILD) / "tests/plugins/libhoard.so";
}

Bytes row(std::initializer_list<std::variant<std::string, std::uint64_t>> values) {
  Bytes bytes;
  for (const auto& value : values) {
    if (const auto* number = std::get_if<std::uint64_t>(&value)) {
      gantry::signature::append(bytes, u64_bytes(*number));
      continue;
    }
    const auto& words = std::get<std::string>(value);
    gantry::signature::append(bytes, u64_bytes(words.size()));
    gantry::signature::append(bytes, std::as_bytes(std::span(words)));
  }
  return bytes;
}

/// A run over the plugin hoard, and what its objects noted.
struct Keeping {
  explicit Keeping(unsigned workers, Mode mode = Mode::process)
      : run(gantry::pool::Options{worker_program_file(), workers, {hoard_plugin()}, 10s, mode}) {
    diary = fs::temp_directory_path() / ("gantry-pins-" + std::to_string(::getpid()));
    fs::remove(diary);
  }
  ~Keeping() { fs::remove(diary); }
  Keeping(const Keeping&) = delete;
  Keeping& operator=(const Keeping&) = delete;

  Lease send(unsigned worker, Hoard function, const std::vector<Bytes>& rows, Residence residence = Residence::nowhere,
             std::vector<gantry::schedule::PassedFile> files = {}) {
    gantry::schedule::Assignment assignment;
    assignment.function = static_cast<std::uint32_t>(function);
    assignment.step = StepIndex{residence == Residence::nowhere ? 8U : 5U};
    assignment.step_id = residence == Residence::nowhere ? "used" : "opened";
    assignment.residence = residence;
    if (residence != Residence::nowhere) assignment.result_size = 0;
    if (function == Hoard::change || function == Hoard::thread) assignment.result_size = 8;
    if (function == Hoard::nap) assignment.result_size = 0;
    const Lease lease = run.send(worker, std::move(assignment), rows, std::move(files));
    ++leases;
    return lease;
  }
  void settle() { run.await<event::Closed>(leases); }

  /// Keeps a thing of a name on a worker; who it is.
  Resident open(unsigned worker, const std::string& name, Hoard function = Hoard::open,
                Residence residence = Residence::worker) {
    const Lease lease = send(worker, function, {row({diary.string(), name})}, residence);
    settle();
    return {5, lease.first};
  }
  /// What a worker says of it, or why it cannot.
  std::string use(unsigned worker, Resident of) {
    const Lease lease = send(worker, Hoard::use, {row({std::uint64_t{of.step}, of.index})});
    settle();
    return said(lease);
  }
  std::string said(const Lease& lease) {
    for (const auto& failed : run.of<event::Failed>())
      if (failed.lease == lease.id) return failed.kind;
    const Bytes bytes = run.values().at(lease.first);
    return {reinterpret_cast<const char*>(bytes.data()) + 8, bytes.size() - 8};
  }
  [[nodiscard]] std::vector<std::string> noted() const {
    std::vector<std::string> lines;
    std::ifstream file(diary);
    for (std::string line; std::getline(file, line);) lines.push_back(line);
    return lines;
  }

  Run run;
  fs::path diary;
  std::size_t leases = 0;
};

using Lines = std::vector<std::string>;

}  // namespace

TEST_CASE("each worker keeps its own, drops it when told, in order, and the rest at its end") {
  const NothingLeft check;
  Keeping keeping(2);
  const Resident a = keeping.open(0, "a");
  const Resident b = keeping.open(0, "b");
  const Resident c = keeping.open(1, "c");
  const Resident d = keeping.open(1, "d");
  CHECK(keeping.use(0, a) == "a 0");
  CHECK(keeping.use(1, c) == "c 0");
  CHECK(keeping.use(1, a) == "lost");
  keeping.run.pool().drop(WorkerIndex{1}, a);  // not there
  keeping.run.pool().drop(WorkerIndex{7}, a);  // no worker
  CHECK(keeping.use(0, a) == "a 0");
  // Behind what was sent before.
  const Lease last = keeping.send(0, Hoard::use, {row({std::uint64_t{5}, b.index})});
  keeping.run.pool().drop(WorkerIndex{0}, b);
  keeping.run.pool().drop(WorkerIndex{0}, a);
  keeping.settle();
  CHECK(keeping.said(last) == "b 0");
  CHECK(keeping.use(0, b) == "lost");
  CHECK(keeping.noted() == Lines{"end b", "end a"});
  CHECK(keeping.use(1, d) == "d 0");
  keeping.run.end();
  CHECK(keeping.noted() == Lines{"end b", "end a", "end d", "end c"});
}

TEST_CASE("values that are dropped just before the end are not told as left") {
  const NothingLeft check;
  for (int round = 0; round < 20; ++round) {
    Keeping keeping(1);
    const Resident a = keeping.open(0, "a");
    const Resident b = keeping.open(0, "b");
    keeping.run.pool().drop(WorkerIndex{0}, a);
    keeping.run.pool().drop(WorkerIndex{0}, b);
    keeping.run.end();
    REQUIRE(keeping.noted() == Lines{"end a", "end b"});  // at the end alone it would be the other way round
  }
}

TEST_CASE("a drop wakes a worker that sleeps") {
  const NothingLeft check;
  Keeping keeping(1);
  const Resident a = keeping.open(0, "a");
  std::vector<Event> events;
  keeping.run.pool().wait(50ms, events);
  keeping.run.pool().drop(WorkerIndex{0}, a);
  const auto patience = std::chrono::steady_clock::now() + 10s;
  while (keeping.noted().empty() && std::chrono::steady_clock::now() < patience) keeping.run.pool().wait(10ms, events);
  CHECK(keeping.noted() == Lines{"end a"});
}

TEST_CASE("what a dead worker kept is gone, and a drop of it is nothing to its next life") {
  const NothingLeft check;
  Keeping keeping(1);
  const Resident a = keeping.open(0, "a");
  const auto children = Holdings::now().children;
  REQUIRE(children.size() == 1);
  ::kill(children[0], SIGKILL);
  keeping.run.await<event::Lost>();
  keeping.run.pool().drop(WorkerIndex{0}, a);  // not ready yet, most likely
  keeping.run.await<event::Ready>(2);
  CHECK(keeping.use(0, a) == "lost");
  keeping.run.pool().drop(WorkerIndex{0}, a);
  const Resident again = keeping.open(0, "again");
  CHECK(keeping.use(0, again) == "again 0");
  keeping.run.end();
  CHECK(keeping.noted() == Lines{"end again"});
}

TEST_CASE("threads keep their own to themselves, and share what is thread-safe") {
  const NothingLeft check;
  Keeping keeping(3, Mode::thread);
  keeping.run.pool().prestart(3);
  keeping.run.await<event::Ready>(3);
  const Resident own = keeping.open(1, "own");
  const Resident left = keeping.open(1, "left");
  const Resident common = keeping.open(2, "common", Hoard::open_sync, Residence::process);
  const Resident kept = keeping.open(0, "kept", Hoard::open_sync, Residence::process);
  CHECK(keeping.use(1, own) == "own 0");
  CHECK(keeping.use(0, own) == "lost");
  CHECK(keeping.use(2, own) == "lost");
  CHECK(keeping.use(2, common) == "common 0");
  CHECK(keeping.use(0, common) == "common 0 afar");
  CHECK(keeping.use(1, common) == "common 0 afar");
  keeping.run.pool().drop(WorkerIndex{1}, own);
  keeping.run.pool().drop(WorkerIndex{2}, common);
  CHECK(keeping.use(1, own) == "lost");
  CHECK(keeping.use(2, common) == "lost");
  CHECK(keeping.use(0, common) == "lost");
  CHECK(keeping.use(2, kept) == "kept 0 afar");
  CHECK(keeping.use(1, left) == "left 0");
  Lines lines = keeping.noted();
  std::ranges::sort(lines);
  CHECK(lines == Lines{"end common", "end own"});  // neither elsewhere
  keeping.run.end();
  // The first thread ends all that others could find, when they have ended; what is a thread's own, that thread.
  lines = keeping.noted();
  REQUIRE(lines.size() == 4);
  CHECK((lines[2] == "end left" && lines[3] == "end kept"));
}

TEST_CASE("many threads open, use and drop at once") {
  const NothingLeft check;
  constexpr unsigned workers = 4;
  Keeping keeping(workers, Mode::thread);
  keeping.run.pool().prestart(workers);
  keeping.run.await<event::Ready>(workers);
  std::vector<std::pair<unsigned, Resident>> all;
  for (int round = 0; round < 20; ++round) {
    for (unsigned worker = 0; worker < workers; ++worker) {
      const Lease lease = keeping.send(worker, round % 2 == 0 ? Hoard::open : Hoard::open_sync,
                                       std::vector<Bytes>(20, row({keeping.diary.string(), std::string("n")})),
                                       round % 2 == 0 ? Residence::worker : Residence::process);
      for (std::uint64_t i = 0; i < 20; ++i) all.emplace_back(worker, Resident{5, lease.first + i});
    }
  }
  keeping.settle();
  for (const auto& [worker, value] : all) {
    keeping.send(worker, Hoard::use, {row({std::uint64_t{value.step}, value.index})});
    keeping.run.pool().drop(WorkerIndex{worker}, value);
    if (keeping.leases % 64 == 0) keeping.settle();
  }
  keeping.settle();
  CHECK(keeping.run.of<event::Failed>().empty());
  keeping.run.end();
  const Lines lines = keeping.noted();
  CHECK(lines.size() == all.size());
  CHECK(std::ranges::count(lines, "end n") == static_cast<std::ptrdiff_t>(all.size()));
}

TEST_CASE("open files go from worker to worker by way of the host, and outlive who made them") {
  const NothingLeft check;
  const Mode mode = GENERATE(Mode::process, Mode::thread);
  Keeping keeping(2, mode);
  std::vector<Bytes> rows;
  rows.reserve(10);
  for (int i = 0; i < 10; ++i) rows.push_back(row({"file " + std::to_string(i), std::uint64_t{0}}));
  const Lease given = keeping.send(0, Hoard::give, rows, Residence::host);
  keeping.settle();
  std::vector<gantry::schedule::PassedFile> files;
  for (const auto& values : keeping.run.of<event::Values>()) {
    REQUIRE(values.count == 1);
    REQUIRE(values.file);
    files.push_back({{5, values.first}, values.file});
  }
  REQUIRE(files.size() == 10);
  const std::vector<Bytes> takes{row({std::uint64_t{5}, given.first + 3}), row({std::uint64_t{5}, given.first + 9})};
  keeping.send(1, Hoard::take, takes, Residence::nowhere, files);
  keeping.settle();
  const auto children = Holdings::now().children;
  for (const int child : children) ::kill(child, SIGKILL);
  keeping.run.await<event::Lost>(2);
  const Lease later = keeping.send(0, Hoard::take, takes, Residence::nowhere, files);
  keeping.settle();
  const auto values = keeping.run.values();
  for (const std::uint64_t at : {given.first + 10, later.first}) {
    CHECK(values.at(at) == row({std::string("file 3")}));
    CHECK(values.at(at + 1) == row({std::string("file 9")}));
  }
}

TEST_CASE("stop gives an idle worker its orderly end, and takes a busy one's objects with it") {
  const NothingLeft check;
  Keeping keeping(2);
  keeping.open(0, "idle");
  keeping.open(1, "busy");
  keeping.send(1, Hoard::nap, {row({std::uint64_t{60'000}})});
  std::vector<Event> events;
  keeping.run.pool().wait(50ms, events);
  const auto began = std::chrono::steady_clock::now();
  keeping.run.pool().stop(300ms);
  CHECK(std::chrono::steady_clock::now() - began < 5s);
  CHECK(keeping.noted() == Lines{"end idle"});
}
