// Who waits for ever, and for whom.
#include "schedule/stuck.hpp"

#include <catch2/catch.hpp>
#include <string>

namespace {

using namespace gantry::schedule;

/// A step: unended, leased, has_work, producers of the whole, producers of elements, queues.
Holder holder(std::uint64_t unended, std::uint64_t leased, bool has_work, std::vector<std::uint32_t> whole,
              std::vector<std::uint32_t> streams, std::vector<std::uint32_t> queues) {
  Holder made;
  made.unended = unended;
  made.leased = leased;
  made.has_work = has_work;
  for (const auto step : whole) made.whole.push_back(StepIndex{step});
  for (const auto step : streams) made.streams.push_back(StepIndex{step});
  made.queues = std::move(queues);
  return made;
}
Waiter waiter(std::uint32_t step, std::uint32_t queue, bool timed = false) {
  return {StepIndex{step}, queue, timed};
}

struct Row {
  const char* name;
  std::vector<Holder> steps;
  std::vector<Waiter> waiters;
  bool has_place;
  bool draining;
  const char* found;  ///< "ended 0 1", "stuck 0 2", ""
};

std::string shown(const Stuck& stuck) {
  std::string text;
  if (!stuck.ended.empty()) text = "ended";
  for (const auto queue : stuck.ended) text += " " + std::to_string(queue);
  if (!stuck.waiters.empty()) text = "stuck";
  for (const auto at : stuck.waiters) text += " " + std::to_string(at);
  return text;
}

}  // namespace

TEST_CASE("waiting for ever, by table") {
  const Row rows[] = {
      {"nobody waits", {holder(1, 1, false, {}, {}, {0})}, {}, true, false, ""},
      {"a producer runs",
       {holder(1, 1, false, {}, {}, {0}), holder(1, 1, false, {}, {}, {0})},
       {waiter(1, 0)},
       true,
       false,
       ""},
      {"all producers have ended",
       {holder(0, 0, false, {}, {}, {0}), holder(2, 2, false, {}, {}, {0})},
       {waiter(1, 0), waiter(1, 0)},
       true,
       false,
       "ended 0"},
      {"one of two consumers works", {holder(2, 2, false, {}, {}, {0})}, {waiter(0, 0)}, true, false, ""},
      {"another can start", {holder(2, 1, true, {}, {}, {0})}, {waiter(0, 0)}, true, false, ""},
      {"another could start, but every place is taken by who waits",
       {holder(2, 1, true, {}, {}, {0})},
       {waiter(0, 0)},
       false,
       false,
       "stuck 0"},
      {"another could start, once a task of another step ends",
       {holder(2, 1, true, {}, {}, {0}), holder(1, 1, false, {}, {}, {})},
       {waiter(0, 0)},
       false,
       false,
       ""},
      {"draining, others do not start", {holder(2, 1, true, {}, {}, {0})}, {waiter(0, 0)}, true, true, "stuck 0"},
      {"two wait for each other",
       {holder(1, 1, false, {}, {}, {0, 1}), holder(1, 1, false, {}, {}, {0, 1})},
       {waiter(0, 0), waiter(1, 1)},
       true,
       false,
       "stuck 0 1"},
      {"one of them only for a time",
       {holder(1, 1, false, {}, {}, {0, 1}), holder(1, 1, false, {}, {}, {0, 1})},
       {waiter(0, 0), waiter(1, 1, true)},
       true,
       false,
       ""},
      {"the producer starts after the consumer",
       {holder(1, 1, false, {}, {}, {0}), holder(1, 0, false, {0}, {}, {0})},
       {waiter(0, 0)},
       true,
       false,
       "stuck 0"},
      {"the producer waits for a third that runs",
       {holder(1, 1, false, {}, {}, {0}), holder(1, 1, false, {}, {}, {}), holder(1, 0, false, {1}, {}, {0})},
       {waiter(0, 0)},
       true,
       false,
       ""},
      {"the producer waits, by two steps, for the consumer",
       {holder(1, 1, false, {}, {}, {0}), holder(1, 0, false, {0}, {}, {}), holder(1, 0, false, {1}, {}, {0})},
       {waiter(0, 0)},
       true,
       false,
       "stuck 0"},
      {"a stream feeds the producer while one of its tasks waits",
       {holder(2, 2, false, {}, {}, {0}), holder(2, 0, false, {}, {0}, {0})},
       {waiter(0, 0)},
       true,
       false,
       ""},
      {"a stream feeds the producer, but all of its tasks wait",
       {holder(2, 2, false, {}, {}, {0}), holder(2, 0, false, {}, {0}, {0})},
       {waiter(0, 0), waiter(0, 0)},
       true,
       false,
       "stuck 0 1"},
      {"a queue ends first, then it is seen who goes on",
       {holder(1, 1, false, {}, {}, {0}), holder(1, 1, false, {}, {}, {1}), holder(1, 0, false, {0}, {}, {1})},
       {waiter(0, 0), waiter(1, 1)},
       true,
       false,
       "ended 0"},
  };
  for (const Row& row : rows) {
    INFO(row.name);
    CHECK(shown(find_stuck(row.steps, row.waiters, row.has_place, row.draining)) == row.found);
  }
}

TEST_CASE("who waits lends its place, and a step without waiting tasks gets it first") {
  Step producer;
  producer.tasks = 3;
  producer.chunk = 1;
  producer.alone = true;
  Step consumer = producer;
  Schedule schedule({producer, consumer}, 1, 2);
  const auto first = schedule.next(gantry::host::WorkerIndex{0});
  REQUIRE(first);
  CHECK(raw(first->step) == 1);
  CHECK(!schedule.next(gantry::host::WorkerIndex{0}));
  CHECK(!schedule.next(gantry::host::WorkerIndex{1}));
  schedule.blocked(first->id, true);
  CHECK(schedule.blocked() == 1);
  CHECK(!schedule.next(gantry::host::WorkerIndex{0}));  // nothing behind a task that shares
  const auto lent = schedule.next(gantry::host::WorkerIndex{1});
  REQUIRE(lent);
  CHECK(raw(lent->step) == 0);
  CHECK(!schedule.next(gantry::host::WorkerIndex{2}));  // one waits, one place is lent
  schedule.blocked(first->id, false);
  CHECK(schedule.values(lent->id, lent->first, 1, {}));
  schedule.closed(lent->id);
  CHECK(!schedule.next(gantry::host::WorkerIndex{1}));  // it works again
  schedule.blocked(first->id, true);
  CHECK(schedule.lost(gantry::host::WorkerIndex{0}, first->id, 0, false) == Verdict::final);
  CHECK(schedule.blocked() == 0);
  CHECK(schedule.next(gantry::host::WorkerIndex{2}).has_value());
}
