#include "wire/frame.hpp"

#include <catch2/catch.hpp>
#include <cstddef>
#include <cstring>

#include "wire/layout.hpp"
#include "wire/seed.hpp"

using namespace gantry;
using wire::FrameKind;

namespace {

constexpr std::uint64_t generation = 7;

struct Memory {
  wire::RingPlace place() { return {&tail, &head, bytes.data(), bytes.size()}; }

  std::uint64_t tail = 0;
  std::uint64_t head = 0;
  signature::Bytes bytes = signature::Bytes(wire::ring_capacity);
};

struct RawFrame {
  std::uint32_t magic = wire::frame_magic;
  std::uint16_t kind = 16;
  std::uint16_t flags = 0;
  std::uint32_t sequence = generation;
  std::uint32_t check = 0;
  std::uint64_t lease = 5;
  std::uint64_t length = 0;
};

/// What a receiver says when the ring holds these bytes.
std::string verdict(signature::View bytes) {
  Memory memory;
  wire::RingWriter writer(memory.place());
  REQUIRE(*writer.put(bytes, {}));
  wire::FrameReceiver receiver(memory.place(), generation);
  const auto frame = receiver.receive();
  if (!frame) return frame.error().sentence;
  return *frame ? "a frame" : "nothing";
}

/// The frame with the checksum that its sender gives it, and its payload.
signature::Bytes checked(RawFrame frame, const signature::Bytes& payload) {
  Memory memory;
  wire::FrameSender sender(memory.place(), frame.sequence);
  REQUIRE(*sender.send(static_cast<FrameKind>(frame.kind), frame.flags, frame.lease, payload));
  std::memcpy(&frame.check, memory.bytes.data() + offsetof(RawFrame, check), sizeof frame.check);
  signature::Bytes whole;
  signature::append(whole, std::as_bytes(std::span(&frame, 1)));
  signature::append(whole, payload);
  return whole;
}

std::string verdict(const RawFrame& frame) {
  return verdict(checked(frame, {}));
}

}  // namespace

TEST_CASE("frames arrive as they were sent, in order") {
  Memory memory;
  wire::FrameSender sender(memory.place(), generation);
  wire::FrameReceiver receiver(memory.place(), generation);
  CHECK(!receiver.ready());
  std::uint64_t sent = 0;
  for (std::uint64_t round = 0; round < 500; ++round) {
    const signature::Bytes payload(round * 97 % (wire::frame_cap - wire::frame_header_size), std::byte(round));
    REQUIRE(*sender.send(FrameKind::failed, 3, round, payload));
    ++sent;
    REQUIRE(receiver.ready());
    const auto frame = receiver.receive();
    REQUIRE((frame && *frame));
    CHECK((*frame)->kind == FrameKind::failed);
    CHECK((*frame)->flags == 3);
    CHECK((*frame)->lease == round);
    REQUIRE(std::ranges::equal((*frame)->payload, payload));
  }
  CHECK(sent == 500);
  CHECK(!*receiver.receive());
}

TEST_CASE("a full ring refuses a frame, and takes it later") {
  Memory memory;
  wire::FrameSender sender(memory.place(), generation);
  wire::FrameReceiver receiver(memory.place(), generation);
  const signature::Bytes payload(wire::frame_cap - wire::frame_header_size);
  REQUIRE(*sender.send(FrameKind::chunk, 0, 1, payload));
  REQUIRE(*sender.send(FrameKind::chunk, 0, 2, payload));
  REQUIRE_FALSE(*sender.send(FrameKind::chunk, 0, 3, payload));
  REQUIRE(*receiver.receive());
  REQUIRE(*sender.send(FrameKind::chunk, 0, 3, payload));
  CHECK((**receiver.receive()).lease == 2);
  CHECK((**receiver.receive()).lease == 3);
}

