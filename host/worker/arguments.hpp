// The arguments of a chunk's tasks, one after the other: rows as they came, or a template's row filled in for each.
#pragma once

#include <cstdint>

#include "signature/bytes.hpp"
#include "signature/slots.hpp"
#include "wire/work.hpp"

namespace gantry::worker {

class Arguments {
 public:
  /// Borrows the chunk.
  explicit Arguments(const wire::Work& work);

  /// Of the task `index`; indices must be asked for in order. Valid until the next call.
  [[nodiscard]] signature::View row(std::uint64_t index);

  /// The template, if that is what the chunk has.
  [[nodiscard]] const signature::Template* pattern() const { return pattern_; }
  /// `count` rows of the template from the task `index` on, back to back. Precondition: pattern().
  [[nodiscard]] signature::View rows(std::uint64_t index, std::uint64_t count);

 private:
  const signature::Template* pattern_ = nullptr;
  const wire::RowsView* given_ = nullptr;
  std::uint64_t next_ = 0;  ///< of `given_`: index of the row at `offset_`, relative to the chunk
  std::uint64_t offset_ = 0;
  std::uint64_t first_ = 0;
  signature::Bytes filled_;
};

}  // namespace gantry::worker
