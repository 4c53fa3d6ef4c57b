// vfork and exec of one worker through Boost.Process: the only file that includes it.
#pragma once

#include <sys/resource.h>
#include <sys/types.h>

#include <array>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

namespace gantry::pool {

inline constexpr int first_free_descriptor =
    5;  ///< 0 to 4 of a worker are taken: input, two for prints, channel, prints

/// A child that runs (error 0), or errno and the step that failed.
struct Launched {
  pid_t pid = -1;
  int error = 0;
  std::string phase;  ///< "fork() failed", "execve failed"
};

/// Starts `program` without arguments; source[n] becomes its descriptor n, all others are closed in it. Sources must be
/// ≥ first_free_descriptor, and 0 to 4 occupied. The child leads its own process group, has default signal handling,
/// no core dumps, bears the mark, and dies with the calling thread. No child is left on error.
[[nodiscard]] Launched launch(const std::filesystem::path& program, const std::vector<std::string>& environment,
                              std::array<int, first_free_descriptor> source, const std::optional<rlimit>& mark = {});

}  // namespace gantry::pool
