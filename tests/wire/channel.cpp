// Both halves of a channel in one process, a thread each: what a sanitizer can watch.
#include <atomic>
#include <catch2/catch.hpp>
#include <cstring>
#include <fstream>
#include <thread>

#include "wire/attach.hpp"
#include "wire/host_channel.hpp"
#include "wire/layout.hpp"
#include "wire/shelf.hpp"
#include "wire/summed.hpp"
#include "wire/worker_channel.hpp"

#include <poll.h>

using namespace gantry;

namespace {

/// Claims in batches of 3 and gives each task's index as its value; false: something went wrong.
bool work_off(wire::WorkerChannel& channel, const wire::Work& work) {
  for (;;) {
    const auto claimed = channel.claim(work, 3);
    const std::uint64_t first = work.first + claimed.first;
    if (claimed.count == 0) return channel.report(work.lease, wire::ClosedReport{first}).has_value();
    if (work.assigned->step != std::to_string(work.lease / 3 % (wire::assignments_cap + 3))) return false;
    channel.progress().begin(work.lease, first, claimed.count, wire::monotonic_ns());
    const std::uint64_t bytes = std::uint64_t{claimed.count} * 8;
    if (!channel.window().fits_before_wrap(bytes)) channel.window().skip_to_start();
    if (!channel.wait_for_window(bytes)) return false;
    for (std::uint64_t i = 0; i < claimed.count; ++i) {
      const std::uint64_t value = first + i;
      std::memcpy(channel.window().room().data() + i * 8, &value, 8);
    }
    channel.window().grow(bytes);
    const wire::ValuesReport values{first, claimed.count, channel.window().at(), bytes, 1, false};
    const auto report = tests::summed(work.lease, values, channel.window().segment());
    channel.window().commit();
    channel.progress().end(claimed.count);
    if (!channel.report(work.lease, report)) return false;
  }
}

std::shared_ptr<const schedule::Assignment> assignment(const std::string& step) {
  schedule::Assignment made;
  made.step_id = step;
  made.result_size = 8;
  made.pattern = std::make_shared<const signature::Template>();
  return std::make_shared<const schedule::Assignment>(std::move(made));
}

/// How often this process maps files of shelves.
std::size_t mapped_shelves() {
  std::ifstream maps("/proc/self/maps");
  std::size_t count = 0;
  for (std::string line; std::getline(maps, line);) count += line.find("/memfd:gantry-values") != std::string::npos;
  return count;
}

/// An assignment whose arguments are on a shelf.
std::shared_ptr<const schedule::Assignment> shelved_assignment(wire::Shelves& shelves) {
  const std::uint64_t size = wire::shelf_least;
  auto shelf = shelves.make(size);
  REQUIRE(shelf);
  REQUIRE((*shelf)->write(0, signature::Bytes(size)));
  signature::Template pattern;
  pattern.shared = (*shelf)->framed({}, {});
  schedule::Assignment made;
  made.step_id = "large";
  made.result_size = 8;
  made.pattern = std::make_shared<const signature::Template>(std::move(pattern));
  return std::make_shared<const schedule::Assignment>(std::move(made));
}

}  // namespace

