// A failed task as people are told of it, with what must not be on standard output.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "signature/ids.hpp"

namespace gantry::report {

struct FailureNote {
  host::StepIndex step{};
  std::uint64_t index = 0;
  std::string id;
  std::string kind;
  std::string message;
  std::string detail;                   ///< which function, worker and attempt, and how it ended; may be empty
  std::vector<std::string> last_lines;  ///< of what its worker printed
};

}  // namespace gantry::report
