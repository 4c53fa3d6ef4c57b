// Which of several leases is given, taken back, or not.
#include <catch2/catch.hpp>
#include <chrono>
#include <set>

#include "schedule/schedule.hpp"

using namespace gantry::schedule;
using namespace std::chrono_literals;
using gantry::host::raw;

namespace {

constexpr WorkerIndex worker(std::uint32_t index) {
  return WorkerIndex{index};
}

Step sized(std::uint64_t tasks, std::uint64_t chunk = 1) {
  Step made;
  made.tasks = tasks;
  made.window = 1000;
  made.chunk = chunk;
  return made;
}

}  // namespace

TEST_CASE("a second lease is for nobody while another worker has none, however short the tasks") {
  Schedule schedule({sized(100)}, 2);
  const auto first = schedule.next(worker(0));
  const auto other = schedule.next(worker(1));
  REQUIRE(schedule.values(first->id, 0, 1, 1us));
  REQUIRE(schedule.values(other->id, 1, 1, 1us));
  schedule.closed(other->id);
  schedule.closed(first->id);
  REQUIRE(schedule.next(worker(0)));
  CHECK(!schedule.next(worker(0)));  // the tasks are known to be short, and the other is idle
  REQUIRE(schedule.next(worker(1)));
  CHECK(schedule.next(worker(0)).has_value());
}

TEST_CASE("a lease that was offered for recall is offered again once it has reported something") {
  Schedule schedule({sized(10, 10)}, 2);
  const auto lease = schedule.next(worker(0));
  REQUIRE(lease->count == 10);
  REQUIRE(schedule.wants_recall().value().id == lease->id);
  schedule.recalled(lease->id, 10);  // the worker had claimed all
  CHECK(!schedule.wants_recall());
  REQUIRE(schedule.values(lease->id, 0, 1, 1us));
  REQUIRE(schedule.wants_recall().value().id == lease->id);
  CHECK(!schedule.wants_recall());
}

TEST_CASE("of what a draining worker has, each lease is offered once, and those that report again") {
  Schedule schedule({sized(1000)}, 2);
  std::vector<Lease> leases;
  for (std::uint32_t at = 0; at < 2; ++at) leases.push_back(*schedule.next(worker(at)));
  REQUIRE(schedule.values(leases[0].id, leases[0].first, 1, 100ns));
  for (std::uint32_t at = 0; at < 2; ++at) {
    while (const auto more = schedule.next(worker(at))) leases.push_back(*more);
  }
  REQUIRE(leases.size() > 20);
  schedule.drain();
  std::set<std::uint64_t> offered;
  while (const auto lease = schedule.wants_recall()) {
    CHECK(offered.insert(raw(lease->id)).second);
    schedule.recalled(lease->id, lease->first);
  }
  CHECK(offered.size() == leases.size() - 2);  // one task has its value, and one is begun
}

TEST_CASE("a recall that the worker does not know of takes nothing back") {
  Schedule schedule({sized(10, 5)}, 1);
  const auto lease = schedule.next(worker(0));
  REQUIRE(lease->count == 5);
  schedule.recalled(lease->id, UINT64_MAX);  // beyond the lease
  CHECK(schedule.leased(StepIndex{0}) == 5);
  REQUIRE(schedule.find(lease->id) != nullptr);
  CHECK(schedule.find(lease->id)->count == 5);
  CHECK(schedule.values(lease->id, 0, 5, 1us));
  schedule.recalled(lease->id, 0);  // all of it is reported
  schedule.closed(lease->id);
  CHECK(schedule.next(worker(0)).value().first == 5);
}

TEST_CASE("what is taken back is not expected of a worker any more") {
  // Half a millisecond of work may wait: two leases of 20 tasks of 10 µs, and a third once 15 of them were taken back.
  const auto leases_behind = [](bool recalled) {
    Schedule schedule({sized(10'000, 1), sized(10'000, 20)}, 1);
    auto lease = schedule.next(worker(0));
    REQUIRE(lease->count == 20);
    REQUIRE(schedule.values(lease->id, 0, 20, 200us));
    schedule.closed(lease->id);
    lease = schedule.next(worker(0));
    if (recalled) schedule.recalled(lease->id, lease->first + 5);
    int behind = 0;
    while (schedule.next(worker(0))) ++behind;
    return behind;
  };
  CHECK(leases_behind(false) == 1);
  CHECK(leases_behind(true) == 2);
}

TEST_CASE("a draining run is not asked for the sizes of steps") {
  Step open = sized(1);
  open.tasks.reset();
  Schedule schedule({sized(1), open}, 1);
  schedule.drain();
  CHECK(schedule.unsized().empty());
  Schedule running({sized(1), open}, 1);
  CHECK(running.unsized().size() == 1);
}
