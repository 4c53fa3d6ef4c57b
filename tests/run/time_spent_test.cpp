// The account of a run's time: each moment is in one part, and only there.
#include "time_spent.hpp"

#include <catch2/catch.hpp>
#include <thread>

namespace {

using gantry::host::StepIndex;
using gantry::host::TimeSpent;
using gantry::host::WorkerIndex;
using std::chrono::milliseconds;
using Doing = TimeSpent::Doing;
namespace schedule = gantry::schedule;
namespace event = gantry::schedule::event;

/// A schedule of one step with two tasks, of which the first worker holds the first.
struct Held {
  schedule::Schedule schedule;
  schedule::LeaseId lease{};
};

Held held_one(unsigned workers) {
  schedule::Step step;
  step.tasks = 2;
  step.chunk = 1;
  Held held{schedule::Schedule({step}, workers), {}};
  const auto lease = held.schedule.next(WorkerIndex{0});
  REQUIRE(lease);
  held.lease = lease->id;
  return held;
}

void pass(unsigned ms) {
  std::this_thread::sleep_for(milliseconds(ms));
}

event::Values values(schedule::LeaseId lease, std::chrono::nanoseconds busy) {
  event::Values values;
  values.lease = lease;
  values.count = 1;
  values.busy = busy;
  return values;
}

event::Failed failed(schedule::LeaseId lease, std::chrono::nanoseconds busy) {
  event::Failed failed;
  failed.lease = lease;
  failed.busy = busy;
  return failed;
}

event::Lost lost(schedule::LeaseId lease) {
  event::Lost lost;
  lost.lease = lease;
  return lost;
}

}  // namespace

TEST_CASE("time is accounted to what went on, and all of it once") {
  for (const bool told : {false, true}) {
    Held held = held_one(2);
    TimeSpent time(1, 2);
    pass(2);
    time.leased(WorkerIndex{0});
    time.enter(Doing::wait);
    pass(4);
    time.enter(Doing::decode);
    time.happened(event::Ready{WorkerIndex{0}}, held.schedule);
    pass(3);
    time.held_up(StepIndex{0}, true);
    time.held_up(StepIndex{0}, true);
    time.enter(Doing::wait);
    pass(5);
    if (told) time.slept(milliseconds(3));
    time.enter(Doing::decode);
    time.happened(values(held.lease, milliseconds(2)), held.schedule);
    time.happened(event::Closed{held.lease}, held.schedule);
    held.schedule.closed(held.lease);
    time.happened(event::Closed{held.lease}, held.schedule);  // known no more: nothing happens
    time.held_up(StepIndex{0}, false);
    time.enter(Doing::wait);
    pass(6);
    const gantry::report::Spent spent = time.finish();
    CHECK(spent.host.start == milliseconds(0));
    CHECK(spent.host.encode >= milliseconds(2));
    CHECK(spent.host.decode >= milliseconds(told ? 5 : 3));
    CHECK(spent.host.wait >= milliseconds(10));
    if (told) CHECK(spent.host.order_wait == milliseconds(3));
    if (!told) CHECK(spent.host.order_wait >= milliseconds(5));
    CHECK(spent.workers.start >= milliseconds(4));
    CHECK(spent.workers.compute == milliseconds(2));
    CHECK(spent.workers.queue >= milliseconds(6));
    CHECK(spent.workers.idle >= milliseconds(20 + 6));
    CHECK(spent.workers.total() == 2 * spent.host.total());
  }
}

TEST_CASE("a lost worker holds nothing, and no more than was leased was computed") {
  Held held = held_one(1);
  TimeSpent time(1, 1);
  time.leased(WorkerIndex{0});
  time.happened(event::Ready{WorkerIndex{0}}, held.schedule);
  time.enter(Doing::wait);
  pass(2);
  time.enter(Doing::decode);
  time.happened(failed(held.lease, std::chrono::hours(1)), held.schedule);
  time.happened(lost(held.lease), held.schedule);
  time.happened(event::Closed{held.lease}, held.schedule);
  time.enter(Doing::wait);
  pass(3);
  const gantry::report::Spent spent = time.finish();
  CHECK(spent.workers.compute >= milliseconds(2));
  CHECK(spent.workers.queue == milliseconds(0));
  CHECK(spent.workers.idle >= milliseconds(3));
  CHECK(spent.workers.total() == spent.host.total());
}
