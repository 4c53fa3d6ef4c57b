// What output knows of a step, and the words of the command line that say how results are shown.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "signature/error.hpp"
#include "signature/ids.hpp"
#include "signature/type.hpp"

namespace gantry::report {

using host::StepIndex;

/// One step, in the order of the pipeline file.
struct Column {
  std::string id;
  signature::Type result;
  std::optional<std::uint64_t> result_size;  ///< bytes of each value, if fixed
  bool each = false;
  bool printed = false;
  unsigned component = 0;            ///< steps joined by stream edges have the same one: see components()
  std::vector<StepIndex> waits_for;  ///< producers of its keep and order edges: all of them end before it starts
  bool unordered = false;            ///< which task gives what depends on the run: the digest is over sorted outcomes
};

/// The ID of a task as people read it: "counts[3]", "total", "grid[17] (a=3, b=2)".
using TaskId = std::function<std::string(StepIndex step, std::uint64_t index)>;

enum class Format : std::uint8_t { text, json, ndjson, csv, digest, none };
enum class Order : std::uint8_t {
  id,    ///< task order: the same bytes for any number of workers
  done,  ///< as tasks end
};

/// "text", "json", "ndjson", "csv", "digest", "none"; nothing for any other word.
[[nodiscard]] std::optional<Format> format_named(std::string_view word);

/// Can these steps be shown so? Said before the run: csv wants exactly one printed step; json, csv and digest have no
/// other order than that of the tasks. Errors are the user's (usage).
[[nodiscard]] host::Result<void> check_format(std::span<const Column> columns, Format format, Order order = Order::id);

/// The number of each step's stream-connected component; `streams` are pairs of steps that a stream edge joins.
[[nodiscard]] std::vector<unsigned> components(std::size_t steps,
                                               std::span<const std::pair<StepIndex, StepIndex>> streams);

}  // namespace gantry::report
