// Whether only the run shows that data has what the arguments of a step's tasks ask for.
#pragma once

#include <vector>

#include "plan/body.hpp"

namespace gantry::plan {

/// Something that all tasks of the step ask for may not be there: an element of a list, or the result of a task of a
/// step whose number of tasks is not known. What single tasks ask for is found when it is their turn.
[[nodiscard]] bool may_lack(const Recipe& recipe, const std::vector<Step>& steps);

}  // namespace gantry::plan
