// Values as they stand in task IDs: "(a=3, b=\"x\")".
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "plan/body.hpp"
#include "signature/node.hpp"

namespace gantry::plan {

/// Elements of `values` in one line each, as near to JSON as what is written; long ones are cut with "…".
[[nodiscard]] std::vector<std::string> show_items(const std::vector<const signature::Node*>& items);

/// " (a=3, b=2)": the bound values of a task of a product, as far as they are known before the run; or "".
[[nodiscard]] std::string show_bound_values(const Recipe& recipe, std::uint64_t index);

}  // namespace gantry::plan
