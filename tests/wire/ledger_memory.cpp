// Where the ledger puts values: memory files, memory, and buffers that came back.
#include <algorithm>
#include <catch2/catch.hpp>

#include "wire/desk.hpp"

using namespace gantry;
using schedule::Event;
using tests::chunk;
using tests::Desk;

namespace {

/// Reports the value of task 10 in parts through the window, as a worker would; the bytes of the event.
schedule::event::Values in_parts(Desk& desk, const signature::Bytes& value) {
  std::uint64_t at = desk.window.released();
  for (std::uint64_t done = 0; done < value.size();) {
    const std::uint64_t place = at % wire::window_capacity;
    const std::uint64_t size =
        std::min({value.size() - done, std::uint64_t{wire::segment_cap} - 1, wire::window_capacity - place});
    std::copy_n(value.begin() + static_cast<std::ptrdiff_t>(done), size,
                desk.bytes.begin() + static_cast<std::ptrdiff_t>(place));
    const bool is_last = done + size == value.size();
    REQUIRE(desk.apply(wire::PartReport{10, value.size(), done, at, size, is_last ? 77u : 0u}).empty());
    REQUIRE(desk.events.size() == (is_last ? 1 : 0));
    done += size;
    at += size;
    CHECK(desk.window.released() == at);
  }
  return std::move(std::get<schedule::event::Values>(desk.events.at(0)));
}

}  // namespace

TEST_CASE("a large value in parts is put together in a memory file, a smaller one in memory") {
  struct Row {
    std::uint64_t size;
    bool is_fixed;
    bool is_shared;
  };
  const Row rows[] = {{wire::segment_cap + 1, false, false}, {wire::shelf_least - 1, false, false},
                      {wire::shelf_least - 1, true, false},  {wire::shelf_least, false, true},
                      {wire::shelf_least, true, true},       {3 * wire::shelf_least + 12345, false, true}};
  for (const Row& row : rows) {
    CAPTURE(row.size, row.is_fixed);
    Desk desk(row.is_fixed ? std::optional(row.size) : std::nullopt);
    signature::Bytes value(row.size);
    for (std::uint64_t i = 0; i < row.size; ++i) value[i] = std::byte(i * 7 + i / 253);
    const auto values = in_parts(desk, value);
    CHECK((values.first == 10 && values.count == 1 && values.busy.count() == 77));
    CHECK((values.shared != nullptr) == row.is_shared);
    CHECK(values.bytes.size() == (row.is_shared ? 0 : row.size));
    CHECK(std::ranges::equal(values.content(), value));
    CHECK(values.lengths == (row.is_fixed ? std::vector<std::uint64_t>{} : std::vector<std::uint64_t>{row.size}));
    // The next value of the lease has a place of its own, and what came first stays.
    desk.events.clear();
    REQUIRE(desk.apply(wire::FailedReport{11, "odd", "why", 0}).empty());
    CHECK(std::ranges::equal(values.content(), value));
  }
}

TEST_CASE("large segments are copied to buffers that came back, small ones are not") {
  constexpr std::uint64_t large = 4096;
  constexpr std::uint64_t room = 64 * 1024;
  struct Row {
    std::string what;
    std::uint64_t bytes;
    bool reused;
  };
  const Row rows[] = {{"one byte", 1, false},
                      {"just too small", large - 1, false},
                      {"large enough", large, true},
                      {"as large as the buffer", room, true}};
  for (const Row& row : rows) {
    CAPTURE(row.what);
    Desk desk(row.bytes);
    signature::Bytes buffer(room, std::byte{99});  // what it held before is not seen again
    const std::byte* const place = buffer.data();
    const std::uint64_t capacity = buffer.capacity();
    desk.ledger.reuse(std::move(buffer));
    REQUIRE(desk.apply(wire::ValuesReport{10, 1, 0, row.bytes, 0}).empty());
    REQUIRE(desk.apply(wire::ValuesReport{11, 1, row.bytes, row.bytes, 0}).empty());
    const auto& first = std::get<schedule::event::Values>(desk.events.at(0));
    const auto& second = std::get<schedule::event::Values>(desk.events.at(1));
    CHECK((first.bytes.data() == place) == row.reused);
    if (row.reused) CHECK(first.bytes.capacity() == capacity);
    CHECK(second.bytes.data() != place);  // it is given once
    CHECK(first.bytes == signature::Bytes(desk.bytes.begin(), desk.bytes.begin() + static_cast<int>(row.bytes)));
    CHECK(second.bytes.size() == row.bytes);
    CHECK(second.bytes.front() == std::byte(row.bytes));
  }
}

TEST_CASE("of buffers that come back, eight are kept") {
  constexpr std::uint64_t size = 4096;
  Desk desk(size);
  desk.ledger.open(chunk(2, 20, 7, size));
  std::vector<const std::byte*> given;
  for (int i = 0; i < 10; ++i) {
    signature::Bytes buffer(size);
    given.push_back(buffer.data());
    desk.ledger.reuse(std::move(buffer));
  }
  for (std::uint64_t i = 0; i < 12; ++i) {
    const bool is_first = i < 5;
    REQUIRE(desk.apply(wire::ValuesReport{is_first ? 10 + i : 15 + i, 1, i * size, size, 0, i == 4 || i == 11},
                       is_first ? 1 : 2)
                .empty());
  }
  // Last in, first out: the warmest pages.
  std::vector<const std::byte*> got;
  for (const Event& event : desk.events) {
    if (const auto* values = std::get_if<schedule::event::Values>(&event)) got.push_back(values->bytes.data());
  }
  REQUIRE(got.size() == 12);
  for (std::size_t i = 0; i < 8; ++i) CHECK(got[i] == given[7 - i]);
}
