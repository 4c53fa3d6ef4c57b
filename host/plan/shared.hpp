// What a pipeline declares under `shared:`, typed, with its initial content.
#pragma once

#include <cstdint>
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

/// A shared object that a step's tasks hold.
struct SharedUse {
  std::uint32_t object = 0;     ///< its position in the pipeline's
  std::uint32_t parameter = 0;  ///< the first parameter that takes it
  std::uint64_t size = 0;       ///< elements of an array
};

}  // namespace gantry::plan
