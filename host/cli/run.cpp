#include "cli/running.hpp"
#include "cli/verbs.hpp"

namespace gantry::cli {

Exit run(const Arguments& arguments, Began began) {
  host::Signals signals;  // before any thread or worker is started
  auto pipeline = open(arguments, opening(arguments));
  if (!pipeline) return complain(pipeline.error());
  if (!(*pipeline)->diagnostics.empty()) return refuse(**pipeline, arguments);
  return execute(**pipeline, arguments, signals, false, began);
}

Exit check(const Arguments& arguments) {
  auto pipeline = open(arguments, opening(arguments));
  if (!pipeline) return complain(pipeline.error());
  if (!(*pipeline)->diagnostics.empty()) return refuse(**pipeline, arguments);
  return Exit::all_values;
}

}  // namespace gantry::cli
