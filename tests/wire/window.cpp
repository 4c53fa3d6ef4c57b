#include "wire/window.hpp"

#include <catch2/catch.hpp>
#include <cstring>
#include <deque>

#include "wire/seed.hpp"

using namespace gantry;
using wire::window_capacity;

namespace {

struct Memory {
  std::uint64_t released = 0;
  signature::Bytes bytes = signature::Bytes(window_capacity);
  wire::WindowWriter writer{bytes.data(), released};
  wire::WindowReader reader{bytes.data(), released};
};

}  // namespace

TEST_CASE("segments come out as they went in, however often the window is used again") {
  std::mt19937_64 random(tests::test_seed());
  CAPTURE(tests::test_seed());
  Memory memory;
  struct Sent {
    std::uint64_t at;
    signature::Bytes bytes;
  };
  std::deque<Sent> sent;
  std::uint64_t total = 0;
  int skips = 0;
  int waits = 0;
  const auto take_one = [&] {
    const auto view = memory.reader.read(sent.front().at, sent.front().bytes.size());
    REQUIRE(view);
    REQUIRE(std::ranges::equal(*view, sent.front().bytes));
    memory.reader.release(sent.front().at + sent.front().bytes.size());
    sent.pop_front();
  };
  while (total < 20 * window_capacity) {
    const std::uint64_t size = 1 + tests::below_or_equal(random, wire::segment_cap);
    if (!memory.writer.fits_before_wrap(size)) {
      memory.writer.skip_to_start();
      ++skips;
    }
    while (memory.writer.room().size() < size) {
      ++waits;
      REQUIRE(!sent.empty());
      take_one();
    }
    const signature::Bytes bytes(size, std::byte(random()));
    std::ranges::copy(bytes, memory.writer.room().data());
    memory.writer.grow(size);
    sent.push_back({memory.writer.at(), bytes});
    memory.writer.commit();
    total += size;
    if (tests::below_or_equal(random, 3) == 0 && !sent.empty()) take_one();
  }
  CHECK(skips > 10);
  CHECK(waits > 0);
}

TEST_CASE("a segment grows up to the end of the window, and not around it") {
  Memory memory;
  memory.writer.grow(window_capacity - 10);
  CHECK(memory.writer.room().size() == 10);
  CHECK(memory.writer.fits_before_wrap(10));
  CHECK_FALSE(memory.writer.fits_before_wrap(11));
  memory.writer.grow(10);
  CHECK(memory.writer.room().empty());
  memory.writer.commit();
  CHECK(memory.writer.room().empty());  // all of it is the host's
  memory.reader.release(window_capacity);
  CHECK(memory.writer.room().size() == window_capacity);
}

TEST_CASE("a reader refuses segments that cannot be") {
  Memory memory;
  memory.reader.release(1000);
  struct Row {
    std::uint64_t at;
    std::uint64_t size;
    bool good;
  };
  const Row rows[] = {
      {1000, 10, true},
      {1000, window_capacity - 1000, true},
      {1000, window_capacity - 999, false},  // runs into the end
      {999, 1, false},                       // was released
      {window_capacity, 1000, true},
      {window_capacity, 1001, false},  // a whole window after the released position is the most
      {window_capacity + 1000, 0, true},
      {window_capacity + 1001, 0, false},
      {~0ull, 1, false},
      {~0ull - 5, ~0ull, false},
      {1000, ~0ull, false},
  };
  for (const Row& row : rows) {
    CAPTURE(row.at, row.size);
    CHECK(memory.reader.read(row.at, row.size).has_value() == row.good);
  }
}
