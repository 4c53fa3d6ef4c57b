// Memory files: large values on shelves, rows in blocks.
#include "wire/shelf.hpp"

#include <sys/mman.h>
#include <unistd.h>

#include <algorithm>
#include <catch2/catch.hpp>
#include <filesystem>

#include "wire/blocks.hpp"
#include "wire/seed.hpp"

using namespace gantry;

namespace {

constexpr std::uint64_t page = 4096;

/// Bytes of which each says where it stands, more or less.
signature::Bytes pattern(std::uint64_t size, std::uint64_t from = 0) {
  signature::Bytes bytes(size);
  for (std::uint64_t i = 0; i < size; ++i) bytes[i] = std::byte((from + i) * 31 + (from + i) / 251);
  return bytes;
}

std::shared_ptr<wire::Shelf> shelf_of(signature::View bytes) {
  auto shelf = wire::Shelves().make(bytes.size());
  REQUIRE(shelf);
  REQUIRE((*shelf)->write(0, bytes));
  return *std::move(shelf);
}

bool equal(signature::View left, signature::View right) {
  return std::ranges::equal(left, right);
}

/// What a process sees that gets the file read-only.
signature::Bytes seen(const signature::SharedBytes::Place& place, std::uint64_t size) {
  const auto file = wire::read_only(place.file);
  REQUIRE(file);
  const auto mapped = wire::map(*file, place.offset + size, wire::Access::read);
  REQUIRE(mapped);
  return {mapped->data() + place.offset, mapped->data() + place.offset + size};
}

/// Open descriptors of this process that are a memory file of that name.
std::size_t open_files(const std::string& name) {
  std::size_t count = 0;
  for (const auto& entry : std::filesystem::directory_iterator("/proc/self/fd")) {
    std::error_code gone;
    if (std::filesystem::read_symlink(entry.path(), gone).string().starts_with("/memfd:" + name)) ++count;
  }
  return count;
}

std::shared_ptr<const schedule::Assignment> assignment_with(signature::Template pattern) {
  schedule::Assignment assignment;
  assignment.pattern = std::make_shared<const signature::Template>(std::move(pattern));
  return std::make_shared<const schedule::Assignment>(std::move(assignment));
}

}  // namespace

TEST_CASE("what is written to a shelf, whole or in pieces in any order, is what others map") {
  std::mt19937_64 random(tests::test_seed());
  CAPTURE(tests::test_seed());
  const std::uint64_t mib = 1U << 20;
  const std::uint64_t sizes[] = {0, 1, page - 1, page, page + 1, 3 * page, mib, 4 * mib - page, 4 * mib, 5 * mib};
  for (const std::uint64_t size : sizes) {
    for (const bool in_order : {true, false}) {
      CAPTURE(size, in_order);
      const signature::Bytes bytes = pattern(size);
      std::vector<std::uint64_t> cuts{0};
      while (cuts.back() < size) {
        const std::uint64_t most = std::max<std::uint64_t>(1, size / 5);
        cuts.push_back(std::min(size, cuts.back() + 1 + tests::below_or_equal(random, most)));
      }
      std::vector<std::size_t> turns(cuts.size() - 1);
      for (std::size_t i = 0; i < turns.size(); ++i) turns[i] = i;
      if (!in_order) std::shuffle(turns.begin(), turns.end(), random);
      const auto shelf = wire::Shelves().make(size);
      REQUIRE(shelf);
      CHECK(std::ranges::all_of((*shelf)->bytes(), [](std::byte byte) { return byte == std::byte{0}; }));
      for (const std::size_t turn : turns) {
        REQUIRE((*shelf)->write(cuts[turn], signature::View(bytes).subspan(cuts[turn], cuts[turn + 1] - cuts[turn])));
      }
      REQUIRE((*shelf)->write(size, {}));
      REQUIRE((*shelf)->bytes().size() == size);
      CHECK(equal((*shelf)->bytes(), bytes));
      CHECK(equal(seen((*shelf)->place(), size), bytes));
    }
  }
}

TEST_CASE("a shelf that is too large for an address space is an error") {
  const auto shelf = wire::Shelves().make(std::uint64_t{1} << 62);
  REQUIRE_FALSE(shelf);
  CHECK(shelf.error().kind == host::ErrorKind::infrastructure);
  CHECK(open_files("gantry-values") == 0);
}

