// Open files between a real worker and its host.
#include <fcntl.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <unistd.h>

#include <catch2/catch.hpp>
#include <filesystem>

#include "wire/files.hpp"
#include "wire/layout.hpp"
#include "worker/driver.hpp"

using namespace gantry;
using signature::Residence;
using tests::Driver;
using tests::rows;
using tests::text;
using tests::u64s;

namespace {

signature::Bytes give_row(const std::string& words, std::uint64_t how) {
  signature::Bytes row = text(words);
  signature::append(row, u64s({how}));
  return row;
}

schedule::Chunk give_chunk(Driver& driver, std::uint64_t first, const std::vector<signature::Bytes>& each) {
  schedule::Chunk made = driver.chunk("give", first, each.size(), rows(each));
  tests::reassign(made, [](schedule::Assignment& assignment) { assignment.residence = Residence::host; });
  return made;
}

std::string read_all(int file) {
  std::string words(4096, '\0');
  const ssize_t size = ::pread(file, words.data(), words.size(), 0);
  return words.substr(0, static_cast<std::size_t>(std::max<ssize_t>(size, 0)));
}

/// The files of the values among the events, in order.
std::vector<std::shared_ptr<const signature::OpenFile>> files_of(const std::vector<schedule::Event>& events) {
  std::vector<std::shared_ptr<const signature::OpenFile>> files;
  for (const auto& event : events) {
    const auto* values = std::get_if<schedule::event::Values>(&event);
    if (values == nullptr) continue;
    CHECK((values->count == 1 && values->content().empty()));
    files.push_back(values->file);
  }
  return files;
}

std::shared_ptr<const signature::OpenFile> memory_file(const std::string& words) {
  wire::Descriptor file(::memfd_create("test", MFD_CLOEXEC));
  REQUIRE(file);
  REQUIRE(::write(file.get(), words.data(), words.size()) == static_cast<ssize_t>(words.size()));
  return std::make_shared<const wire::HeldFile>(std::move(file));
}

std::size_t descriptors_of(const std::string& process) {
  std::size_t count = 0;
  for ([[maybe_unused]] const auto& entry : std::filesystem::directory_iterator("/proc/" + process + "/fd")) ++count;
  return count;
}

std::string taken(const std::vector<schedule::Event>& events) {
  std::string all;
  for (const auto& event : events) {
    const auto* values = std::get_if<schedule::event::Values>(&event);
    if (values == nullptr) continue;
    const signature::View bytes = values->content();
    std::size_t at = 0;
    for (const std::uint64_t length : values->lengths) {
      all += (all.empty() ? "" : " ") + std::string(reinterpret_cast<const char*>(bytes.data()) + at + 8, length - 8);
      at += length;
    }
  }
  return all.empty() ? tests::outcomes(events) : all;
}

}  // namespace

TEST_CASE("open files come to the host as the values of their tasks, one an event, closed on exec") {
  const std::size_t before = descriptors_of("self");
  {
    Driver driver({tests::plugin_file("hoard")});
    std::vector<signature::Bytes> each;
    each.reserve(100);
    for (int i = 0; i < 100; ++i) each.push_back(give_row("file " + std::to_string(i), 0));
    const auto events = driver.run(give_chunk(driver, 7, each));
    const auto files = files_of(events);
    REQUIRE(files.size() == 100);
    for (std::size_t i = 0; i < files.size(); ++i) {
      REQUIRE(files[i]);
      CHECK(read_all(files[i]->descriptor()) == "file " + std::to_string(i));
      CHECK(::fcntl(files[i]->descriptor(), F_GETFD) == FD_CLOEXEC);
    }
    // The worker has closed its own.
    for (const auto& message : driver.said()) {
      const auto* hello = std::get_if<wire::Hello>(&message);
      if (hello != nullptr) CHECK(descriptors_of(std::to_string(hello->pid)) < 20);
    }
  }
  CHECK(descriptors_of("self") == before);
}

