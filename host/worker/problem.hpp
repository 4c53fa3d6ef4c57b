// Why a task has no value.
#pragma once

#include <string>

namespace gantry::worker {

struct Problem {
  std::string kind;
  std::string message;
};

}  // namespace gantry::worker
