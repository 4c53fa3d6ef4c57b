// The running checksum: the same however the bytes came, another for any other bytes.
#include "wire/checksum.hpp"

#include <catch2/catch.hpp>

#include <random>
#include <set>

using gantry::signature::Bytes;
using gantry::signature::View;
using gantry::wire::Checksum;

namespace {

Bytes random_bytes(std::mt19937_64& random, std::size_t size) {
  Bytes bytes(size);
  for (auto& byte : bytes) byte = static_cast<std::byte>(random());
  return bytes;
}

}  // namespace

TEST_CASE("a checksum does not depend on how its segment grew") {
  const auto seed = std::random_device{}();
  CAPTURE(seed);
  std::mt19937_64 random(seed);
  for (int round = 0; round < 500; ++round) {
    const Bytes bytes = random_bytes(random, random() % 200);
    Checksum whole(3, 4);
    Checksum grown(3, 4);
    std::uint64_t last = grown.of({});
    for (std::size_t size = 0; size < bytes.size();) {
      size = std::min<std::size_t>(bytes.size(), size + 1 + random() % 20);
      last = grown.of(View(bytes).first(size));
      CHECK(last == Checksum(3, 4).of(View(bytes).first(size)));
    }
    CHECK(whole.of(bytes) == last);
  }
}

TEST_CASE("a checksum tells bytes, their order, their number, lease and first task") {
  std::mt19937_64 random(7);
  const Bytes bytes = random_bytes(random, 61);
  std::set<std::uint64_t> seen{Checksum(1, 2).of(bytes)};
  const auto is_new = [&](std::uint64_t checksum) { return seen.insert(checksum).second; };
  for (std::size_t bit = 0; bit < bytes.size() * 8; ++bit) {
    Bytes changed = bytes;
    changed[bit / 8] ^= static_cast<std::byte>(1U << (bit % 8));
    CHECK(is_new(Checksum(1, 2).of(changed)));
  }
  for (std::size_t size = 0; size < bytes.size(); ++size) CHECK(is_new(Checksum(1, 2).of(View(bytes).first(size))));
  Bytes swapped = bytes;
  std::swap_ranges(swapped.begin(), swapped.begin() + 8, swapped.begin() + 8);
  CHECK(is_new(Checksum(1, 2).of(swapped)));
  CHECK(is_new(Checksum(2, 2).of(bytes)));
  CHECK(is_new(Checksum(1, 3).of(bytes)));
  CHECK(is_new(Checksum(1, 2).of(Bytes(61))));
  CHECK(is_new(Checksum(1, 2).of(Bytes(53))));
}
