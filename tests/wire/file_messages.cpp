// Open files between the two ends of a socket, and in a ledger.
#include "wire/files.hpp"

#include <fcntl.h>
#include <sys/resource.h>
#include <unistd.h>

#include <catch2/catch.hpp>
#include <cstring>
#include <filesystem>

#include "wire/desk.hpp"
#include "wire/message.hpp"
#include "wire/socket.hpp"

using namespace gantry;

namespace {

struct Ends {
  Ends() {
    auto made = wire::socket_pair();
    REQUIRE(made);
    near = std::make_unique<wire::Socket>(std::move(made->first), wire::WhenFull::keep);
    far = std::make_unique<wire::Socket>(std::move(made->second), wire::WhenFull::keep);
  }

  std::unique_ptr<wire::Socket> near;
  std::unique_ptr<wire::Socket> far;
};

wire::Descriptor any_descriptor() {
  return wire::Descriptor(::open("/dev/null", O_RDONLY | O_CLOEXEC));
}

std::vector<schedule::PassedFile> some_files(std::uint32_t count) {
  const auto file = std::make_shared<const wire::HeldFile>(any_descriptor());
  std::vector<schedule::PassedFile> files;
  files.reserve(count);
  for (std::uint32_t i = 0; i < count; ++i) files.push_back({{i, std::uint64_t{i} << 40}, file});
  return files;
}

std::size_t open_descriptors() {
  std::size_t count = 0;
  for ([[maybe_unused]] const auto& entry : std::filesystem::directory_iterator("/proc/self/fd")) ++count;
  return count;
}

wire::Parcel received(wire::Socket& socket) {
  auto parcel = socket.receive();
  REQUIRE((parcel && *parcel));
  return **std::move(parcel);
}

/// No more descriptors, while it lives, than are open now.
class NoMore {
 public:
  NoMore() {
    REQUIRE(::getrlimit(RLIMIT_NOFILE, &usual_) == 0);
    const int lowest = ::fcntl(0, F_DUPFD, 0);
    REQUIRE(lowest >= 0);
    ::close(lowest);
    const rlimit low{static_cast<rlim_t>(lowest), usual_.rlim_max};
    REQUIRE(::setrlimit(RLIMIT_NOFILE, &low) == 0);
  }
  NoMore(const NoMore&) = delete;
  NoMore& operator=(const NoMore&) = delete;
  ~NoMore() { ::setrlimit(RLIMIT_NOFILE, &usual_); }

 private:
  rlimit usual_{};
};

/// A ledger with a lease 2 of tasks 20 to 24 whose values are open files, behind lease 1 that is over.
struct FileDesk : tests::Desk {
  FileDesk() : Desk(0) {
    REQUIRE(apply(wire::ValuesReport{10, 5, 0, 0, 0, true}).empty());
    schedule::Chunk next = tests::chunk(2, 20, 5, 0);
    schedule::Assignment assignment = *next.assignment;
    assignment.residence = signature::Residence::host;
    next.assignment = std::make_shared<const schedule::Assignment>(std::move(assignment));
    ledger.open(next);
    events.clear();
  }
  void give(std::uint64_t index, wire::Descriptor file = any_descriptor()) {
    const bool added = files.add(2, index, std::move(file));
    REQUIRE(added);
  }
};

}  // namespace

TEST_CASE("open files pass in both directions, each with its name, closed on exec") {
  const std::size_t before = open_descriptors();
  {
    Ends ends;
    for (const std::uint32_t count : {1U, 2U, 64U, 250U}) {
      const auto sent = wire::pass_files(*ends.near, 9, some_files(count));
      REQUIRE((sent && *sent));
      auto message = wire::decode_host_message(received(*ends.far));
      REQUIRE(message);
      const auto& passed = std::get<wire::PassedFiles>(*message);
      CHECK(passed.lease == 9);
      REQUIRE(passed.files.size() == count);
      for (std::uint32_t i = 0; i < count; ++i) {
        CHECK(passed.files[i].resident == signature::Resident{i, std::uint64_t{i} << 40});
        CHECK(::fcntl(passed.files[i].file.get(), F_GETFD) == FD_CLOEXEC);
      }
    }
    const wire::Descriptor file = any_descriptor();
    REQUIRE(wire::give_file(*ends.far, 5, 6, file.get()));
    auto message = wire::decode_worker_message(received(*ends.near));
    REQUIRE(message);
    const auto& given = std::get<wire::GivenFile>(*message);
    CHECK((given.lease == 5 && given.index == 6 && ::fcntl(given.file.get(), F_GETFD) == FD_CLOEXEC));
  }
  CHECK(open_descriptors() == before);
}

