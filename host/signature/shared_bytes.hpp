// Bytes in memory that other processes can map: large values travel as such, from the worker that made them to those
// that use them, copied once.
#pragma once

#include <memory>

#include "signature/bytes.hpp"

namespace gantry::signature {

class SharedBytes {
 public:
  SharedBytes() = default;
  SharedBytes(const SharedBytes&) = delete;
  SharedBytes& operator=(const SharedBytes&) = delete;
  virtual ~SharedBytes() = default;

  [[nodiscard]] virtual View bytes() const = 0;
  /// The same bytes between two short ones, as one block that lives as long as this: how a value becomes the arguments
  /// of a task. Nothing: it is framed otherwise already, or they are too long; then copy.
  [[nodiscard]] virtual std::shared_ptr<const SharedBytes> framed(View before, View after) const = 0;
  /// The file, and where in it they are. Borrowed.
  struct Place {
    int file = -1;
    std::uint64_t offset = 0;
    std::weak_ptr<const void> memory;  ///< gone: nobody comes back to this file, who maps it should let go of it
  };
  [[nodiscard]] virtual Place place() const = 0;
};

}  // namespace gantry::signature
