// What a pipeline declares under `shared:`, typed, with its initial content.
#pragma once

#include <string>
#include <vector>

#include "signature/bytes.hpp"
#include "signature/type.hpp"

namespace gantry::plan {

struct SharedObject {
  std::string name;
  signature::Type type;                  ///< queue<T>, counter, array<T>
  std::vector<signature::Bytes> values;  ///< a queue's, in order
  signature::Bytes numbers;              ///< a counter's i64, an array's elements
};

}  // namespace gantry::plan
