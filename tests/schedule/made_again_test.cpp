// How often a pinned value is made again, and what is forgotten when it is not.
#include <catch2/catch.hpp>
#include <chrono>
#include <vector>

#include "schedule/schedule.hpp"

using namespace gantry::schedule;
using namespace std::chrono_literals;
using gantry::signature::Residence;
using gantry::signature::Stride;

namespace {

constexpr WorkerIndex worker(std::uint32_t index) {
  return WorkerIndex{index};
}

Step pinning(std::uint64_t tasks) {
  Step step;
  step.tasks = tasks;
  step.residence = Residence::worker;
  step.chunk = 1;
  step.kept = true;
  return step;
}

Step using_it(std::uint64_t tasks, Stride stride) {
  Step step;
  step.tasks = tasks;
  step.chunk = 1;
  step.window = 1000;
  step.residents = {{StepIndex{0}, stride, false}};
  step.edges = {{Edge::Kind::stream, StepIndex{0}, std::nullopt}};
  return step;
}

void finish(Schedule& schedule, const Lease& lease) {
  REQUIRE(schedule.values(lease.id, lease.first, lease.count, 1us) != lease.again);
  schedule.closed(lease.id);
}

}  // namespace

TEST_CASE("a value is made again until it took as many workers along as its step may have tries") {
  struct Row {
    std::uint32_t retries;
    bool shared;
    int times;  ///< that it is made again
  };
  // Of tasks that share a process, one may take another along.
  const auto row = GENERATE(values<Row>({{0, false, 1}, {2, false, 3}, {0, true, 2}, {2, true, 4}}));
  CAPTURE(row.retries, row.shared);
  std::vector<Step> steps{pinning(1), using_it(1, {0, 1, 1})};
  steps[0].retries = row.retries;
  Schedule schedule(steps, 1, 0, row.shared);
  finish(schedule, schedule.next(worker(0)).value());
  static_cast<void>(schedule.lost(worker(0), {}, std::nullopt, false));
  int times = 0;
  while (const auto again = schedule.next(worker(0))) {
    REQUIRE(again->again);
    CHECK(again->attempt == 2 + static_cast<std::uint32_t>(times));
    ++times;
    CHECK(schedule.lost(worker(0), again->id, again->first, false) == Verdict::none);
  }
  CHECK(times == row.times);
  const auto forsaken = schedule.take_forsaken();
  REQUIRE(forsaken.size() == 1);
  CHECK(forsaken[0].loss.why == Loss::Why::died);
  CHECK(schedule.finished());
}

TEST_CASE("a value behind the last one that is used is dropped as soon as it is made") {
  Schedule schedule({pinning(3), using_it(2, {0, 1, 2})}, 1);
  std::vector<std::uint64_t> dropped;
  for (std::uint64_t value = 0; value < 3; ++value) {
    Lease lease = schedule.next(worker(0)).value();
    while (lease.step == StepIndex{1}) {
      finish(schedule, lease);
      lease = schedule.next(worker(0)).value();
    }
    finish(schedule, lease);
    if (lease.first < 2) continue;
    const auto now = schedule.take_dropped();
    REQUIRE(!now.empty());
    CHECK(now.back().value == gantry::signature::Resident{0, 2});
  }
}

TEST_CASE("a suspect whose value is gone for good is waited for no more") {
  // Two tasks run in one process when it dies: both are suspects. What one of them uses was changed, so it is lost.
  std::vector<Step> steps{pinning(1), using_it(1, {0, 1, 1}), using_it(1, {0, 1, 1}), Step{}};
  steps[1].residents[0].changes = true;
  steps[1].idempotent = false;
  steps[2].retries = 1;
  steps[2].edges.push_back({Edge::Kind::after, StepIndex{1}, std::nullopt});
  steps[3].tasks = 2;
  steps[3].chunk = 1;
  steps[3].retries = 1;
  steps[3].window = 10;
  steps[3].edges = {{Edge::Kind::order, StepIndex{1}, std::nullopt}};
  Schedule schedule(steps, 2, 0, true);
  finish(schedule, schedule.next(worker(0)).value());
  finish(schedule, schedule.next(worker(0)).value());
  std::vector<Lease> running{schedule.next(worker(0)).value(), schedule.next(worker(1)).value()};
  if (running[0].step != StepIndex{2} && running[1].step != StepIndex{2}) {
    finish(schedule, running[0]);
    running[0] = schedule.next(worker(0)).value();
  }
  for (const Lease& lease : running) {
    CHECK(schedule.lost(lease.worker, lease.id, lease.first, false) == Verdict::retried);
  }
  const auto forsaken = schedule.take_forsaken();
  REQUIRE(forsaken.size() == 1);
  CHECK(forsaken[0].step == StepIndex{2});
  CHECK(forsaken[0].loss.why == Loss::Why::changed);
  while (const auto lease = schedule.next(worker(1))) {
    CHECK(lease->step == StepIndex{3});
    finish(schedule, *lease);
  }
  CHECK(schedule.finished());
}
