// Queues, pinned values, changes and crashes in one pipeline: outcomes do not depend on how many workers there are, nor
// on who is when where; and nothing hangs.
#include <catch2/catch.hpp>
#include <random>
#include <string>
#include <vector>

#include "schedule/pinned_world.hpp"
#include "schedule/seeds.hpp"

using namespace gantry::test;
using gantry::host::StepIndex;
using gantry::host::WorkerIndex;
using gantry::schedule::Edge;
using gantry::schedule::Schedule;
using gantry::schedule::Step;
using gantry::signature::Residence;
using gantry::signature::Stride;
using Kind = PinnedWorld::Kind;
using What = PinnedWorld::Role::What;

namespace {

struct Pipeline {
  std::vector<Step> steps;
  std::vector<PinnedWorld::Role> roles;

  std::uint32_t add(Step step, PinnedWorld::Role role = {}) {
    step.window = 1000;
    step.chunk = 1;
    step.waits = role.what == What::puts || role.what == What::drains;
    step.alone = step.waits;
    steps.push_back(std::move(step));
    roles.push_back(role);
    return static_cast<std::uint32_t>(steps.size() - 1);
  }
};

Step tasks(std::uint64_t count, std::vector<Edge> edges = {}) {
  Step step;
  step.tasks = count;
  step.edges = std::move(edges);
  return step;
}

Step making(std::uint64_t count, std::vector<Edge> edges = {}) {
  Step step = tasks(count, std::move(edges));
  step.residence = Residence::worker;
  step.kept = true;
  return step;
}

/// A task for each value of the producer, or one for its first.
Step using_it(const Pipeline& pipeline, std::uint32_t producer, bool each, bool changes = false) {
  const std::uint64_t values = *pipeline.steps[producer].tasks;
  Step step = tasks(each ? values : 1);
  if (each)
    step.edges.push_back({Edge::Kind::stream, StepIndex{producer}, std::nullopt});
  else
    step.edges.push_back({Edge::Kind::keep, StepIndex{producer}, 0});
  step.residents = {{StepIndex{producer}, each ? Stride{0, 1, values} : Stride{0, 1, 1}, changes}};
  step.idempotent = !changes;
  return step;
}

Edge order(std::uint32_t producer) {
  return {Edge::Kind::order, StepIndex{producer}, std::nullopt};
}
Edge after(std::uint32_t producer) {
  return {Edge::Kind::after, StepIndex{producer}, std::nullopt};
}

/// As the driver gives them where there is a queue: so many places in all, however many work at a time.
PinnedWorld::Behaviour behaviour_of(unsigned workers, std::uint64_t seed) {
  PinnedWorld::Behaviour behaviour;
  behaviour.workers = workers;
  behaviour.spare = 40 - workers;
  behaviour.seed = seed;
  return behaviour;
}

std::string shown(const PinnedWorld& world, const Pipeline& pipeline) {
  constexpr const char* kinds = ".veslD";
  std::string text;
  for (std::uint32_t step = 0; step < pipeline.steps.size(); ++step) {
    text += step == 0 ? "" : " ";
    for (std::uint64_t index = 0; index < *pipeline.steps[step].tasks; ++index) {
      const auto found = world.outcomes.find({step, index});
      text += found == world.outcomes.end() ? '.' : kinds[static_cast<int>(found->second)];
    }
  }
  return text;
}

/// Steps that use pinned values, put into and drain queues, change and crash, each after some of those before it.
Pipeline random_pipeline(std::mt19937_64& random) {
  const auto draw = [&](std::uint64_t below) { return static_cast<std::uint32_t>(random() % below); };
  Pipeline pipeline;
  std::vector<std::uint32_t> makers;
  std::vector<std::vector<std::uint32_t>> users(20);  // of the maker that must run in order, all but the last
  const std::uint32_t count = 3 + draw(8);
  for (std::uint32_t i = 0; i < count; ++i) {
    std::vector<Edge> edges;
    if (i > 0 && draw(2) == 0) edges.push_back(draw(2) == 0 ? order(draw(i)) : after(draw(i)));
    const std::uint32_t dice = draw(12);
    const PinnedWorld::Role role{dice % 2 == 0 ? What::puts : What::drains, draw(2)};
    if (dice < 2 || (makers.empty() && dice < 6)) {
      makers.push_back(pipeline.add(making(1 + draw(4), edges)));
    } else if (dice < 6) {  // uses a value, and may change it, or share besides
      const std::uint32_t maker = makers[draw(makers.size())];
      const bool changes = draw(3) == 0;
      const bool shares = draw(3) == 0;
      Step step = using_it(pipeline, maker, draw(3) != 0, changes);
      step.edges.insert(step.edges.end(), edges.begin(), edges.end());
      for (const std::uint32_t user : users[maker]) step.edges.push_back(after(user));
      users[maker].push_back(pipeline.add(step, shares ? role : PinnedWorld::Role{}));
    } else if (dice < 10) {
      pipeline.add(tasks(1 + draw(3), edges), role);
    } else {
      pipeline.add(tasks(1, edges), {dice == 10 ? What::crashes : What::nothing, 0});
    }
  }
  return pipeline;
}

}  // namespace

