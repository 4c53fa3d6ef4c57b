// One run of outcomes as it was put in: the unit that the store keeps, reads and gives up.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <vector>

#include "results/store.hpp"

namespace gantry::results {

/// Outcomes of the tasks [first, first + count) of one step: values, or one and the same reason. Small, because a
/// step that ran in chunks of one task has as many of them as tasks.
struct Segment {
  /// Lengths of values that differ, and where every 64th of them begins.
  struct Lengths {
    std::vector<std::uint64_t> each;
    std::vector<std::uint64_t> marks;  ///< built by the first question that needs it
  };

  std::uint64_t first = 0;
  std::uint64_t count = 0;
  signature::Bytes bytes;
  signature::View shelved;                               ///< instead of bytes: a part of the step's shelf
  std::shared_ptr<const signature::SharedBytes> shared;  ///< instead of bytes: one large value
  std::unique_ptr<Lengths> lengths;                      ///< nullptr: the step's values have a fixed size
  std::unique_ptr<Reason> reason;                        ///< nullptr: values

  [[nodiscard]] std::uint64_t end() const { return first + count; }
  /// The values, one after the other.
  [[nodiscard]] signature::View content() const {
    if (shared) return shared->bytes();
    return shelved.data() != nullptr ? shelved : signature::View(bytes);
  }
  /// Bytes of values and lengths.
  [[nodiscard]] std::uint64_t size() const {
    return content().size() + (lengths ? lengths->each.size() * sizeof(std::uint64_t) : 0);
  }
  /// Capacity that holds nothing.
  [[nodiscard]] std::uint64_t slack() const;

  /// Is the segment right behind it one to be put at its end? Small values are; their views do not last then.
  [[nodiscard]] bool takes(const Segment& after) const;
  /// Puts it there. Precondition: takes(after).
  void append(const Segment& after);

  /// The part [from, to) of it; `size` is the step's fixed size. Views live as long as the segment.
  [[nodiscard]] Run run(std::uint64_t from, std::uint64_t to, std::optional<std::uint64_t> size) const;
  /// Bytes of one value. Not for segments with a reason.
  [[nodiscard]] signature::View value(std::uint64_t index, std::optional<std::uint64_t> size) const;

 private:
  /// Where the value number `position` begins, for position ≤ count; at most 63 additions once the marks are there.
  [[nodiscard]] std::uint64_t offset(std::uint64_t position, std::optional<std::uint64_t> size) const;
};

}  // namespace gantry::results
