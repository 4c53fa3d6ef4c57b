#include "wire/window.hpp"

#include <fmt/core.h>

#include <algorithm>

namespace gantry::wire {

std::span<std::byte> WindowWriter::room() const {
  const std::uint64_t released = shared(*released_).load(std::memory_order_acquire);
  const std::uint64_t offset = at_ % window_capacity + used_;
  const std::uint64_t backed = std::min(backing_.ready(), window_capacity);
  const std::uint64_t before_end = backed - std::min(backed, offset);
  const std::uint64_t unread = at_ + used_ - released;  // the host is trusted here: it never releases what is not there
  const std::uint64_t unused = unread > window_capacity ? 0 : window_capacity - unread;
  return {base_ + offset, std::min(before_end, unused)};
}

bool WindowWriter::fits_before_wrap(std::uint64_t size) const {
  return size <= window_capacity - (at_ % window_capacity + used_);
}

void WindowWriter::commit() {
  at_ += used_;
  used_ = 0;
}

void WindowWriter::skip_to_start() {
  at_ += (window_capacity - at_ % window_capacity) % window_capacity;
}

host::Result<signature::View> WindowReader::read(std::uint64_t at, std::uint64_t size) const {
  const std::uint64_t offset = at % window_capacity;
  // at is at most a window ahead of what was released, and so is its end; written so that nothing can overflow.
  const bool inside =
      size <= window_capacity - offset && at - mine_ <= window_capacity && size <= window_capacity - (at - mine_);
  if (!inside) {
    return host::fail(
        host::ErrorKind::infrastructure,
        fmt::format("a segment of {} bytes at {} is not in the window, which starts at {}", size, at, mine_));
  }
  return signature::View(base_ + offset, size);
}

void WindowReader::release(std::uint64_t position) {
  mine_ = position;
  shared(*released_).store(position, std::memory_order_release);
}

}  // namespace gantry::wire