TEST_CASE("a value is framed where it lies") {
  struct Row {
    std::uint64_t size;
    std::uint64_t before;
    std::uint64_t after;
  };
  const Row rows[] = {{1, 8, 0}, {page, 8, 8},       {5000, 0, 0},    {5000, 0, 9},     {0, 3, 4},
                      {0, 0, 0}, {5000, page, page}, {5000, page, 0}, {page - 1, 1, 1}, {2 * page, 17, page}};
  for (const Row& row : rows) {
    CAPTURE(row.size, row.before, row.after);
    const signature::Bytes value = pattern(row.size);
    const signature::Bytes before = pattern(row.before, 1000);
    const signature::Bytes after = pattern(row.after, 2000);
    const auto shelf = shelf_of(value);
    const auto framed = shelf->framed(before, after);
    REQUIRE(framed);
    signature::Bytes whole = before;
    signature::append(whole, value);
    signature::append(whole, after);
    CHECK(equal(framed->bytes(), whole));
    CHECK(framed->place().file == shelf->place().file);
    CHECK(framed->place().offset + row.before == shelf->place().offset);
    CHECK(equal(seen(framed->place(), whole.size()), whole));
    CHECK(framed->framed({}, {}) == nullptr);
    CHECK(equal(shelf->bytes(), value));  // as it was
  }
}

TEST_CASE("a shelf has one frame: the same again is shared, any other is refused and changes nothing") {
  const signature::Bytes value = pattern(6000);
  const auto shelf = shelf_of(value);
  const signature::Bytes long_one = pattern(page + 1);
  CHECK(shelf->framed(long_one, {}) == nullptr);
  CHECK(shelf->framed({}, long_one) == nullptr);

  const signature::Bytes before = pattern(8);
  const signature::Bytes after = pattern(5, 50);
  const auto first = shelf->framed(before, after);  // what was too long has not taken the place
  REQUIRE(first);
  const auto again = shelf->framed(before, after);
  REQUIRE(again);
  CHECK(again->bytes().data() == first->bytes().data());
  CHECK(again->bytes().size() == first->bytes().size());
  const signature::Bytes copy(first->bytes().begin(), first->bytes().end());

  const signature::Bytes others[] = {{}, pattern(7), pattern(9), pattern(8, 1)};
  for (const signature::Bytes& other : others) CHECK(shelf->framed(other, after) == nullptr);
  CHECK(shelf->framed(before, {}) == nullptr);
  CHECK(shelf->framed(before, pattern(5, 51)) == nullptr);
  CHECK(shelf->framed(before, pattern(6, 50)) == nullptr);
  CHECK(equal(first->bytes(), copy));

  // Without a frame is a frame too.
  const auto bare = shelf_of(value);
  REQUIRE(bare->framed({}, {}));
  CHECK(bare->framed(before, {}) == nullptr);
  CHECK(bare->framed({}, {}));
}

