// Open leases against a plain list of them.
#include "schedule/leases.hpp"

#include <algorithm>
#include <catch2/catch.hpp>
#include <random>
#include <utility>
#include <vector>

using namespace gantry::schedule;
using gantry::host::raw;

namespace {

struct Known {
  LeaseId id{};
  std::uint32_t worker = 0;
  std::uint64_t first = 0;
  std::uint64_t count = 0;
  std::uint64_t expected_ns = 0;
  const OpenLease* place = nullptr;
};

/// Everything that can be asked, compared with the open leases in the order in which they were opened.
void compare(Leases& leases, const std::vector<Known>& open) {
  unsigned idle = 0;
  for (std::uint32_t worker = 0; worker < leases.workers(); ++worker) {
    std::vector<Known> mine;
    std::uint64_t expected_ns = 0;
    for (const Known& one : open) {
      if (one.worker != worker) continue;
      mine.push_back(one);
      expected_ns += one.expected_ns;
    }
    idle += mine.empty() ? 1 : 0;
    REQUIRE(leases.held(worker) == mine.size());
    REQUIRE(leases.expected_ns(worker) == expected_ns);
    const OpenLease* at = leases.running(worker);
    for (const Known& one : mine) {  // oldest to newest, and back
      REQUIRE(at == one.place);
      at = at->newer;
    }
    REQUIRE(at == nullptr);
    at = leases.newest(worker);
    for (auto one = mine.rbegin(); one != mine.rend(); ++one) {
      REQUIRE(at == one->place);
      at = at->older;
    }
    REQUIRE(at == nullptr);
  }
  REQUIRE(leases.idle() == idle);
  REQUIRE(leases.empty() == open.empty());
}

}  // namespace

TEST_CASE("leases opened and closed in any order are found as in a plain list") {
  const auto seed = std::random_device{}();
  INFO("seed " << seed);
  std::mt19937 random(seed);
  for (const unsigned workers : {1U, 2U, 7U}) {
    CAPTURE(workers);
    Leases leases(workers);
    REQUIRE(leases.workers() == workers);
    std::vector<Known> open;
    std::vector<LeaseId> closed{LeaseId{0}};
    std::uint64_t last = 0;
    std::size_t most = 0;
    for (int turn = 0; turn < 3000; ++turn) {
      const bool grows = turn / 500 % 2 == 0;  // it fills up, and runs dry
      const auto worker = static_cast<std::uint32_t>(random() % workers);
      if (random() % 10 < (grows ? 7U : 3U) && leases.held(worker) < Leases::kMost) {
        Known one{{}, worker, random(), 1 + random() % 1000, random() % 3 == 0 ? 0 : random(), nullptr};
        const Lease lease{LeaseId{random()},
                          gantry::host::WorkerIndex{worker},
                          StepIndex{static_cast<std::uint32_t>(random() % 5)},
                          one.first,
                          one.count,
                          1 + static_cast<std::uint32_t>(random() % 3)};
        OpenLease& place = leases.open(lease, one.expected_ns);
        one.id = place.lease.id;
        one.place = &place;
        REQUIRE(raw(one.id) > last);  // ascend, whatever the lease said
        last = raw(one.id);
        REQUIRE((place.lease.first == one.first && place.lease.count == one.count));
        REQUIRE((place.lease.step == lease.step && place.lease.attempt == lease.attempt));
        REQUIRE(place.expected_ns == one.expected_ns);
        REQUIRE_FALSE(place.asked);
        REQUIRE(std::ranges::equal(place.unreported.ranges(), std::vector<Range>{{one.first, one.first + one.count}}));
        place.asked = true;  // is not handed on with the place
        place.unreported.add({one.first + one.count + 5, one.first + one.count + 6});
        open.push_back(one);
      } else if (!open.empty()) {
        const std::size_t which =
            random() % 3 == 0 ? random() % open.size() : random() % std::min<std::size_t>(3, open.size());
        const LeaseId id = open[which].id;
        leases.close(id);
        closed.push_back(id);
        open.erase(open.begin() + static_cast<std::ptrdiff_t>(which));
        leases.close(id);  // again: nothing
      }
      most = std::max(most, open.size());
      compare(leases, open);
      for (const Known& one : open) {
        OpenLease* const found = leases.find(one.id);
        REQUIRE(found == one.place);
        REQUIRE(std::as_const(leases).find(one.id) == found);
        REQUIRE((found->lease.id == one.id && found->lease.first == one.first));
      }
      for (int i = 0; i < 5; ++i) REQUIRE(leases.find(closed[random() % closed.size()]) == nullptr);
    }
    for (const LeaseId id : closed) REQUIRE(leases.find(id) == nullptr);
    while (!open.empty()) {
      leases.close(open.back().id);
      open.pop_back();
    }
    compare(leases, open);
    CHECK(most > 50);
  }
}

TEST_CASE("IDs that were never given are not found") {
  Leases leases(2);
  CHECK((leases.idle() == 2 && leases.empty()));
  CHECK(leases.find(LeaseId{0}) == nullptr);
  CHECK(leases.find(LeaseId{1}) == nullptr);
  leases.close(LeaseId{0});
  leases.close(LeaseId{77});
  CHECK((leases.idle() == 2 && leases.empty()));
  const LeaseId id = leases.open({{}, gantry::host::WorkerIndex{1}, {}, 0, 1, 1}, 10).lease.id;
  CHECK((leases.idle() == 1 && !leases.empty()));
  for (unsigned bit = 0; bit < 64; ++bit) CHECK(leases.find(LeaseId{raw(id) ^ (std::uint64_t{1} << bit)}) == nullptr);
  CHECK(leases.find(LeaseId{~0ull}) == nullptr);
  CHECK(leases.running(1) == leases.newest(1));
  CHECK(leases.running(0) == nullptr);
}