TEST_CASE("a message of open files that is cut at any byte, or too long, is refused and leaves nothing") {
  const std::size_t before = open_descriptors();
  {
    const auto descriptors = [](std::size_t count) {
      std::vector<wire::Descriptor> made;
      made.reserve(count);
      for (std::size_t i = 0; i < count; ++i) made.push_back(any_descriptor());
      return made;
    };
    for (std::size_t size = 0; size <= 64; ++size) {
      CAPTURE(size);
      for (const std::size_t count : {0U, 1U, 2U, 4U}) {
        const auto passed =
            wire::decode_host_message({wire::MessageKind::passed_files, signature::Bytes(size), descriptors(count)});
        CHECK(passed.has_value() == (count > 0 && size == 8 + 12 * count));
        const auto given =
            wire::decode_worker_message({wire::MessageKind::given_file, signature::Bytes(size), descriptors(count)});
        CHECK(given.has_value() == (count == 1 && size == 16));
      }
    }
    CHECK_FALSE(wire::decode_worker_message({wire::MessageKind::passed_files, signature::Bytes(20), descriptors(1)}));
    CHECK_FALSE(wire::decode_host_message({wire::MessageKind::given_file, signature::Bytes(16), descriptors(1)}));
  }
  CHECK(open_descriptors() == before);
}

TEST_CASE("a message whose length and descriptors do not fit is refused by the socket") {
  const std::size_t before = open_descriptors();
  {
    struct Row {
      wire::MessageKind kind;
      std::size_t size;
      std::size_t descriptors;
      std::string says;
    };
    const std::string length = "a message has the unknown kind 7, or a length that its kind has not";
    const std::string none = "a message came without the descriptors that belong to it";
    const std::string extra = "a peer sent descriptors where none belong";
    const Row rows[] = {
        {wire::MessageKind::passed_files, 0, 0, length},  {wire::MessageKind::passed_files, 8, 0, length},
        {wire::MessageKind::passed_files, 19, 1, length}, {wire::MessageKind::passed_files, 8 + 12 * 251, 1, length},
        {wire::MessageKind::passed_files, 20, 0, none},   {wire::MessageKind::passed_files, 32, 1, none},
        {wire::MessageKind::passed_files, 20, 2, extra},  {wire::MessageKind::given_file, 16, 0, none},
        {wire::MessageKind::given_file, 16, 3, extra},    {wire::MessageKind::ready_to_run, 0, 250, extra},
    };
    for (const Row& row : rows) {
      CAPTURE(row.size, row.descriptors);
      Ends ends;
      const wire::Descriptor file = any_descriptor();
      const std::vector<int> numbers(row.descriptors, file.get());
      REQUIRE(ends.far->send(row.kind, signature::Bytes(row.size), numbers));
      auto parcel = ends.near->receive();
      if (parcel) {
        REQUIRE(*parcel);
        parcel = ends.near->receive();
      }
      REQUIRE(!parcel);
      CHECK(parcel.error().sentence == row.says);
    }
    Ends ends;
    CHECK(ends.near->send(wire::MessageKind::passed_files, {}, std::vector<int>(251, 0)).error().sentence ==
          "a message cannot carry 251 descriptors; the most is 250");
  }
  CHECK(open_descriptors() == before);
}

TEST_CASE("a socket without room says so at once, and takes nothing of the message") {
  Ends ends;
  const auto files = some_files(64);
  std::size_t sent = 0;
  for (;; ++sent) {
    const auto put = wire::pass_files(*ends.near, sent, files);
    REQUIRE(put);
    if (!*put) break;
    REQUIRE(sent < 10000);
  }
  CHECK(sent > 10);
  const std::size_t before = open_descriptors();
  for (std::size_t i = 0; i < sent; ++i) {
    auto message = wire::decode_host_message(received(*ends.far));
    REQUIRE(message);
    REQUIRE(std::get<wire::PassedFiles>(*message).lease == i);
  }
  CHECK_FALSE(*ends.far->receive());
  CHECK(open_descriptors() == before);
  CHECK(wire::pass_files(*ends.near, 0, files) == true);
  ends.far.reset();
  CHECK(wire::pass_files(*ends.near, 0, files) == true);  // to nobody: its end tells that it is gone
}

