// Many steps and many tasks. Hidden cases ([.measure]) print how fast; nothing here asserts a speed.
#include <catch2/catch.hpp>
#include <chrono>
#include <cstdio>
#include <ctime>
#include <string>

#include "schedule/fake_runner.hpp"
#include "schedule/schedule.hpp"

using namespace gantry::schedule;

namespace {

constexpr std::uint32_t kMany = 100'000;

Step one_task(std::vector<Edge> edges) {
  Step step;
  step.tasks = 1;
  step.edges = std::move(edges);
  return step;
}

Edge edge(Edge::Kind kind, std::uint32_t producer) {
  return {kind, StepIndex{producer}, std::nullopt};
}

std::vector<Step> chain(Edge::Kind kind) {
  std::vector<Step> steps;
  for (std::uint32_t step = 0; step < kMany; ++step)
    steps.push_back(one_task(step == 0 ? std::vector<Edge>{} : std::vector{edge(kind, step - 1)}));
  return steps;
}

std::vector<Step> fan_in(Edge::Kind kind) {
  std::vector<Edge> edges;
  std::vector<Step> steps;
  for (std::uint32_t step = 0; step < kMany; ++step) {
    steps.push_back(one_task({}));
    edges.push_back(edge(kind, step));
  }
  steps.push_back(one_task(std::move(edges)));
  return steps;
}

/// Runs everything on `workers` that all take a lease and then all answer; the number of tasks.
std::uint64_t run(Schedule& schedule, std::uint32_t workers) {
  std::uint64_t tasks = 0;
  std::vector<Lease> held;
  while (!schedule.finished()) {
    held.clear();
    for (std::uint32_t worker = 0; worker < workers; ++worker)
      if (const auto lease = schedule.next(WorkerIndex{worker})) held.push_back(*lease);
    if (held.empty()) return 0;
    for (const Lease& lease : held) {
      if (!schedule.values(lease.id, lease.first, lease.count, std::chrono::microseconds(1))) return 0;
      schedule.closed(lease.id);
      tasks += lease.count;
    }
  }
  return tasks;
}

void measure(const char* what, std::vector<Step> steps, std::uint32_t workers) {
  const std::clock_t start = std::clock();  // of the processor: other programs do not count
  Schedule schedule(std::move(steps), workers);
  const std::clock_t made = std::clock();
  const std::uint64_t tasks = run(schedule, workers);
  const double took = static_cast<double>(std::clock() - made) / CLOCKS_PER_SEC;
  const double making = static_cast<double>(made - start) / CLOCKS_PER_SEC;
  std::printf("%-44s %9llu tasks, made in %.3f s, run in %.3f s, %.2f M tasks/s\n", what,
              static_cast<unsigned long long>(tasks), making, took, static_cast<double>(tasks) / took / 1e6);
  CHECK(tasks > 0);
}

Step many_tasks(std::uint64_t tasks, std::uint64_t chunk, std::vector<Edge> edges = {}) {
  Step step = one_task(std::move(edges));
  step.tasks = tasks;
  step.chunk = chunk;
  step.window = 4096;
  return step;
}

}  // namespace

TEST_CASE("a chain of a hundred thousand steps") {
  const auto kind = GENERATE(Edge::Kind::stream, Edge::Kind::keep, Edge::Kind::order);
  Schedule schedule(chain(kind), 2);
  CHECK(run(schedule, 2) == kMany);
}

TEST_CASE("a hundred thousand steps feed one") {
  const auto kind = GENERATE(Edge::Kind::stream, Edge::Kind::keep);
  Schedule schedule(fan_in(kind), 2);
  CHECK(run(schedule, 2) == kMany + 1);
}

TEST_CASE("a hundred thousand steps are skipped for one task") {
  Schedule schedule(chain(Edge::Kind::keep), 1);
  const auto lease = schedule.next(WorkerIndex{0});
  REQUIRE(lease);
  CHECK(schedule.failed(lease->id, 0, {}) == Verdict::final);
  CHECK(schedule.finished());
  const auto skipped = schedule.take_skipped();
  REQUIRE(skipped.size() == kMany - 1);
  CHECK(skipped.back().cause == StepIndex{0});
  CHECK(skipped.back().cause_index == 0U);
}

TEST_CASE("twelve million tasks in a few hundred leases") {
  std::vector<Step> steps{many_tasks(12'000'000, 0)};
  steps[0].kept = true;
  Schedule schedule(std::move(steps), 2);
  std::uint64_t leases = 0;
  while (const auto lease = schedule.next(WorkerIndex{0})) {
    REQUIRE(schedule.values(lease->id, lease->first, lease->count, lease->count * std::chrono::nanoseconds(5)));
    schedule.closed(lease->id);
    ++leases;
  }
  CHECK(schedule.finished());
  CHECK(leases > 100);
  CHECK(leases < 500);
}

TEST_CASE("how fast", "[.measure]") {
  measure("chain of 10^5, order", chain(Edge::Kind::order), 2);
  measure("chain of 10^5, stream", chain(Edge::Kind::stream), 2);
  measure("10^5 feed one, keep", fan_in(Edge::Kind::keep), 2);
  measure("10^5 feed one, stream", fan_in(Edge::Kind::stream), 2);
  measure("10^6 leases of one task, 2 workers", {many_tasks(1'000'000, 1)}, 2);
  measure("10^6 leases of one task, 256 workers", {many_tasks(1'000'000, 1)}, 256);
  measure("10^6 tasks feed 10^6, leases of one",
          {many_tasks(1'000'000, 1), many_tasks(1'000'000, 1, {edge(Edge::Kind::stream, 0)})}, 2);
  measure("10^6 tasks feed 10^6, adaptive",
          {many_tasks(1'000'000, 0), many_tasks(1'000'000, 0, {edge(Edge::Kind::stream, 0)})}, 2);
}
