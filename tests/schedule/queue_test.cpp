// More than one lease for a worker: when, and how many.
#include <catch2/catch.hpp>
#include <chrono>
#include <string>

#include "schedule/schedule.hpp"

using namespace gantry::schedule;
using namespace std::chrono_literals;
using gantry::host::raw;

namespace {

constexpr WorkerIndex worker(std::uint32_t index) {
  return WorkerIndex{index};
}

Step sized(std::uint64_t tasks, std::vector<Edge> edges = {}, std::uint64_t chunk = 1) {
  Step made;
  made.tasks = tasks;
  made.edges = std::move(edges);
  made.window = 1000;
  made.chunk = chunk;
  return made;
}

/// "2[5+3]#1": step 2, tasks 5 to 7, attempt 1; "-": no lease.
std::string text(const std::optional<Lease>& lease) {
  if (!lease) return "-";
  return std::to_string(raw(lease->step)) + "[" + std::to_string(lease->first) + "+" + std::to_string(lease->count) +
         "]#" + std::to_string(lease->attempt);
}

}  // namespace

TEST_CASE("a second lease is for short tasks, when nobody is idle") {
  Schedule schedule({sized(100, {}, 10)}, 2);
  const auto first = schedule.next(worker(0));
  CHECK(text(schedule.next(worker(0))) == "-");  // the other has none; and nobody knows how long they take
  const auto other = schedule.next(worker(1));
  CHECK(text(other) == "0[10+10]#1");
  CHECK(text(schedule.next(worker(0))) == "-");
  CHECK(schedule.values(first->id, 0, 1, 300us));
  CHECK(text(schedule.next(worker(0))) == "0[20+10]#1");
  CHECK(text(schedule.next(worker(0))) == "-");
  CHECK(schedule.values(other->id, 10, 1, 1s));
  CHECK(text(schedule.next(worker(1))) == "-");
}

TEST_CASE("leases of a moment's work queue, as long as the others can have as many") {
  Schedule schedule({sized(1000, {}, 1)}, 2);
  const auto first = schedule.next(worker(0));
  const auto other = schedule.next(worker(1));
  CHECK(schedule.values(first->id, 0, 1, 100us));
  schedule.closed(first->id);
  const auto count = [&](unsigned at) {
    int leases = 0;
    while (schedule.next(worker(at))) ++leases;
    return leases;
  };
  CHECK(count(0) == 5);  // half a millisecond of work
  CHECK(count(1) == 5);  // the first of its own was of unknown length
  CHECK(schedule.values(other->id, 1, 1, 0us));

  Schedule brief({sized(1000, {}, 1)}, 2);
  const auto one = brief.next(worker(0));
  const auto two = brief.next(worker(1));
  CHECK(brief.values(one->id, 0, 1, 100ns));
  CHECK(brief.values(two->id, 1, 1, 100ns));
  const auto count_brief = [&](unsigned at) {
    int leases = 0;
    while (brief.next(worker(at))) ++leases;
    return leases;
  };
  CHECK(count_brief(0) == 255);  // with the open one, all that a worker may hold
  CHECK(count_brief(1) == 255);

  Schedule few({sized(10, {}, 1)}, 4);
  std::vector<std::optional<Lease>> begun;
  for (unsigned at = 0; at < 4; ++at) begun.push_back(few.next(worker(at)));
  CHECK(few.values(begun[0]->id, 0, 1, 100ns));
  int held = 1;
  while (few.next(worker(0))) ++held;
  CHECK(held == 4);  // three are left, fewer than one for each
}

TEST_CASE("steps of one function share what is known of it") {
  const auto single = [](std::optional<std::uint32_t> kin) {
    Step step = sized(1, {}, 1);
    step.kin = kin;
    return step;
  };
  const auto leases_of_first = [&](std::optional<std::uint32_t> kin, std::chrono::nanoseconds took) {
    Schedule schedule(std::vector<Step>(100, single(kin)), 2);
    const auto first = schedule.next(worker(0));
    const auto other = schedule.next(worker(1));
    CHECK(schedule.values(first->id, 0, 1, took));
    schedule.closed(first->id);
    CHECK(other);
    int leases = 0;
    while (schedule.next(worker(0))) ++leases;
    return leases;
  };
  CHECK(leases_of_first(std::nullopt, 1us) == 1);  // nothing is known of the next step
  CHECK(leases_of_first(3, 100us) == 5);           // half a millisecond of work
  CHECK(leases_of_first(3, 1us) == 96);            // all but as many steps as there are workers
  CHECK(leases_of_first(3, 10ms) == 1);            // not short
}
