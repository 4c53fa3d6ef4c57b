#include "wire/chunk.hpp"

#include <catch2/catch.hpp>
#include <cstring>

#include "wire/layout.hpp"
#include "wire/seed.hpp"
#include "wire/work.hpp"

using namespace gantry;

namespace {

signature::Bytes some_bytes(std::uint64_t size) {
  signature::Bytes bytes(size);
  for (std::uint64_t i = 0; i < size; ++i) bytes[i] = std::byte(i * 7);
  return bytes;
}

schedule::Chunk template_chunk(std::uint64_t row_size) {
  schedule::Chunk chunk;
  chunk.lease = {host::LeaseId{42}, host::WorkerIndex{1}, host::StepIndex{2}, 100, 50, 3};
  chunk.plugin = 4;
  chunk.function = 5;
  chunk.step_id = "squares";
  chunk.seed = 99;
  chunk.result_size = 8;
  signature::Template arguments{some_bytes(row_size), {}};
  arguments.slots.push_back({8, 1, 2, 3, 4, 5, signature::Kind::i32, true});
  arguments.slots.push_back({0, 10, 20, 30, 1, 7, signature::Kind::u64, false});
  chunk.arguments = arguments;
  return chunk;
}

schedule::Chunk rows_chunk(std::uint64_t tasks, std::uint64_t size) {
  schedule::Chunk chunk = template_chunk(16);
  chunk.lease.count = tasks;
  chunk.indexed = false;
  chunk.result_size.reset();
  chunk.timeout = std::chrono::seconds(1);
  schedule::Rows rows;
  for (std::uint64_t i = 0; i < tasks; ++i) rows.lengths.push_back(i == 0 ? 0 : size);
  rows.bytes = some_bytes(size * (tasks - 1));
  chunk.arguments = rows;
  return chunk;
}

wire::Frame frame_of(const wire::EncodedChunk& encoded) {
  return {wire::FrameKind::chunk, encoded.flags, 42, encoded.payload};
}

wire::Mapping mapped(const signature::Bytes& bytes) {
  auto memory = wire::sealed_memory("test", bytes.size());
  REQUIRE(memory);
  auto mapping = wire::map(*memory, bytes.size(), wire::Access::write);
  REQUIRE(mapping);
  std::ranges::copy(bytes, mapping->data());
  return *std::move(mapping);
}

wire::Work round_trip(const schedule::Chunk& chunk, bool expect_block) {
  const auto encoded = wire::encode(chunk, 1);
  REQUIRE(encoded);
  REQUIRE(encoded->block.has_value() == expect_block);
  REQUIRE(encoded->payload.size() + wire::frame_header_size <= wire::frame_cap);
  const auto name = wire::block_of(frame_of(*encoded));
  REQUIRE(name);
  REQUIRE(name->has_value() == expect_block);
  wire::Mapping block;
  if (expect_block) {
    CHECK((*name)->id == 42);
    REQUIRE((*name)->size == encoded->block->size());
    block = mapped(*encoded->block);
  }
  auto work = wire::decode_work(frame_of(*encoded), std::move(block));
  REQUIRE(work);
  CHECK(work->lease == 42);
  CHECK(work->plugin == chunk.plugin);
  CHECK(work->function == chunk.function);
  CHECK(work->attempt == chunk.lease.attempt);
  CHECK(work->claims == 1);
  CHECK(work->first == chunk.lease.first);
  CHECK(work->count == chunk.lease.count);
  CHECK(work->seed == chunk.seed);
  CHECK(work->result_size == chunk.result_size);
  CHECK(work->indexed == chunk.indexed);
  CHECK(work->timed == (chunk.timeout.count() > 0));
  CHECK(work->step == chunk.step_id);
  return *std::move(work);
}

}  // namespace

TEST_CASE("a chunk with a template arrives as it was sent, inline or in a block") {
  for (const std::uint64_t row : {std::uint64_t{16}, std::uint64_t{200000}}) {
    const schedule::Chunk chunk = template_chunk(row);
    const wire::Work work = round_trip(chunk, row > wire::inline_cap);
    const auto& sent = std::get<signature::Template>(chunk.arguments);
    const auto& got = std::get<signature::Template>(work.arguments);
    CHECK(got.row == sent.row);
    CHECK(got.slots == sent.slots);
  }
}

TEST_CASE("a chunk with rows arrives as it was sent, inline or in a block") {
  for (const std::uint64_t size : {std::uint64_t{0}, std::uint64_t{1}, std::uint64_t{33}, std::uint64_t{5000}}) {
    const schedule::Chunk chunk = rows_chunk(21, size);
    const wire::Work work = round_trip(chunk, size == 5000);
    const auto& sent = std::get<schedule::Rows>(chunk.arguments);
    const auto& got = std::get<wire::RowsView>(work.arguments);
    CHECK(std::ranges::equal(got.lengths, std::as_bytes(std::span(sent.lengths))));
    CHECK(std::ranges::equal(got.bytes, sent.bytes));
  }
}

