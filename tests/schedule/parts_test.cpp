// The small parts of the scheduler, each alone.
#include <catch2/catch.hpp>
#include <chrono>
#include <map>
#include <random>
#include <set>

#include "schedule/arrivals.hpp"
#include "schedule/chunk_size.hpp"
#include "schedule/readers.hpp"
#include "schedule/step_set.hpp"
#include "schedule/waits.hpp"

using namespace gantry::schedule;
using namespace std::chrono_literals;

TEST_CASE("the highest step of a set is known at once") {
  const auto seed = GENERATE(range(1U, 9U));
  CAPTURE(seed);
  std::mt19937 random(seed);
  const std::uint32_t steps = seed == 1   ? 1
                              : seed == 2 ? 64
                              : seed == 3 ? 65
                                          : 1 + static_cast<std::uint32_t>(random() % 10'000);
  StepSet set(steps);
  std::set<std::uint32_t> model;
  for (int turn = 0; turn < 3000; ++turn) {
    const auto step = static_cast<std::uint32_t>(random() % steps);
    const bool member = random() % 3 == 0;
    set.assign(step, member);
    if (member)
      model.insert(step);
    else
      model.erase(step);
    if (!model.empty() && random() % 2 == 0) {
      set.assign(*model.rbegin(), false);
      model.erase(std::prev(model.end()));
    }
    REQUIRE(set.empty() == model.empty());
    REQUIRE(set.highest() == (model.empty() ? std::nullopt : std::optional(*model.rbegin())));
  }
}

TEST_CASE("the slowest reader counts") {
  const unsigned readers = GENERATE(0U, 1U, 2U, 7U);
  CAPTURE(readers);
  std::mt19937 random(readers);
  Readers all;
  CHECK(all.lowest() == kNoEnd);
  std::vector<std::uint64_t> positions(readers, 0);
  for (unsigned reader = 0; reader < readers; ++reader) all.join();
  for (int turn = 0; turn < 500 && readers > 0; ++turn) {
    std::uint64_t& position = positions[random() % readers];
    const std::uint64_t to = turn > 450 ? kNoEnd : std::min(kNoEnd, position + random() % 3);
    all.advance(position, to);
    position = to;
    REQUIRE(all.lowest() == *std::min_element(positions.begin(), positions.end()));
  }
}

TEST_CASE("elements of several producers meet in any order") {
  const auto seed = GENERATE(range(1U, 31U));
  CAPTURE(seed);
  constexpr std::uint64_t kElements = 60;
  std::mt19937 random(seed);
  const std::uint32_t producers = 2 + static_cast<std::uint32_t>(random() % 3);
  struct Piece {
    std::uint32_t edge;
    Range range;
    std::optional<Cause> cause;
  };
  std::vector<Piece> pieces;
  for (std::uint32_t edge = 0; edge < producers; ++edge) {
    for (std::uint64_t first = 0; first < kElements;) {
      const std::uint64_t end = std::min<std::uint64_t>(kElements, first + 1 + random() % 9);
      std::optional<Cause> cause;
      if (random() % 3 == 0) cause = Cause{gantry::host::StepIndex{edge}, first};
      pieces.push_back({edge, {first, end}, cause});
      first = end;
    }
  }
  std::map<std::uint64_t, std::optional<Cause>> expected;
  for (auto piece = pieces.rbegin(); piece != pieces.rend(); ++piece)
    for (std::uint64_t index = piece->range.first; index < piece->range.end; ++index)
      if (piece->cause || !expected.contains(index)) expected[index] = piece->cause;

  std::shuffle(pieces.begin(), pieces.end(), random);
  Arrivals arrivals(producers);
  std::vector<unsigned> arrived(kElements, 0);
  std::map<std::uint64_t, std::optional<Cause>> decided;
  for (const Piece& piece : pieces) {
    std::vector<Arrival> complete;
    arrivals.add(piece.edge, piece.range, piece.cause, complete);
    for (std::uint64_t index = piece.range.first; index < piece.range.end; ++index) ++arrived[index];
    for (const Arrival& arrival : complete) {
      for (std::uint64_t index = arrival.range.first; index < arrival.range.end; ++index) {
        REQUIRE(arrived[index] == producers);
        REQUIRE(decided.emplace(index, arrival.cause).second);
      }
    }
  }
  CHECK(decided == expected);
  CHECK(arrivals.segments() == 0);
}

TEST_CASE("what arrives evenly stays one segment") {
  Arrivals arrivals(2);
  std::vector<Arrival> complete;
  for (std::uint64_t index = 0; index < 1000; ++index) arrivals.add(1, {index, index + 1}, std::nullopt, complete);
  CHECK(arrivals.segments() == 1);
  arrivals.add(0, {200, 300}, std::nullopt, complete);
  CHECK(arrivals.segments() == 2);
  CHECK(complete == std::vector<Arrival>{{{200, 300}, std::nullopt}});
}

TEST_CASE("chunks grow to four milliseconds, eightfold at a time") {
  ChunkSize size(0);
  std::uint64_t remaining = 12'000'000;
  std::vector<std::uint64_t> sizes;
  for (int lease = 0; lease < 8; ++lease) {
    sizes.push_back(size.next(remaining, kNoEnd, 2));
    remaining -= sizes.back();
    size.measured(sizes.back(), sizes.back() * 10ns);
  }
  CHECK(sizes == std::vector<std::uint64_t>{1, 8, 64, 512, 4096, 32768, 65536, 65536});
  CHECK(size.brief());
  CHECK(size.next(1000, kNoEnd, 2) == 250);  // the end: two more leases for each worker
  CHECK(size.next(3, kNoEnd, 2) == 1);
  CHECK(size.next(remaining, 64, 4) == 8);  // one lease does not take the whole window
  CHECK(size.next(remaining, 1, 4) == 1);
}

TEST_CASE("chunks follow what tasks cost") {
  ChunkSize size(0);
  CHECK_FALSE(size.brief());
  size.measured(1, 100us);
  CHECK(size.next(kNoEnd, kNoEnd, 1) == 8);
  size.measured(8, 800us);
  CHECK(size.next(kNoEnd, kNoEnd, 1) == 40);
  CHECK(size.brief());
  size.measured(1, 5s);
  CHECK(size.next(kNoEnd, kNoEnd, 1) == 1);
  CHECK_FALSE(size.brief());
  size.measured(1, 0ns);
  size.measured(1, -5ns);  // no clock is perfect
  CHECK(size.next(kNoEnd, kNoEnd, 1) == 1);

  ChunkSize fixed(7);
  fixed.measured(1, 5s);
  CHECK(fixed.next(3, 2, 8) == 7);
}

namespace {

struct User {
  std::uint32_t producer;
  Edge::Kind kind;
};

std::vector<Step> pipeline(const std::vector<std::vector<User>>& users) {
  std::vector<Step> steps(users.size());
  for (std::size_t step = 0; step < users.size(); ++step)
    for (const User& user : users[step])
      steps[step].edges.push_back({user.kind, gantry::host::StepIndex{user.producer}, std::nullopt});
  return steps;
}

}  // namespace

TEST_CASE("nobody is held back by who waits for the whole of what needs it") {
  constexpr auto kStream = Edge::Kind::stream;
  constexpr auto kKeep = Edge::Kind::keep;
  constexpr auto kOrder = Edge::Kind::order;
  struct Row {
    std::string what;
    std::vector<std::vector<User>> users;
    std::vector<bool> windowed;
    std::vector<bool> loose;
  };
  const auto row = GENERATE_COPY(values<Row>({
      {"a chain streams", {{}, {{0, kStream}}, {{1, kStream}}}, {true, true, true}, {false, false}},
      {"a total at its end", {{}, {{0, kStream}}, {{1, kKeep}}}, {true, false, true}, {false, false}},
      {"a diamond", {{}, {{0, kStream}}, {{0, kStream}, {1, kStream}}}, {true, true, true}, {false, false, false}},
      {"element and total of a kept step",
       {{}, {{0, kKeep}}, {{0, kStream}, {1, kKeep}}},
       {false, true, true},
       {false, false, false}},
      {"element of a step, total of its user",
       {{}, {{0, kStream}}, {{1, kKeep}}, {{0, kStream}, {2, kKeep}}},
       {true, false, true, true},
       {true, false, true, false}},
      {"the same through needs", {{}, {{0, kStream}, {0, kOrder}}}, {true, true}, {true, false}},
      {"a gate that has nothing to do with it",
       {{}, {}, {{0, kStream}, {1, kOrder}}},
       {true, true, true},
       {false, false}},
      {"through a second window",
       {{}, {}, {{0, kStream}, {1, kOrder}}, {{1, kStream}, {0, kOrder}}},
       {true, true, true, true},
       {true, false, true, false}},
  }));
  CAPTURE(row.what);
  CHECK(loose_edges(pipeline(row.users), row.windowed) == row.loose);
}
