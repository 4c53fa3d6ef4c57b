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

schedule::Assignment template_assignment(std::uint64_t row_size) {
  schedule::Assignment assignment;
  assignment.plugin = 4;
  assignment.function = 5;
  assignment.step_id = "squares";
  assignment.step = host::StepIndex{70000};
  assignment.residence = signature::Residence::process;
  assignment.seed = 99;
  assignment.result_size = 8;
  signature::Template pattern{some_bytes(row_size), {}, {}};
  pattern.slots.push_back({8, 1, 2, 3, 4, 5, signature::Kind::i32, true});
  pattern.slots.push_back({0, 10, 20, 30, 1, 7, signature::Kind::u64, false});
  assignment.pattern = std::make_shared<const signature::Template>(std::move(pattern));
  return assignment;
}

schedule::Assignment rows_assignment() {
  schedule::Assignment assignment = template_assignment(16);
  assignment.indexed = false;
  assignment.result_size.reset();
  assignment.timeout = std::chrono::seconds(1);
  assignment.pattern.reset();
  return assignment;
}

schedule::Chunk chunk_of(schedule::Assignment assignment) {
  const schedule::Lease lease{host::LeaseId{42}, host::WorkerIndex{1}, host::StepIndex{2}, 100, 50, 3};
  return {lease, std::make_shared<const schedule::Assignment>(std::move(assignment)), {}};
}

schedule::Chunk rows_chunk(std::uint64_t tasks, std::uint64_t size) {
  schedule::Chunk chunk = chunk_of(rows_assignment());
  chunk.lease.count = tasks;
  for (std::uint64_t i = 0; i < tasks; ++i) chunk.rows.lengths.push_back(i == 0 ? 0 : size);
  chunk.rows.bytes = some_bytes(size * (tasks - 1));
  return chunk;
}

/// A frame, with the payload that it refers to.
struct Sent {
  signature::Bytes payload;
  wire::Frame frame;

  Sent(wire::FrameKind kind, std::uint16_t flags, signature::Bytes bytes)
      : payload(std::move(bytes)), frame{kind, flags, 42, payload} {}
};

Sent sent_assignment(const schedule::Assignment& assignment, std::optional<wire::NamedBlock> block = {}) {
  signature::Bytes payload;
  const auto flags = wire::encode(assignment, 3, 6, block, payload);
  REQUIRE(flags);
  REQUIRE(payload.size() + wire::frame_header_size <= wire::frame_cap);
  return {wire::FrameKind::assignment, *flags, std::move(payload)};
}

Sent sent_chunk(const schedule::Chunk& chunk, std::optional<wire::NamedBlock> block = {}) {
  signature::Bytes payload;
  const auto flags = wire::encode(chunk, 3, 1, block, payload);
  REQUIRE(flags);
  return {wire::FrameKind::chunk, *flags, std::move(payload)};
}

wire::Mapping mapped(std::uint64_t size) {
  auto memory = wire::sealed_memory("test", size);
  REQUIRE(memory);
  auto mapping = wire::map(*memory, size, wire::Access::write);
  REQUIRE(mapping);
  return *std::move(mapping);
}

wire::Mapping mapped(const signature::Bytes& bytes) {
  wire::Mapping mapping = mapped(bytes.size());
  std::ranges::copy(bytes, mapping.data());
  return mapping;
}

wire::TakenBlock block_of(wire::Mapping mapping) {
  const std::uint64_t size = mapping.size();
  return {std::make_shared<const wire::Mapping>(std::move(mapping)), 0, size};
}

/// The worker's assignments, with this one in slot 3.
wire::Assignments with(const schedule::Assignment& assignment) {
  wire::Assignments assignments;
  auto decoded = wire::decode_assignment(sent_assignment(assignment).frame, {});
  REQUIRE(decoded);
  assignments[3] = *std::move(decoded);
  return assignments;
}

}  // namespace

