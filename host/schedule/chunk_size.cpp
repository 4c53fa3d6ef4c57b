#include "schedule/chunk_size.hpp"

#include <algorithm>

namespace gantry::schedule {

void ChunkSize::measured(std::uint64_t tasks, std::chrono::nanoseconds busy) {
  const auto lasted = static_cast<double>(std::max<std::int64_t>(busy.count(), 0)) / static_cast<double>(tasks);
  estimate_ = known_ ? estimate_ + kWeight * (lasted - estimate_) : lasted;
  known_ = true;
  const double wanted = static_cast<double>(kLease.count()) / std::max(estimate_, 1.0);
  // Never more than kGrowth times what was measured at once (a part of a lease does not count against it).
  const std::uint64_t most = std::min(kMost, std::max(size_, std::min(tasks, kMost) * kGrowth));
  size_ = std::clamp(static_cast<std::uint64_t>(std::min(wanted, static_cast<double>(kMost))), std::uint64_t{1}, most);
}

std::uint64_t ChunkSize::next(std::uint64_t remaining, std::uint64_t window, unsigned workers) const {
  if (fixed_ > 0) return fixed_;
  // One lease must not take what all workers may have open at once.
  const std::uint64_t share = std::min(remaining, window) / (kLastLeases * workers);
  return std::max<std::uint64_t>(1, std::min(size_, share));
}

}  // namespace gantry::schedule