TEST_CASE("a receiver refuses what is no frame") {
  struct Row {
    RawFrame frame;
    std::string says;
  };
  const auto with = [](auto change) {
    RawFrame frame;
    change(frame);
    return frame;
  };
  const std::vector<Row> rows{
      {with([](RawFrame&) {}), "a frame"},
      {with([](RawFrame& f) { f.kind = 6; }), "a frame has the unknown kind 6"},
      {with([](RawFrame& f) { f.kind = 0xFFFF; }), "a frame has the unknown kind 65535"},
      {with([](RawFrame& f) { f.sequence = 6; }), "a frame has the sequence number 6 instead of 7"},
      {with([](RawFrame& f) { f.length = 1; }), "a frame claims 1 bytes, of which 0 are there"},
      {with([](RawFrame& f) { f.length = 98273; }), "a frame claims 98273 bytes; the most is 98272"},
      {with([](RawFrame& f) { f.length = 0xFFFF'FFFF; }), "a frame claims 4294967295 bytes; the most is 98272"},
      {with([](RawFrame& f) { f.length = ~0ull; }), "a frame claims 18446744073709551615 bytes; the most is 98272"},
      {with([](RawFrame& f) { f.magic = 0; }),
       "a frame does not begin with its magic; its first bytes are "
       "00000000100000000700000"},
  };
  for (const Row& row : rows) {
    CHECK(verdict(row.frame).starts_with(row.says));
  }
}

TEST_CASE("a frame of which any bit was changed is refused") {
  signature::Bytes payload(100);
  for (std::size_t i = 0; i < payload.size(); ++i) payload[i] = std::byte(i);
  const signature::Bytes whole = checked({.length = payload.size()}, payload);
  REQUIRE(verdict(whole) == "a frame");
  for (std::size_t bit = 0; bit < whole.size() * 8; ++bit) {
    signature::Bytes changed = whole;
    changed[bit / 8] ^= static_cast<std::byte>(1U << (bit % 8));
    CAPTURE(bit);
    const std::string says = verdict(changed);
    CHECK(says != "a frame");
    CHECK(says != "nothing");
    const bool in_payload = bit / 8 >= wire::frame_header_size;
    if (in_payload) CHECK(says == "a frame is not as it was sent: somebody wrote over it");
  }
}

TEST_CASE("a frame that is cut at any byte is refused") {
  const signature::Bytes whole = checked({.length = 8}, signature::Bytes(8));
  for (std::uint64_t size = 1; size < whole.size(); ++size) {
    CAPTURE(size);
    const std::string says = verdict(signature::View(whole).first(size));
    CHECK(says == (size < 32 ? "a ring holds less than a frame"
                             : "a frame claims 8 bytes, of which " + std::to_string(size - 32) + " are there"));
  }
  CHECK(verdict(whole) == "a frame");
}

TEST_CASE("random bytes are no frame, and never a crash") {
  std::mt19937_64 random(tests::test_seed());
  CAPTURE(tests::test_seed());
  for (int round = 0; round < 2000; ++round) {
    signature::Bytes bytes(1 + tests::below_or_equal(random, 100));
    for (std::byte& byte : bytes) byte = std::byte(random());
    if (bytes.size() >= 4 && bytes[0] == std::byte{0x47}) bytes[0] = std::byte{0};  // not the magic by chance
    const std::string says = verdict(bytes);
    CHECK((says.starts_with("a frame does not begin with its magic") || says == "a ring holds less than a frame"));
  }
}

TEST_CASE("a frame that is sent again is noticed") {
  Memory memory;
  wire::FrameSender sender(memory.place(), generation);
  wire::FrameReceiver receiver(memory.place(), generation);
  REQUIRE(*sender.send(FrameKind::closed, 0, 1, {}));
  REQUIRE(*receiver.receive());
  std::memcpy(memory.bytes.data() + 32, memory.bytes.data(), 32);
  memory.tail = 64;
  CHECK(receiver.receive().error().sentence == "a frame has the sequence number 7 instead of 8");
}
