// Pinned values: tasks run where their values are, values are made again after deaths, and dropped after the last use.
#include <catch2/catch.hpp>
#include <set>
#include <vector>

#include "schedule/pinned_world.hpp"
#include "schedule/seeds.hpp"

using namespace gantry::test;
using gantry::host::StepIndex;
using gantry::host::WorkerIndex;
using gantry::schedule::Edge;
using gantry::schedule::Loss;
using gantry::schedule::ResidentUse;
using gantry::schedule::Schedule;
using gantry::schedule::Step;
using gantry::signature::Residence;
using gantry::signature::Resident;
using gantry::signature::Stride;
using Kind = PinnedWorld::Kind;

namespace {

Step pinning(std::uint64_t tasks, Residence residence = Residence::worker) {
  Step step;
  step.tasks = tasks;
  step.residence = residence;
  step.chunk = 1;
  step.kept = true;
  return step;
}

Step using_it(std::uint64_t tasks, std::vector<ResidentUse> uses, Edge::Kind kind = Edge::Kind::keep) {
  Step step;
  step.tasks = tasks;
  for (const ResidentUse& use : uses) {
    std::optional<std::uint64_t> element;
    if (kind == Edge::Kind::keep && use.stride->modulo == 1) element = use.stride->first;
    step.edges.push_back({kind, use.producer, element});
  }
  step.residents = std::move(uses);
  step.window = 1000;
  return step;
}

ResidentUse use_of(std::uint32_t producer, Stride stride, bool changes = false) {
  return {StepIndex{producer}, stride, changes};
}

void change(Step& step) {
  for (ResidentUse& use : step.residents) use.changes = true;
  step.idempotent = false;
  step.chunk = 1;
}

/// Sessions, statements made from them, and tasks that use them in every form.
std::vector<Step> random_steps(std::mt19937_64& random, bool shared, bool changes) {
  const auto draw = [&](std::uint64_t below) { return random() % below; };
  const std::uint64_t sessions = 1 + draw(5);
  const Residence residence = shared && !changes && draw(2) == 0 ? Residence::process : Residence::worker;
  std::vector<Step> steps;
  Step names;  // what sessions are made of
  names.tasks = sessions;
  names.window = 3;
  steps.push_back(names);
  Step open = pinning(sessions, residence);
  const bool streams = draw(2) == 0;
  open.edges.push_back({streams ? Edge::Kind::stream : Edge::Kind::keep, StepIndex{0}, std::nullopt});
  steps.push_back(open);
  if (draw(2) == 0) {  // statements
    Step statements = using_it(sessions, {use_of(1, {0, 1, sessions})}, Edge::Kind::stream);
    statements.residence = residence;
    statements.chunk = 1;
    statements.kept = true;
    steps.push_back(statements);
  }
  const auto makers = static_cast<std::uint32_t>(steps.size());
  std::optional<std::uint32_t> changer;
  std::vector<std::uint32_t> readers;
  for (std::uint64_t count = 1 + draw(4); count > 0; --count) {
    const auto producer = static_cast<std::uint32_t>(1 + draw(makers - 1));
    const std::uint64_t queries = 1 + draw(30);
    Step user;
    switch (draw(4)) {
      case 0:
        user = using_it(sessions * queries, {use_of(producer, {0, queries, sessions})});
        break;
      case 1:
        user = using_it(sessions * queries, {use_of(producer, {0, 1, sessions})});
        break;
      case 2:
        user = using_it(queries, {use_of(producer, {draw(sessions), 1, 1})});
        break;
      default:
        user = using_it(sessions, {use_of(producer, {0, 1, sessions})}, Edge::Kind::stream);
        break;
    }
    if (producer > 1 && draw(2) == 0) {  // with the session that it was made from
      user.residents.push_back(use_of(1, *user.residents[0].stride));
      user.edges.push_back({Edge::Kind::keep, StepIndex{1}, std::nullopt});
    }
    const auto number = static_cast<std::uint32_t>(steps.size());
    const bool changing = changes && draw(2) == 0;
    if (changing) change(user);
    if (changer) user.edges.push_back({Edge::Kind::after, StepIndex{*changer}, std::nullopt});
    for (const std::uint32_t reader : readers) {
      if (changing) user.edges.push_back({Edge::Kind::after, StepIndex{reader}, std::nullopt});
    }
    if (changing) {
      changer = number;
      readers.clear();
    } else {
      readers.push_back(number);
    }
    steps.push_back(std::move(user));
  }
  return steps;
}

}  // namespace

