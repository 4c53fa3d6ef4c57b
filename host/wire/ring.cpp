#include "wire/ring.hpp"

#include <algorithm>
#include <cstring>
#include <utility>

#include "wire/layout.hpp"

namespace gantry::wire {

void RingWriter::copy_in(std::uint64_t at, signature::View bytes) {
  if (bytes.empty()) return;
  const std::uint64_t offset = at & (place_.capacity - 1);
  const std::uint64_t whole = std::min<std::uint64_t>(bytes.size(), place_.capacity - offset);
  std::memcpy(place_.bytes + offset, bytes.data(), whole);
  if (whole < bytes.size()) std::memcpy(place_.bytes, bytes.data() + whole, bytes.size() - whole);
}

host::Result<bool> RingWriter::has_room(std::uint64_t size) {
  if (size <= place_.capacity - (tail_ - head_)) return true;
  const std::uint64_t head = shared(*place_.head).load(std::memory_order_acquire);
  if (tail_ - head > place_.capacity || head - head_ > tail_ - head_) {
    return host::fail(host::ErrorKind::infrastructure, "the reader of a ring claims to have read what was not written");
  }
  head_ = head;
  return size <= place_.capacity - (tail_ - head_);
}

host::Result<bool> RingWriter::put(signature::View first, signature::View second) {
  const std::uint64_t size = first.size() + second.size();
  auto room = has_room(size);
  if (!room || !*room) return room;
  // A position that is beyond the end has all before the end behind it.
  if (auto backed = place_.backing.cover(tail_ + size); !backed) return std::unexpected(std::move(backed).error());
  copy_in(tail_, first);
  copy_in(tail_ + first.size(), second);
  tail_ += size;
  shared(*place_.tail).store(tail_, std::memory_order_release);
  return true;
}

host::Result<std::uint64_t> RingReader::available() {
  const std::uint64_t tail = shared(*place_.tail).load(std::memory_order_acquire);
  if (tail - head_ > place_.capacity || tail - head_ < tail_ - head_) {
    return host::fail(host::ErrorKind::infrastructure, "the writer of a ring claims to have written what cannot fit");
  }
  tail_ = tail;
  return tail_ - head_;
}

void RingReader::peek(std::uint64_t skip, std::byte* to, std::uint64_t size) const {
  if (size == 0) return;
  const std::uint64_t offset = (head_ + skip) & (place_.capacity - 1);
  const std::uint64_t whole = std::min(size, place_.capacity - offset);
  std::memcpy(to, place_.bytes + offset, whole);
  if (whole < size) std::memcpy(to + whole, place_.bytes, size - whole);
}

void RingReader::consume(std::uint64_t size) {
  head_ += size;
  shared(*place_.head).store(head_, std::memory_order_release);
}

}  // namespace gantry::wire
