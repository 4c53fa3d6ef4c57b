// Broken pipelines with what is said of each, to the letter.
#pragma once

#include <string>
#include <vector>

namespace gantry::config::test {

struct Bad {
  std::string name;
  std::string text;
  std::string said;  ///< as rendered, for a file named p.yaml
};

[[nodiscard]] const std::vector<Bad>& bad_pipelines();

}  // namespace gantry::config::test