TEST_CASE("whoever dies and whenever, tasks that only read their pinned values all have values") {
  const bool shared = GENERATE(false, true);
  std::uint64_t deaths = 0;
  std::uint64_t again = 0;
  for (const std::uint64_t seed : seeds(1200, 100)) {
    CAPTURE(seed, shared);
    std::mt19937_64 random(seed);
    const std::vector<Step> steps = random_steps(random, shared, false);
    PinnedWorld::Behaviour behaviour;
    behaviour.seed = seed;
    behaviour.workers = 1 + static_cast<unsigned>(seed % 4);
    behaviour.deaths = seed % 3 == 0 ? 0 : 30;
    behaviour.shared = shared;
    PinnedWorld world(steps, behaviour);
    REQUIRE(world.run() == "");
    for (std::uint32_t step = 0; step < steps.size(); ++step) {
      for (std::uint64_t index = 0; index < *steps[step].tasks; ++index) {
        CAPTURE(step, index);
        REQUIRE(world.outcomes.at({step, index}) == Kind::value);
      }
    }
    if (behaviour.deaths == 0) REQUIRE(world.made_again == 0);
    deaths += world.deaths;
    again += world.made_again;
  }
  if (replays_one_seed()) return;
  CHECK(deaths > 1000);
  CHECK(again > 1000);
}

