#include "wire/claim.hpp"

#include <atomic>
#include <catch2/catch.hpp>
#include <thread>
#include <vector>

using namespace gantry;

TEST_CASE("claims go from the front, recall takes the rest") {
  std::uint64_t word = 0;
  wire::open_claims(word, 10);
  auto claimed = wire::claim(word, 4);
  CHECK((claimed.first == 0 && claimed.count == 4));
  CHECK(wire::recall_claims(word, 10) == 4);
  CHECK(wire::recall_claims(word, 4) == 4);
  claimed = wire::claim(word, 4);
  CHECK((claimed.first == 4 && claimed.count == 0));
}

TEST_CASE("the last batch is as small as what is left") {
  std::uint64_t word = 0;
  wire::open_claims(word, 5);
  CHECK(wire::claim(word, 3).count == 3);
  CHECK(wire::claim(word, 3).count == 2);
  const auto none = wire::claim(word, 3);
  CHECK((none.first == 5 && none.count == 0));
  CHECK(wire::recall_claims(word, 5) == 5);
}

TEST_CASE("a chunk of the largest size can be claimed to its end") {
  std::uint64_t word = 0;
  wire::open_claims(word, 0xFFFF'FFFF);
  CHECK(wire::claim(word, 0xFFFF'FFFE).count == 0xFFFF'FFFE);
  const auto last = wire::claim(word, 512);
  CHECK((last.first == 0xFFFF'FFFE && last.count == 1));
}

TEST_CASE("a word that makes no sense takes nothing back") {
  for (std::uint64_t word :
       {std::uint64_t{0}, ~std::uint64_t{0}, std::uint64_t{11} << 32, std::uint64_t{10} << 32 | 11}) {
    CHECK(wire::recall_claims(word, 10) == 10);
  }
}

TEST_CASE("each task is either claimed once or taken back, with both sides at it") {
  constexpr std::uint32_t tasks = 2000;
  for (int round = 0; round < 50; ++round) {
    std::uint64_t word = 0;
    wire::open_claims(word, tasks);
    std::uint32_t claimed_to = 0;
    bool in_order = true;
    std::atomic<bool> started = false;
    std::thread worker([&] {
      for (std::uint32_t batch = 1;; batch = batch % 7 + 1) {
        const auto claimed = wire::claim(word, batch);
        started = true;
        if (claimed.count == 0) break;
        in_order = in_order && claimed.first == claimed_to;
        claimed_to = claimed.first + claimed.count;
      }
    });
    while (!started) std::this_thread::yield();
    const std::uint32_t end = wire::recall_claims(word, tasks);
    worker.join();
    CHECK(in_order);
    REQUIRE(claimed_to == end);
  }
}