TEST_CASE("many leases may have given their files before the host looks") {
  Driver driver({tests::plugin_file("hoard")});
  std::vector<schedule::Chunk> chunks;
  chunks.reserve(wire::leases_cap);
  for (std::uint64_t i = 0; i < wire::leases_cap; ++i)
    chunks.push_back(give_chunk(driver, i, {give_row("file " + std::to_string(i), 0)}));
  const auto assignment = chunks[0].assignment;
  for (auto& chunk : chunks) {
    chunk.assignment = assignment;
    REQUIRE(driver.start(chunk));
  }
  const auto patience = std::chrono::steady_clock::now() + std::chrono::seconds(20);
  while (driver.channel().tasks_run() < 200 && std::chrono::steady_clock::now() < patience) ::usleep(1000);
  // The socket is heard first, as by the pool.
  const auto message = driver.channel().receive_message();
  REQUIRE(message);
  CHECK_FALSE(message->has_value());
  const auto files = files_of(driver.finish(wire::leases_cap));
  REQUIRE(files.size() == wire::leases_cap);
  CHECK(read_all(files[255]->descriptor()) == "file 255");
}

TEST_CASE("what a function does wrong with a file is its task's error, and no file is left") {
  const std::size_t before = descriptors_of("self");
  Driver driver({tests::plugin_file("hoard")});
  const std::size_t with_driver = descriptors_of("self");
  struct Row {
    std::uint64_t how;
    std::string says;
  };
  const Row table[] = {
      {1, "result: the function gave no open file, and its result is fd"},
      {2, "plugin: it gives an open file, and has given one already"},
      {3, "result: it gives an open file that is none"},
      {4, "changed-mind: it will not be"},
      {5, "plugin: it gives 1 bytes, and its result is fd, which has none"},
  };
  for (const Row& row : table) {
    CAPTURE(row.how);
    const auto events = driver.run(give_chunk(driver, 0, {give_row("", row.how), give_row("well", 0)}));
    CHECK(tests::outcomes(events) == "0!" + row.says + " 1:ok closed");
    CHECK(files_of(events).size() == 1);
  }
  CHECK(descriptors_of("self") == with_driver);
  CHECK(before < with_driver);
}

TEST_CASE("a file that a worker gave, and died before the value's report, is no value") {
  const std::size_t before = descriptors_of("self");
  {
    Driver driver({tests::plugin_file("hoard")});
    std::vector<schedule::Event> events = driver.run(give_chunk(driver, 0, {give_row("one", 0), give_row("two", 6)}));
    driver.wait_for_end();
    REQUIRE(driver.channel().receive(events));
    wire::Remains remains = driver.channel().remains();
    if (remains.values) events.emplace_back(*std::move(remains.values));
    CHECK(tests::outcomes(events) == "0:ok ");
    CHECK(remains.running == 1);
    const auto files = files_of(events);
    REQUIRE(files.size() == 1);
    CHECK(read_all(files[0]->descriptor()) == "one");
  }
  CHECK(descriptors_of("self") == before);
}

TEST_CASE("open files go to a worker with the chunk that takes them, and live as long") {
  Driver driver({tests::plugin_file("hoard")});
  schedule::Chunk chunk = driver.chunk("take", 0, 3, rows({u64s({4, 0}), u64s({4, 1}), u64s({4, 0})}));
  chunk.files = {{{4, 0}, memory_file("zero")}, {{4, 1}, memory_file("one")}};
  CHECK(taken(driver.run(chunk)) == "zero one zero");
  // They are gone with it.
  CHECK(taken(driver.run(driver.chunk("take", 0, 1, rows({u64s({4, 0})})))) ==
        "0!lost: the open file of task 0 of step 4 is not here closed");
  schedule::Chunk many = driver.chunk("take", 0, 1, rows({u64s({4, 249})}));
  for (std::uint64_t i = 0; i < 250; ++i)
    many.files.push_back({{4, i},
                          i == 249             ? memory_file("last")
                          : many.files.empty() ? memory_file("other")
                                               : many.files[0].file});
  CHECK(taken(driver.run(many)) == "last");
}