TEST_CASE("what queues, pinned values, changes and crashes come to is the same for any number of workers") {
  std::uint64_t waits = 0;
  std::uint64_t deaths = 0;
  std::uint64_t deadlocks = 0;
  std::uint64_t values = 0;
  for (const std::uint64_t seed : seeds(2000)) {
    std::mt19937_64 random(seed);
    const Pipeline pipeline = random_pipeline(random);
    std::string expected;
    for (unsigned workers = 1; workers <= 6; ++workers) {
      CAPTURE(seed, workers);
      PinnedWorld world(pipeline.steps, behaviour_of(workers, seed + workers), pipeline.roles);
      REQUIRE(world.run() == "");
      const std::string found = shown(world, pipeline);
      if (workers == 1) expected = found;
      REQUIRE(found == expected);
      REQUIRE(found.find('l') == std::string::npos);
      REQUIRE(found.find('.') == std::string::npos);
      waits += world.waits;
      deaths += world.deaths;
    }
    for (const char kind : expected) {
      deadlocks += kind == 'D' ? 1 : 0;
      values += kind == 'v' ? 1 : 0;
    }
  }
  if (replays_one_seed()) return;
  CHECK(waits > 5000);
  CHECK(deaths > 1000);
  CHECK(deadlocks > 200);
  CHECK(values > 10'000);
}

TEST_CASE("where a waiting task would keep users from a pinned value, it runs elsewhere") {
  const PinnedWorld::Role puts{What::puts, 0};
  const PinnedWorld::Role drains{What::drains, 0};
  struct Row {
    const char* what;
    Pipeline pipeline;
    const char* outcomes;
  };
  std::vector<Row> rows;
  {
    Row row{"the consumer is ready when the value is made", {}, "v v v v"};
    row.pipeline.add(making(1));
    row.pipeline.add(using_it(row.pipeline, 0, false));
    row.pipeline.add(tasks(1, {{Edge::Kind::keep, StepIndex{1}, std::nullopt}}), puts);
    row.pipeline.add(tasks(1, {order(0)}), drains);
    rows.push_back(row);
    row.what = "the consumer is ready before the value is made";
    row.pipeline.steps[3].edges.clear();
    rows.push_back(row);
  }
  {
    Row row{"more consumers than workers, and a value that has nothing to do with them", {}, "v v vvvvvvvv"};
    row.pipeline.add(making(1));
    row.pipeline.add(using_it(row.pipeline, 0, false));
    row.pipeline.add(tasks(8), drains);
    rows.push_back(row);
  }
  {
    Row row{"two values, and the user of one waits for the user of the other", {}, "vv v v"};
    row.pipeline.add(making(2));
    row.pipeline.add(using_it(row.pipeline, 0, false), drains);
    Step other = using_it(row.pipeline, 0, false);
    other.edges[0].element = 1;
    other.residents[0].stride = Stride{1, 1, 1};
    row.pipeline.add(other, puts);
    rows.push_back(row);
  }
  {
    Row row{"the user that waits keeps the one that would put from their common value", {}, "v D v"};
    row.pipeline.add(making(1));
    row.pipeline.add(using_it(row.pipeline, 0, false), drains);
    Step later = using_it(row.pipeline, 0, false);
    later.edges.push_back(after(1));
    row.pipeline.add(later, puts);
    rows.push_back(row);
  }
  {
    Row row{"a crash takes no changed values along, of whoever runs at the time", {}, "vvvv vvvv vvvv e"};
    row.pipeline.add(making(4));
    row.pipeline.add(using_it(row.pipeline, 0, true, true));
    Step twice = using_it(row.pipeline, 0, true, true);
    twice.edges.push_back(order(1));
    row.pipeline.add(twice);
    row.pipeline.add(tasks(1, {order(1)}), {What::crashes, 0});
    rows.push_back(row);
  }
  for (const Row& row : rows) {
    for (unsigned workers = 1; workers <= 6; ++workers) {
      for (std::uint64_t seed = 1; seed <= 50; ++seed) {
        CAPTURE(row.what, workers, seed);
        PinnedWorld world(row.pipeline.steps, behaviour_of(workers, seed), row.pipeline.roles);
        REQUIRE(world.run() == "");
        REQUIRE(shown(world, row.pipeline) == row.outcomes);
        REQUIRE(world.places_used <= 9 + workers);  // no more than there are tasks that wait, and homes
      }
    }
  }
}

TEST_CASE("a step has a place or not: tasks that wait, at home and elsewhere") {
  Pipeline pipeline;
  pipeline.add(making(1));
  pipeline.add(using_it(pipeline, 0, false), {What::drains, 0});
  pipeline.add(using_it(pipeline, 0, false));
  pipeline.add(tasks(3), {What::drains, 1});
  Schedule schedule(pipeline.steps, 1, 2);
  const auto lease_for = [&](unsigned place, std::uint32_t step) {
    const auto lease = schedule.next(WorkerIndex{place});
    REQUIRE(lease);
    CHECK(lease->step == StepIndex{step});
    return *lease;
  };
  const auto drained = lease_for(0, 3);
  CHECK(!schedule.next(WorkerIndex{1}));
  schedule.blocked(drained.id, true);
  const auto made = lease_for(1, 0);  // a step with waiting tasks comes last
  CHECK(schedule.values(made.id, 0, 1, {}));
  schedule.closed(made.id);
  // Its place is kept from those that may wait and could be elsewhere; its own users come in file order from the last.
  const auto looked = lease_for(1, 2);
  CHECK(schedule.standing()[1].has_work);
  CHECK(schedule.standing()[1].has_place);
  CHECK(!schedule.holds_up(StepIndex{1}));
  CHECK(schedule.values(looked.id, 0, 1, {}));
  schedule.closed(looked.id);
  const auto waiting = lease_for(1, 1);
  schedule.blocked(waiting.id, true);
  CHECK(schedule.standing()[3].has_place);
  const auto second = lease_for(2, 3);
  schedule.blocked(second.id, true);
  CHECK(schedule.standing()[3].has_work);
  CHECK(!schedule.standing()[3].has_place);
  CHECK(!schedule.next(WorkerIndex{0}));
  CHECK(schedule.places() == 3);
}

TEST_CASE("bound work behind a task that waits has no place, and who waits there is known") {
  Pipeline pipeline;
  pipeline.add(making(1));
  pipeline.add(using_it(pipeline, 0, false));
  Step waits = using_it(pipeline, 0, false);
  pipeline.add(waits, {What::drains, 0});
  Schedule schedule(pipeline.steps, 2, 38);
  const auto made = schedule.next(WorkerIndex{0});
  REQUIRE(schedule.values(made->id, 0, 1, {}));
  schedule.closed(made->id);
  const auto waiting = schedule.next(WorkerIndex{0});
  REQUIRE(waiting->step == StepIndex{2});
  CHECK(schedule.standing()[1].has_place);  // it may end
  schedule.blocked(waiting->id, true);
  CHECK(schedule.standing()[1].has_work);
  CHECK(!schedule.standing()[1].has_place);
  CHECK(schedule.holds_up(StepIndex{1}) == waiting->id);
  static_cast<void>(schedule.lost(WorkerIndex{0}, {}, std::nullopt, false));
  CHECK(schedule.standing()[1].has_work);  // once the value is made again
  CHECK(schedule.standing()[1].has_place);
  CHECK(!schedule.holds_up(StepIndex{1}));
}
