// Looking before sleeping: how often it is tried.
#include "wire/spin.hpp"

#include <catch2/catch.hpp>

using gantry::wire::Spin;

TEST_CASE("what was looked for in vain is looked for more seldom, until it is found again") {
  Spin spin;
  std::uint64_t looks = 0;
  const auto never = [&] {
    ++looks;
    return false;
  };
  const auto at_once = [&] {
    ++looks;
    return true;
  };
  /// Tries that were left out before the next one looked.
  const auto left_out = [&](auto ready, bool finds) {
    unsigned count = 0;
    for (;; ++count) {
      looks = 0;
      const bool found = spin.until(ready);
      if (looks == 0) {
        REQUIRE_FALSE(found);
        REQUIRE(count < 1000);
        continue;
      }
      CHECK(found == finds);
      return count;
    }
  };
  for (const unsigned expected : {0U, 1U, 3U, 7U, 15U, 31U, 63U, 63U, 63U}) CHECK(left_out(never, false) == expected);
  CHECK(left_out(at_once, true) == 63);
  for (const unsigned expected : {0U, 0U}) CHECK(left_out(at_once, true) == expected);
  for (const unsigned expected : {0U, 1U}) CHECK(left_out(never, false) == expected);
}

TEST_CASE("what comes while it is looked for is found") {
  Spin spin;
  for (unsigned after = 0; after < 16; ++after) {  // so many looks before the first at the clock: time plays no part
    unsigned looks = 0;
    CHECK(spin.until([&] { return looks++ == after; }));
    CHECK(looks == after + 1);
  }
}
