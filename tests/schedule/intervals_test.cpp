// IntervalSet against a plain set of indices.
#include <catch2/catch.hpp>
#include <random>
#include <set>
#include <vector>

#include "schedule/intervals.hpp"

using gantry::schedule::common;
using gantry::schedule::IntervalSet;
using gantry::schedule::kNoEnd;
using gantry::schedule::Range;

namespace {

std::vector<Range> listed(const IntervalSet& set) {
  return {set.ranges().begin(), set.ranges().end()};
}

std::vector<Range> ranges_of(const std::set<std::uint64_t>& model) {
  std::vector<Range> ranges;
  for (const std::uint64_t index : model) {
    if (!ranges.empty() && ranges.back().end == index)
      ++ranges.back().end;
    else
      ranges.push_back({index, index + 1});
  }
  return ranges;
}

std::uint64_t frontier_of(const std::set<std::uint64_t>& model) {
  std::uint64_t index = 0;
  while (model.contains(index)) ++index;
  return index;
}

}  // namespace

TEST_CASE("ranges that touch become one") {
  IntervalSet set;
  set.add({5, 7});
  set.add({9, 9});
  set.add({0, 3});
  set.add({3, 5});
  CHECK(listed(set) == std::vector<Range>{{0, 7}});
  CHECK(set.frontier() == 7);
  set.add({8, kNoEnd});
  set.remove({10, 12});
  CHECK(listed(set) == std::vector<Range>{{0, 7}, {8, 10}, {12, kNoEnd}});
  CHECK(set.gaps({5, 14}) == std::vector<Range>{{7, 8}, {10, 12}});
  set.keep({6, 13});
  CHECK(listed(set) == std::vector<Range>{{6, 7}, {8, 10}, {12, 13}});
  CHECK(set.count() == 4);
  CHECK(set.frontier() == 0);
  CHECK(set.covers({8, 10}));
  CHECK_FALSE(set.covers({8, 11}));
  CHECK(set.pop(1) == Range{6, 7});
  CHECK(set.pop(1) == Range{8, 9});
  CHECK(set.pop(9) == Range{9, 10});
  CHECK(common({3, 9}, {7, 12}) == Range{7, 9});
  CHECK(common({3, 5}, {7, 12}) == Range{});
}

TEST_CASE("a set of ranges is a set of indices") {
  const auto seed = GENERATE(range(1U, 41U));
  CAPTURE(seed);
  std::mt19937 random(seed);
  const std::uint64_t most = seed % 2 == 0 ? 40 : 600;  // dense sets merge, sparse ones have many ranges
  const auto draw = [&](std::uint64_t below) { return random() % below; };
  IntervalSet set;
  std::set<std::uint64_t> model;
  for (int turn = 0; turn < 600; ++turn) {
    const std::uint64_t first = draw(most);
    const Range range{first, first + draw(seed % 3 == 0 ? 12 : 3)};
    switch (draw(8)) {
      case 0:
      case 1:
      case 2:
      case 3:
        set.add(range);
        for (auto index = range.first; index < range.end; ++index) model.insert(index);
        break;
      case 4:
      case 5:
        set.remove(range);
        for (auto index = range.first; index < range.end; ++index) model.erase(index);
        break;
      case 6:
        if (!set.empty()) {
          const Range whole = set.front();
          const std::uint64_t count = 1 + draw(4);
          const Range taken = set.pop(count);
          REQUIRE(taken == Range{whole.first, std::min(whole.end, whole.first + count)});
          for (auto index = taken.first; index < taken.end; ++index) model.erase(index);
        }
        break;
      default:
        if (draw(50) == 0) {
          const Range kept{draw(most / 4), most - draw(most / 4)};
          set.keep(kept);
          std::erase_if(model, [&](std::uint64_t index) { return index < kept.first || index >= kept.end; });
        }
    }
    REQUIRE(listed(set) == ranges_of(model));
    REQUIRE(set.count() == model.size());
    REQUIRE(set.frontier() == frontier_of(model));
    bool all = true;
    for (auto index = range.first; index < range.end; ++index) all = all && model.contains(index);
    REQUIRE(set.covers(range) == all);
    std::set<std::uint64_t> missing;
    for (auto index = range.first; index < range.end; ++index)
      if (!model.contains(index)) missing.insert(index);
    REQUIRE(set.gaps(range) == ranges_of(missing));
  }
}
