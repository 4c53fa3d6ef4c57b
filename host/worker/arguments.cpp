#include "worker/arguments.hpp"

#include <cstring>

namespace gantry::worker {
namespace {

using signature::Kind;
using signature::Slot;

/// Fills one slot of consecutive rows. The quotient and remainder of the index are carried along: a division for each
/// would cost more than many a task.
void fill_column(const Slot& slot, std::uint64_t index, std::uint64_t count, std::byte* row, std::size_t stride) {
  if (slot.kind != Kind::u64 && slot.kind != Kind::i64) {
    for (std::uint64_t i = 0; i < count; ++i, row += stride) signature::fill(slot, index + i, row);
    return;
  }
  std::uint64_t k = index / slot.divide % slot.modulo;
  std::uint64_t within = index % slot.divide;
  for (std::uint64_t i = 0; i < count; ++i, row += stride) {
    const std::uint64_t value = k + 1 == slot.modulo ? slot.last_value : slot.from + k * slot.step;
    std::memcpy(row + slot.offset, &value, sizeof value);
    if (++within < slot.divide) continue;
    within = 0;
    if (++k == slot.modulo) k = 0;
  }
}

}  // namespace

Arguments::Arguments(const wire::Work& work)
    : pattern_(std::get_if<signature::Template>(&work.arguments)),
      given_(std::get_if<wire::RowsView>(&work.arguments)),
      first_(work.first) {
  if (pattern_ != nullptr) filled_ = pattern_->row;
}

signature::View Arguments::row(std::uint64_t index) {
  if (pattern_ != nullptr) return rows(index, 1);
  for (;;) {
    std::uint64_t length = 0;
    std::memcpy(&length, given_->lengths.data() + next_ * sizeof length, sizeof length);
    const signature::View found = given_->bytes.subspan(offset_, length);
    offset_ += length;
    if (next_++ == index - first_) return found;
  }
}

signature::View Arguments::rows(std::uint64_t index, std::uint64_t count) {
  const std::size_t size = pattern_->row.size();
  while (filled_.size() < count * size) signature::append(filled_, pattern_->row);
  for (const Slot& slot : pattern_->slots) fill_column(slot, index, count, filled_.data(), size);
  return signature::View(filled_).first(count * size);
}

}  // namespace gantry::worker
