// When a worker looks for prints, and which tasks it names.
#include "worker/prints_watch.hpp"

#include <catch2/catch.hpp>
#include <string>
#include <utility>
#include <vector>

using gantry::worker::PrintsWatch;

namespace {

std::pair<std::uint64_t, std::uint64_t> look(PrintsWatch& watch, std::uint64_t now) {
  const PrintsWatch::Tasks tasks = watch.looked(now);
  return {tasks.first, tasks.count};
}

}  // namespace

TEST_CASE("after 64 silent tasks it is quiet, until one prints") {
  struct Row {
    std::string what;
    std::vector<std::uint64_t> counts;
    bool quiet;
  };
  const Row rows[] = {
      {"none", {}, false},
      {"one", {1}, false},
      {"63", {63}, false},
      {"64", {64}, true},
      {"one by one", std::vector<std::uint64_t>(64, 1), true},
      {"one by one, one short", std::vector<std::uint64_t>(63, 1), false},
      {"many at once", {1000}, true},
      {"nothing, often", std::vector<std::uint64_t>(100, 0), false},
  };
  for (const Row& row : rows) {
    CAPTURE(row.what);
    for (const bool looks : {false, true}) {
      PrintsWatch watch;
      std::uint64_t first = 0;
      for (const std::uint64_t count : row.counts) {
        watch.ran(first, count);
        first += count;
        if (looks) static_cast<void>(watch.looked(first));  // a look that finds nothing
      }
      CHECK(watch.is_quiet() == row.quiet);
      CHECK_FALSE(watch.talks());
      watch.printed();
      CHECK(watch.talks());
      CHECK_FALSE(watch.is_quiet());
      watch.ran(first, 1000);
      CHECK(watch.talks());  // for good
      CHECK_FALSE(watch.is_quiet());
    }
  }
}

TEST_CASE("a look names the run of tasks since the last one, in whatever order they ended") {
  struct Row {
    std::vector<std::pair<std::uint64_t, std::uint64_t>> ran;
    std::pair<std::uint64_t, std::uint64_t> named;
  };
  const Row rows[] = {
      {{{0, 1}}, {0, 1}},
      {{{7, 3}}, {7, 3}},
      {{{7, 3}, {10, 5}}, {7, 8}},
      {{{10, 5}, {7, 3}}, {7, 8}},
      {{{500, 1}, {3, 1}, {200, 10}}, {3, 498}},
      {{{10, 10}, {12, 2}}, {10, 10}},
      {{{12, 2}, {10, 10}}, {10, 10}},
      {{{1ull << 62, 4}, {(1ull << 62) - 4, 4}}, {(1ull << 62) - 4, 8}},
  };
  for (const Row& row : rows) {
    PrintsWatch watch;
    watch.ran(900'000, 100);  // of the look before
    CHECK(look(watch, 1) == std::pair<std::uint64_t, std::uint64_t>{900'000, 100});
    for (const auto& [first, count] : row.ran) watch.ran(first, count);
    CHECK(look(watch, 2) == row.named);
    // Once: what comes next does not name them again.
    watch.ran(1'000'000, 2);
    CHECK(look(watch, 3) == std::pair<std::uint64_t, std::uint64_t>{1'000'000, 2});
  }
}

TEST_CASE("a look is due 20 us after the last one, or at once if it must be, and never without tasks") {
  constexpr std::uint64_t start = 1'000'000'000;
  PrintsWatch watch;
  CHECK_FALSE(watch.is_due(start, false));
  CHECK_FALSE(watch.is_due(start, true));
  watch.ran(0, 1);
  CHECK(watch.is_due(start, false));  // none was made so far
  static_cast<void>(watch.looked(start));
  CHECK_FALSE(watch.is_due(start + 1'000'000, false));  // nothing ended since
  CHECK_FALSE(watch.is_due(start + 1'000'000, true));
  watch.ran(1, 1);
  CHECK(watch.is_due(start, true));
  CHECK_FALSE(watch.is_due(start, false));
  CHECK_FALSE(watch.is_due(start + 19'999, false));
  CHECK(watch.is_due(start + 20'000, false));
  CHECK(watch.is_due(start + 5'000'000'000, false));
  watch.printed();
  CHECK_FALSE(watch.is_due(start + 19'999, false));  // who talks is looked after surely, by the one who asks
  CHECK(watch.is_due(start + 1, true));
}

TEST_CASE("a lease that comes before what ended is noticed") {
  PrintsWatch watch;
  CHECK_FALSE(watch.is_behind(0));
  watch.ran(10, 5);
  CHECK(watch.is_behind(3));
  CHECK(watch.is_behind(14));
  CHECK_FALSE(watch.is_behind(15));
  static_cast<void>(watch.looked(1));
  CHECK_FALSE(watch.is_behind(3));
}