TEST_CASE("what is framed keeps its shelf, which goes with the last that uses it") {
  const std::size_t others = open_files("gantry-values");
  const signature::Bytes value = pattern(70'000);
  auto shelf = shelf_of(value);
  const std::weak_ptr<wire::Shelf> watched = shelf;
  auto framed = shelf->framed(pattern(8), {});
  REQUIRE(framed);
  auto again = shelf->framed(pattern(8), {});
  shelf.reset();
  CHECK_FALSE(watched.expired());
  CHECK(equal(framed->bytes().subspan(8), value));
  CHECK(equal(seen(framed->place(), 8 + value.size()), framed->bytes()));
  framed.reset();
  CHECK(equal(again->bytes().subspan(8), value));
  CHECK(open_files("gantry-values") == others + 1);
  again.reset();
  CHECK(watched.expired());
  CHECK(open_files("gantry-values") == others);
}

TEST_CASE("who gets a shelf read-only sees what is written later, and can neither write to it nor resize it") {
  const auto shelf = shelf_of(pattern(5000));
  const auto file = wire::read_only(shelf->place().file);
  REQUIRE(file);
  const std::uint64_t size = 5000 + 2 * page;
  CHECK(wire::map(*file, size, wire::Access::write).error().sentence == "mmap of shared memory: Permission denied");
  CHECK(wire::map(*file, size + 1, wire::Access::read).error().sentence ==
        "shared memory has 13192 bytes instead of 13193");
  for (const wire::Access access : {wire::Access::read, wire::Access::read_whole}) {
    const auto mapped = wire::map(*file, size, access);
    REQUIRE(mapped);
    CHECK(equal({mapped->data() + shelf->place().offset, 5000}, shelf->bytes()));
    CHECK(::mprotect(mapped->data(), page, PROT_READ | PROT_WRITE) != 0);
  }
  const char byte = 1;
  CHECK(::write(file->get(), &byte, 1) < 0);
  for (const std::uint64_t other : {std::uint64_t{0}, size - 1, size + 1}) {
    CHECK(::ftruncate(file->get(), static_cast<off_t>(other)) != 0);
    CHECK(::ftruncate(shelf->place().file, static_cast<off_t>(other)) != 0);
  }
  const auto mapped = wire::map(*file, size, wire::Access::read);
  REQUIRE(mapped);
  const auto framed = shelf->framed(pattern(8), {});
  REQUIRE(framed);
  CHECK(equal({mapped->data() + framed->place().offset, 5008}, framed->bytes()));
}

TEST_CASE("memory that cannot be had is an error that names the call, or how much it was") {
  const std::string long_name(300, 'n');
  CHECK(wire::lazy_memory(long_name.c_str(), 1).error().sentence == "memfd_create: Invalid argument");
  CHECK(wire::sealed_memory(long_name.c_str(), 1).error().sentence == "memfd_create: Invalid argument");
  CHECK(wire::lazy_memory("gantry-test", ~0ull).error().sentence ==
        "there is no room for a memory file of 18014398509481984 KiB: Invalid argument (memory files count as shared "
        "memory: see free, and the limits of the container or machine)");
  CHECK(wire::read_only(-1).error().sentence == "opening shared memory again: No such file or directory");
  CHECK(wire::map(wire::Descriptor(), 1, wire::Access::read).error().sentence ==
        "fstat of shared memory: Bad file descriptor");
  CHECK(open_files("gantry-test") == 0);
  const auto none = wire::lazy_memory("gantry-test", 0);
  REQUIRE(none);
  const auto mapped = wire::map(*none, 0, wire::Access::read);
  REQUIRE(mapped);
  CHECK(mapped->data() == nullptr);
}

TEST_CASE("an assignment's row is written once, and gone when the assignment is") {
  const std::size_t others = open_files("gantry-arguments");
  wire::Blocks blocks;
  const signature::Bytes rows[] = {pattern(100'000), pattern(70'000, 9), pattern(70'000, 9)};
  std::vector<std::shared_ptr<const schedule::Assignment>> assignments;
  std::vector<int> files;
  for (const signature::Bytes& row : rows) {
    assignments.push_back(assignment_with({row, {}}));
    const auto place = blocks.of(assignments.back());
    REQUIRE(place);
    CHECK(place->offset == 0);
    CHECK(equal(seen(*place, row.size()), row));
    files.push_back(place->file);
  }
  CHECK((files[0] != files[1] && files[1] != files[2] && files[0] != files[2]));  // one each, also if they are equal
  for (std::size_t turn = 0; turn < 6; ++turn) CHECK(blocks.of(assignments[turn % 3])->file == files[turn % 3]);
  CHECK(open_files("gantry-arguments") == others + 3);

  // The next question sees that it has gone; who mapped it still has it.
  const auto kept = wire::read_only(files[1]);
  REQUIRE(kept);
  const std::size_t mine = 1;
  assignments[1].reset();
  CHECK(blocks.of(assignments[0])->file == files[0]);
  CHECK(open_files("gantry-arguments") == others + 2 + mine);
  const auto mapped = wire::map(*kept, rows[1].size(), wire::Access::read);
  REQUIRE(mapped);
  CHECK(equal({mapped->data(), mapped->size()}, rows[1]));
  CHECK(blocks.of(assignments[2])->file == files[2]);

  // A new assignment in an old one's place is not taken for it.
  for (int turn = 0; turn < 20; ++turn) {
    const signature::Bytes row = pattern(1000, static_cast<std::uint64_t>(turn));
    const auto brief = assignment_with({row, {}});
    const auto place = blocks.of(brief);
    REQUIRE(place);
    CHECK(equal(seen(*place, row.size()), row));
  }
  assignments.clear();
  CHECK(blocks.of(assignment_with({pattern(10), {}})).has_value());
  CHECK(open_files("gantry-arguments") == others + 1 + mine);
}

TEST_CASE("arguments that lie in shared memory are told where they lie") {
  const std::size_t others = open_files("gantry-arguments");
  const auto shelf = shelf_of(pattern(9000));
  const auto framed = shelf->framed(pattern(8), pattern(3));
  REQUIRE(framed);
  wire::Blocks blocks;
  const auto place = blocks.of(assignment_with({{}, {}, framed}));
  REQUIRE(place);
  CHECK(place->file == framed->place().file);
  CHECK(place->offset == framed->place().offset);
  CHECK(place->offset == page - 8);
  CHECK(open_files("gantry-arguments") == others);
}
