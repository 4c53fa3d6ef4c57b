// Values that others can map: whole lists on a shelf, large values where they lie.
#include <algorithm>
#include <catch2/catch.hpp>
#include <memory>
#include <optional>
#include <random>
#include <string>
#include <utility>
#include <vector>

#include "results/store.hpp"
#include "wire/shelf.hpp"

namespace {

using gantry::host::StepIndex;
using gantry::results::Reason;
using gantry::results::Run;
using gantry::results::Status;
using gantry::results::Store;
using gantry::signature::Bytes;
using gantry::signature::SharedBytes;
using gantry::signature::View;

constexpr StepIndex kStep{0};
constexpr std::uint64_t kMib = std::uint64_t{1} << 20U;

Bytes pattern(std::uint64_t from, std::uint64_t size) {
  Bytes bytes(size);
  for (std::uint64_t i = 0; i < size; ++i) bytes[i] = std::byte((from + i) * 13 + (from + i) / 241);
  return bytes;
}

bool equal(View left, View right) {
  return std::ranges::equal(left, right);
}

/// The store's list of all values, copied.
Bytes all_of(const Store& store, StepIndex step = kStep) {
  Bytes all;
  store.append_all(step, all);
  return all;
}

/// A list of `tasks` values of `size` bytes, cut at random; it is put in in random order.
struct List {
  struct Piece {
    std::uint64_t first;
    std::uint64_t count;
  };
  std::uint64_t size;
  std::uint64_t tasks;
  Bytes bytes = pattern(0, size* tasks);
  std::vector<Piece> pieces = {};

  void cut(std::mt19937_64& random, std::uint64_t longest) {
    for (std::uint64_t first = 0; first < tasks;) {
      const std::uint64_t count = std::min(tasks - first, 1 + random() % longest);
      pieces.push_back({first, count});
      first += count;
    }
    std::shuffle(pieces.begin(), pieces.end(), random);
  }
  [[nodiscard]] Bytes part(std::uint64_t first, std::uint64_t count) const {
    const View view = View(bytes).subspan(first * size, count * size);
    return {view.begin(), view.end()};
  }
  void put(Store& store, Piece piece) const {
    store.put(kStep, piece.first, piece.count, part(piece.first, piece.count), {});
  }
};

}  // namespace

