// Memory that reading takes is bounded by the bytes that are there, whatever lengths they claim.
#include <catch2/catch.hpp>

#include <algorithm>
#include <cstdlib>
#include <new>
#include <random>

#include "sdk/harness.hpp"
#include "sdk/types.hpp"

namespace {
thread_local std::size_t taken = 0;    // bytes since the last reset
thread_local std::size_t largest = 0;  // of one allocation
}  // namespace

// g++ 12 takes the inlined delete for one that belongs to another new.
#pragma GCC diagnostic ignored "-Wmismatched-new-delete"

// The program's own allocation, so that it can be counted: all forms but the aligned ones, for a sanitizer wants pairs.
[[gnu::noinline]] void* operator new(std::size_t size, const std::nothrow_t&) noexcept {
  taken += size;
  largest = std::max(largest, size);
  return std::malloc(size);
}
void* operator new(std::size_t size) {
  if (void* memory = operator new(size, std::nothrow)) return memory;
  throw std::bad_alloc();
}
void* operator new[](std::size_t size) {
  return operator new(size);
}
void* operator new[](std::size_t size, const std::nothrow_t& nothrow) noexcept {
  return operator new(size, nothrow);
}
[[gnu::noinline]] void operator delete(void* memory) noexcept {
  std::free(memory);
}
void operator delete(void* memory, std::size_t) noexcept {
  operator delete(memory);
}
void operator delete(void* memory, const std::nothrow_t&) noexcept {
  operator delete(memory);
}
void operator delete[](void* memory) noexcept {
  operator delete(memory);
}
void operator delete[](void* memory, std::size_t) noexcept {
  operator delete(memory);
}
void operator delete[](void* memory, const std::nothrow_t&) noexcept {
  operator delete(memory);
}

namespace {

/// The most bytes that one allocation and all of them took while `bytes` were read as T.
template <class T>
std::pair<std::size_t, std::size_t> cost(std::span<const std::byte> bytes) {
  gantry::detail::Reader reader;
  taken = largest = 0;
  try {
    T value{};
    reader.start(bytes);
    reader.value(value);
    reader.finish();
  } catch (const std::exception&) {  // refused, as most are
  }
  return {largest, taken};
}

template <class T>
void is_bounded(std::span<const std::byte> bytes, std::size_t factor) {
  INFO(gantry::detail::type_name<T>());
  const auto [one, all] = cost<T>(bytes);
  CHECK(one <= factor * bytes.size() + 4096);
  CHECK(all <= 4 * factor * bytes.size() + 4096);
}

}  // namespace

TEST_CASE("lengths are checked before memory is taken") {
  const auto seed = std::random_device{}();
  INFO("seed " << seed);
  std::mt19937_64 random(seed);
  const std::uint64_t lengths[] = {0, 1, 2, 1000, 65'536, 1u << 31, std::uint64_t{1} << 40, ~std::uint64_t{0}};
  for (const std::size_t size : {std::size_t{0}, std::size_t{8}, std::size_t{100}, std::size_t{65'536}}) {
    for (int round = 0; round < 50; ++round) {
      harness::Bytes bytes(size);
      for (std::size_t at = 0; at + 8 <= size; at += 8) {
        const std::uint64_t length = lengths[random() % std::size(lengths)];
        std::memcpy(bytes.data() + at, &length, sizeof length);
      }
      is_bounded<std::string>(bytes, 2);
      is_bounded<std::vector<std::uint64_t>>(bytes, 2);
      is_bounded<std::vector<std::string>>(bytes, 8);       // 32 bytes in memory for 8
      is_bounded<std::vector<std::vector<int>>>(bytes, 8);  // 24 for 8
      is_bounded<std::unordered_map<std::string, std::uint8_t>>(bytes, 16);
      is_bounded<std::vector<sample::Shape>>(bytes, 16);
    }
  }
}
