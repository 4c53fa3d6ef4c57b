// Files of large values go round: in the host from shelf to shelf, in a worker from assignment to assignment.
#include <algorithm>
#include <catch2/catch.hpp>
#include <memory>
#include <utility>
#include <vector>

#include "wire/received_blocks.hpp"
#include "wire/shelf.hpp"

using namespace gantry;

namespace {

constexpr std::uint64_t mib = 1U << 20;

std::shared_ptr<wire::Shelf> made(wire::Shelves& shelves, std::uint64_t size) {
  auto shelf = shelves.make(size);
  REQUIRE(shelf);
  return *std::move(shelf);
}

/// The part of a shelf's file that its bytes end at, as the channel sends it.
wire::Block block_of(const wire::Shelf& shelf, std::uint64_t id) {
  const auto place = shelf.place();
  auto file = wire::read_only(place.file);
  REQUIRE(file);
  return {id, place.offset + shelf.bytes().size(), *std::move(file)};
}

wire::BlockName name_of(const wire::Shelf& shelf, std::uint64_t id) {
  return {id, shelf.place().offset, shelf.bytes().size()};
}

}  // namespace

TEST_CASE("a shelf is made of the file of an earlier one, if that is large enough and not far too large") {
  struct Row {
    std::uint64_t before;
    std::uint64_t after;
    bool is_reused;
  };
  const Row rows[] = {{mib, mib, true},
                      {4 * mib, mib, true},
                      {5 * mib, mib, false},
                      {mib, mib + 1, false},
                      {mib, mib - 99, true},
                      {0, 0, true},
                      {mib, 0, false},
                      {wire::spare_shelves_most - 8192, wire::spare_shelves_most - 8192, true},
                      {wire::spare_shelves_most, wire::spare_shelves_most, false}};
  for (const Row& row : rows) {
    CAPTURE(row.before, row.after);
    wire::Shelves shelves;
    auto first = made(shelves, row.before);
    const auto memory = first->place().memory;
    first.reset();
    const auto second = made(shelves, row.after);
    CHECK((!memory.owner_before(second->place().memory) && !second->place().memory.owner_before(memory)) ==
          row.is_reused);
    CHECK(second->bytes().size() == row.after);
    const signature::Bytes bytes(row.after, std::byte{7});
    REQUIRE(second->write(0, bytes));
    CHECK(std::ranges::equal(second->bytes(), bytes));
  }
}

TEST_CASE("spare files are bounded, and gone with their maker") {
  auto shelves = std::make_unique<wire::Shelves>();
  const std::uint64_t size = wire::spare_shelves_most / 4;
  std::vector<std::shared_ptr<wire::Shelf>> all;
  std::vector<std::weak_ptr<const void>> files;
  for (int i = 0; i < 6; ++i) {
    all.push_back(made(*shelves, size));
    files.push_back(all.back()->place().memory);
  }
  auto last = made(*shelves, 100);
  const auto file_of_last = last->place().memory;
  for (auto& each : all) each.reset();
  // The margins make four of them too many; the oldest go first.
  std::vector<bool> gone;
  for (const auto& each : files) gone.push_back(each.expired());
  CHECK(gone == std::vector<bool>{true, true, true, false, false, false});
  shelves.reset();
  for (const auto& each : files) CHECK(each.expired());
  CHECK_FALSE(file_of_last.expired());
  last.reset();
  CHECK(file_of_last.expired());
}

TEST_CASE("a shelf that is framed keeps its file until the frame is gone") {
  wire::Shelves shelves;
  auto shelf = made(shelves, mib);
  const auto memory = shelf->place().memory;
  auto framed = shelf->framed(signature::Bytes(8), {});
  REQUIRE(framed);
  shelf.reset();
  const auto other = made(shelves, mib);
  CHECK((memory.owner_before(other->place().memory) || other->place().memory.owner_before(memory)));
  framed.reset();
  const auto again = made(shelves, mib);
  CHECK((!memory.owner_before(again->place().memory) && !again->place().memory.owner_before(memory)));
}

TEST_CASE("a worker maps a file once, as long as it uses it") {
  wire::Shelves shelves;
  wire::ReceivedBlocks blocks;
  auto shelf = made(shelves, mib);
  REQUIRE(shelf->write(0, signature::Bytes(mib, std::byte{1})));
  blocks.add(block_of(*shelf, 1));
  auto first = blocks.take(name_of(*shelf, 1));
  REQUIRE(first);
  CHECK(std::ranges::all_of(first->bytes(), [](std::byte byte) { return byte == std::byte{1}; }));

  shelf.reset();
  shelf = made(shelves, mib / 2);  // the same file, with less in it
  REQUIRE(shelf->write(0, signature::Bytes(mib / 2, std::byte{2})));
  blocks.add(block_of(*shelf, 2));
  const auto second = blocks.take(name_of(*shelf, 2));
  REQUIRE(second);
  CHECK(second->mapping == first->mapping);
  REQUIRE(second->bytes().size() == mib / 2);
  CHECK(std::ranges::all_of(second->bytes(), [](std::byte byte) { return byte == std::byte{2}; }));

  const auto other = made(shelves, mib);
  blocks.add(block_of(*other, 3));
  const auto third = blocks.take(name_of(*other, 3));
  REQUIRE(third);
  CHECK(third->mapping != first->mapping);

  // A longer value in a file of which only the beginning is mapped.
  auto brief = made(shelves, 3 * mib);
  brief.reset();
  brief = made(shelves, mib);
  blocks.add(block_of(*brief, 4));
  const auto fourth = blocks.take(name_of(*brief, 4));
  brief.reset();
  brief = made(shelves, 2 * mib);
  blocks.add(block_of(*brief, 5));
  const auto fifth = blocks.take(name_of(*brief, 5));
  REQUIRE((fourth && fifth));
  CHECK(fourth->mapping != fifth->mapping);
  CHECK(fifth->bytes().size() == 2 * mib);
}

TEST_CASE("a block that was not received, or is not as named, is an error") {
  wire::Shelves shelves;
  const auto shelf = made(shelves, 5000);
  wire::ReceivedBlocks blocks;
  blocks.add(block_of(*shelf, 1));
  const char* const sentence = "a chunk names a block that was not sent";
  CHECK(blocks.take({2, 4096, 5000}).error().sentence == sentence);
  CHECK(blocks.take({1, 4096, 4999}).error().sentence == sentence);
  CHECK(blocks.take({1, 4096, 5000}).error().sentence == sentence);  // asked for once, it is gone
}
