// Small neighbours are joined: nobody who reads can tell.
#include <algorithm>
#include <catch2/catch.hpp>
#include <optional>
#include <random>
#include <string>
#include <vector>

#include "results/store.hpp"

namespace {

using gantry::host::StepIndex;
using gantry::results::Reason;
using gantry::results::Run;
using gantry::results::Status;
using gantry::results::Store;
using gantry::signature::Bytes;
using gantry::signature::View;

constexpr StepIndex kStep{0};

struct Outcome {
  Bytes value;
  std::string kind;  ///< of its reason, if it has no value
  friend bool operator==(const Outcome&, const Outcome&) = default;
};

struct Piece {
  std::uint64_t first = 0;
  std::uint64_t count = 0;
};

/// Random outcomes: values of various lengths, some beyond what is joined, runs of reasons between them.
std::vector<Outcome> outcomes(std::mt19937_64& random, std::uint64_t tasks, std::optional<std::uint64_t> size) {
  std::vector<Outcome> made(tasks);
  for (std::uint64_t i = 0; i < tasks; ++i) {
    if (random() % 40 == 0) {
      const std::string kind = "kind" + std::to_string(random() % 3);
      const std::uint64_t end = std::min(tasks, i + 1 + random() % 4);
      for (; i < end; ++i) made[i].kind = kind;
      if (i == tasks) break;
    }
    const std::uint64_t choice = random() % 50;
    const std::uint64_t length = size ? *size : choice == 0 ? 1000 + random() % 100 : choice < 8 ? 0 : random() % 30;
    made[i].value.resize(length);
    for (std::byte& byte : made[i].value) byte = std::byte(random());
  }
  return made;
}

/// Consecutive tasks that can be put at once.
std::vector<Piece> cut(std::mt19937_64& random, const std::vector<Outcome>& all, std::uint64_t longest) {
  std::vector<Piece> pieces;
  for (std::uint64_t first = 0; first < all.size();) {
    std::uint64_t count = 1;
    const std::uint64_t most = std::min(all.size() - first, 1 + random() % longest);
    while (count < most && all[first + count].kind == all[first].kind) ++count;
    pieces.push_back({first, count});
    first += count;
  }
  return pieces;
}

void put(Store& store, const std::vector<Outcome>& all, Piece piece, bool fixed) {
  if (const std::string& kind = all[piece.first].kind; !kind.empty()) {
    return store.put(kStep, piece.first, piece.count, Reason{Status::error, kind, "why " + kind});
  }
  Bytes bytes;
  std::vector<std::uint64_t> lengths;
  for (std::uint64_t i = piece.first; i < piece.first + piece.count; ++i) {
    gantry::signature::append(bytes, all[i].value);
    if (!fixed) lengths.push_back(all[i].value.size());
  }
  store.put(kStep, piece.first, piece.count, std::move(bytes), std::move(lengths));
}

/// What read() shows of [from, to), task by task; the number of runs.
std::uint64_t read(const Store& store, std::uint64_t from, std::uint64_t to, std::vector<Outcome>& found) {
  std::uint64_t runs = 0;
  store.read(kStep, from, to, [&](const Run& run) {
    REQUIRE(run.first == from + found.size());
    REQUIRE(run.count > 0);
    REQUIRE(run.lengths.size() == (run.reason != nullptr || run.size ? 0 : run.count));
    ++runs;
    std::uint64_t offset = 0;
    for (std::uint64_t i = 0; i < run.count; ++i) {
      if (run.reason != nullptr) {
        found.push_back({{}, run.reason->kind});
        continue;
      }
      const View value = run.bytes.subspan(offset, run.size ? *run.size : run.lengths[i]);
      found.push_back({{value.begin(), value.end()}, ""});
      offset += value.size();
    }
    REQUIRE(offset == run.bytes.size());
  });
  return runs;
}

}  // namespace

