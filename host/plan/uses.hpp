// What a step refers to: which steps it uses, how, and where it says so. Names that stand for nothing are reported.
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "config/config.hpp"
#include "plan/names.hpp"
#include "plan/plan.hpp"

namespace gantry::plan {

/// One reference of a step to another, or a word of its `needs`.
struct Use {
  Edge::Kind kind = Edge::Kind::keep;
  StepIndex producer{};
  std::optional<std::uint64_t> element;  ///< `$counts.3` of a step with each
  config::Mark mark;
};

/// All uses by one step, in the order written. Reports names that stand for nothing, misplaced `$index` and bound
/// names, and bound names that nothing uses.
[[nodiscard]] std::vector<Use> find_uses(const config::Config& config, const config::Step& step, Names& names,
                                         config::Diagnostics& diagnostics);

/// One edge for each producer and kind, in the order of first use; an element only if all keep uses agree on it.
[[nodiscard]] std::vector<Edge> edges_of(const std::vector<Use>& uses);

}  // namespace gantry::plan
