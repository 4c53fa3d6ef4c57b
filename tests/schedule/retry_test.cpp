// When a task starts again, what a death costs, and who is to blame for it.
#include <catch2/catch.hpp>
#include <chrono>
#include <string>

#include "schedule/steps.hpp"

using namespace gantry::schedule;
using namespace gantry::schedule::tests;
using namespace std::chrono_literals;
using gantry::host::raw;

TEST_CASE("a task starts again if its step wants that") {
  struct Row {
    std::string what;
    std::uint32_t retries;
    bool crash, timeout, error, idempotent;
    char how;
    Verdict verdict;
  };
  const auto row = GENERATE(values<Row>({
      {"crash", 1, true, false, false, true, 'c', Verdict::retried},
      {"crash, no retries", 0, true, true, true, true, 'c', Verdict::final},
      {"crash, unwanted", 1, false, true, true, true, 'c', Verdict::final},
      {"crash, not idempotent", 1, true, true, true, false, 'c', Verdict::final},
      {"timeout", 1, true, true, false, true, 't', Verdict::retried},
      {"timeout, unwanted", 1, true, false, true, true, 't', Verdict::final},
      {"error", 1, false, false, true, true, 'e', Verdict::retried},
      {"error, unwanted", 1, true, true, false, true, 'e', Verdict::final},
      {"error, not idempotent", 1, true, true, true, false, 'e', Verdict::final},
  }));
  CAPTURE(row.what);
  Step spec = sized(1);
  spec.retries = row.retries;
  spec.retry_crash = row.crash;
  spec.retry_timeout = row.timeout;
  spec.retry_error = row.error;
  spec.idempotent = row.idempotent;
  Schedule schedule({spec}, 1);
  const auto lease = schedule.next(worker(0));
  REQUIRE(text(lease) == "0[0+1]#1");
  if (row.how == 'e')
    CHECK(schedule.failed(lease->id, 0, 1us) == row.verdict);
  else
    CHECK(schedule.lost(worker(0), lease->id, 0, row.how == 't') == row.verdict);
  schedule.closed(lease->id);
  CHECK(schedule.finished() == (row.verdict == Verdict::final));
  CHECK(schedule.attempt(step(0), 0) == 1);
  if (row.verdict == Verdict::final) return;
  const auto again = schedule.next(worker(0));
  REQUIRE(text(again) == "0[0+1]#2");
  CHECK(schedule.attempt(step(0), 0) == 2);
  CHECK(schedule.lost(worker(0), again->id, std::nullopt, false) == Verdict::none);  // not its fault
  const auto third = schedule.next(worker(0));
  REQUIRE(text(third) == "0[0+1]#2");
  CHECK(schedule.lost(worker(0), third->id, 0, row.how == 't') == Verdict::final);
  CHECK(schedule.finished());
}

TEST_CASE("a death costs an attempt to the running task alone") {
  Step spec = sized(10, {}, 10);
  spec.retries = 1;
  Schedule schedule({spec}, 1);
  const auto lease = schedule.next(worker(0));
  CHECK(schedule.values(lease->id, 0, 2, 1us));
  CHECK(schedule.lost(worker(0), lease->id, 4, false) ==
        Verdict::retried);  // 2 and 3 had ended, but their results are lost
  CHECK(schedule.find(lease->id) == nullptr);
  CHECK(schedule.take_unrepeatable().empty());
  pass(schedule, "0[4+1]#2");
  pass(schedule, "0[2+2]#1");
  pass(schedule, "0[5+5]#1");
  CHECK(schedule.finished());
}

TEST_CASE("of a worker whose memory was written over nobody pays, but who does it alone") {
  Step spec = sized(10, {}, 10);
  spec.retries = 1;
  Schedule schedule({spec}, 2);
  const auto lease = schedule.next(worker(0));
  CHECK(schedule.values(lease->id, 0, 2, 1us));
  CHECK(schedule.lost(worker(0), lease->id, 4, false, true, true) == Verdict::none);
  // Those that had begun come back one by one, in any worker that has nothing else; then the others as ever.
  const auto first = schedule.next(worker(0));
  CHECK(text(first) == "0[2+1]#1");
  CHECK(text(schedule.next(worker(0))) == "-");
  const auto second = schedule.next(worker(1));
  CHECK(text(second) == "0[3+1]#1");
  CHECK(schedule.values(first->id, 2, 1, 1us));
  schedule.closed(first->id);
  // It is found out: it pays, and stays alone.
  CHECK(schedule.attempt(step(0), 3) == 1);
  CHECK(schedule.lost(worker(1), second->id, 3, false, true, true) == Verdict::retried);
  pass(schedule, "0[3+1]#2", 1);
  pass(schedule, "0[4+1]#1");
  pass(schedule, "0[5+5]#1");
  CHECK(schedule.finished());
}

TEST_CASE("who writes over its worker's memory again and again fails") {
  Schedule schedule({sized(3, {}, 3)}, 1);
  const auto together = schedule.next(worker(0));
  // How far it had come is not known: all of the lease are suspects.
  CHECK(schedule.lost(worker(0), together->id, std::nullopt, false, true, true) == Verdict::none);
  pass(schedule, "0[0+1]#1");
  const auto alone = schedule.next(worker(0));
  CHECK(text(alone) == "0[1+1]#1");
  CHECK(schedule.lost(worker(0), alone->id, 1, false, true, true) == Verdict::final);
  pass(schedule, "0[2+1]#1");
  CHECK(schedule.finished());
}

TEST_CASE("a suspect that is given back stays one, and what may not start twice is none") {
  Schedule schedule({sized(2, {}, 2)}, 1);
  const auto together = schedule.next(worker(0));
  CHECK(schedule.lost(worker(0), together->id, 1, false, true, true) == Verdict::none);
  const auto alone = schedule.next(worker(0));
  CHECK(text(alone) == "0[0+1]#1");
  CHECK(schedule.lost(worker(0), alone->id, std::nullopt, false, true, false) == Verdict::none);
  pass(schedule, "0[0+1]#1");
  pass(schedule, "0[1+1]#1");
  CHECK(schedule.finished());

  Step spec = sized(1);
  spec.idempotent = false;
  Schedule once({spec}, 1);
  const auto only = once.next(worker(0));
  CHECK(once.lost(worker(0), only->id, 0, false, true, true) == Verdict::final);
}

TEST_CASE("what may not start twice fails with the worker that had started it") {
  Step spec = sized(10, {}, 10);
  spec.retries = 5;
  spec.idempotent = false;
  Schedule schedule({spec, sized(10, {stream(0)}, 10)}, 1);
  const auto lease = schedule.next(worker(0));
  CHECK(schedule.values(lease->id, 0, 1, 1us));
  CHECK(schedule.lost(worker(0), lease->id, 3, false) == Verdict::final);
  CHECK(schedule.take_unrepeatable() == std::vector<TaskRun>{{step(0), 1, 1}, {step(0), 2, 1}});
  CHECK(text(schedule.take_skipped()) == "1[1+1] by 0[1] 1[2+1] by 0[2] 1[3+1] by 0[3] ");
  pass(schedule, "1[0+1]#1");
  pass(schedule, "0[4+6]#1");
  pass(schedule, "1[4+6]#1");
  CHECK(schedule.finished());
}
