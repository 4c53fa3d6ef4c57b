#include "worker/arguments.hpp"

#include <algorithm>
#include <cstring>

namespace gantry::worker {
namespace {

using signature::Kind;
using signature::Slot;

constexpr std::uint64_t rows_bytes = 64 * 1024;  // rows made at once: they stay in the cache

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

void Arguments::open(const wire::Work& work) {
  work_ = &work;
  next_ = offset_ = 0;
  if (work.assigned->serial != serial_) filled_.clear();
  serial_ = work.assigned->serial;
}

signature::View Arguments::row(std::uint64_t index) {
  if (by_template()) return rows(index, 1);
  for (;;) {
    std::uint64_t length = 0;
    std::memcpy(&length, work_->rows.lengths.data() + next_ * sizeof length, sizeof length);
    const signature::View found = work_->rows.bytes.subspan(offset_, length);
    offset_ += length;
    if (next_++ == index - work_->first) return found;
  }
}

std::uint64_t Arguments::most_rows() const {
  return stride() == 0 ? UINT64_MAX : std::max<std::uint64_t>(1, rows_bytes / stride());
}

std::uint64_t Arguments::stride() const {
  return work_->assigned->slots.empty() ? 0 : work_->assigned->row.size();
}

signature::View Arguments::rows(std::uint64_t index, std::uint64_t count) {
  const wire::Assigned& assigned = *work_->assigned;
  if (assigned.slots.empty()) return assigned.row;
  const std::size_t size = assigned.row.size();
  while (filled_.size() < count * size) signature::append(filled_, assigned.row);
  for (const Slot& slot : assigned.slots) fill_column(slot, index, count, filled_.data(), size);
  return signature::View(filled_).first(count * size);
}

}  // namespace gantry::worker
