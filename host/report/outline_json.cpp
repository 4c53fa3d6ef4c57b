#include <nlohmann/json.hpp>

#include "report/outline.hpp"
#include "signature/printable.hpp"

namespace gantry::report {

namespace {

using nlohmann::ordered_json;

template <class Value>
ordered_json or_null(const std::optional<Value>& value) {
  return value ? ordered_json(*value) : ordered_json(nullptr);
}

ordered_json by_name(const std::vector<Setting>& settings) {
  ordered_json all = ordered_json::object();
  for (const Setting& setting : settings) all[setting.name] = {{"value", setting.value}, {"from", setting.from}};
  return all;
}

ordered_json step_of(const Outline::Step& step) {
  ordered_json edges = ordered_json::array();
  for (const Outline::Edge& edge : step.edges) {
    edges.push_back(
        {{"from", edge.producer}, {"kind", edge.kind}, {"element", or_null(edge.element)}, {"within", edge.within}});
  }
  return {{"id", step.id},
          {"call", step.call},
          {"signature", step.signature},
          {"result", step.result},
          {"each", step.each},
          {"tasks", or_null(step.tasks)},
          {"printed", step.printed},
          {"kept", step.kept},
          {"kept_bytes", or_null(step.kept_bytes)},
          {"window_bytes", or_null(step.window_bytes)},
          {"edges", std::move(edges)},
          {"settings", by_name(step.settings)},
          {"notes", step.notes}};
}

}  // namespace

std::string outline_json(const Outline& outline) {
  ordered_json all{{"version", 1},
                   {"file", outline.file},
                   {"tasks", outline.all_tasks_known() ? ordered_json(outline.known_tasks()) : ordered_json(nullptr)},
                   {"settings", by_name(outline.settings)},
                   {"params", by_name(outline.params)},
                   {"plugins", ordered_json::array()},
                   {"shared", ordered_json::array()},
                   {"steps", ordered_json::array()}};
  for (const Outline::Plugin& plugin : outline.plugins) {
    all["plugins"].push_back({{"name", plugin.name}, {"version", plugin.version}, {"path", plugin.path}});
  }
  for (const Outline::Shared& object : outline.shared) {
    all["shared"].push_back({{"name", object.name}, {"type", object.type}});
  }
  for (const Outline::Step& step : outline.steps) all["steps"].push_back(step_of(step));
  return signature::printable_json(all.dump(2, ' ', false, ordered_json::error_handler_t::replace)) + "\n";
}

}  // namespace gantry::report
