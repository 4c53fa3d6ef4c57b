// Tasks that cannot run although their step can: which they are, for which cause, and that others are not held up.
#include <catch2/catch.hpp>
#include <string>

#include "schedule/absences.hpp"

using namespace gantry::schedule;
using gantry::host::raw;
using gantry::signature::Share;

namespace {

constexpr StepIndex step(std::uint32_t index) {
  return StepIndex{index};
}

Absence absent(std::uint64_t first, std::uint64_t end, std::uint32_t cause) {
  return {{first, end}, {step(cause), first}};
}

/// "0-2 by 1[0] 2-6 ": the tasks in parts, those that are skipped with their cause.
std::string parts(const Absences& absences, std::uint64_t tasks) {
  std::string text;
  for (Range rest{0, tasks}; !rest.empty();) {
    const Absences::Part part = absences.front(rest);
    REQUIRE(!part.tasks.empty());
    REQUIRE(part.tasks.first == rest.first);
    REQUIRE(part.tasks.end <= rest.end);
    text += std::to_string(part.tasks.first) + "-" + std::to_string(part.tasks.end);
    if (part.cause)
      text += " by " + std::to_string(raw(part.cause->step)) + "[" + std::to_string(*part.cause->index) + "]";
    text += " ";
    rest.first = part.tasks.end;
  }
  return text;
}

struct Row {
  const char* name;
  std::vector<std::pair<Share, std::vector<Absence>>> edges;
  std::uint64_t tasks;
  std::string parts;
};

constexpr std::uint64_t huge = std::uint64_t{1} << 63;

const std::vector<Row> rows{
    {"nothing is missing", {{{2, 3, 1, {}}, {}}}, 6, "0-6 "},
    {"the outer name of a product", {{{2, 3, 1, {}}, {absent(1, 2, 7)}}}, 6, "0-2 2-4 by 7[1] 4-6 "},
    {"the inner name", {{{1, 3, 1, {}}, {absent(2, 3, 7)}}}, 6, "0-2 2-3 by 7[2] 3-5 5-6 by 7[2] "},
    {"both: the first in the file is the cause",
     {{{2, 2, 1, {}}, {absent(1, 2, 7)}}, {{1, 2, 1, {}}, {absent(0, 1, 8)}}},
     4,
     "0-1 by 8[0] 1-2 2-3 by 7[1] 3-4 by 7[1] "},
    {"groups: the lowest element is the cause",
     {{{1, 3, 2, {}}, {absent(2, 3, 7), absent(3, 4, 8), absent(5, 6, 9)}}},
     3,
     "0-1 1-2 by 7[2] 2-3 by 9[5] "},
    {"a row of a written list", {{{1, 3, 1, 1}, {absent(5, 6, 7)}}}, 3, "0-1 1-2 by 7[5] 2-3 "},
    {"a run of elements", {{{1, 9, 1, {}}, {absent(3, 7, 7)}}}, 9, "0-3 3-7 by 7[3] 7-9 "},
    {"all of them, in one step of 2^63 tasks",
     {{{huge / 4, 4, 1, {}}, {absent(0, 4, 7)}}},
     huge,
     "0-9223372036854775808 by 7[0] "},
};

}  // namespace

TEST_CASE("tasks are told apart by what of their elements is missing") {
  for (const Row& row : rows) {
    DYNAMIC_SECTION(row.name) {
      Absences absences;
      for (const auto& [share, elements] : row.edges) absences.add(share, elements);
      CHECK(parts(absences, row.tasks) == row.parts);
    }
  }
}

namespace {

Step asking(std::uint64_t tasks, std::vector<Edge> edges) {
  Step made;
  made.tasks = tasks;
  made.asks = true;
  made.window = 4;
  made.chunk = 100;
  made.consumed = true;
  made.edges = std::move(edges);
  return made;
}

std::string text(const std::vector<TaskRun>& runs) {
  std::string all;
  for (const TaskRun& run : runs)
    all += std::to_string(raw(run.step)) + "[" + std::to_string(run.first) + "+" + std::to_string(run.count) + "] ";
  return all;
}

}  // namespace

TEST_CASE("a step that is refused fails as far as its window, without a worker, and its users name the step") {
  Step user;
  user.tasks = 10;
  user.window = 100;
  user.edges = {{Edge::Kind::stream, step(0), std::nullopt}};
  Schedule schedule({asking(10, {}), user}, 1);
  CHECK(schedule.unsized() == std::vector<StepIndex>{step(0)});
  schedule.refuse(step(0));
  schedule.sized(step(0), 10);
  CHECK(schedule.has_decided());
  CHECK(text(schedule.take_refused()) == "0[0+4] ");
  const auto skipped = schedule.take_skipped();
  REQUIRE(skipped.size() == 1);
  CHECK(skipped[0].count == 4);
  CHECK(skipped[0].cause == step(0));
  CHECK(skipped[0].cause_index == std::nullopt);
  CHECK(!schedule.has_decided());
  schedule.consumed(step(0), 3);
  CHECK(text(schedule.take_refused()) == "0[4+3] ");
  schedule.consumed(step(0), 7);
  CHECK(text(schedule.take_refused()) == "0[7+3] ");
  CHECK(!schedule.next(WorkerIndex{0}));
  CHECK(schedule.finished());
}

TEST_CASE("a step without tasks is not asked for its arguments") {
  Schedule schedule({asking(0, {})}, 1);
  CHECK(schedule.unsized().empty());
  CHECK(schedule.finished());
}

TEST_CASE("of a producer that tasks share out, a failure skips those that use it") {
  Step producer;
  producer.tasks = 3;
  producer.window = 100;
  producer.chunk = 1;
  Edge edge{Edge::Kind::keep, step(0), std::nullopt, true, true};
  Schedule schedule({producer, asking(6, {edge})}, 1);
  for (std::uint64_t index = 0; index < 3; ++index) {
    const auto lease = schedule.next(WorkerIndex{0});
    REQUIRE(lease);
    CHECK(schedule.unsized().empty());
    if (index == 1) {
      CHECK(schedule.failed(lease->id, index, {}) == Verdict::final);
    } else {
      CHECK(schedule.values(lease->id, index, 1, {}));
    }
    schedule.closed(lease->id);
  }
  CHECK(schedule.take_skipped().empty());
  CHECK(schedule.unsized() == std::vector<StepIndex>{step(1)});
  schedule.sized(step(1), 6, {}, {{2, 3, 1, {}}});
  const auto first = schedule.next(WorkerIndex{0});
  REQUIRE(first);
  CHECK(first->first == 0);
  CHECK(first->count == 2);
  const auto skipped = schedule.take_skipped();
  REQUIRE(skipped.size() == 1);
  CHECK(skipped[0].first == 2);
  CHECK(skipped[0].count == 2);
  CHECK(skipped[0].cause_index == 1);
}
