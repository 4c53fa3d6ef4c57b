// Open files and drops over a channel: files come ahead of what speaks of them, drops behind all that was sent before.
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <catch2/catch.hpp>
#include <thread>

#include "wire/attach.hpp"
#include "wire/files.hpp"
#include "wire/host_channel.hpp"
#include "wire/layout.hpp"
#include "wire/summed.hpp"
#include "wire/worker_channel.hpp"

using namespace gantry;

namespace {

int open_descriptors() {
  int count = 0;
  for (int i = 0; i < 2048; ++i) count += ::fcntl(i, F_GETFD) >= 0 ? 1 : 0;
  return count;
}

std::shared_ptr<const signature::OpenFile> null_file() {
  return std::make_shared<const wire::HeldFile>(wire::Descriptor(::open("/dev/null", O_RDONLY | O_CLOEXEC)));
}

bool is_null_file(int descriptor) {
  struct stat one{};
  struct stat other{};
  return ::fstat(descriptor, &one) == 0 && ::stat("/dev/null", &other) == 0 && one.st_rdev == other.st_rdev &&
         (::fcntl(descriptor, F_GETFD) & FD_CLOEXEC) != 0;
}

std::shared_ptr<const schedule::Assignment> assignment(signature::Residence residence) {
  schedule::Assignment made;
  made.step = host::StepIndex{7};
  made.step_id = "step";
  made.result_size = 0;
  made.residence = residence;
  made.pattern = std::make_shared<const signature::Template>();
  return std::make_shared<const schedule::Assignment>(std::move(made));
}

struct Ends {
  Ends() : made(wire::HostChannel::make(host::WorkerIndex{0}, 1)), worker(tests::attach(std::move(made->worker_end))) {}

  void start(std::uint64_t lease, std::uint64_t count, signature::Residence residence,
             std::vector<schedule::PassedFile> files = {}) {
    const schedule::Lease held{host::LeaseId{lease}, host::WorkerIndex{0}, host::StepIndex{7}, 0, count, 1, false};
    const auto started = made->channel.start({held, assignment(residence), {}, std::move(files)}, 0, blocks);
    REQUIRE((started && *started));
  }
  [[nodiscard]] wire::Work next() {
    auto work = worker.next();
    REQUIRE((work && *work));
    return **std::move(work);
  }
  /// "" or what the host says of the reports.
  [[nodiscard]] std::string receive() {
    const auto received = made->channel.receive(events);
    return received ? "" : received.error().sentence;
  }
  void value(std::uint64_t lease, std::uint64_t index, bool closes) {
    REQUIRE(worker.report(lease, tests::summed(lease, wire::ValuesReport{index, 1, 0, 0, 1, closes})));
  }

  host::Result<wire::HostChannel::Made> made;
  wire::WorkerChannel worker;
  wire::Blocks blocks;
  std::vector<schedule::Event> events;
};

}  // namespace

TEST_CASE("files that a chunk takes are with it, and closed with it") {
  const int before = open_descriptors();
  {
    Ends ends;
    const int with_channel = open_descriptors();
    std::vector<schedule::PassedFile> files;
    for (std::uint64_t i = 0; i < 40; ++i) files.push_back({{3, i * i}, null_file()});
    ends.start(1, 2, signature::Residence::nowhere, std::move(files));
    {
      const wire::Work work = ends.next();
      REQUIRE(work.files.size() == 40);
      for (std::uint64_t i = 0; i < 40; ++i) {
        CHECK(work.files[i].resident == signature::Resident{3, i * i});
        CHECK(is_null_file(work.files[i].file.get()));
      }
      CHECK(work.assigned->step_number == 7);
    }
    CHECK(open_descriptors() == with_channel);  // the host's went with the chunk
  }
  CHECK(open_descriptors() == before);
}

