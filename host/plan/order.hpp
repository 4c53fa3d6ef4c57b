// The order in which steps can be typed: producers first; and the cycles that forbid one.
#pragma once

#include <cstdint>
#include <vector>

#include "config/config.hpp"
#include "plan/uses.hpp"

namespace gantry::plan {

/// Positions of all steps in file order, as far as each comes after the steps that it uses; those on a cycle, or behind
/// one, come last, in file order. `uses` holds one list a step. Linear but for a heap, without recursion.
[[nodiscard]] std::vector<std::uint32_t> order_of(const std::vector<std::vector<Use>>& uses);

/// Reports one error for each group of steps that wait for each other, naming its shortest cycle through its first
/// step.
void report_cycles(const config::Config& config, const std::vector<std::vector<Use>>& uses,
                   config::Diagnostics& diagnostics);

}  // namespace gantry::plan
