// A project outside of this tree: its plugin, and a shell to build it.
#pragma once

#include <catch2/catch.hpp>
#include <string>

#include "run/command.hpp"

namespace gantry::tests {

inline constexpr const char* kOdd = R"(#include <gantry/plugin.hpp>
static bool odd(long value) { return value % 2 != 0; }
GANTRY_PLUGIN("odd", "1.0.0", gantry::function<odd>("odd", {"value"}, "Whether a number is odd."));
)";

/// Runs a shell command that must succeed; what it printed.
inline std::string shell(const std::string& text, const std::filesystem::path& folder) {
  Command command;
  command.words = {"/bin/sh", "-c", text};
  command.folder = folder;
  command.limit = std::chrono::seconds{290};  // compilers, on a machine that does other things too
  const Ended ended = run(command);
  INFO(text << "\n" << ended.out << ended.err);
  REQUIRE(ended.code == 0);
  return ended.out;
}

}  // namespace gantry::tests