TEST_CASE("a file that a task gives comes with its value") {
  Ends ends;
  ends.start(1, 2, signature::Residence::host);
  const wire::Work work = ends.next();
  CHECK(work.assigned->residence == signature::Residence::host);
  for (std::uint64_t index = 0; index < 2; ++index) {
    CHECK(ends.worker.claim(work, 1).count == 1);
    REQUIRE(ends.worker.give_file(1, index, null_file()->descriptor()));
    ends.value(1, index, index == 1);
  }
  CHECK(ends.receive().empty());
  REQUIRE(ends.events.size() == 3);
  for (std::size_t i = 0; i < 2; ++i) {
    const auto& values = std::get<schedule::event::Values>(ends.events[i]);
    REQUIRE(values.file);
    CHECK(is_null_file(values.file->descriptor()));
  }
}

TEST_CASE("a file is heard of by either road: the socket may be read first") {
  Ends ends;
  ends.start(1, 1, signature::Residence::host);
  const wire::Work work = ends.next();
  CHECK(ends.worker.claim(work, 1).count == 1);
  REQUIRE(ends.worker.give_file(1, 0, null_file()->descriptor()));
  const auto message = ends.made->channel.receive_message();
  REQUIRE(message);
  CHECK(!*message);
  ends.value(1, 0, true);
  CHECK(ends.receive().empty());
  CHECK(std::get<schedule::event::Values>(ends.events.at(0)).file);
}

TEST_CASE("a value without its file, and values that come together, are refused") {
  for (const bool together : {false, true}) {
    Ends ends;
    ends.start(1, 2, signature::Residence::host);
    const wire::Work work = ends.next();
    CHECK(ends.worker.claim(work, 2).count == 2);
    if (together) REQUIRE(ends.worker.give_file(1, 0, null_file()->descriptor()));
    REQUIRE(ends.worker.report(1, tests::summed(1, wire::ValuesReport{0, together ? 2u : 1u, 0, 0, 1, false})));
    CHECK(ends.receive() == "a worker's report for lease 1 has a value without its open file");
  }
}

TEST_CASE("files without values are closed with their lease, and none comes for a lease that is not open") {
  Ends ends;
  ends.start(1, 1, signature::Residence::host);
  const wire::Work work = ends.next();
  CHECK(ends.worker.claim(work, 1).count == 1);
  const int before = open_descriptors();
  REQUIRE(ends.worker.give_file(1, 0, null_file()->descriptor()));
  REQUIRE(ends.worker.report(1, wire::FailedReport{0, "kind", "message", 1}));
  REQUIRE(ends.worker.report(1, wire::ClosedReport{1}));
  CHECK(ends.receive().empty());
  CHECK(open_descriptors() == before);
  REQUIRE(ends.worker.give_file(1, 0, null_file()->descriptor()));
  const auto message = ends.made->channel.receive_message();
  REQUIRE(!message);
  CHECK(message.error().sentence == "a worker gives an open file for task 0 of lease 1, whose value it cannot be");
  CHECK(open_descriptors() == before);
}

TEST_CASE("drops come behind the chunks before them, and wait for room") {
  Ends ends;
  std::vector<signature::Resident> dropped;
  ends.worker.on_drop([&](signature::Resident value) { dropped.push_back(value); });
  ends.start(1, 1, signature::Residence::nowhere);
  ends.made->channel.drop({3, 4});
  ends.start(2, 1, signature::Residence::nowhere);
  CHECK(ends.next().lease == 1);
  CHECK(dropped.empty());
  CHECK(ends.next().lease == 2);
  CHECK(dropped == std::vector<signature::Resident>{{3, 4}});
  dropped.clear();
  constexpr std::uint64_t many = wire::ring_capacity / 32;  // more than the ring holds
  for (std::uint64_t i = 0; i < many; ++i) ends.made->channel.drop({1, i});
  CHECK(ends.made->channel.answers_wait());
  std::thread reader([&] {  // a chunk ends next(), and comes behind them all
    const auto work = ends.worker.next();
    if (!work || !*work || (*work)->lease != 3) dropped.clear();
  });
  while (ends.made->channel.answers_wait()) ends.made->channel.ring();
  for (bool sent = false; !sent;) {
    const schedule::Lease held{host::LeaseId{3}, host::WorkerIndex{0}, host::StepIndex{7}, 0, 1, 1, false};
    const auto started =
        ends.made->channel.start({held, assignment(signature::Residence::nowhere), {}, {}}, 0, ends.blocks);
    sent = started.value_or(true);
    ends.made->channel.ring();
  }
  reader.join();
  CHECK(dropped.size() == many);
  CHECK(std::ranges::is_sorted(dropped));
}