TEST_CASE("an assignment arrives as it was sent, its row inline or in a block") {
  for (const std::uint64_t size : {std::uint64_t{16}, std::uint64_t{200000}}) {
    const schedule::Assignment assignment = template_assignment(size);
    std::optional<wire::NamedBlock> block;
    if (size > wire::inline_cap) block = wire::NamedBlock{77, 100, size};
    const Sent sent = sent_assignment(assignment, block);
    const auto name = wire::block_of_assignment(sent.frame);
    REQUIRE(name);
    REQUIRE(name->has_value() == block.has_value());
    if (block) CHECK(((*name)->id == 77 && (*name)->offset == 100 && (*name)->size == size));
    wire::TakenBlock taken;
    if (block) taken = block_of(mapped(assignment.pattern->row));
    const auto got = wire::decode_assignment(sent.frame, std::move(taken));
    REQUIRE(got);
    CHECK(got->serial == 42);
    CHECK(got->slot == 3);
    CHECK(got->plugin == 6);
    CHECK(got->function == 5);
    CHECK(got->step_number == 70000);
    CHECK(got->residence == signature::Residence::process);
    CHECK(got->seed == 99);
    CHECK(got->result_size == 8U);
    CHECK(got->indexed);
    CHECK_FALSE(got->timed);
    CHECK_FALSE(got->by_rows);
    CHECK(got->step == "squares");
    CHECK(std::ranges::equal(got->row, assignment.pattern->row));
    CHECK(got->slots == assignment.pattern->slots);
  }
  const auto got = wire::decode_assignment(sent_assignment(rows_assignment()).frame, {});
  REQUIRE(got);
  CHECK((got->by_rows && got->timed && !got->indexed && !got->result_size && got->row.empty() && got->slots.empty()));
}

TEST_CASE("a forget frame names a slot that there is") {
  struct Row {
    signature::Bytes payload;
    std::uint16_t flags;
    std::optional<std::uint32_t> slot;
  };
  const auto number = [](std::uint32_t slot) {
    signature::Bytes bytes(sizeof slot);
    std::memcpy(bytes.data(), &slot, sizeof slot);
    return bytes;
  };
  const Row rows[] = {{number(0), 0, 0},
                      {number(wire::assignments_cap - 1), 0, wire::assignments_cap - 1},
                      {number(wire::assignments_cap), 0, {}},
                      {number(0), 1, {}},
                      {signature::Bytes(3), 0, {}},
                      {signature::Bytes(5), 0, {}}};
  for (const Row& row : rows) {
    const auto slot = wire::decode_forget({wire::FrameKind::forget, row.flags, 0, row.payload});
    CHECK(slot.has_value() == row.slot.has_value());
    if (slot && row.slot) CHECK(*slot == *row.slot);
  }
  CHECK_FALSE(wire::decode_forget({wire::FrameKind::chunk, 0, 0, rows[0].payload}));
}

