// What the scheduler does in exact situations: order, gates, causes, recall, drain.
#include <catch2/catch.hpp>
#include <chrono>
#include <string>

#include "schedule/steps.hpp"

using namespace gantry::schedule;
using namespace gantry::schedule::tests;
using namespace std::chrono_literals;
using gantry::host::raw;

TEST_CASE("the latest step with a ready task goes first") {
  Schedule schedule({sized(3), sized(3, {stream(0)}), sized(1, {order(1)})}, 1);
  pass(schedule, "0[0+1]#1");
  pass(schedule, "1[0+1]#1");
  pass(schedule, "0[1+1]#1");
  pass(schedule, "1[1+1]#1");
  pass(schedule, "0[2+1]#1");
  pass(schedule, "1[2+1]#1");
  CHECK_FALSE(schedule.finished());
  pass(schedule, "2[0+1]#1");
  CHECK(schedule.finished());
}

TEST_CASE("a window is what its readers have not released") {
  std::vector<Step> steps{sized(9, {}, 2), sized(9, {stream(0)})};
  steps[0].window = 3;
  steps[1].window = 1;
  steps[1].consumed = true;
  Schedule schedule(steps, 1);
  pass(schedule, "0[0+2]#1");
  pass(schedule, "1[0+1]#1");
  pass(schedule, "0[2+2]#1");  // not 1[1]: 1[0] is not consumed
  CHECK(text(schedule.next(worker(0))) == "-");
  CHECK(schedule.releasable(step(0)) == 1);
  CHECK(schedule.releasable(step(1)) == 0);
  schedule.consumed(step(1), 1);
  CHECK(schedule.releasable(step(1)) == 1);
  pass(schedule, "1[1+1]#1");
  CHECK(schedule.releasable(step(0)) == 2);
  pass(schedule, "0[4+1]#1");
  CHECK(text(schedule.next(worker(0))) == "-");
}

TEST_CASE("what is kept is released when its last user has ended") {
  std::vector<Step> steps{sized(4, {}, 4), sized(2, {keep(0)}), sized(4, {stream(0)}, 4)};
  steps[0].window = 1;
  Schedule schedule(steps, 1);
  pass(schedule, "0[0+4]#1");
  pass(schedule, "2[0+4]#1");
  pass(schedule, "1[0+1]#1");
  CHECK(schedule.releasable(step(0)) == 0);
  pass(schedule, "1[1+1]#1");
  CHECK(schedule.releasable(step(0)) == 4);
}

TEST_CASE("who waits for a failed task is skipped, and the cause is the root") {
  struct Row {
    std::string what;
    std::vector<Step> steps;
    std::vector<std::string> failing;  ///< leases in their order; "!" at the end: it fails
    std::string skipped;
  };
  const auto row = GENERATE(values<Row>({
      {"keep", {sized(2), sized(3, {keep(0)})}, {"0[0+1]#1", "0[1+1]#1!"}, "1[0+3] by 0[1] "},
      {"order", {sized(1), sized(3, {order(0)})}, {"0[0+1]#1!"}, "1[0+3] by 0[0] "},
      {"the lowest of several",
       {sized(3), sized(1, {keep(0)})},
       {"0[0+1]#1", "0[1+1]#1!", "0[2+1]#1!"},
       "1[0+1] by 0[1] "},
      {"the first edge, not the first failure",
       {sized(1), sized(1), sized(1, {keep(0), keep(1)})},
       {"1[0+1]#1!", "0[0+1]#1!"},
       "2[0+1] by 0[0] "},
      {"one element", {sized(2), sized(2, {element(0, 1)})}, {"0[0+1]#1", "0[1+1]#1!"}, "1[0+2] by 0[1] "},
      {"another element", {sized(2), sized(1, {element(0, 1)})}, {"0[0+1]#1!", "0[1+1]#1", "1[0+1]#1"}, ""},
      {"an element is enough", {sized(2), sized(1, {element(0, 0)})}, {"0[0+1]#1", "1[0+1]#1", "0[1+1]#1"}, ""},
      {"past the end", {sized(1), sized(1, {element(0, 5)})}, {"1[0+1]#1", "0[0+1]#1"}, ""},
      {"stream", {sized(2), sized(2, {stream(0)})}, {"0[0+1]#1!", "0[1+1]#1", "1[1+1]#1"}, "1[0+1] by 0[0] "},
      {"through skipped steps",
       {sized(1), sized(1, {stream(0)}), sized(1, {keep(1)}), sized(2, {order(2)})},
       {"0[0+1]#1!"},
       "1[0+1] by 0[0] 2[0+1] by 0[0] 3[0+2] by 0[0] "},
      {"a skipped step of unknown size is one task",
       {sized(1), unsized({keep(0)}), unsized({stream(1)})},
       {"0[0+1]#1!"},
       "1[0+1] by 0[0] 2[0+1] by 0[0] "},
      {"nothing is missing in nothing", {sized(0), sized(1, {keep(0)})}, {"1[0+1]#1"}, ""},
  }));
  CAPTURE(row.what);
  Schedule schedule(row.steps, 1);
  for (std::string lease : row.failing) {
    if (lease.back() != '!') {
      pass(schedule, lease);
      continue;
    }
    lease.pop_back();
    fail(schedule, lease);
  }
  CHECK(schedule.finished());
  CHECK(text(schedule.take_skipped()) == row.skipped);
}

