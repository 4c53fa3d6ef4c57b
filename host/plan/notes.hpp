// What a plan says of a step that its types do not: where its tasks must run, and what that costs.
#pragma once

#include <string>
#include <vector>

#include "plan/plan.hpp"

namespace gantry::plan {

/// Sentences about pinned values, open files and shared objects of a step, for people; none for most steps.
[[nodiscard]] std::vector<std::string> notes(const Plan& plan, StepIndex step);

}  // namespace gantry::plan
