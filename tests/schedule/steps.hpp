// Steps, edges and leases in few words, for the tests of exact situations.
#pragma once

#include <catch2/catch.hpp>
#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "schedule/schedule.hpp"

namespace gantry::schedule::tests {

using host::raw;

constexpr StepIndex step(std::uint32_t index) {
  return StepIndex{index};
}
constexpr WorkerIndex worker(std::uint32_t index) {
  return WorkerIndex{index};
}

inline Edge stream(std::uint32_t producer) {
  return {Edge::Kind::stream, step(producer), std::nullopt};
}
inline Edge keep(std::uint32_t producer) {
  return {Edge::Kind::keep, step(producer), std::nullopt};
}
inline Edge element(std::uint32_t producer, std::uint64_t index) {
  return {Edge::Kind::keep, step(producer), index};
}
inline Edge order(std::uint32_t producer) {
  return {Edge::Kind::order, step(producer), std::nullopt};
}

inline Step sized(std::uint64_t tasks, std::vector<Edge> edges = {}, std::uint64_t chunk = 1) {
  Step made;
  made.tasks = tasks;
  made.edges = std::move(edges);
  made.window = 1000;
  made.chunk = chunk;
  return made;
}

inline Step unsized(std::vector<Edge> edges) {
  Step made = sized(0, std::move(edges));
  made.tasks.reset();
  return made;
}

/// "2[5+3]#1": step 2, tasks 5 to 7, attempt 1; "-": no lease.
inline std::string text(const std::optional<Lease>& lease) {
  if (!lease) return "-";
  return std::to_string(raw(lease->step)) + "[" + std::to_string(lease->first) + "+" + std::to_string(lease->count) +
         "]#" + std::to_string(lease->attempt);
}

inline std::string text(const std::vector<Skipped>& all) {
  std::string listed;
  for (const Skipped& one : all) {
    listed += std::to_string(raw(one.step)) + "[" + std::to_string(one.first) + "+" + std::to_string(one.count) +
              "] by " + std::to_string(raw(one.cause)) +
              (one.cause_index ? "[" + std::to_string(*one.cause_index) + "] " : " ");
  }
  return listed;
}

/// Leases the next task to the worker and ends it so.
inline void pass(Schedule& schedule, const std::string& expected, std::uint32_t on = 0) {
  const auto lease = schedule.next(worker(on));
  REQUIRE(text(lease) == expected);
  CHECK(schedule.values(lease->id, lease->first, lease->count, std::chrono::microseconds(1)));
  schedule.closed(lease->id);
}

inline void fail(Schedule& schedule, const std::string& expected, Verdict verdict = Verdict::final) {
  const auto lease = schedule.next(worker(0));
  REQUIRE(text(lease) == expected);
  CHECK(schedule.failed(lease->id, lease->first, std::chrono::microseconds(1)) == verdict);
  schedule.closed(lease->id);
}

}  // namespace gantry::schedule::tests