TEST_CASE("arguments are inline up to the cap, and in a block one byte above it") {
  // A template without slots is its row and two u64.
  for (const auto& [size, in_block] : {std::pair{wire::inline_cap - 16, false}, {wire::inline_cap - 15, true}}) {
    schedule::Chunk chunk = template_chunk(16);
    chunk.arguments = signature::Template{some_bytes(size), {}};
    CHECK(std::get<signature::Template>(round_trip(chunk, in_block).arguments).row.size() == size);
  }
}

TEST_CASE("a chunk that no frame can carry is refused") {
  struct Row {
    schedule::Chunk chunk;
    std::string says;
  };
  std::vector<Row> rows{
      {template_chunk(16), "a chunk of 0 tasks cannot be sent: 1 to 4294967295 are possible"},
      {template_chunk(16), "a chunk of 4294967296 tasks cannot be sent: 1 to 4294967295 are possible"},
      {template_chunk(16), "the id of a step has 5000 bytes; the most is 4096"},
      {rows_chunk(3, 4), "a chunk of 2 tasks has 3 rows of arguments, 8 bytes instead of 8"},
      {rows_chunk(3, 4), "a chunk of 3 tasks has 3 rows of arguments, 7 bytes instead of 8"}};
  rows[0].chunk.lease.count = 0;
  rows[1].chunk.lease.count = std::uint64_t{1} << 32;
  rows[2].chunk.step_id = std::string(5000, 'a');
  rows[3].chunk.lease.count = 2;
  std::get<schedule::Rows>(rows[4].chunk.arguments).bytes.pop_back();
  for (const Row& row : rows) {
    const auto encoded = wire::encode(row.chunk, 0);
    REQUIRE(!encoded);
    CHECK(encoded.error().sentence == row.says);
  }
}

TEST_CASE("a chunk frame that is cut at any byte, or too long, is refused") {
  for (const schedule::Chunk& chunk : {template_chunk(16), rows_chunk(4, 3)}) {
    auto encoded = wire::encode(chunk, 0);
    REQUIRE(encoded);
    const signature::Bytes whole = encoded->payload;
    for (std::uint64_t size = 0; size < whole.size(); ++size) {
      CAPTURE(size);
      encoded->payload.assign(whole.begin(), whole.begin() + static_cast<std::ptrdiff_t>(size));
      CHECK_FALSE(wire::decode_work(frame_of(*encoded), {}).has_value());
    }
    encoded->payload = whole;
    CHECK(wire::decode_work(frame_of(*encoded), {}).has_value());
    encoded->payload.push_back(std::byte{0});
    CHECK_FALSE(wire::decode_work(frame_of(*encoded), {}).has_value());
  }
}

TEST_CASE("slots outside the row, or that divide by zero, are refused") {
  struct Row {
    signature::Slot slot;
    bool good;
  };
  const Row rows[] = {
      {{8, 0, 0, 0, 1, 1, signature::Kind::u64, false}, true},
      {{9, 0, 0, 0, 1, 1, signature::Kind::u64, false}, false},
      {{12, 0, 0, 0, 1, 1, signature::Kind::f32, false}, true},
      {{~0ull, 0, 0, 0, 1, 1, signature::Kind::u8, false}, false},
      {{0, 0, 0, 0, 0, 1, signature::Kind::u8, false}, false},
      {{0, 0, 0, 0, 1, 0, signature::Kind::u8, false}, false},
      {{0, 0, 0, 0, 1, 1, signature::Kind::string, false}, false},
      {{0, 0, 0, 0, 1, 1, static_cast<signature::Kind>(200), false}, false},
  };
  for (const Row& row : rows) {
    schedule::Chunk chunk = template_chunk(16);
    chunk.arguments = signature::Template{some_bytes(16), {row.slot}};
    const auto encoded = wire::encode(chunk, 0);
    REQUIRE(encoded);
    CHECK(wire::decode_work(frame_of(*encoded), {}).has_value() == row.good);
  }
}

TEST_CASE("changed bytes of a chunk frame never crash its decoder") {
  std::mt19937_64 random(tests::test_seed());
  CAPTURE(tests::test_seed());
  int refused = 0;
  for (int round = 0; round < 5000; ++round) {
    auto encoded = wire::encode(round % 2 == 0 ? template_chunk(16) : rows_chunk(4, 3), 0);
    REQUIRE(encoded);
    for (std::uint64_t i = 0; i <= tests::below_or_equal(random, 3); ++i) {
      encoded->payload[tests::below_or_equal(random, encoded->payload.size() - 1)] = std::byte(random());
    }
    encoded->flags = static_cast<std::uint16_t>(encoded->flags ^ (round % 5 == 0 ? random() & 63 : 0));
    const auto work = wire::decode_work(frame_of(*encoded), {});
    if (!work) {
      ++refused;
      continue;
    }
    if (const auto* rows = std::get_if<wire::RowsView>(&work->arguments)) {
      REQUIRE(rows->lengths.size() == work->count * 8);
    }
  }
  CHECK(refused > 100);
}
