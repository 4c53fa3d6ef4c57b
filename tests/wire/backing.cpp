#include "wire/backing.hpp"

#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <catch2/catch.hpp>

#include "wire/descriptor.hpp"
#include "wire/ring.hpp"
#include "wire/window.hpp"

using namespace gantry;

namespace {

constexpr std::uint64_t kib = 1024;
constexpr std::uint64_t all = ~std::uint64_t{0};

/// A mapping of shared memory, of which nothing is used yet; the file may be shorter than what is mapped of it.
struct Memory {
  explicit Memory(std::uint64_t file_size, std::uint64_t size = 0) : file(::memfd_create("gantry-test", MFD_CLOEXEC)) {
    REQUIRE(::ftruncate(file.get(), static_cast<off_t>(file_size)) == 0);
    const std::uint64_t mapped_size = std::max(size, file_size);
    void* base = ::mmap(nullptr, mapped_size, PROT_READ | PROT_WRITE, MAP_SHARED, file.get(), 0);
    REQUIRE(base != MAP_FAILED);
    mapped = wire::Mapping(static_cast<std::byte*>(base), mapped_size);
  }
  [[nodiscard]] wire::Backing backing() const { return {mapped.data(), mapped.size()}; }
  [[nodiscard]] std::uint64_t kibibytes() const {
    struct stat status{};
    REQUIRE(::fstat(file.get(), &status) == 0);
    return static_cast<std::uint64_t>(status.st_blocks) / 2;
  }

  wire::Descriptor file;
  wire::Mapping mapped;
};

}  // namespace

TEST_CASE("pages are made as they are asked for, each time twice as many, and never beyond the end") {
  const Memory memory(200 * kib);
  wire::Backing backing = memory.backing();
  CHECK(backing.ready() == 0);
  CHECK(memory.kibibytes() == 0);
  struct Row {
    std::uint64_t until;
    std::uint64_t ready;
    std::uint64_t made;  ///< KiB
  };
  for (const Row& row :
       {Row{0, 0, 0}, Row{1, 16 * kib, 16}, Row{16 * kib, 16 * kib, 16}, Row{16 * kib + 1, 32 * kib, 32},
        Row{20, 32 * kib, 32}, Row{100 * kib, 100 * kib, 100}, Row{101 * kib, all, 200}, Row{all, all, 200}}) {
    CAPTURE(row.until);
    REQUIRE(backing.cover(row.until));
    CHECK(backing.ready() == row.ready);
    CHECK(memory.kibibytes() == row.made);
  }
}

TEST_CASE("pages are whole, wherever the bytes that are asked for end") {
  const Memory memory(200 * kib);
  wire::Backing backing = memory.backing();
  struct Row {
    std::uint64_t until;
    std::uint64_t ready;
    std::uint64_t made;  ///< KiB
  };
  for (const Row& row : {Row{16 * kib + 8, 20 * kib, 20}, Row{20 * kib + 1, 40 * kib, 40},
                         Row{80 * kib + 4095, 84 * kib, 84}, Row{199 * kib, all, 200}}) {
    CAPTURE(row.until);
    REQUIRE(backing.cover(row.until));
    CHECK(backing.ready() == row.ready);
    CHECK(memory.kibibytes() == row.made);
  }
}

TEST_CASE("pages are whole, wherever the memory begins and ends") {
  const Memory memory(64 * kib);
  wire::Backing backing(memory.mapped.data() + 100, 40 * kib);
  REQUIRE(backing.cover_just(1));
  CHECK(backing.ready() == 4 * kib - 100);
  CHECK(memory.kibibytes() == 4);
  REQUIRE(backing.cover_just(10 * kib));
  CHECK(backing.ready() == 12 * kib - 100);
  CHECK(memory.kibibytes() == 12);
  REQUIRE(backing.cover_just(40 * kib));
  CHECK(backing.ready() == all);
  CHECK(memory.kibibytes() == 44);
}

TEST_CASE("memory that cannot be had is an error, also behind a piece that ends inside of a page") {
  const Memory memory(64 * kib, 128 * kib);
  wire::Backing backing = memory.backing();
  REQUIRE(backing.cover(16 * kib + 8));
  REQUIRE(backing.cover(40 * kib + 8));
  CHECK(backing.cover(64 * kib + 8).error().sentence == "making shared memory: Bad address");
}

TEST_CASE("memory that is there already needs none") {
  wire::Backing backing = wire::Backing::complete();
  CHECK(backing.ready() == all);
  CHECK(backing.cover(all));
}

TEST_CASE("memory that cannot be had is an error, before anything is written to it") {
  const Memory memory(64 * kib, 128 * kib);
  const std::string says = "making shared memory: Bad address";
  wire::Backing backing = memory.backing();
  CHECK(backing.cover(64 * kib));
  CHECK(backing.cover(65 * kib).error().sentence == says);
  CHECK(backing.ready() == 64 * kib);

  // Who writes to a ring or a window is told, too.
  std::uint64_t tail = 0;
  std::uint64_t head = 0;
  wire::RingWriter ring({&tail, &head, memory.mapped.data(), 128 * kib, memory.backing()});
  const signature::Bytes bytes(40 * kib);
  CHECK(*ring.put(bytes, {}));
  CHECK(ring.put(bytes, {}).error().sentence == says);
  CHECK(tail == 40 * kib);
  std::uint64_t released = 0;
  wire::WindowWriter window(memory.mapped.data(), released, memory.backing());
  CHECK(window.room().empty());
  CHECK(window.back(40 * kib));
  CHECK(window.room().size() == 40 * kib);
  window.grow(40 * kib);
  CHECK(window.back(40 * kib).error().sentence == says);
}

TEST_CASE("a ring whose memory is made on the way holds what was put in, round and round") {
  const Memory memory(64 * kib);
  std::uint64_t tail = 0;
  std::uint64_t head = 0;
  const wire::RingPlace place{&tail, &head, memory.mapped.data(), 64 * kib, memory.backing()};
  wire::RingWriter writer(place);
  wire::RingReader reader(place);
  for (std::uint64_t i = 0; i < 40; ++i) {
    const signature::Bytes put(5 * kib, static_cast<std::byte>(i + 1));
    REQUIRE(*writer.put(put, {}));
    if (i == 0) CHECK(memory.kibibytes() == 16);
    REQUIRE(*reader.available() == put.size());
    signature::Bytes got(put.size());
    reader.peek(0, got.data(), got.size());
    reader.consume(got.size());
    REQUIRE(got == put);
  }
  CHECK(memory.kibibytes() == 64);
}
