#include "report/outline.hpp"

#include <algorithm>

namespace gantry::report {

std::uint64_t Outline::known_tasks() const {
  std::uint64_t sum = 0;
  for (const Step& step : steps) sum += step.tasks.value_or(0);
  return sum;
}

bool Outline::all_tasks_known() const {
  return std::ranges::all_of(steps, [](const Step& step) { return step.tasks.has_value(); });
}

std::string outline(const Outline& outline, std::string_view format) {
  if (format == "json") return outline_json(outline);
  if (format == "dot") return outline_dot(outline);
  if (format == "mermaid") return outline_mermaid(outline);
  return outline_text(outline);
}

}  // namespace gantry::report
