// The plugin sorting: its functions in a table, random lists against std::sort, and configs/sort.yaml at full size.
#include <xxhash.h>

#include <algorithm>
#include <catch2/catch.hpp>
#include <cstdint>
#include <gantry/random.hpp>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "run/command.hpp"
#include "run/outcome.hpp"
#include "worker/seed.hpp"

namespace {

using namespace gantry::tests;
using Json = nlohmann::json;
using Numbers = std::vector<std::uint64_t>;

/// As sorting.summary has it.
std::string summary(const Numbers& numbers) {
  XXH128_canonical_t canonical;
  XXH128_canonicalFromHash(&canonical, XXH3_128bits(numbers.data(), numbers.size() * sizeof(std::uint64_t)));
  std::string hash;
  for (const unsigned char byte : canonical.digest) {
    hash += "0123456789abcdef"[byte >> 4U];
    hash += "0123456789abcdef"[byte & 15U];
  }
  const std::string sorted = std::is_sorted(numbers.begin(), numbers.end()) ? "true" : "false";
  return "{\"count\":" + std::to_string(numbers.size()) + ",\"sorted\":" + sorted + ",\"xxh3\":\"" + hash + "\"}";
}

}  // namespace

TEST_CASE("sorting: what its functions give") {
  struct Row {
    std::string function;
    std::string argument;
    std::string expected;
  };
  const Row rows[] = {
      {"sort", "values=[]", "[]"},
      {"sort", "values=[7]", "[7]"},
      {"sort", "values=[3, 18446744073709551615, 0, 3]", "[0,3,3,18446744073709551615]"},
      {"sort", "values=[3, -9223372036854775808, 0]", "[-9223372036854775808,0,3]"},
      {"sort", "values=[0.5, NaN, 0.0, -0.0, -Infinity, Infinity]", "[\"-Infinity\",-0,0,0.5,\"Infinity\",\"NaN\"]"},
      {"sort", "values=[b, ä, a, '', ab]", "[\"\",\"a\",\"ab\",\"b\",\"ä\"]"},
      {"merge", "parts=[]", "[]"},
      {"merge", "parts=[[], []]", "[]"},
      {"merge", "parts=[[1, 4], [], [2, 2], [0], [3]]", "[0,1,2,2,3,4]"},
      {"merge", "parts=[[-1], [-2, 3]]", "[-2,-1,3]"},
      {"merge", "parts=[[0.0, 2.5], [-0.0]]", "[-0,0,2.5]"},
      {"merge", "parts=[[b], [a, c]]", "[\"a\",\"b\",\"c\"]"},
      {"merge", "parts=[[1], [5, 6, 2]]", "unsorted: parts[1] is not sorted: element 2 is less than element 1"},
      {"random", "count=0", "[]"},
      {"random", "count=268435457", "argument: count is at most 268435456 for one task"},
      {"summary", "values=[]", summary({})},
      {"summary", "values=[1, 2, 2]", summary({1, 2, 2})},
      {"summary", "values=[2, 1]", summary({2, 1})},
  };
  for (const Row& row : rows) {
    INFO(row.function << " " << row.argument);
    CHECK(outcome({"sorting." + row.function, row.argument}) == row.expected);
  }
}

TEST_CASE("sorting: parts of any size, merged however they are grouped, are what std::sort gives") {
  const Folder folder;
  const auto file = folder.write("parts.yaml", R"(gantry: 1
plugins: [sorting]
params: {sizes: [0, 1, 5000, 2, 777, 0, 3001], group: 1}
steps:
  - {id: random, call: sorting.random, each: {count: {values: $params.sizes}}, args: {count: $count}, output: true}
  - {id: sorted, call: sorting.sort, each: {part: $random}, args: {values: $part}}
  - {id: some, call: sorting.merge, each: {parts: {groups: [$sorted, $params.group]}}, args: {parts: $parts}}
  - {id: all, call: sorting.merge, args: {parts: $some}}
)");
  for (const int group : {1, 2, 3, 7, 100}) {
    for (const int seed : {0, 1}) {
      INFO("groups of " << group << ", seed " << seed);
      const Ended ended = command_line({"run", file, "-o", "json", "-j", "2", "--seed", std::to_string(seed), "--set",
                                        "group=" + std::to_string(group)});
      REQUIRE(ended.code == 0);
      const Json steps = Json::parse(ended.out)["steps"];
      Numbers all;
      for (const auto& part : steps["random"]) {
        for (const auto& number : part) all.push_back(number.get<std::uint64_t>());
      }
      REQUIRE(all.size() == 8781);
      CHECK_FALSE(std::is_sorted(all.begin(), all.end()));
      std::sort(all.begin(), all.end());
      CHECK(steps["all"].get<Numbers>() == all);
    }
  }
}

TEST_CASE("sorting: the ten million numbers of configs/sort.yaml are what std::sort gives") {
  const Ended ended = command_line({"run", GANTRY_SOURCE "/configs/sort.yaml", "-j", "2"});
  INFO(ended.err);
  REQUIRE(ended.code == 0);
  Numbers numbers;
  const std::uint64_t step = gantry::worker::step_seed("random", 0);
  for (std::uint64_t part = 0; part < 64; ++part) {
    gantry::Random random(gantry::worker::task_seed(step, part));
    for (int i = 0; i < 156'250; ++i) numbers.push_back(random());
  }
  std::sort(numbers.begin(), numbers.end());
  CHECK(ended.out == "summary = " + summary(numbers) + "\n");
}
