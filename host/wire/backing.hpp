// The pages behind a part of shared memory, made as the one who writes there comes to them: a worker of few tasks costs
// few pages, and one of many pays for all of them only once. Made before they are written to, because a page that
// cannot be had is then an error; it would be a SIGBUS later. Kernels before 5.14 cannot do that: there the pages are
// made by writing.
#pragma once

#include <cstddef>
#include <cstdint>

#include "signature/error.hpp"

namespace gantry::wire {

class Backing {
 public:
  /// Of memory that is there already.
  [[nodiscard]] static Backing complete() { return {}; }
  /// Of `size` bytes of a mapping of shared memory, none of them used yet.
  Backing(std::byte* base, std::uint64_t size) : base_(base), size_(size), ready_(0) {}

  /// Bytes from the start that may be written to; ~0: all.
  [[nodiscard]] std::uint64_t ready() const { return ready_; }
  /// Makes the pages of the first `until` bytes; what is beyond the end counts as its end. Error: they cannot be had.
  [[nodiscard]] host::Result<void> cover(std::uint64_t until) {
    if (until <= ready_) return {};
    return extend(until);
  }
  /// The same, but no further than that: for who knows how much will be needed.
  [[nodiscard]] host::Result<void> cover_just(std::uint64_t until) {
    if (until <= ready_) return {};
    return make_pages(until);
  }

 private:
  Backing() = default;
  [[nodiscard]] host::Result<void> extend(std::uint64_t until);
  [[nodiscard]] host::Result<void> make_pages(std::uint64_t until);

  std::byte* base_ = nullptr;
  std::uint64_t size_ = 0;
  std::uint64_t ready_ = ~std::uint64_t{0};
};

}  // namespace gantry::wire
