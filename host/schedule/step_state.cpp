#include "schedule/step_state.hpp"

#include <algorithm>

namespace gantry::schedule {

std::uint64_t StepState::limit() const {
  if (kept) return kNoEnd;
  const std::uint64_t released = std::min(ended.frontier(), holding.lowest());
  const std::uint64_t window = std::max<std::uint64_t>(step.window, 1);
  return released > kNoEnd - window ? kNoEnd : released + window;
}

std::uint64_t StepState::releasable() const {
  if (keepers > 0) return 0;
  return std::min({ended.frontier(), holding.lowest(), loose.lowest()});
}

std::uint32_t StepState::starts(std::uint64_t index) const {
  if (!retries) return 0;
  const auto at = retries->starts.find(index);
  return at == retries->starts.end() ? 0 : at->second;
}

}  // namespace gantry::schedule
