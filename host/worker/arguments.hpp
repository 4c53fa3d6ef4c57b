// The arguments of a chunk's tasks, one after the other: rows as they came, or a template's row filled in for each.
#pragma once

#include <cstdint>

#include "signature/bytes.hpp"
#include "signature/slots.hpp"
#include "wire/work.hpp"

namespace gantry::worker {

class Arguments {
 public:
  /// The chunk whose tasks follow; borrowed. What was made of its assignment's template is used again.
  void open(const wire::Work& work);

  /// Of the task `index`; indices must be asked for in order. Valid until the next call.
  [[nodiscard]] signature::View row(std::uint64_t index);

  /// There is a template.
  [[nodiscard]] bool by_template() const { return !work_->assigned->by_rows; }
  /// Most rows() that are worth making at once.
  [[nodiscard]] std::uint64_t most_rows() const;
  /// From a row to the next: 0 if all are the same one.
  [[nodiscard]] std::uint64_t stride() const;
  /// `count` rows of the template from the task `index` on, stride() apart. Precondition: by_template().
  [[nodiscard]] signature::View rows(std::uint64_t index, std::uint64_t count);

 private:
  const wire::Work* work_ = nullptr;
  std::uint64_t next_ = 0;  ///< of rows that came: the one at `offset_`, relative to the chunk
  std::uint64_t offset_ = 0;
  std::uint64_t serial_ = 0;  ///< of the assignment that `filled_` is made of
  signature::Bytes filled_;
};

}  // namespace gantry::worker
