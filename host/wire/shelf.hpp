// A large value, or all values of a step, in a memory file of its own: filled once, then mapped by the workers that use
// it. Around the bytes there is a little room, so that a value can become a task's arguments where it lies.
#pragma once

#include <cstdint>
#include <memory>

#include "signature/error.hpp"
#include "signature/shared_bytes.hpp"
#include "wire/descriptor.hpp"

namespace gantry::wire {

/// Values from here on are worth a file of their own: below, copies cost less than mappings.
inline constexpr std::uint64_t shelf_least = 1U << 20;

class Shelf final : public signature::SharedBytes, public std::enable_shared_from_this<Shelf> {
  struct Key {};

 public:
  /// So many bytes, zero; their pages are taken as they are written. Error: no memory file, or no address space.
  [[nodiscard]] static host::Result<std::shared_ptr<Shelf>> make(std::uint64_t size);
  Shelf(Key, Descriptor file, Mapping mapping, std::uint64_t size);

  /// Copies bytes to their place, before anybody else is told of the shelf. Pages are taken many at a time: a page
  /// fault for each would cost more than the copy.
  void write(std::uint64_t offset, signature::View bytes);

  [[nodiscard]] signature::View bytes() const override { return {mapping_.data() + margin, size_}; }
  [[nodiscard]] std::shared_ptr<const SharedBytes> framed(signature::View before, signature::View after) const override;
  [[nodiscard]] Place place() const override { return {file_.get(), margin}; }

 private:
  class Framed;
  static constexpr std::uint64_t margin = 4096;  ///< before and after: a page, so that files map as they are

  Descriptor file_;
  Mapping mapping_;
  std::uint64_t size_;
  std::uint64_t taken_ = 0;          ///< pages of the mapping below it were asked for
  mutable signature::Bytes before_;  ///< the one frame that was written; frames are asked for by one thread
  mutable signature::Bytes after_;
  mutable bool is_framed_ = false;
};

}  // namespace gantry::wire
