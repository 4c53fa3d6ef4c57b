// The command line as values: which verb, on what, with which flags. Nothing here does any work.
#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <optional>
#include <set>
#include <string>
#include <variant>
#include <vector>

#include "config/config.hpp"
#include "signature/error.hpp"
#include "signature/mode.hpp"

namespace gantry::cli {

enum class Verb : std::uint8_t { run, check, plan, inspect, call, scale, version };

/// Exit codes, as DESIGN and README list them.
enum class Exit : int {
  all_values = 0,
  some_without = 1,
  usage = 2,
  pipeline = 3,
  plugin = 4,
  infrastructure = 5,
  halted = 6,
  interrupted = 130,
  terminated = 143,
  reader_gone = 141,
};

struct Arguments {
  Verb verb = Verb::version;
  std::string target;  ///< run, check, plan, scale: the file; inspect: a plugin or ""; call: plugin.function
  std::vector<std::string> words;      ///< call: name=value
  std::vector<config::Override> sets;  ///< --set name=value
  std::vector<std::string> plugin_path;
  std::set<std::string, std::less<>> from_environment;  ///< GANTRY_… that stood in for flags that were not given
  std::optional<std::uint32_t> workers;                 ///< nothing: auto, or not said
  bool workers_said = false;
  std::optional<host::Mode> mode;
  std::optional<std::uint32_t> retries;
  std::optional<std::chrono::nanoseconds> timeout;
  std::optional<std::chrono::nanoseconds> deadline;
  std::optional<std::chrono::nanoseconds> grace;
  std::optional<std::uint64_t> seed;
  std::string output = "text";  ///< plan: --format
  std::string output_file;
  std::string order = "id";
  std::string progress = "auto";
  std::string diagnostics = "text";
  bool timing = false;
  std::vector<unsigned> sizes;  ///< scale: --workers, in the order given; empty: not said
  unsigned repeats = 3;         ///< scale
};

/// What is shown instead of doing anything: help that was asked for on stdout, or (`gantry` alone) on stderr.
struct Answer {
  std::string out;
  std::string err;
};

/// Takes the words behind `gantry` apart, with the environment's GANTRY_* for flags that are not given.
[[nodiscard]] host::Result<std::variant<Arguments, Answer>> parse(std::vector<std::string> words);

/// A sentence for each variable (of an environment as main has it) that looks like one of ours, misspelt.
[[nodiscard]] std::vector<std::string> strange_variables(const char* const* environment);

}  // namespace gantry::cli
