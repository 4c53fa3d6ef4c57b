// A ring of bytes with one writer and one reader in two processes that do not trust each other. Positions count bytes
// for ever and are masked on use. Each side keeps its own position privately and only publishes it; the other side's
// is loaded once, and must satisfy head <= tail <= head + capacity, or the peer is at fault.
#pragma once

#include <cstddef>
#include <cstdint>

#include "signature/bytes.hpp"
#include "signature/error.hpp"
#include "wire/backing.hpp"

namespace gantry::wire {

/// Where a ring lives. `capacity` is a power of two; the words are shared, see layout.hpp.
struct RingPlace {
  std::uint64_t* tail = nullptr;  ///< the writer's
  std::uint64_t* head = nullptr;  ///< the reader's
  std::byte* bytes = nullptr;
  std::uint64_t capacity = 0;
  Backing backing = Backing::complete();  ///< of the bytes; the writer's
};

class RingWriter {
 public:
  explicit RingWriter(RingPlace place) : place_(place) {}

  /// Puts both pieces in as one, visible at once or not at all. False: no room now. Error: the reader's position is
  /// impossible, or there is no memory.
  [[nodiscard]] host::Result<bool> put(signature::View first, signature::View second);
  /// Is there room for `size` bytes? Looks at the reader's position again.
  [[nodiscard]] host::Result<bool> has_room(std::uint64_t size);

 private:
  void copy_in(std::uint64_t at, signature::View bytes);

  RingPlace place_;
  std::uint64_t tail_ = 0;
  std::uint64_t head_ = 0;  ///< as last seen
};

class RingReader {
 public:
  explicit RingReader(RingPlace place) : place_(place) {}

  /// Bytes that can be read now. Error: the writer's position is impossible.
  [[nodiscard]] host::Result<std::uint64_t> available();
  /// Copies `size` bytes that start `skip` bytes ahead; they must be available. The copy is what to check: the writer
  /// may still change the original.
  void peek(std::uint64_t skip, std::byte* to, std::uint64_t size) const;
  /// Frees `size` available bytes for the writer.
  void consume(std::uint64_t size);

 private:
  RingPlace place_;
  std::uint64_t head_ = 0;
  std::uint64_t tail_ = 0;  ///< as last seen
};

}  // namespace gantry::wire
