// What resides somewhere, between both halves of a channel: files that are given and taken, values that are dropped.
#include <fcntl.h>

#include <catch2/catch.hpp>
#include <filesystem>

#include "wire/attach.hpp"
#include "wire/files.hpp"
#include "wire/host_channel.hpp"
#include "wire/layout.hpp"
#include "wire/summed.hpp"

using namespace gantry;

namespace {

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

std::shared_ptr<const schedule::Assignment> assignment(signature::Residence residence) {
  schedule::Assignment made;
  made.step_id = "s";
  made.result_size = 0;
  made.residence = residence;
  made.pattern = std::make_shared<const signature::Template>();
  return std::make_shared<const schedule::Assignment>(std::move(made));
}

/// Both halves of a channel.
struct Halves {
  Halves()
      : made(wire::HostChannel::make(host::WorkerIndex{0}, 1).value()),
        worker(tests::attach(std::move(made.worker_end))) {}

  wire::HostChannel& host() { return made.channel; }
  schedule::Chunk chunk(std::uint64_t lease, std::shared_ptr<const schedule::Assignment> of, std::uint64_t count = 1) {
    return {{host::LeaseId{lease}, host::WorkerIndex{0}, host::StepIndex{0}, 0, count, 1}, std::move(of), {}};
  }
  bool start(const schedule::Chunk& chunk) {
    const auto started = host().start(chunk, 0, blocks);
    REQUIRE(started);
    return *started;
  }
  wire::Work take() {
    auto work = worker.next();
    REQUIRE((work && *work));
    return **std::move(work);
  }
  /// The worker reports values without bytes.
  void value(std::uint64_t lease, std::uint64_t first, std::uint64_t count, bool closes = false) {
    REQUIRE(worker.report(lease,
                          tests::summed(lease, wire::ValuesReport{first, count, worker.window().at(), 0, 1, closes})));
  }
  std::string hear() {
    const auto message = host().receive_message();
    return message ? "" : message.error().sentence;
  }
  std::string receive() {
    const auto any = host().receive(events);
    return any ? "" : any.error().sentence;
  }

  wire::HostChannel::Made made;
  wire::WorkerChannel worker;
  wire::Blocks blocks;
  std::vector<schedule::Event> events;
};

}  // namespace

TEST_CASE("a worker may give files for tasks that have no outcome yet, once each, and for no others") {
  struct Row {
    std::uint64_t lease;
    std::uint64_t index;
    bool good;
  };
  const Row rows[] = {{1, 1, true},  {1, 2, true}, {1, 0, false}, {1, 3, false}, {1, ~0ull, false},
                      {2, 0, false}, {3, 0, true}, {4, 0, false}, {0, 0, false}, {~0ull, 0, false}};
  for (const Row& row : rows) {
    CAPTURE(row.lease, row.index);
    const std::size_t before = open_descriptors();
    {
      Halves halves;
      REQUIRE(halves.start(halves.chunk(1, assignment(signature::Residence::host), 3)));
      REQUIRE(halves.start(halves.chunk(2, assignment(signature::Residence::worker))));
      REQUIRE(halves.start(halves.chunk(3, assignment(signature::Residence::host))));
      const wire::Descriptor file = any_descriptor();
      REQUIRE(halves.worker.give_file(1, 0, file.get()));
      halves.value(1, 0, 1);
      CHECK(halves.receive().empty());
      REQUIRE(halves.events.size() == 1);
      CHECK(std::get<schedule::event::Values>(halves.events[0]).file);
      REQUIRE(halves.worker.give_file(row.lease, row.index, file.get()));
      const std::string says = halves.hear();
      CHECK(says.empty() == row.good);
      if (!row.good) CHECK(says.ends_with(", whose value it cannot be"));
      if (row.good) {
        REQUIRE(halves.worker.give_file(row.lease, row.index, file.get()));
        CHECK(halves.hear().ends_with(", whose value it cannot be"));
      }
    }
    CHECK(open_descriptors() == before);
  }
}

TEST_CASE("a chunk that names files that were not sent is refused") {
  Halves halves;
  schedule::Chunk chunk = halves.chunk(1, assignment(signature::Residence::nowhere));
  chunk.files = some_files(2);
  REQUIRE(halves.start(chunk));
  const wire::Work work = halves.take();
  REQUIRE(work.files.size() == 2);
  CHECK(work.files[1].resident == signature::Resident{1, std::uint64_t{1} << 40});
  CHECK(work.files[1].file);
  chunk.lease.id = host::LeaseId{2};
  REQUIRE(halves.start(chunk));
  auto stolen = halves.worker.socket().receive();
  REQUIRE((stolen && *stolen));
  CHECK(halves.worker.next().error().sentence == "a chunk names open files that were not sent");
}

TEST_CASE("a drop that comes while a task waits for an answer is kept till the task is over") {
  Halves halves;
  std::vector<signature::Resident> dropped;
  halves.worker.on_drop([&](signature::Resident value) { dropped.push_back(value); });
  schedule::Assignment shared = *assignment(signature::Residence::nowhere);
  shared.shared.push_back({});
  const auto sharing = std::make_shared<const schedule::Assignment>(std::move(shared));
  REQUIRE(halves.start(halves.chunk(1, sharing)));
  REQUIRE(halves.take().lease == 1);
  halves.host().drop({1, 2});
  REQUIRE(halves.start(halves.chunk(2, assignment(signature::Residence::nowhere))));
  const auto late = halves.worker.answer(1, 1);
  REQUIRE(late);
  CHECK_FALSE(*late);
  halves.host().drop({1, 3});
  const auto later = halves.worker.answer(1, wire::monotonic_ns() + 1'000'000);
  REQUIRE(later);
  CHECK(dropped.empty());
  CHECK(halves.take().lease == 2);
  CHECK(dropped == std::vector<signature::Resident>{{1, 2}});
  halves.worker.take_drops();
  CHECK(dropped == std::vector<signature::Resident>{{1, 2}, {1, 3}});
}
