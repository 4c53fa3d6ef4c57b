#include "cli/running.hpp"
#include "cli/verbs.hpp"

namespace gantry::cli {

Exit run(const Arguments& arguments, report::Console& console, Began began) {
  host::Signals signals;  // before any thread or worker is started
  auto pipeline = open(arguments, opening(arguments, console));
  if (!pipeline) return complain(pipeline.error(), console);
  if (!(*pipeline)->diagnostics.empty()) return refuse(**pipeline, arguments, console);
  return execute(**pipeline, arguments, console, signals, false, began);
}

Exit check(const Arguments& arguments, report::Console& console) {
  const host::Signals signals;
  auto pipeline = open(arguments, opening(arguments, console));
  if (!pipeline) return complain(pipeline.error(), console);
  if (!(*pipeline)->diagnostics.empty()) return refuse(**pipeline, arguments, console);
  const Form form = form_of(arguments);
  if (auto fits = report::check_format(columns_of((*pipeline)->plan), form.format, form.order); !fits) {
    return complain(fits.error(), console);
  }
  return Exit::all_values;
}

}  // namespace gantry::cli
