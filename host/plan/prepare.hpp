// A recipe and the results it waits for -> arguments that are a function of the task's index.
#pragma once

#include <memory>

#include "plan/body.hpp"
#include "plan/values.hpp"
#include "signature/error.hpp"

namespace gantry::plan {

/// See Plan::prepare.
[[nodiscard]] host::Result<std::unique_ptr<Arguments>> prepare_arguments(const Recipe& recipe, const Values& values);

}  // namespace gantry::plan
