#include <fmt/format.h>

#include <utility>

#include "cli/running.hpp"
#include "cli/verbs.hpp"

namespace gantry::cli {

namespace {

/// `--set name=value` as overrides, or the word that has no `=`.
host::Result<std::vector<config::Override>> overrides(const Arguments& arguments) {
  std::vector<config::Override> all;
  for (const std::string& word : arguments.sets) {
    const std::size_t equals = word.find('=');
    if (equals == std::string::npos || equals == 0) {
      return host::fail(host::ErrorKind::usage, fmt::format("--set {}: write --set name=value", word));
    }
    all.push_back({word.substr(0, equals), word.substr(equals + 1)});
  }
  return all;
}

host::Result<std::unique_ptr<host::Pipeline>> open(const Arguments& arguments) {
  auto replaced = overrides(arguments);
  if (!replaced) return std::unexpected(std::move(replaced.error()));
  return host::open(arguments.target, *replaced, opening(arguments));
}

}  // namespace

Exit run(const Arguments& arguments, Began began) {
  host::Signals signals;  // before any thread or worker is started
  auto pipeline = open(arguments);
  if (!pipeline) return complain(pipeline.error());
  if (!(*pipeline)->diagnostics.empty()) return refuse(**pipeline, arguments);
  return execute(**pipeline, arguments, signals, false, began);
}

Exit check(const Arguments& arguments) {
  auto pipeline = open(arguments);
  if (!pipeline) return complain(pipeline.error());
  if (!(*pipeline)->diagnostics.empty()) return refuse(**pipeline, arguments);
  return Exit::all_values;
}

}  // namespace gantry::cli