TEST_CASE("values put in in any order become one list that others can map") {
  const auto seed = std::random_device{}();
  INFO("seed " << seed);
  std::mt19937_64 random(seed);
  struct Row {
    std::uint64_t size;
    std::uint64_t tasks;
    std::uint64_t longest;
  };
  const Row rows[] = {{8, kMib / 8, 3000},    {8, 3 * kMib / 8 + 5, 60'000},
                      {1, 2 * kMib, 100'000}, {24, kMib / 24 + 1, 777},
                      {kMib, 1, 1},           {2 * kMib, 3, 1}};
  for (const Row& row : rows) {
    CAPTURE(row.size, row.tasks);
    List list{row.size, row.tasks};
    list.cut(random, row.longest);
    Store store({row.size});
    store.shelve_all(kStep);
    store.sized(kStep, row.tasks);
    std::uint64_t put = 0;
    for (const List::Piece& piece : list.pieces) {
      REQUIRE(store.shared_all(kStep) == nullptr);  // not complete
      list.put(store, piece);
      put += piece.count;
      const std::uint64_t index = piece.first + random() % piece.count;
      REQUIRE(equal(store.value(kStep, index), list.part(index, 1)));
      REQUIRE(store.status(kStep, index) == Status::value);
      REQUIRE(store.shared_value(kStep, index) == nullptr);
    }
    REQUIRE(put == row.tasks);
    const auto shared = store.shared_all(kStep);
    REQUIRE(shared);
    CHECK(equal(shared->bytes(), list.bytes));
    CHECK(equal(all_of(store), list.bytes));
    CHECK(store.value(kStep, row.tasks - 1).data() == shared->bytes().data() + (row.tasks - 1) * row.size);
    std::uint64_t runs = 0;
    store.read(kStep, 0, row.tasks, [&](const Run& run) {
      ++runs;
      CHECK((run.first == 0 && run.count == row.tasks && run.reason == nullptr && run.lengths.empty()));
      CHECK(run.size == row.size);
      CHECK(equal(run.bytes, list.bytes));
    });
    CHECK(runs == 1);
    const std::uint64_t from = random() % row.tasks;
    store.read(kStep, from, from + 1, [&](const Run& run) { CHECK(equal(run.bytes, list.part(from, 1))); });
  }
}

TEST_CASE("a list is shared from a mebibyte on, if its values are of fixed size, and if somebody wants it") {
  struct Row {
    std::string what;
    std::optional<std::uint64_t> size;
    std::uint64_t tasks;
    bool wanted;
    bool shared;
  };
  const Row rows[] = {{"a mebibyte", 8, kMib / 8, true, true},
                      {"a value less", 8, kMib / 8 - 1, true, false},
                      {"few", 8, 3, true, false},
                      {"none", 8, 0, true, false},
                      {"nobody wants it", 8, kMib / 8, false, false},
                      {"values without bytes", 0, 4 * kMib, true, false},
                      {"of any size", std::nullopt, kMib / 8, true, false}};
  for (const Row& row : rows) {
    CAPTURE(row.what);
    Store store({row.size});
    if (row.wanted) store.shelve_all(kStep);
    store.sized(kStep, row.tasks);
    const std::uint64_t size = row.size.value_or(8);
    const Bytes bytes = pattern(0, row.tasks * size);
    store.put(kStep, 0, row.tasks, bytes,
              row.size ? std::vector<std::uint64_t>{} : std::vector<std::uint64_t>(row.tasks, 8));
    const auto shared = store.shared_all(kStep);
    CHECK((shared != nullptr) == row.shared);
    if (shared) CHECK(equal(shared->bytes(), bytes));
    CHECK(equal(all_of(store), bytes));
  }
}

TEST_CASE("a list with a gap is not shared: the values that there are stay") {
  List list{8, kMib / 8 + 100};
  const std::uint64_t bad = 70'000;
  for (const bool bad_first : {false, true}) {
    CAPTURE(bad_first);
    Store store({list.size});
    store.shelve_all(kStep);
    store.sized(kStep, list.tasks);
    const Reason reason{Status::error, "odd", "why"};
    if (bad_first) store.put(kStep, bad, 1, reason);
    list.put(store, {bad + 1, list.tasks - bad - 1});
    list.put(store, {0, bad});
    if (!bad_first) store.put(kStep, bad, 1, reason);
    CHECK(store.frontier(kStep) == list.tasks);
    CHECK(store.shared_all(kStep) == nullptr);
    CHECK(store.reason(kStep, bad)->message == "why");
    CHECK(store.reason(kStep, bad + 1) == nullptr);
    Bytes expected = list.part(0, bad);
    gantry::signature::append(expected, list.part(bad + 1, list.tasks - bad - 1));
    CHECK(equal(all_of(store), expected));
    CHECK(equal(store.value(kStep, bad - 1), list.part(bad - 1, 1)));
    CHECK(equal(store.value(kStep, bad + 1), list.part(bad + 1, 1)));
    std::vector<std::pair<std::uint64_t, std::uint64_t>> runs;
    store.read(kStep, 0, list.tasks, [&](const Run& run) { runs.emplace_back(run.first, run.count); });
    CHECK(runs ==
          std::vector<std::pair<std::uint64_t, std::uint64_t>>{{0, bad}, {bad, 1}, {bad + 1, list.tasks - bad - 1}});
  }
}

TEST_CASE("a list is given up task by task, and whoever shares it keeps it") {
  const List list{8, kMib / 8};
  Store store({list.size});
  store.shelve_all(kStep);
  store.sized(kStep, list.tasks);
  CHECK(store.held() == 0);
  list.put(store, {1000, list.tasks - 1000});
  list.put(store, {0, 1000});
  CHECK(store.held() >= kMib);
  auto shared = store.shared_all(kStep);
  REQUIRE(shared);
  store.release(kStep, 10);
  CHECK(store.shared_all(kStep) == nullptr);  // a part of it is not the list
  CHECK(equal(store.value(kStep, 10), list.part(10, 1)));
  CHECK(equal(store.value(kStep, list.tasks - 1), list.part(list.tasks - 1, 1)));
  store.read(kStep, 10, list.tasks, [&](const Run& run) { CHECK(equal(run.bytes, list.part(10, list.tasks - 10))); });
  const std::weak_ptr<const SharedBytes> watched = shared;
  store.release(kStep, list.tasks);
  CHECK(store.shared_all(kStep) == nullptr);
  CHECK(equal(shared->bytes(), list.bytes));
  shared.reset();
  CHECK(watched.expired());
  CHECK(store.held() <= kMib);  // at most the buffers that the values came in
}

TEST_CASE("buffers of values that went to a shelf are used again") {
  constexpr std::uint64_t count = 1024;
  const List list{8, 256 * count};
  Store store({list.size});
  store.shelve_all(kStep);
  store.sized(kStep, list.tasks);
  const std::byte* place = nullptr;
  for (std::uint64_t first = 0; first < list.tasks; first += count) {
    Bytes buffer = store.buffer();
    const View values = View(list.bytes).subspan(first * 8, count * 8);
    buffer.assign(values.begin(), values.end());
    if (place != nullptr) REQUIRE(buffer.data() == place);
    place = buffer.data();
    store.put(kStep, first, count, std::move(buffer), {});
  }
  REQUIRE(store.shared_all(kStep));
  CHECK(equal(store.shared_all(kStep)->bytes(), list.bytes));
  CHECK(store.held() <= list.bytes.size() + 64 * 1024);
}

TEST_CASE("a large value stays where it lies, among others") {
  for (const bool fixed : {false, true}) {
    CAPTURE(fixed);
    const std::uint64_t size = fixed ? 2 * kMib : 2 * kMib + 77;
    Store store({fixed ? std::optional(size) : std::nullopt});
    store.sized(kStep, 4);
    std::vector<std::shared_ptr<const SharedBytes>> values;
    for (std::uint64_t i = 0; i < 2; ++i) {
      auto shelf = gantry::wire::Shelves().make(size);
      REQUIRE(shelf);
      REQUIRE((*shelf)->write(0, pattern(i * 999, size)));
      values.push_back(*std::move(shelf));
    }
    const Bytes plain = pattern(5, fixed ? size : 10);
    const auto lengths = [&](std::uint64_t length) {
      return fixed ? std::vector<std::uint64_t>{} : std::vector<std::uint64_t>{length};
    };
    store.put(kStep, 3, values[1]);  // ahead of its turn
    CHECK(store.frontier(kStep) == 0);
    CHECK(store.shared_value(kStep, 3) == values[1]);
    store.put(kStep, 0, 1, plain, lengths(plain.size()));
    store.put(kStep, 1, values[0]);
    CHECK(store.frontier(kStep) == 2);
    store.put(kStep, 2, 1, Reason{Status::error, "odd", "why"});
    CHECK(store.frontier(kStep) == 4);
    CHECK((values[0].use_count() == 2 && values[1].use_count() == 2));

    CHECK(store.shared_value(kStep, 0) == nullptr);
    CHECK(store.shared_value(kStep, 1) == values[0]);
    CHECK(store.shared_value(kStep, 2) == nullptr);
    CHECK(store.shared_all(kStep) == nullptr);
    CHECK(store.value(kStep, 1).data() == values[0]->bytes().data());
    CHECK(equal(store.value(kStep, 0), plain));
    CHECK(equal(store.value(kStep, 3), pattern(999, size)));
    Bytes whole = plain;
    gantry::signature::append(whole, values[0]->bytes());
    gantry::signature::append(whole, values[1]->bytes());
    CHECK(equal(all_of(store), whole));

    std::uint64_t next = 0;
    store.read(kStep, 0, 4, [&](const Run& run) {
      CHECK((run.first == next && run.count == 1));
      ++next;
      CHECK((run.reason != nullptr) == (run.first == 2));
      if (run.reason != nullptr) return;
      const std::uint64_t length = run.first == 0 ? plain.size() : size;
      CHECK(run.bytes.size() == length);
      if (fixed) {
        CHECK((run.size == size && run.lengths.empty()));
      } else {
        REQUIRE((!run.size && run.lengths.size() == 1));
        CHECK(run.lengths[0] == length);
      }
    });
    CHECK(next == 4);

    CHECK(store.held() >= 2 * size);
    store.release(kStep, 1);
    CHECK(values[0].use_count() == 2);
    store.release(kStep, 2);
    CHECK((values[0].use_count() == 1 && values[1].use_count() == 2));
    store.release(kStep, 4);
    CHECK(values[1].use_count() == 1);
    CHECK(store.held() <= plain.size() + 4096);
  }
}