TEST_CASE("who is ready sends nothing but the files of its values, and that it gives up") {
  Ends late;
  late.start(1, 1, signature::Residence::host);
  static_cast<void>(late.next());
  REQUIRE(wire::send(late.worker.socket(), wire::ReadyToRun{}));
  late.value(1, 0, true);
  CHECK(late.receive() == "it sent a message after it was ready");
  CHECK(late.events.empty());

  Ends giving_up;
  giving_up.start(1, 1, signature::Residence::host);
  static_cast<void>(giving_up.next());
  REQUIRE(wire::send(giving_up.worker.socket(), wire::GaveUp{1, 1, "all is lost"}));
  giving_up.value(1, 0, true);
  CHECK(giving_up.receive() == "all is lost");
  const wire::Remains remains = giving_up.made->channel.remains();
  CHECK(remains.spoilt);
  CHECK(remains.running == 0);
}

TEST_CASE("what runs is of the oldest open lease, or nothing is known of it") {
  Ends ends;
  ends.start(1, 1, signature::Residence::nowhere);
  ends.start(2, 1, signature::Residence::nowhere);
  static_cast<void>(ends.next());
  const std::uint64_t now = wire::monotonic_ns();
  ends.worker.progress().begin(1, 0, 1, now);
  const auto running = ends.made->channel.running();
  REQUIRE(running);
  CHECK((host::raw(running->lease) == 1 && running->index == 0 && running->since_ns == now));
  ends.value(1, 0, true);
  REQUIRE(ends.receive().empty());
  CHECK_FALSE(ends.made->channel.running().has_value());  // the words tell of a lease that is over
}

TEST_CASE("a worker that died is spoilt if the words that it shared were written over, and only then") {
  const auto begun = [](Ends& ends) {
    ends.start(1, 3, signature::Residence::nowhere);
    static_cast<void>(ends.next());
  };
  const auto remains_of = [](Ends& ends) {
    REQUIRE(ends.receive().empty());
    return ends.made->channel.remains();
  };
  {
    Ends idle;
    begun(idle);
    CHECK_FALSE(remains_of(idle).spoilt);
  }
  {
    Ends busy;
    begun(busy);
    busy.worker.progress().begin(1, 0, 3, wire::monotonic_ns());
    CHECK(busy.worker.progress().intact());
    busy.worker.progress().finished(1);
    CHECK(busy.worker.progress().intact());
    const auto remains = remains_of(busy);
    CHECK_FALSE(remains.spoilt);
    CHECK(remains.running == 1);
  }
  {
    Ends other;
    begun(other);
    other.worker.progress().begin(7, 0, 3, wire::monotonic_ns());
    const auto remains = remains_of(other);
    CHECK(remains.spoilt);
    CHECK_FALSE(remains.running.has_value());
  }
  {
    Ends silent;
    begun(silent);
    REQUIRE(wire::send(silent.worker.socket(), wire::GaveUp{1, 2, "all is lost"}));
    REQUIRE(silent.made->channel.receive_message());
    const auto remains = remains_of(silent);
    CHECK(remains.spoilt);
    CHECK(remains.running == 1);
  }
}
