// What a worker checks of tasks one by one, although it runs them many at a time.
#include <algorithm>
#include <catch2/catch.hpp>
#include <string>

#include "wire/layout.hpp"
#include "worker/driver.hpp"

using namespace gantry;
using tests::Driver;
using tests::rows;
using tests::u64s;

TEST_CASE("a time limit is each task's own, however short the tasks are") {
  Driver driver({tests::plugin_file("unruly")});
  schedule::Chunk chunk = driver.chunk("due", 0, 2000, rows(std::vector<signature::Bytes>(2000)));
  tests::reassign(chunk, [](auto& assignment) { assignment.timeout = std::chrono::hours(1); });
  const auto due = tests::numbers(driver.run(chunk));
  REQUIRE(due.size() == 2000);
  CHECK(due.front() > 0);
  // In one batch two tasks would have one.
  CHECK(std::ranges::adjacent_find(due, std::ranges::greater_equal{}) == due.end());
}

TEST_CASE("a long list in pieces has as many elements as it says") {
  constexpr std::uint64_t many = wire::segment_cap / sizeof(std::uint64_t) + 1;
  struct Row {
    std::uint64_t elements;
    std::uint64_t count;
    std::uint64_t odd;
    std::string outcome;
  };
  const auto misfit = [](std::uint64_t count, std::uint64_t bytes) {
    return "0!result: the function gave bytes that are not its result type: a list of " + std::to_string(count) +
           " elements in " + std::to_string(bytes) + " bytes closed";
  };
  const Row table[] = {
      {many, many, 0, "0:ok closed"},
      {many, many - 1, 0, misfit(many - 1, 8 * many + 8)},
      {many, many + 1, 0, misfit(many + 1, 8 * many + 8)},
      {many, UINT64_MAX, 0, misfit(UINT64_MAX, 8 * many + 8)},
      {many, many, 3, misfit(many, 8 * many + 11)},
  };
  Driver driver({tests::plugin_file("pieces")});
  for (const Row& row : table) {
    CAPTURE(row.elements, row.count, row.odd);
    CHECK(tests::outcomes(driver.run(driver.chunk("list", 0, 1, rows({u64s({row.elements, row.count, row.odd})})))) ==
          row.outcome);
  }
}
