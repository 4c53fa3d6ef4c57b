// A worker's result window: a small memory that is written again and again, so that results touch no fresh pages.
// Positions count bytes for ever; the place of a position is position % window_capacity. A segment is contiguous: it
// never wraps; where the tail is too short, the rest of it is skipped. The worker writes above what it committed, the
// host frees by publishing a position below which nothing is needed any more.
#pragma once

#include <cstdint>
#include <span>

#include "signature/bytes.hpp"
#include "signature/error.hpp"
#include "wire/backing.hpp"
#include "wire/layout.hpp"

namespace gantry::wire {

/// The worker's side: one open segment, which grows.
class WindowWriter {
 public:
  /// Both are shared; `base` has window_capacity bytes, `released` is the host's word.
  WindowWriter(std::byte* base, std::uint64_t& released, Backing backing = Backing::complete())
      : base_(base), released_(&released), backing_(backing) {}

  /// Free bytes right behind the open segment that have memory; may be empty.
  [[nodiscard]] std::span<std::byte> room() const;
  /// Gives memory to the `size` bytes behind the open segment, as far as the window goes. Error: there is none.
  [[nodiscard]] host::Result<void> back(std::uint64_t size) {
    return backing_.cover(at_ % window_capacity + used_ + size);
  }
  /// Would `size` bytes fit behind the open segment if the host had released everything?
  [[nodiscard]] bool fits_before_wrap(std::uint64_t size) const;
  /// The first `size` bytes of room() now belong to the open segment.
  void grow(std::uint64_t size) { used_ += size; }

  [[nodiscard]] std::uint64_t at() const { return at_; }      ///< position of the open segment
  [[nodiscard]] std::uint64_t used() const { return used_; }  ///< its length
  [[nodiscard]] signature::View segment() const { return {base_ + at_ % window_capacity, used_}; }

  /// The open segment is the host's now; a new one starts behind it.
  void commit();
  /// The open segment, which must be empty, starts at the window's beginning.
  void skip_to_start();

 private:
  std::byte* base_;
  std::uint64_t* released_;
  Backing backing_;
  std::uint64_t at_ = 0;
  std::uint64_t used_ = 0;
};

/// The host's side.
class WindowReader {
 public:
  /// `base` may be mapped read-only.
  WindowReader(const std::byte* base, std::uint64_t& released) : base_(base), released_(&released) {}

  /// The bytes of a committed segment: to be copied before anything in them is believed. Error: no segment can be
  /// there.
  [[nodiscard]] host::Result<signature::View> read(std::uint64_t at, std::uint64_t size) const;
  /// The worker may write below `position` again. Positions only grow.
  void release(std::uint64_t position);
  [[nodiscard]] std::uint64_t released() const { return mine_; }

 private:
  const std::byte* base_;
  std::uint64_t* released_;
  std::uint64_t mine_ = 0;
};

}  // namespace gantry::wire