TEST_CASE("a worker lets go of large arguments when nobody comes back to their file") {
  auto made = wire::HostChannel::make(host::WorkerIndex{0}, 1);
  REQUIRE(made);
  wire::HostChannel& host = made->channel;
  wire::WorkerChannel worker = tests::attach(std::move(made->worker_end));
  wire::Blocks blocks;
  std::vector<schedule::Event> events;
  std::uint64_t lease = 0;
  const auto run_one = [&](const std::shared_ptr<const schedule::Assignment>& with) {
    ++lease;
    const schedule::Lease held{host::LeaseId{lease}, host::WorkerIndex{0}, host::StepIndex{0}, 0, 1, 1};
    const auto started = host.start({held, with, {}}, 0, blocks);
    REQUIRE((started && *started));
    const auto work = worker.next();
    REQUIRE((work && *work));
    const auto claimed = worker.claim(**work, 1);
    REQUIRE(claimed.count == 1);
    REQUIRE(worker.report(lease, wire::FailedReport{0, "kind", "message", 1}));
    REQUIRE(worker.report(lease, wire::ClosedReport{1}));
    REQUIRE(host.receive(events));
  };
  auto shelves = std::make_unique<wire::Shelves>();
  auto large = shelved_assignment(*shelves);
  run_one(large);
  CHECK(mapped_shelves() == 2);  // here and there
  large.reset();
  host.forget_gone();
  run_one(assignment("small"));
  CHECK(mapped_shelves() == 2);  // it may come back
  large = shelved_assignment(*shelves);
  run_one(large);
  CHECK(mapped_shelves() == 2);  // it did
  large.reset();
  shelves.reset();
  CHECK(mapped_shelves() == 1);
  host.forget_gone();
  run_one(assignment("small"));
  CHECK(mapped_shelves() == 0);
}

TEST_CASE("every task of many chunks comes back once and in order, with recalls in between") {
  constexpr std::uint64_t rounds = 400;
  auto made = wire::HostChannel::make(host::WorkerIndex{0}, 1);
  REQUIRE(made);
  wire::HostChannel& host = made->channel;
  wire::WorkerChannel worker = tests::attach(std::move(made->worker_end));
  std::atomic<bool> failed = false;
  std::thread thread([&] {
    for (;;) {
      const auto work = worker.next();
      if (!work) failed = true;
      if (!work || !*work) return;
      if (!work_off(worker, **work)) failed = true;
    }
  });

  std::uint64_t lease = 0;
  std::uint64_t next = 0;      // first task of the next chunk
  std::uint64_t expected = 0;  // next value to come
  std::uint64_t recalled = 0;
  bool in_order = true;
  std::vector<schedule::Event> events;
  // More assignments than a worker keeps: some must be told again.
  std::vector<std::shared_ptr<const schedule::Assignment>> assignments;
  assignments.reserve(wire::assignments_cap + 3);
  for (std::uint32_t i = 0; i < wire::assignments_cap + 3; ++i) assignments.push_back(assignment(std::to_string(i)));
  wire::Blocks blocks;
  while (lease < rounds || host.open_leases() > 0) {
    while (lease < rounds && host.open_leases() < wire::leases_cap) {
      const std::uint64_t count = 1 + lease * 37 % 400;
      ++lease;
      const schedule::Lease held{host::LeaseId{lease}, host::WorkerIndex{0}, host::StepIndex{0}, next, count, 1};
      const auto started = host.start({held, assignments[lease / 3 % assignments.size()], {}}, 0, blocks);
      REQUIRE(started);
      REQUIRE(*started);
      next += count;
      if (lease % 3 == 0) {  // the newest one only: what follows begins where it now ends
        const std::uint64_t end = host.recall(host::LeaseId{lease});
        recalled += next - end;
        next = end;
      }
    }
    host.let_spin(lease % 2 == 0);
    host.ring();
    if (host.prepare_sleep()) {
      pollfd bell{host.doorbell(), POLLIN, 0};
      REQUIRE(::poll(&bell, 1, 20000) == 1);
      host.awake();
      host.drain_doorbell();
    }
    events.clear();
    REQUIRE(host.receive(events));
    for (const auto& event : events) {
      const auto* values = std::get_if<schedule::event::Values>(&event);
      if (values == nullptr) continue;
      for (std::uint64_t i = 0; i < values->count; ++i, ++expected) {
        std::uint64_t value = 0;
        std::memcpy(&value, values->bytes.data() + i * 8, 8);
        in_order = in_order && value == expected && values->first + i == expected;
      }
    }
  }
  CHECK(in_order);
  CHECK(expected == next);
  CHECK(recalled > 0);
  {
    const wire::HostChannel gone = std::move(host);
  }
  thread.join();
  CHECK_FALSE(failed);
}