TEST_CASE("a residence that is none is refused") {
  Sent sent = sent_assignment(rows_assignment());
  constexpr std::size_t at = 4 * sizeof(std::uint32_t);
  for (const std::uint32_t number : {0U, 1U, 2U, 3U, 4U, 256U, 0x1000'0001U, ~0U}) {
    CAPTURE(number);
    std::memcpy(sent.payload.data() + at, &number, sizeof number);
    const auto got = wire::decode_assignment(sent.frame, {});
    CHECK(got.has_value() == (number <= 3));
    if (got) CHECK(static_cast<std::uint32_t>(got->residence) == number);
  }
}

TEST_CASE("a drop frame names a value, and nothing else") {
  signature::Bytes payload(12);
  const std::uint32_t step = 7;
  const std::uint64_t index = std::uint64_t{1} << 40;
  std::memcpy(payload.data(), &step, sizeof step);
  std::memcpy(payload.data() + sizeof step, &index, sizeof index);
  const auto value = wire::decode_drop({wire::FrameKind::drop, 0, 0, payload});
  REQUIRE(value);
  CHECK(*value == signature::Resident{step, index});
  for (std::size_t size = 0; size < payload.size(); ++size)
    CHECK_FALSE(wire::decode_drop({wire::FrameKind::drop, 0, 0, signature::View(payload).first(size)}));
  CHECK_FALSE(wire::decode_drop({wire::FrameKind::drop, 1, 0, payload}));
  CHECK_FALSE(wire::decode_drop({wire::FrameKind::forget, 0, 0, payload}));
  payload.push_back(std::byte{0});
  CHECK_FALSE(wire::decode_drop({wire::FrameKind::drop, 0, 0, payload}));
}

TEST_CASE("a chunk says how many open files came ahead of it") {
  const wire::Assignments assignments = with(template_assignment(16));
  schedule::Chunk chunk = chunk_of(template_assignment(16));
  for (const std::uint32_t count : {0U, 1U, wire::files_cap}) {
    chunk.files.assign(count, {{1, 2}, nullptr});
    const Sent sent = sent_chunk(chunk);
    CHECK(wire::files_of_chunk(sent.frame) == count);
    CHECK(wire::decode_work(sent.frame, assignments, {}));
  }
  Sent sent = sent_chunk(chunk);
  for (const std::uint32_t count : {wire::files_cap + 1, ~0U}) {
    std::memcpy(sent.payload.data() + 3 * sizeof count, &count, sizeof count);
    CHECK_FALSE(wire::files_of_chunk(sent.frame));
    CHECK_FALSE(wire::decode_work(sent.frame, assignments, {}));
  }
  CHECK_FALSE(wire::files_of_chunk({wire::FrameKind::chunk, 0, 42, signature::View(sent.payload).first(15)}));
  chunk.files.push_back({{1, 2}, nullptr});
  signature::Bytes payload;
  CHECK(wire::encode(chunk, 0, 0, {}, payload).error().sentence == "a chunk takes 251 open files; the most is 250");
}

TEST_CASE("a chunk arrives as it was sent, its rows inline or in a block") {
  const wire::Assignments patterned = with(template_assignment(16));
  const auto plain = wire::decode_work(sent_chunk(chunk_of(template_assignment(16))).frame, patterned, {});
  REQUIRE(plain);
  CHECK(plain->assigned == &*patterned[3]);
  CHECK((plain->lease == 42 && plain->attempt == 3 && plain->claims == 1));
  CHECK((plain->first == 100 && plain->count == 50));

  const wire::Assignments assignments = with(rows_assignment());
  for (const std::uint64_t size : {std::uint64_t{0}, std::uint64_t{1}, std::uint64_t{33}, std::uint64_t{5000}}) {
    const schedule::Chunk chunk = rows_chunk(21, size);
    std::optional<wire::NamedBlock> block;
    wire::TakenBlock memory;
    if (wire::encoded_size(chunk.rows) > wire::inline_cap) {
      block = wire::NamedBlock{9, 0, wire::encoded_size(chunk.rows)};
      memory = block_of(mapped(block->size));
      const signature::View lengths = std::as_bytes(std::span(chunk.rows.lengths));
      std::ranges::copy(lengths, memory.mapping->data());
      std::ranges::copy(chunk.rows.bytes, memory.mapping->data() + lengths.size());
    }
    CHECK(block.has_value() == (size == 5000));
    const Sent sent = sent_chunk(chunk, block);
    const auto name = wire::block_of_chunk(sent.frame);
    REQUIRE((name && name->has_value() == block.has_value()));
    const auto work = wire::decode_work(sent.frame, assignments, std::move(memory));
    REQUIRE(work);
    CHECK(std::ranges::equal(work->rows.lengths, std::as_bytes(std::span(chunk.rows.lengths))));
    CHECK(std::ranges::equal(work->rows.bytes, chunk.rows.bytes));
  }
}

TEST_CASE("what no frame can carry is refused") {
  struct Row {
    schedule::Chunk chunk;
    std::string says;
  };
  std::vector<Row> rows{
      {chunk_of(template_assignment(16)), "a chunk of 0 tasks cannot be sent: 1 to 4294967295 are possible"},
      {chunk_of(template_assignment(16)), "a chunk of 4294967296 tasks cannot be sent: 1 to 4294967295 are possible"},
      {rows_chunk(3, 4), "a chunk of 2 tasks has 3 rows of arguments, 8 bytes instead of 8"},
      {rows_chunk(3, 4), "a chunk of 3 tasks has 3 rows of arguments, 7 bytes instead of 8"}};
  rows[0].chunk.lease.count = 0;
  rows[1].chunk.lease.count = std::uint64_t{1} << 32;
  rows[2].chunk.lease.count = 2;
  rows[3].chunk.rows.bytes.pop_back();
  for (const Row& row : rows) {
    signature::Bytes payload;
    const auto encoded = wire::encode(row.chunk, 0, 0, {}, payload);
    REQUIRE(!encoded);
    CHECK(encoded.error().sentence == row.says);
  }
  schedule::Assignment wordy = template_assignment(16);
  wordy.step_id = std::string(5000, 'a');
  signature::Bytes payload;
  CHECK(wire::encode(wordy, 0, 0, {}, payload).error().sentence == "the id of a step has 5000 bytes; the most is 4096");
  schedule::Assignment wide = template_assignment(16);
  const signature::Template many{{}, std::vector<signature::Slot>(signature::most_slots + 1), {}};
  wide.pattern = std::make_shared<const signature::Template>(many);
  CHECK(wire::encode(wide, 0, 0, {}, payload).error().sentence ==
        "step squares has 401 arguments that vary with the task; the most is 400");
}

TEST_CASE("a frame that is cut at any byte, or too long, is refused") {
  for (const bool by_rows : {false, true}) {
    const schedule::Chunk chunk = by_rows ? rows_chunk(4, 3) : chunk_of(template_assignment(16));
    const wire::Assignments assignments = with(*chunk.assignment);
    const auto is_good = [&](const Sent& sent, signature::View payload) {
      const wire::Frame frame{sent.frame.kind, sent.frame.flags, 42, payload};
      return frame.kind == wire::FrameKind::chunk ? wire::decode_work(frame, assignments, {}).has_value()
                                                  : wire::decode_assignment(frame, {}).has_value();
    };
    for (const Sent& sent : {sent_chunk(chunk), sent_assignment(*chunk.assignment)}) {
      for (std::uint64_t size = 0; size < sent.payload.size(); ++size) {
        CAPTURE(size);
        CHECK_FALSE(is_good(sent, signature::View(sent.payload).first(size)));
      }
      CHECK(is_good(sent, sent.payload));
      signature::Bytes longer = sent.payload;
      longer.push_back(std::byte{0});
      CHECK_FALSE(is_good(sent, longer));
    }
  }
}

TEST_CASE("a chunk of an assignment that is not there, or is of the other sort, is refused") {
  const Sent patterned = sent_chunk(chunk_of(template_assignment(16)));
  const Sent by_rows = sent_chunk(rows_chunk(4, 3));
  CHECK_FALSE(wire::decode_work(patterned.frame, wire::Assignments{}, {}).has_value());
  CHECK_FALSE(wire::decode_work(patterned.frame, with(rows_assignment()), {}).has_value());
  CHECK_FALSE(wire::decode_work(by_rows.frame, with(template_assignment(16)), {}).has_value());
  CHECK(wire::decode_work(by_rows.frame, with(rows_assignment()), {}).has_value());
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
    schedule::Assignment assignment = template_assignment(16);
    assignment.pattern =
        std::make_shared<const signature::Template>(signature::Template{some_bytes(16), {row.slot}, {}});
    CHECK(wire::decode_assignment(sent_assignment(assignment).frame, {}).has_value() == row.good);
  }
}

