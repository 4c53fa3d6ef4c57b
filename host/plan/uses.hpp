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
  std::optional<Within> within;          ///< it stands in a source, and gives elements to tasks
  config::Mark mark = {};
};

/// All uses by one step, in the order written. Reports names that stand for nothing, misplaced `$index` and bound
/// names, and bound names that nothing uses.
[[nodiscard]] std::vector<Use> find_uses(const config::Config& config, const config::Step& step, Names& names,
                                         config::Diagnostics& diagnostics);

/// An edge for each use that differs from those before it, in the order of first use. What is used of a producer that
/// is taken whole before needs none.
[[nodiscard]] std::vector<Edge> edges_of(const std::vector<Use>& uses);

}  // namespace gantry::plan
