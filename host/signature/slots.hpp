// Argument templates: encoded arguments of one task, with places that are a function of the task's index alone.
// The host sends a template once for a whole chunk; the worker fills the slots for each task.
#pragma once

#include <cstdint>
#include <memory>
#include <vector>

#include "signature/bytes.hpp"
#include "signature/shared_bytes.hpp"
#include "signature/type.hpp"

namespace gantry::signature {

/// A scalar at `offset` of the arguments: with k = (index / divide) % modulo, it is `last_value` if k + 1 == modulo,
/// else `from + k * step` in wrapping 64-bit arithmetic, stored as `kind` (integers truncated to their width, which
/// the plan proved to fit; f32/f64 converted, `is_signed` says how to read the integer). divide and modulo are at
/// least 1.
struct Slot {
  std::uint64_t offset = 0;
  std::uint64_t from = 0;
  std::uint64_t step = 0;
  std::uint64_t last_value = 0;
  std::uint64_t divide = 1;
  std::uint64_t modulo = 1;
  Kind kind = Kind::u64;
  bool is_signed = false;

  friend bool operator==(const Slot&, const Slot&) = default;
};

/// The value of a slot for the task `index`, as 64 bits.
[[nodiscard]] std::uint64_t slot_value(const Slot& slot, std::uint64_t index);
/// Writes slot_value as `slot.kind` at row + slot.offset. Precondition: it fits the row.
void fill(const Slot& slot, std::uint64_t index, std::byte* row);

/// More than this, and rows are sent instead.
inline constexpr std::size_t most_slots = 400;

/// `shared`: instead of a row, without slots, arguments that lie there already.
struct Template {
  Bytes row;                ///< arguments of one task,
  std::vector<Slot> slots;  ///< none: all tasks have the same arguments
  // An initialiser, or g++ warns wherever it is left out.
  std::shared_ptr<const SharedBytes> shared = {};  // NOLINT(readability-redundant-member-init)

  /// The arguments of one task, slots not filled in.
  [[nodiscard]] View arguments() const { return shared ? shared->bytes() : View(row); }
};

}  // namespace gantry::signature