TEST_CASE("changed bytes of a frame never crash its decoder") {
  std::mt19937_64 random(tests::test_seed());
  CAPTURE(tests::test_seed());
  const wire::Assignments patterned = with(template_assignment(16));
  const wire::Assignments by_rows = with(rows_assignment());
  int refused = 0;
  for (int round = 0; round < 8000; ++round) {
    Sent sent = round % 4 == 0   ? sent_chunk(chunk_of(template_assignment(16)))
                : round % 4 == 1 ? sent_chunk(rows_chunk(4, 3))
                : round % 4 == 2 ? sent_assignment(template_assignment(16))
                                 : sent_assignment(rows_assignment());
    for (std::uint64_t i = 0; i <= tests::below_or_equal(random, 3); ++i) {
      sent.payload[tests::below_or_equal(random, sent.payload.size() - 1)] = std::byte(random());
    }
    const auto flags = static_cast<std::uint16_t>(sent.frame.flags ^ (round % 5 == 0 ? random() & 63 : 0));
    const wire::Frame frame{sent.frame.kind, flags, 42, sent.payload};
    if (frame.kind == wire::FrameKind::assignment) {
      refused += !wire::decode_assignment(frame, {}).has_value();
      continue;
    }
    const auto work = wire::decode_work(frame, round % 4 == 0 ? patterned : by_rows, {});
    refused += !work.has_value();
    if (work && work->assigned->by_rows) REQUIRE(work->rows.lengths.size() == work->count * 8);
  }
  CHECK(refused > 100);
}