TEST_CASE("sizes are asked for once, when the step could start") {
  Schedule schedule({sized(1), unsized({order(0)}), unsized({stream(1)}), unsized({stream(1), order(0)})}, 1);
  CHECK(schedule.unsized().empty());
  pass(schedule, "0[0+1]#1");
  CHECK(schedule.unsized() == std::vector{step(1)});
  CHECK(schedule.unsized().empty());
  CHECK_FALSE(schedule.tasks(step(1)));
  schedule.sized(step(1), 2);
  CHECK(schedule.tasks(step(1)) == 2U);
  CHECK(schedule.unsized() == std::vector{step(2), step(3)});
  schedule.sized(step(2), 1);  // shorter: zipped with something else
  schedule.unsizable(step(3));
  pass(schedule, "1[0+1]#1");
  pass(schedule, "2[0+1]#1");
  CHECK(schedule.releasable(step(1)) == 1);
  pass(schedule, "1[1+1]#1");
  CHECK(schedule.finished());
  CHECK(schedule.releasable(step(1)) == 2);
  CHECK(schedule.ended(step(3)) == 1);
}

TEST_CASE("who needs a step that could not be sized is skipped without a task to blame") {
  Schedule schedule({unsized({}), sized(3, {stream(0)}), sized(1, {element(0, 7)}), unsized({stream(0)})}, 1);
  CHECK(schedule.unsized() == std::vector{step(0)});
  schedule.unsizable(step(0));
  CHECK(schedule.finished());
  CHECK(text(schedule.take_skipped()) == "1[0+1] by 0 1[1+2] by 0 3[0+1] by 0 2[0+1] by 0 ");
}

TEST_CASE("late, doubled and foreign reports are not taken") {
  Schedule schedule({sized(4, {}, 4)}, 2);
  const auto lease = schedule.next(worker(1));
  CHECK_FALSE(schedule.values(LeaseId{99}, 0, 1, 1us));
  CHECK_FALSE(schedule.values(lease->id, 3, 2, 1us));
  CHECK_FALSE(schedule.values(lease->id, 1, ~std::uint64_t{0}, 1us));
  CHECK(schedule.values(lease->id, 0, 2, 1us));
  CHECK_FALSE(schedule.values(lease->id, 1, 2, 1us));
  CHECK(schedule.failed(lease->id, 0, 1us) == Verdict::none);
  CHECK_FALSE(schedule.refused(lease->id, 0));
  CHECK(schedule.lost(worker(0), lease->id, 2, false) == Verdict::none);
  CHECK(schedule.lost(worker(7), lease->id, 2, false) == Verdict::none);
  CHECK(schedule.ended(step(0)) == 2);
  CHECK(schedule.lost(worker(1), lease->id, std::nullopt, false) == Verdict::none);
  CHECK_FALSE(schedule.values(lease->id, 2, 2, 1us));
  schedule.recalled(lease->id, 0);
  schedule.closed(lease->id);
  pass(schedule, "0[2+2]#1");
}

TEST_CASE("a task whose arguments cannot be made fails without a start") {
  Step spec = sized(3, {}, 3);
  spec.retries = 2;
  spec.retry_error = true;
  Schedule schedule({spec}, 1);
  const auto lease = schedule.next(worker(0));
  schedule.recalled(lease->id, 2);
  REQUIRE(schedule.find(lease->id) != nullptr);
  CHECK(schedule.find(lease->id)->count == 2);
  CHECK(schedule.refused(lease->id, 1));
  CHECK(schedule.values(lease->id, 0, 1, 1us));
  schedule.closed(lease->id);
  CHECK(schedule.ended(step(0)) == 2);
  pass(schedule, "0[2+1]#1");
}

