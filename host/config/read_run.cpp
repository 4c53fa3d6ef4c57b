#include <array>

#include "config/readers.hpp"
#include "config/settings.hpp"

namespace gantry::config {
namespace {

enum class RunKey : std::uint8_t { workers, timeout, deadline, retries, seed, mode, grace };
constexpr std::array run_keys{Key{"workers"}, Key{"timeout"}, Key{"deadline"},   Key{"retries"},      Key{"seed"},
                              Key{"mode"},    Key{"grace"},   Key{"halt", true}, Key{"recycle", true}};
constexpr std::uint64_t most_workers = 1024;

std::optional<std::uint32_t> read_workers(const Node& node, Diagnostics& diagnostics) {
  if (node.is_scalar() && node.text == "auto") return {};
  const auto workers = read_whole(node, "workers", 1, most_workers, diagnostics);
  return workers ? std::optional(static_cast<std::uint32_t>(*workers)) : std::nullopt;
}

}  // namespace

Run read_run(const Node& node, Diagnostics& diagnostics) {
  Run run;
  if (node.kind == Node::Kind::null || !expect_map(node, "run", diagnostics)) return run;
  for (const Node::Entry& entry : node.entries) {
    const auto key = recognise(entry, run_keys, "run", diagnostics);
    if (!key) continue;
    const Node& value = entry.value;
    switch (static_cast<RunKey>(*key)) {
      case RunKey::workers:
        run.workers = read_workers(value, diagnostics);
        break;
      case RunKey::timeout:
        run.timeout = read_duration(value, "timeout", diagnostics);
        break;
      case RunKey::deadline:
        run.deadline = read_duration(value, "deadline", diagnostics);
        break;
      case RunKey::grace:
        run.grace = read_duration(value, "grace", diagnostics);
        break;
      case RunKey::retries:
        run.retries = read_count(value, "retries", diagnostics);
        break;
      case RunKey::seed:
        run.seed = read_whole(value, "seed", 0, std::numeric_limits<std::uint64_t>::max(), diagnostics);
        break;
      case RunKey::mode:
        if (const auto word = read_word(value, "mode", {"process", "thread"}, diagnostics)) {
          run.mode = *word == 0 ? host::Mode::process : host::Mode::thread;
        }
        break;
    }
  }
  return run;
}

}  // namespace gantry::config
