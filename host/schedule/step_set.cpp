#include "schedule/step_set.hpp"

#include <bit>

namespace gantry::schedule {

namespace {
constexpr std::size_t kBits = 64;
}

StepSet::StepSet(std::size_t steps) {
  std::size_t words = steps;
  do {
    words = (words + kBits - 1) / kBits;
    if (words == 0) words = 1;
    levels_.emplace_back(words, 0);
  } while (words > 1);
}

void StepSet::assign(std::uint32_t step, bool member) {
  std::size_t position = step;
  for (auto& level : levels_) {
    std::uint64_t& word = level[position / kBits];
    const bool was_empty = word == 0;
    const std::uint64_t bit = std::uint64_t{1} << (position % kBits);
    if (&level == &levels_.front() && ((word & bit) != 0) != member) members_ = member ? members_ + 1 : members_ - 1;
    word = member ? word | bit : word & ~bit;
    if (was_empty == (word == 0)) return;
    position /= kBits;
  }
}

std::optional<std::uint32_t> StepSet::highest() const {
  if (empty()) return std::nullopt;
  std::size_t position = 0;
  for (auto level = levels_.rbegin(); level != levels_.rend(); ++level)
    position = position * kBits + static_cast<std::size_t>(std::bit_width((*level)[position])) - 1;
  return static_cast<std::uint32_t>(position);
}

}  // namespace gantry::schedule
