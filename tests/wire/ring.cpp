#include "wire/ring.hpp"

#include <catch2/catch.hpp>
#include <deque>
#include <limits>
#include <vector>

#include "wire/seed.hpp"

using namespace gantry;
using gantry::tests::below_or_equal;

namespace {

struct Memory {
  explicit Memory(std::uint64_t capacity) : bytes(capacity) {}
  wire::RingPlace place() { return {&tail, &head, bytes.data(), bytes.size()}; }

  std::uint64_t tail = 0;
  std::uint64_t head = 0;
  signature::Bytes bytes;
};

signature::Bytes counted(std::uint8_t& next, std::uint64_t size) {
  signature::Bytes bytes(size);
  for (std::byte& byte : bytes) byte = std::byte{next++};
  return bytes;
}

}  // namespace

TEST_CASE("a ring holds what was put in, at every offset of its end") {
  for (std::uint64_t start = 0; start < 64; ++start) {
    for (std::uint64_t size = 0; size <= 64; ++size) {
      Memory memory(64);
      wire::RingWriter writer(memory.place());
      wire::RingReader reader(memory.place());
      std::uint8_t next = 1;
      const signature::Bytes before = counted(next, start);
      REQUIRE(*writer.put(before, {}));
      REQUIRE(*reader.available() == start);
      reader.consume(start);

      const signature::Bytes put = counted(next, size);
      const std::uint64_t cut = size / 3;
      REQUIRE(*writer.put(signature::View(put).first(cut), signature::View(put).subspan(cut)));
      REQUIRE(*reader.available() == size);
      signature::Bytes got(size);
      reader.peek(0, got.data(), size);
      REQUIRE(got == put);
    }
  }
}

TEST_CASE("a ring behaves like a queue of bytes under random puts and gets") {
  std::mt19937_64 random(tests::test_seed());
  CAPTURE(tests::test_seed());
  Memory memory(256);
  wire::RingWriter writer(memory.place());
  wire::RingReader reader(memory.place());
  std::deque<std::byte> model;
  std::uint8_t next = 0;
  std::uint64_t refused = 0;
  for (int step = 0; step < 20000; ++step) {
    if (below_or_equal(random, 1) == 0) {
      const signature::Bytes bytes = counted(next, below_or_equal(random, 100));
      const bool fits = model.size() + bytes.size() <= 256;
      REQUIRE(*writer.has_room(bytes.size()) == fits);
      REQUIRE(*writer.put(bytes, {}) == fits);
      if (fits) model.insert(model.end(), bytes.begin(), bytes.end());
      refused += fits ? 0 : 1;
    } else {
      REQUIRE(*reader.available() == model.size());
      const std::uint64_t size = below_or_equal(random, model.size());
      const std::uint64_t skip = below_or_equal(random, model.size() - size);
      signature::Bytes got(size);
      reader.peek(skip, got.data(), size);
      const auto from = model.begin() + static_cast<std::ptrdiff_t>(skip);
      REQUIRE(std::equal(got.begin(), got.end(), from));
      const std::uint64_t taken = below_or_equal(random, model.size());
      reader.consume(taken);
      model.erase(model.begin(), model.begin() + static_cast<std::ptrdiff_t>(taken));
    }
  }
  CHECK(refused > 0);
}

TEST_CASE("a reader refuses positions of a writer that cannot be") {
  Memory memory(64);
  wire::RingWriter writer(memory.place());
  wire::RingReader reader(memory.place());
  const signature::Bytes ten(10);
  REQUIRE(*writer.put(ten, {}));
  REQUIRE(*reader.available() == 10);
  for (const std::uint64_t tail : {std::uint64_t{65}, std::uint64_t{9}, std::uint64_t{0}, std::uint64_t{1} << 32,
                                   std::numeric_limits<std::uint64_t>::max()}) {
    CAPTURE(tail);
    memory.tail = tail;
    const auto available = reader.available();
    REQUIRE(!available);
    CHECK(available.error().sentence == "the writer of a ring claims to have written what cannot fit");
  }
  memory.tail = 64;
  CHECK(*reader.available() == 64);
}

TEST_CASE("a writer refuses positions of a reader that cannot be") {
  for (const std::uint64_t head :
       {std::uint64_t{61}, std::uint64_t{1} << 40, std::numeric_limits<std::uint64_t>::max()}) {
    CAPTURE(head);
    Memory memory(64);
    wire::RingWriter writer(memory.place());
    REQUIRE(*writer.put(signature::Bytes(60), {}));
    memory.head = head;
    const auto room = writer.has_room(10);
    REQUIRE(!room);
    CHECK(room.error().sentence == "the reader of a ring claims to have read what was not written");
  }
}
