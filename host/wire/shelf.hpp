// A large value, or all values of a step, in a memory file of its own: filled once, then mapped by the workers that use
// it. Around the bytes there is a little room, so that a value can become a task's arguments where it lies. Files go
// round: to take fresh pages, and to map them in each worker, costs several times what writing to known ones does.
#pragma once

#include <cstdint>
#include <memory>
#include <utility>
#include <vector>

#include "signature/error.hpp"
#include "signature/shared_bytes.hpp"
#include "wire/backing.hpp"
#include "wire/descriptor.hpp"

namespace gantry::wire {

/// Values from here on are worth a file of their own: below, copies cost less than mappings.
inline constexpr std::uint64_t shelf_least = 1U << 20;
/// Bytes of files that wait to be used again, at most.
inline constexpr std::uint64_t spare_shelves_most = 128ULL << 20;

/// The file of a shelf, mapped for writing. Workers know it from an earlier shelf, and may still map it.
struct ShelfMemory {
  ShelfMemory(Descriptor memory_file, Mapping whole)
      : file(std::move(memory_file)), mapping(std::move(whole)), backing(mapping.data(), mapping.size()) {}

  Descriptor file;
  Mapping mapping;
  Backing backing;  ///< of the mapping
};

class Shelf;

/// Makes shelves, of files of earlier ones where it can. Copies are one and the same maker. Used by one thread.
class Shelves {
 public:
  Shelves();
  /// So many bytes; what is in them is unknown until they are written, and zero in a file that is new. Pages are taken
  /// as they are written. Error: no memory file, or no address space.
  [[nodiscard]] host::Result<std::shared_ptr<Shelf>> make(std::uint64_t size);

 private:
  friend class Shelf;
  using Spare = std::vector<std::shared_ptr<ShelfMemory>>;  ///< oldest first
  static void take_back(Spare& spare, std::shared_ptr<ShelfMemory> memory);

  std::shared_ptr<Spare> spare_;
};

class Shelf final : public signature::SharedBytes, public std::enable_shared_from_this<Shelf> {
  struct Key {};

 public:
  Shelf(Key, std::shared_ptr<ShelfMemory> memory, std::uint64_t size, std::weak_ptr<Shelves::Spare> home);
  ~Shelf() override;

  /// Copies bytes to their place, before anybody else is told of the shelf. Pages are taken many at a time: a page
  /// fault for each would cost more than the copy. Error: there is no memory for them, and nothing was written.
  [[nodiscard]] host::Result<void> write(std::uint64_t offset, signature::View bytes);

  [[nodiscard]] signature::View bytes() const override { return {memory_->mapping.data() + margin, size_}; }
  [[nodiscard]] std::shared_ptr<const SharedBytes> framed(signature::View before, signature::View after) const override;
  [[nodiscard]] Place place() const override { return {memory_->file.get(), margin, memory_}; }

 private:
  friend class Shelves;
  class Framed;
  static constexpr std::uint64_t margin = 4096;  ///< before and after: a page, so that files map as they are

  std::shared_ptr<ShelfMemory> memory_;
  std::uint64_t size_;
  std::weak_ptr<Shelves::Spare> home_;  ///< where the memory goes; gone: nowhere
  mutable signature::Bytes before_;     ///< the one frame that was written; frames are asked for by one thread
  mutable signature::Bytes after_;
  mutable bool is_framed_ = false;
};

}  // namespace gantry::wire