TEST_CASE("chunks with files for a worker that is busy wait without anybody waiting for them") {
  Driver driver({tests::plugin_file("hoard")});
  REQUIRE(driver.start(driver.chunk("nap", 0, 1, rows({u64s({1500})}))));
  while (!driver.channel().running()) ::usleep(1000);
  const auto file = memory_file("words");
  const auto assignment = driver.chunk("take", 0, 1, rows({u64s({4, 0})})).assignment;
  const auto make = [&](std::uint64_t index) {
    schedule::Chunk chunk = driver.chunk("take", index, 1, rows({u64s({4, 0})}));
    chunk.assignment = assignment;
    for (std::uint64_t i = 0; i < 64; ++i) chunk.files.push_back({{4, i}, file});
    return chunk;
  };
  const auto began = std::chrono::steady_clock::now();
  unsigned started = 0;
  std::optional<schedule::Chunk> next;
  for (;;) {
    next = make(started);
    if (started >= 254 || !driver.start(*next)) break;
    ++started;
  }
  CHECK(std::chrono::steady_clock::now() - began < std::chrono::milliseconds(900));
  CHECK(started > 20);
  CHECK(started < 254);
  // Every report makes room; the last chunk goes once there is enough.
  std::uint64_t values = 0;
  for (bool sent = false; values < started + 2;) {
    for (const auto& event : driver.next()) {
      if (const auto* each = std::get_if<schedule::event::Values>(&event)) values += each->count;
    }
    sent = sent || driver.start(*next);
  }
}

// UBSan itself opens a pipe to see whether an object's type can be read: without descriptors it takes all for false.
#ifndef GANTRY_SANITIZED
TEST_CASE("a host that has as many open files as it may have fails the task, not the worker") {
  Driver driver({tests::plugin_file("hoard")});
  rlimit usual{};
  REQUIRE(::getrlimit(RLIMIT_NOFILE, &usual) == 0);
  const rlimit low{static_cast<rlim_t>(::fcntl(0, F_DUPFD, 0)), usual.rlim_max};  // the lowest that is free
  ::close(static_cast<int>(low.rlim_cur));
  REQUIRE(::setrlimit(RLIMIT_NOFILE, &low) == 0);
  const auto events = driver.run(give_chunk(driver, 0, {give_row("one", 0), give_row("two", 0)}));
  REQUIRE(::setrlimit(RLIMIT_NOFILE, &usual) == 0);
  const std::string says = "open-files: gantry has as many open files as it may have (see ulimit -n) ";
  CHECK(tests::outcomes(events) == "0!" + says + "1!" + says + "closed");
  CHECK(tests::outcomes(driver.run(give_chunk(driver, 0, {give_row("three", 0)}))) == "0:ok closed");
}
#endif

TEST_CASE("a worker that has as many open files as it may have fails the task that takes one, and lives") {
  Driver driver({tests::plugin_file("hoard")});
  const auto pid = std::get<wire::Hello>(driver.said().at(0)).pid;
  rlimit usual{};
  const rlimit low{3, 20000};
  REQUIRE(::prlimit(static_cast<pid_t>(pid), RLIMIT_NOFILE, nullptr, &usual) == 0);
  REQUIRE(::prlimit(static_cast<pid_t>(pid), RLIMIT_NOFILE, &low, nullptr) == 0);
  schedule::Chunk chunk = driver.chunk("take", 0, 1, rows({u64s({4, 1})}));
  chunk.files = {{{4, 0}, memory_file("zero")}, {{4, 1}, memory_file("one")}};
  CHECK(taken(driver.run(chunk)) ==
        "0!open-files: this worker has as many open files as it may have (see ulimit -n) closed");
  REQUIRE(::prlimit(static_cast<pid_t>(pid), RLIMIT_NOFILE, &usual, nullptr) == 0);
  chunk.lease.id = host::LeaseId{77};
  CHECK(taken(driver.run(chunk)) == "one");
}
