// Random pipelines on a random runner: every law at every event, and the outcomes of a serial run at the end.
#include <catch2/catch.hpp>
#include <string>
#include <vector>

#include "schedule/drive.hpp"
#include "schedule/oracle.hpp"
#include "schedule/seeds.hpp"

using namespace gantry::test;
using gantry::schedule::Edge;
using Kind = Outcome::Kind;

namespace {

FakeRunner::Behaviour behaviour_of(const Pipeline& pipeline) {
  FakeRunner::Behaviour behaviour;
  behaviour.seed = pipeline.seed;
  behaviour.workers = 1 + static_cast<unsigned>(pipeline.seed % 5);
  behaviour.accidents = pipeline.seed % 3 == 0 ? 20 : 0;
  behaviour.fate = [&pipeline](auto step, auto index, auto attempt) { return pipeline.fate(step, index, attempt); };
  behaviour.may_lose = [&pipeline](auto step) { return pipeline.steps[gantry::host::raw(step)].idempotent; };
  behaviour.busy = [&pipeline](auto step, auto) -> std::chrono::nanoseconds {
    return std::chrono::microseconds(gantry::host::raw(step) % 3 == 0 ? 2000 : 10 + pipeline.seed % 100);
  };
  return behaviour;
}

struct Seen {
  std::uint64_t deaths = 0;
  std::uint64_t recalls = 0;
  std::uint64_t second_leases = 0;
  std::uint64_t errors = 0;
  std::uint64_t skipped = 0;
  std::uint64_t values = 0;
  std::uint64_t not_run = 0;
};

void count(const Drive& drive, Seen& seen) {
  seen.deaths += drive.runner().deaths();
  seen.recalls += drive.recalls();
  seen.second_leases += drive.second_leases();
  for (const auto& step : drive.outcomes()) {
    for (const Outcome& outcome : step) {
      seen.errors += outcome.kind == Kind::error;
      seen.skipped += outcome.kind == Kind::skipped;
      seen.values += outcome.kind == Kind::value;
      seen.not_run += outcome.kind == Kind::not_run;
    }
  }
}

std::string difference(const std::vector<std::vector<Outcome>>& got,
                       const std::vector<std::vector<Outcome>>& expected) {
  for (std::size_t step = 0; step < expected.size(); ++step) {
    if (got[step].size() != expected[step].size()) return "number of tasks of step " + std::to_string(step);
    for (std::size_t index = 0; index < expected[step].size(); ++index)
      if (got[step][index] != expected[step][index])
        return "outcome of " + std::to_string(step) + "[" + std::to_string(index) + "]";
  }
  return "";
}

}  // namespace

