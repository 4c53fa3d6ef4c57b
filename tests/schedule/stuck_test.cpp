// Who waits for ever, and for whom.
#include "schedule/stuck.hpp"

#include <catch2/catch.hpp>
#include <string>

namespace {

using namespace gantry::schedule;

/// A step as it is written and as it stands.
struct At {
  Holder holder;
  Standing standing;
};

/// Unended, leased, work ("-": none, "w": some, "p": and a place for it), producers of the whole, of elements, queues.
At at(std::uint64_t unended, std::uint64_t leased, char work, std::vector<std::uint32_t> whole,
      std::vector<std::uint32_t> streams, std::vector<std::uint32_t> queues) {
  At made;
  made.standing = {unended, leased, work != '-', work == 'p'};
  for (const auto step : whole) made.holder.whole.push_back(StepIndex{step});
  for (const auto step : streams) made.holder.streams.push_back(StepIndex{step});
  made.holder.queues = std::move(queues);
  return made;
}
Waiter waiter(std::uint32_t step, std::uint32_t queue, bool timed = false) {
  return {StepIndex{step}, queue, timed};
}

struct Row {
  const char* name;
  std::vector<At> steps;
  std::vector<Waiter> waiters;
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
      {"nobody waits", {at(1, 1, '-', {}, {}, {0})}, {}, false, ""},
      {"a producer runs", {at(1, 1, '-', {}, {}, {0}), at(1, 1, '-', {}, {}, {0})}, {waiter(1, 0)}, false, ""},
      {"all producers have ended",
       {at(0, 0, '-', {}, {}, {0}), at(2, 2, '-', {}, {}, {0})},
       {waiter(1, 0), waiter(1, 0)},
       false,
       "ended 0"},
      {"one of two consumers works", {at(2, 2, '-', {}, {}, {0})}, {waiter(0, 0)}, false, ""},
      {"another can start", {at(2, 1, 'p', {}, {}, {0})}, {waiter(0, 0)}, false, ""},
      {"another could start, but every place is taken by who waits",
       {at(2, 1, 'w', {}, {}, {0})},
       {waiter(0, 0)},
       false,
       "stuck 0"},
      {"another could start, once a task of another step ends",
       {at(2, 1, 'w', {}, {}, {0}), at(1, 1, '-', {}, {}, {})},
       {waiter(0, 0)},
       false,
       ""},
      {"another could start, once a task has its place that can have one",
       {at(2, 1, 'w', {}, {}, {0}), at(1, 0, 'p', {}, {}, {})},
       {waiter(0, 0)},
       false,
       ""},
      {"draining, others do not start", {at(2, 1, 'p', {}, {}, {0})}, {waiter(0, 0)}, true, "stuck 0"},
      {"two wait for each other",
       {at(1, 1, '-', {}, {}, {0, 1}), at(1, 1, '-', {}, {}, {0, 1})},
       {waiter(0, 0), waiter(1, 1)},
       false,
       "stuck 0 1"},
      {"one of them only for a time",
       {at(1, 1, '-', {}, {}, {0, 1}), at(1, 1, '-', {}, {}, {0, 1})},
       {waiter(0, 0), waiter(1, 1, true)},
       false,
       ""},
      {"the producer starts after the consumer",
       {at(1, 1, '-', {}, {}, {0}), at(1, 0, '-', {0}, {}, {0})},
       {waiter(0, 0)},
       false,
       "stuck 0"},
      {"the same, and it is written before",
       {at(1, 0, '-', {1}, {}, {0}), at(1, 1, '-', {}, {}, {0})},
       {waiter(1, 0)},
       false,
       "stuck 0"},
      {"the producer waits for a third that runs",
       {at(1, 1, '-', {}, {}, {0}), at(1, 1, '-', {}, {}, {}), at(1, 0, '-', {1}, {}, {0})},
       {waiter(0, 0)},
       false,
       ""},
      {"the producer waits for a third that has no place",
       {at(1, 1, '-', {}, {}, {0}), at(1, 0, 'w', {}, {}, {}), at(1, 0, '-', {1}, {}, {0})},
       {waiter(0, 0)},
       false,
       "stuck 0"},
      {"the producer waits, by two steps, for the consumer",
       {at(1, 1, '-', {}, {}, {0}), at(1, 0, '-', {0}, {}, {}), at(1, 0, '-', {1}, {}, {0})},
       {waiter(0, 0)},
       false,
       "stuck 0"},
      {"a stream feeds the producer while one of its tasks waits",
       {at(2, 2, '-', {}, {}, {0}), at(2, 0, '-', {}, {0}, {0})},
       {waiter(0, 0)},
       false,
       ""},
      {"a stream feeds the producer, but all of its tasks wait",
       {at(2, 2, '-', {}, {}, {0}), at(2, 0, '-', {}, {0}, {0})},
       {waiter(0, 0), waiter(0, 0)},
       false,
       "stuck 0 1"},
      {"the producer's own results are full, and somebody runs who may take them away",
       {at(1, 1, '-', {}, {}, {0}), at(0, 0, '-', {}, {}, {}), at(9, 0, '-', {}, {1}, {0}), at(9, 1, '-', {}, {2}, {})},
       {waiter(0, 0)},
       false,
       ""},
      {"who waits for two that wait for each other is not told: it may go on when they have ended",
       {at(1, 1, '-', {}, {}, {0}), at(1, 0, '-', {0}, {}, {0}), at(1, 1, '-', {}, {}, {1}),
        at(1, 0, '-', {1}, {}, {1})},
       {waiter(2, 1), waiter(0, 0)},
       false,
       "stuck 1"},
      {"two wait for each other, but a third runs: what comes of it may matter",
       {at(1, 1, '-', {}, {}, {0, 1}), at(1, 1, '-', {}, {}, {0, 1}), at(1, 1, '-', {}, {}, {})},
       {waiter(0, 0), waiter(1, 1)},
       false,
       ""},
      {"a queue is over while a third runs",
       {at(1, 1, '-', {}, {}, {0}), at(1, 1, '-', {}, {}, {})},
       {waiter(0, 0)},
       false,
       "ended 0"},
      {"a queue ends first, then it is seen who goes on",
       {at(1, 1, '-', {}, {}, {0}), at(1, 1, '-', {}, {}, {1}), at(1, 0, '-', {0}, {}, {1})},
       {waiter(0, 0), waiter(1, 1)},
       false,
       "ended 0"},
  };
  for (const Row& row : rows) {
    INFO(row.name);
    std::vector<Holder> holders;
    std::vector<Standing> standing;
    for (const At& one : row.steps) {
      holders.push_back(one.holder);
      standing.push_back(one.standing);
    }
    CHECK(shown(StuckSearch(holders).find(standing, row.waiters, row.draining)) == row.found);
  }
}