TEST_CASE("random pieces in any order read as what was put in at once") {
  const auto seed = std::random_device{}();
  INFO("seed " << seed);
  std::mt19937_64 random(seed);
  for (int round = 0; round < 80; ++round) {
    CAPTURE(round);
    const bool fixed = random() % 3 == 0;
    const std::optional<std::uint64_t> size = fixed ? std::optional<std::uint64_t>(random() % 4 * 100) : std::nullopt;
    const std::uint64_t tasks = 1 + random() % 3000;
    const std::vector<Outcome> all = outcomes(random, tasks, size);
    std::vector<Piece> pieces = cut(random, all, random() % 2 == 0 ? 1 : 1 + random() % 100);
    switch (round % 4) {
      case 0:
        break;  // in order
      case 1:
        std::ranges::reverse(pieces);
        break;
      case 2:
        std::ranges::shuffle(pieces, random);
        break;
      default:  // nearly in order, as workers do it
        for (std::size_t i = 0; i + 8 < pieces.size(); i += 8) {
          std::shuffle(pieces.begin() + static_cast<std::ptrdiff_t>(i),
                       pieces.begin() + static_cast<std::ptrdiff_t>(i + 8), random);
        }
    }
    Store store({size});
    store.sized(kStep, tasks);
    for (const Piece& piece : pieces) {
      put(store, all, piece, fixed);
      // A look between puts builds what the next join has to keep right.
      const std::uint64_t index = piece.first + random() % piece.count;
      REQUIRE((store.reason(kStep, index) == nullptr) == all[index].kind.empty());
      if (all[index].kind.empty()) REQUIRE(std::ranges::equal(store.value(kStep, index), all[index].value));
    }
    std::vector<Outcome> found;
    const std::uint64_t runs = read(store, 0, tasks, found);
    REQUIRE(found == all);
    REQUIRE(runs <= pieces.size());
    for (std::uint64_t i = 0; i < tasks; ++i) {
      const Reason* const reason = store.reason(kStep, i);
      REQUIRE((reason == nullptr ? "" : reason->kind) == all[i].kind);
      if (reason == nullptr) REQUIRE(std::ranges::equal(store.value(kStep, i), all[i].value));
    }
    const std::uint64_t from = random() % tasks;
    const std::uint64_t to = from + random() % (tasks - from + 1);
    const auto at = [&](std::uint64_t index) { return all.begin() + static_cast<std::ptrdiff_t>(index); };
    found.clear();
    read(store, from, to, found);
    REQUIRE(found == std::vector<Outcome>(at(from), at(to)));
    store.release(kStep, from);
    found.clear();
    read(store, from, tasks, found);
    REQUIRE(found == std::vector<Outcome>(at(from), all.end()));
    store.release(kStep, tasks);
    REQUIRE(store.held() <= 64 * 70 * 1024);
  }
}

TEST_CASE("a step in chunks of one task is kept in few segments, whose bytes are counted once") {
  constexpr std::uint64_t tasks = 100'000;
  for (const bool in_order : {true, false}) {
    CAPTURE(in_order);
    Store store({8});
    store.sized(kStep, tasks);
    for (std::uint64_t i = 0; i < tasks; ++i) {
      const std::uint64_t index = in_order ? i : i ^ 1U;
      store.put(kStep, index, 1, Bytes(8, std::byte(index)), {});
    }
    std::vector<Outcome> found;
    const std::uint64_t runs = read(store, 0, tasks, found);
    // In order, 64 KiB are one segment. Out of order, what came early stays alone.
    CHECK(runs <= (in_order ? tasks * 8 / (64 * 1024) + 1 : tasks));
    for (std::uint64_t i = 0; i < tasks; ++i) REQUIRE(found[i].value == Bytes(8, std::byte(i)));
    CHECK(store.held() >= tasks * 8);
    CHECK(store.held() <= 2 * tasks * 8 + (1U << 20U));
    store.release(kStep, tasks);
    CHECK(store.held() <= 64 * 128 * 1024);
  }
}
