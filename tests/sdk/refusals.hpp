// What the compiler says of a source: its errors, and the trace above each.
#pragma once

#include <algorithm>
#include <string>
#include <vector>

#include "sdk/compiler.hpp"

namespace compiler {

struct Failure {
  std::string line;   ///< the one with " error: "
  std::string trace;  ///< what stands between it and the last error
};

/// The errors in the compiler's output.
inline std::vector<Failure> failures(const std::string& output) {
  std::vector<Failure> found;
  std::string trace;
  for (std::size_t begin = 0; begin < output.size();) {
    const std::size_t end = std::min(output.find('\n', begin), output.size());
    const std::string line = output.substr(begin, end - begin);
    if (line.find(" error: ") != std::string::npos) {
      found.push_back({line, trace});
      trace.clear();
    } else {
      trace += line + '\n';
    }
    begin = end + 1;
  }
  return found;
}

/// Looks at a source as an author's compiler would, without making anything.
inline Outcome check(const std::string& path, const std::string& flags = "") {
  return shell("g++ -std=c++23 -fsyntax-only " + flags + include + path);
}

/// All warnings, as errors.
inline const std::string strict = "-Wall -Wextra -Wpedantic -Wconversion -Wshadow -Werror";

}  // namespace compiler