TEST_CASE("who may open no more files gets the messages without them, if they are files of tasks") {
  Ends ends;
  const wire::Descriptor file = any_descriptor();
  REQUIRE(wire::pass_files(*ends.near, 1, some_files(3)));
  REQUIRE(wire::give_file(*ends.near, 2, 3, file.get()));
  REQUIRE(*wire::try_send(*ends.near, wire::Block{8, 9, any_descriptor()}));
  std::vector<wire::Parcel> parcels;
  std::string says;
  {
    const NoMore low;
    for (;;) {
      auto parcel = ends.far->receive();
      if (!parcel) says = parcel.error().sentence;
      if (!parcel || !*parcel) break;
      parcels.push_back(**std::move(parcel));
    }
  }
  REQUIRE(parcels.size() == 2);
  CHECK(says == "a descriptor that was sent did not arrive: this process has as many open files as it may have");
  auto passed = wire::decode_host_message(std::move(parcels[0]));
  REQUIRE(passed);
  REQUIRE(std::get<wire::PassedFiles>(*passed).files.size() == 3);
  for (const auto& each : std::get<wire::PassedFiles>(*passed).files) CHECK_FALSE(each.file);
  auto given = wire::decode_worker_message(std::move(parcels[1]));
  REQUIRE(given);
  CHECK_FALSE(std::get<wire::GivenFile>(*given).file);
}

TEST_CASE("values that are open files come one an event, each with its file") {
  FileDesk desk;
  desk.give(20);
  desk.give(21);
  CHECK(desk.apply(wire::ValuesReport{20, 1, 0, 0, 0}, 2).empty());
  CHECK(desk.apply(wire::FailedReport{21, "odd", "why", 60}, 2).empty());  // it gave one before it failed
  CHECK(desk.apply(wire::ValuesReport{22, 1, 0, 0, 0}, 2) ==
        "a worker's report for lease 2 has a value without its open file");
  REQUIRE(desk.events.size() == 2);
  const auto& values = std::get<schedule::event::Values>(desk.events[0]);
  CHECK((values.first == 20 && values.count == 1 && values.file && values.file->descriptor() >= 0));
  FileDesk many;
  many.give(20);
  many.give(21);
  CHECK(many.apply(wire::ValuesReport{20, 2, 0, 0, 0}, 2) ==
        "a worker's report for lease 2 has a value without its open file");
  FileDesk twice;
  twice.give(20);
  CHECK_FALSE(twice.files.add(2, 20, any_descriptor()));
}

TEST_CASE("files that are no value after all are closed with their lease, those of values with their event") {
  const std::size_t before = open_descriptors();
  FileDesk desk;
  for (std::uint64_t i = 20; i < 25; ++i) desk.give(i);
  CHECK(open_descriptors() == before + 5);
  for (std::uint64_t i = 20; i < 23; ++i) CHECK(desk.apply(wire::ValuesReport{i, 1, 0, 0, 0}, 2).empty());
  for (std::uint64_t i = 23; i < 25; ++i) CHECK(desk.apply(wire::FailedReport{i, "odd", "why", 0}, 2).empty());
  CHECK(desk.apply(wire::ClosedReport{25}, 2).empty());
  CHECK(open_descriptors() == before + 3);
  desk.events.clear();
  CHECK(open_descriptors() == before);
}

TEST_CASE("a value whose file could not be taken in is its task's error") {
  FileDesk desk;
  desk.give(20, {});
  desk.give(21);
  CHECK(desk.apply(wire::ValuesReport{20, 1, 0, 0, 70}, 2).empty());
  CHECK(desk.apply(wire::ValuesReport{21, 1, 0, 0, 0}, 2).empty());
  REQUIRE(desk.events.size() == 2);
  const auto& failed = std::get<schedule::event::Failed>(desk.events[0]);
  CHECK((failed.index == 20 && failed.kind == "open-files" && failed.busy.count() == 70));
  CHECK(std::get<schedule::event::Values>(desk.events[1]).file);
}