TEST_CASE("unclaimed work is recalled for idle workers") {
  Schedule schedule({sized(30, {}, 10)}, 3);
  const auto a = schedule.next(worker(0));
  const auto b = schedule.next(worker(1));
  CHECK_FALSE(schedule.wants_recall());  // there is work for worker 2
  const auto c = schedule.next(worker(2));
  CHECK_FALSE(schedule.wants_recall());  // nobody is idle
  CHECK(schedule.values(c->id, 20, 10, 1us));
  schedule.closed(c->id);
  CHECK(schedule.values(a->id, 0, 4, 1us));
  CHECK(text(schedule.wants_recall()) == "0[10+10]#1");
  CHECK(text(schedule.wants_recall()) == "0[0+10]#1");
  CHECK_FALSE(schedule.wants_recall());  // both were asked
  schedule.recalled(a->id, 10);          // all was claimed
  CHECK(text(schedule.next(worker(2))) == "-");
  CHECK(schedule.values(a->id, 4, 5, 1us));
  CHECK_FALSE(schedule.wants_recall());  // progress, but the last one is running
  schedule.recalled(b->id, 11);
  CHECK(text(schedule.next(worker(2))) == "0[11+9]#1");
}

TEST_CASE("a lease that waits behind another is recalled first") {
  Schedule schedule({sized(40, {}, 10)}, 2);
  const auto a = schedule.next(worker(0));
  const auto b = schedule.next(worker(1));
  CHECK(schedule.values(a->id, 0, 1, 1us));
  CHECK(schedule.values(b->id, 10, 9, 1us));
  CHECK(text(schedule.next(worker(0))) == "0[20+10]#1");
  CHECK(text(schedule.next(worker(1))) == "0[30+10]#1");
  const auto second = schedule.wants_recall();
  CHECK_FALSE(second);  // nobody is idle
  CHECK(schedule.lost(worker(1), b->id, std::nullopt, false) == Verdict::none);
  pass(schedule, "0[19+1]#1", 1);
  pass(schedule, "0[30+10]#1", 1);
  const auto waiting = schedule.wants_recall();
  REQUIRE(text(waiting) == "0[20+10]#1");
  schedule.recalled(waiting->id, 20);
  pass(schedule, "0[20+10]#1", 1);
  CHECK(text(schedule.wants_recall()) == "0[0+10]#1");
  schedule.closed(waiting->id);
}

TEST_CASE("after a drain nothing starts, and what has no outcome is known") {
  std::vector<Step> steps{sized(10, {}, 4), sized(2, {keep(0)}), unsized({keep(0)})};
  steps[0].retries = 3;
  Schedule schedule(steps, 2);
  const auto lease = schedule.next(worker(0));
  CHECK(schedule.values(lease->id, 1, 1, 1us));
  schedule.drain();
  CHECK(text(schedule.next(worker(1))) == "-");
  CHECK_FALSE(schedule.finished());
  const auto recall = schedule.wants_recall();
  REQUIRE(text(recall) == "0[0+4]#1");
  schedule.recalled(recall->id, 3);
  CHECK_FALSE(schedule.wants_recall());
  CHECK(schedule.values(lease->id, 0, 1, 1us));
  CHECK(schedule.lost(worker(0), lease->id, 2, false) == Verdict::final);
  CHECK(schedule.finished());
  CHECK(schedule.unsized().empty());
  CHECK(schedule.not_run() == std::vector<NotRun>{{step(0), 3, 7}, {step(1), 0, 2}, {step(2), 0, 1}});
}

TEST_CASE("tasks that were to start again when the run ends are told apart from those that never started") {
  std::vector<Step> steps{sized(10, {}, 4)};
  steps[0].retries = 1;
  Schedule schedule(steps, 1);
  const auto lease = schedule.next(worker(0));
  CHECK(schedule.values(lease->id, 0, 1, 1us));
  CHECK(schedule.lost(worker(0), lease->id, 1, false) == Verdict::retried);
  schedule.drain();
  CHECK(schedule.not_run() == std::vector<NotRun>{{step(0), 1, 1, true}, {step(0), 2, 8, false}});
}

TEST_CASE("while draining, what was done and lost with its worker cannot be done again") {
  Schedule schedule({sized(10, {}, 4)}, 1);
  const auto lease = schedule.next(worker(0));
  schedule.drain();
  CHECK(schedule.lost(worker(0), lease->id, 2, false) == Verdict::final);
  CHECK(schedule.take_unrepeatable() == std::vector<TaskRun>{{step(0), 0, 1}, {step(0), 1, 1}});
  CHECK(schedule.not_run() == std::vector<NotRun>{{step(0), 3, 7}});
}

TEST_CASE("a pipeline without steps is finished") {
  Schedule schedule({}, 1);
  CHECK(schedule.finished());
  CHECK(text(schedule.next(worker(0))) == "-");
  CHECK(schedule.not_run().empty());
}