TEST_CASE("changes are made in order and once, and what they cannot be made again for is lost, not run") {
  std::uint64_t lost = 0;
  std::uint64_t values = 0;
  for (const std::uint64_t seed : seeds(1500, 100)) {
    CAPTURE(seed);
    std::mt19937_64 random(seed);
    const bool shared = seed % 5 == 0;
    const std::vector<Step> steps = random_steps(random, shared, true);
    PinnedWorld::Behaviour behaviour;
    behaviour.seed = seed;
    behaviour.workers = 1 + static_cast<unsigned>(seed % 4);
    behaviour.deaths = seed % 4 == 0 ? 0 : 8;
    behaviour.shared = shared;
    behaviour.guilty = 50;
    behaviour.bad_again = seed % 2 == 0 ? 30 : 0;
    PinnedWorld world(steps, behaviour);
    REQUIRE(world.run() == "");
    for (std::uint32_t step = 0; step < steps.size(); ++step) {
      for (std::uint64_t index = 0; index < *steps[step].tasks; ++index) {
        CAPTURE(step, index);
        REQUIRE(world.outcomes.contains({step, index}));
        const Kind kind = world.outcomes.at({step, index});
        if (behaviour.deaths == 0) REQUIRE(kind == Kind::value);
        lost += kind == Kind::lost ? 1 : 0;
        values += kind == Kind::value ? 1 : 0;
      }
    }
  }
  if (replays_one_seed()) return;
  CHECK(lost > 500);
  CHECK(values > 10'000);
}

TEST_CASE("users that fail or die are tried again where their value is, as often as they may") {
  std::uint64_t retried = 0;
  std::uint64_t errors = 0;
  for (const std::uint64_t seed : seeds(1000, 100)) {
    CAPTURE(seed);
    std::mt19937_64 random(seed);
    std::vector<Step> steps = random_steps(random, seed % 3 == 0, false);
    for (std::size_t step = 2; step < steps.size(); ++step) {
      steps[step].retries = static_cast<std::uint32_t>(random() % 4);
      steps[step].retry_error = steps[step].residence == Residence::nowhere;
    }
    PinnedWorld::Behaviour behaviour;
    behaviour.seed = seed;
    behaviour.workers = 1 + static_cast<unsigned>(seed % 4);
    behaviour.deaths = seed % 2 == 0 ? 0 : 20;
    behaviour.shared = seed % 3 == 0;
    behaviour.guilty = 50;
    behaviour.errors = 15;
    behaviour.away = seed % 5 != 0;
    PinnedWorld world(steps, behaviour);
    REQUIRE(world.run() == "");
    for (std::uint32_t step = 0; step < steps.size(); ++step) {
      for (std::uint64_t index = 0; index < *steps[step].tasks; ++index) {
        CAPTURE(step, index);
        REQUIRE(world.outcomes.contains({step, index}));
        errors += world.outcomes.at({step, index}) == Kind::error ? 1 : 0;
      }
    }
    retried += world.retried;
  }
  if (replays_one_seed()) return;
  CHECK(retried > 5000);
  CHECK(errors > 1000);
}

TEST_CASE("values are spread over idle workers, and their tasks follow them") {
  std::vector<Step> steps{pinning(4), using_it(400, {use_of(0, {0, 100, 4})})};
  Schedule schedule(steps, 4);
  std::set<unsigned> makers;
  for (unsigned worker = 0; worker < 4; ++worker) {
    const auto lease = schedule.next(WorkerIndex{worker});
    REQUIRE(lease);
    CHECK(lease->count == 1);
    CHECK(!schedule.next(WorkerIndex{worker}));
    makers.insert(static_cast<unsigned>(lease->first));
    REQUIRE(schedule.values(lease->id, lease->first, 1, {}));
    schedule.closed(lease->id);
    // It is idle again, and so are others that have none: the next value is for one of them.
    if (worker < 3) CHECK(!schedule.next(WorkerIndex{worker}));
  }
  CHECK(makers.size() == 4);
  for (unsigned worker = 0; worker < 4; ++worker) {
    const auto lease = schedule.next(WorkerIndex{worker});
    REQUIRE(lease);
    CHECK(lease->first / 100 == worker);
  }
}

TEST_CASE("a worker that cannot be had is not waited for") {
  std::vector<Step> steps{pinning(3), using_it(3, {use_of(0, {0, 1, 3})})};
  Schedule schedule(steps, 2);
  schedule.present(WorkerIndex{1}, false);
  for (std::uint64_t value = 0; value < 3; ++value) {
    const auto lease = schedule.next(WorkerIndex{0});
    REQUIRE(lease);
    CHECK(lease->first == value);
    REQUIRE(schedule.values(lease->id, value, 1, {}));
    schedule.closed(lease->id);
  }
}

TEST_CASE("why a task is forsaken") {
  struct Row {
    const char* what;
    bool idempotent;
    bool changes;
    bool fails;
    Loss::Why why;
  };
  const auto row = GENERATE(values<Row>({{"not idempotent", false, false, false, Loss::Why::not_repeatable},
                                         {"changed", true, true, false, Loss::Why::changed},
                                         {"fails again", true, false, true, Loss::Why::failed}}));
  CAPTURE(row.what);
  std::vector<Step> steps{pinning(1), using_it(3, {use_of(0, {0, 1, 1})})};
  steps[0].idempotent = row.idempotent;
  if (row.changes) change(steps[1]);
  Schedule schedule(steps, 1);
  auto lease = schedule.next(WorkerIndex{0});
  REQUIRE(schedule.values(lease->id, 0, 1, {}));
  schedule.closed(lease->id);
  lease = schedule.next(WorkerIndex{0});
  REQUIRE(lease->step == StepIndex{1});
  CHECK(schedule.lost(WorkerIndex{0}, lease->id, lease->first, false) == gantry::schedule::Verdict::final);
  if (row.fails) {
    lease = schedule.next(WorkerIndex{0});
    REQUIRE(lease->again);
    CHECK(lease->attempt == 2);
    CHECK(schedule.failed(lease->id, 0, {}) == gantry::schedule::Verdict::none);
    schedule.closed(lease->id);
  }
  CHECK(schedule.has_decided());
  const auto forsaken = schedule.take_forsaken();
  REQUIRE(forsaken.size() == 2);
  CHECK_FALSE(schedule.has_decided());
  for (const auto& one : forsaken) {
    CHECK(one.loss.why == row.why);
    CHECK(one.loss.value == Resident{0, 0});
  }
  CHECK(schedule.finished());
  CHECK(schedule.take_dropped().empty());
}

TEST_CASE("open files stay with the host until their last user is done, whoever dies") {
  std::vector<Step> steps{pinning(2, Residence::host), using_it(2, {use_of(0, {0, 1, 2})})};
  Schedule schedule(steps, 2);
  for (std::uint64_t index = 0; index < 2; ++index) {
    const auto lease = schedule.next(WorkerIndex{0});
    REQUIRE(lease);
    REQUIRE(schedule.values(lease->id, lease->first, 1, {}));
    schedule.closed(lease->id);
  }
  CHECK(schedule.take_dropped().empty());
  static_cast<void>(schedule.lost(WorkerIndex{0}, {}, std::nullopt, false));
  const auto lease = schedule.next(WorkerIndex{1});
  REQUIRE(lease);
  REQUIRE(lease->step == StepIndex{1});
  REQUIRE(schedule.values(lease->id, lease->first, 1, {}));
  const auto dropped = schedule.take_dropped();
  REQUIRE(dropped.size() == 1);
  CHECK(!dropped[0].worker);
  CHECK(dropped[0].value == Resident{0, lease->first});
}