TEST_CASE("every task of a random pipeline has the outcome of a serial run") {
  Seen seen;
  for (const std::uint64_t seed : seeds(1500, 100)) {
    CAPTURE(seed);
    Shape shape;
    if (seed % 4 == 0) shape.most_window = 1;
    if (seed % 7 == 0) shape.most_steps = 25;
    const Pipeline pipeline = random_pipeline(seed, shape);
    Drive drive(pipeline, behaviour_of(pipeline));
    REQUIRE(drive.run() == "");
    REQUIRE(difference(drive.outcomes(), serial_run(pipeline)) == "");
    count(drive, seen);
  }
  if (replays_one_seed()) return;
  // The test is worth something only if all of this did happen.
  CHECK(seen.deaths > 500);
  CHECK(seen.recalls > 500);
  CHECK(seen.second_leases > 500);
  CHECK(seen.errors > 500);
  CHECK(seen.skipped > 500);
  CHECK(seen.values > 25'000);
}

TEST_CASE("a runner that repeats itself, or tells of what is not there, changes no outcome") {
  for (const std::uint64_t seed : seeds(800, 100)) {
    CAPTURE(seed);
    const Pipeline pipeline = random_pipeline(seed, {});
    Drive drive(pipeline, behaviour_of(pipeline));
    drive.be_rude();
    REQUIRE(drive.run() == "");
    REQUIRE(difference(drive.outcomes(), serial_run(pipeline)) == "");
  }
}

TEST_CASE("tasks that may not start twice never do, whatever is lost") {
  Seen seen;
  for (const std::uint64_t seed : seeds(500, 100)) {
    CAPTURE(seed);
    Pipeline pipeline = random_pipeline(seed, {});
    for (auto& step : pipeline.steps) step.idempotent = false;
    pipeline.bad = 60;
    auto behaviour = behaviour_of(pipeline);
    behaviour.may_lose = [](auto) { return true; };
    behaviour.accidents = 0;  // with results lost, somebody is to blame: see Schedule::lost()
    Drive drive(pipeline, std::move(behaviour));
    REQUIRE(drive.run() == "");
    count(drive, seen);
  }
  if (replays_one_seed()) return;
  CHECK(seen.deaths > 500);
  CHECK(seen.errors > seen.deaths);  // more than those to blame
}

TEST_CASE("workers that die together: with one retry, who is innocent has a value, and who is guilty an error") {
  Seen seen;
  std::uint64_t victims = 0;
  for (const std::uint64_t seed : seeds(800, 100)) {
    CAPTURE(seed);
    Shape shape;
    shape.bad = 0;
    Pipeline pipeline = random_pipeline(seed, shape);
    pipeline.bad = 0;
    for (auto& step : pipeline.steps) {
      step.retries = 1;
      step.retry_crash = step.retry_timeout = step.idempotent = true;
    }
    // Every tenth task brings its process down; in half of the runs only at first.
    const auto is_guilty = [&](std::uint32_t step, std::uint64_t index) {
      return ((step + 1) * 7919 + index * 104'729 + seed * 31) % 10 == 0;
    };
    const bool once = seed % 2 == 0;
    if (!once) {  // no step needs another: the others' outcomes are then their own
      for (auto& step : pipeline.steps) step.edges.clear();
    }
    FakeRunner::Behaviour behaviour = behaviour_of(pipeline);
    behaviour.shared = true;
    behaviour.accidents = seed % 3 == 0 ? 5 : 0;
    behaviour.may_lose = [](auto) { return false; };
    behaviour.fate = [&](auto step, auto index, auto attempt) {
      if (!is_guilty(gantry::host::raw(step), index) || (once && attempt > 1)) return Fate::value;
      return (index + seed) % 3 == 0 ? Fate::timeout : Fate::crash;
    };
    Drive drive(pipeline, std::move(behaviour));
    REQUIRE(drive.run() == "");
    if (once) {
      REQUIRE(difference(drive.outcomes(), serial_run(pipeline)) == "");
    } else {
      for (std::uint32_t step = 0; step < drive.outcomes().size(); ++step) {
        if (!pipeline.steps[step].tasks && !pipeline.sizes[step]) continue;
        for (std::uint64_t index = 0; index < drive.outcomes()[step].size(); ++index) {
          CAPTURE(step, index);
          REQUIRE(drive.outcomes()[step][index].kind == (is_guilty(step, index) ? Kind::error : Kind::value));
        }
      }
    }
    victims += drive.runner().victims();
    count(drive, seen);
  }
  if (replays_one_seed()) return;
  CHECK(victims > 500);
  CHECK(seen.deaths > 1000);
  CHECK(seen.errors > 500);
  CHECK(seen.values > 10'000);
}

TEST_CASE("after a drain every task is accounted for") {
  Seen seen;
  for (const std::uint64_t seed : seeds(1000, 100)) {
    CAPTURE(seed);
    const Pipeline pipeline = random_pipeline(seed, {});
    Drive drive(pipeline, behaviour_of(pipeline));
    drive.drain_after(seed % 60);
    REQUIRE(drive.run() == "");
    bool complete = true;
    for (std::size_t step = 0; step < pipeline.steps.size(); ++step)
      for (const Outcome& outcome : drive.outcomes()[step]) complete = complete && outcome.kind != Kind::none;
    REQUIRE(complete);
    count(drive, seen);
  }
  if (replays_one_seed()) return;
  CHECK(seen.not_run > 1000);
  CHECK(seen.values > 1000);
}

TEST_CASE("three streaming steps need their windows and no more") {
  struct Row {
    std::uint64_t window;
    std::uint64_t tasks;
  };
  const auto row = GENERATE(values<Row>({{1, 20'000}, {7, 50'000}, {4096, 1'000'000}}));
  CAPTURE(row.window);
  Pipeline pipeline;
  pipeline.steps.resize(3);
  pipeline.sizes.resize(3);
  for (std::uint32_t step = 0; step < 3; ++step) {
    pipeline.steps[step].tasks = row.tasks;
    pipeline.steps[step].window = row.window;
    if (step > 0) pipeline.steps[step].edges = {{Edge::Kind::stream, gantry::host::StepIndex{step - 1}, std::nullopt}};
  }
  pipeline.steps[2].consumed = true;
  FakeRunner::Behaviour behaviour;
  behaviour.workers = 3;
  behaviour.seed = row.window;
  behaviour.report_every = row.window == 4096 ? 0 : 4;
  Drive drive(pipeline, std::move(behaviour));
  REQUIRE(drive.run() == "");
  CHECK(drive.most_outstanding() <= row.window);
  CHECK(drive.most_outstanding() * 2 > row.window);
  for (const auto& step : drive.outcomes()) CHECK(step.size() == row.tasks);
}