TEST_CASE("the search is linear: layers of diamonds, and chains as long as pipelines") {
  struct Row {
    std::uint32_t layers;
    std::uint32_t width;
  };
  const auto row = GENERATE(values<Row>({{34, 2}, {30'000, 2}, {65'000, 1}}));  // 2^34 roads lead through the first
  CAPTURE(row.layers);
  std::vector<Holder> steps(1 + row.layers * row.width);  // step 0 gets, the last layer puts
  std::vector<Standing> standing(steps.size());
  steps[0].queues = {0};
  standing[0].unended = standing[0].leased = 1;
  for (std::uint32_t step = 1; step < steps.size(); ++step) {
    standing[step].unended = 2;
    const std::uint32_t layer = (step - 1) / row.width;
    for (std::uint32_t i = 0; layer > 0 && i < row.width; ++i) {
      steps[step].streams.push_back(StepIndex{1 + (layer - 1) * row.width + i});
    }
    if (layer == 0) standing[step].leased = 1;
  }
  steps.back().queues = {0};
  const StuckSearch search(steps);
  CHECK(search.size() == steps.size() + (row.layers - 1) * row.width * row.width);
  CHECK(shown(search.find(standing, {waiter(0, 0)}, false)).empty());
  for (std::uint32_t i = 0; i < row.width; ++i) standing[1 + i].leased = 0;  // nobody runs any more
  CHECK(shown(search.find(standing, {waiter(0, 0)}, false)) == "stuck 0");
}

TEST_CASE("who waits lends its place, and a step without waiting tasks gets it first") {
  Step producer;
  producer.tasks = 3;
  producer.chunk = 1;
  producer.alone = true;
  producer.waits = true;
  producer.window = 10;  // both have a task ready when one waits: there is a choice
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
  CHECK(schedule.standing()[1].leased == 1);
  schedule.blocked(first->id, true);
  CHECK(schedule.lost(gantry::host::WorkerIndex{0}, first->id, 0, false) == Verdict::final);
  CHECK(schedule.blocked() == 0);
  // Nobody of its step waits any more, so it is the latest again that is leased.
  const auto after = schedule.next(gantry::host::WorkerIndex{0});
  REQUIRE(after);
  CHECK(raw(after->step) == 1);
}

TEST_CASE("the step of a task that waits is not passed over any more when its lease is closed") {
  Step producer;
  producer.tasks = 3;
  producer.chunk = 1;
  producer.alone = true;
  producer.waits = true;
  producer.window = 10;
  Schedule schedule({producer, producer}, 1, 2);
  const auto first = schedule.next(gantry::host::WorkerIndex{0});
  REQUIRE(first);
  schedule.blocked(first->id, true);
  schedule.closed(first->id);  // without a word of the task: it goes back
  const auto after = schedule.next(gantry::host::WorkerIndex{0});
  REQUIRE(after);
  CHECK(raw(after->step) == 1);
}
