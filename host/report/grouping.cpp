#include "report/grouping.hpp"

#include <limits>
#include <unordered_map>

namespace gantry::report {
namespace {

constexpr std::size_t kNever = std::numeric_limits<std::size_t>::max();

/// For each component: the first group that cannot be finished before all of one of its steps is, over at least one
/// keep or order edge; kNever if there is none. Walks backwards from each group in order, so that the first to come to
/// a component is the first group: linear in steps and edges.
std::unordered_map<unsigned, std::size_t> first_dependents(std::span<const Column> columns,
                                                           const std::vector<Group>& order) {
  std::unordered_map<unsigned, std::vector<unsigned>> producers;  // component -> components that it waits for
  for (const Column& column : columns) {
    for (const StepIndex producer : column.waits_for) {
      producers[column.component].push_back(columns[host::raw(producer)].component);
    }
  }
  std::unordered_map<unsigned, std::size_t> found;
  for (std::size_t group = 0; group < order.size(); ++group) {
    std::vector<unsigned> open{columns[host::raw(order[group].front())].component};
    while (!open.empty()) {
      const unsigned component = open.back();
      open.pop_back();
      const auto edges = producers.find(component);
      if (edges == producers.end()) continue;
      for (const unsigned producer : edges->second) {
        if (found.try_emplace(producer, group).second) open.push_back(producer);
      }
      producers.erase(edges);  // all of them are marked now
    }
  }
  return found;
}

}  // namespace

std::vector<Group> groups(std::span<const Column> columns, Format format) {
  std::vector<Group> found;
  if (format == Format::digest || format == Format::none) return found;
  const bool interleaved = format == Format::text || format == Format::ndjson;
  std::unordered_map<unsigned, std::size_t> of_component;
  for (std::size_t step = 0; step < columns.size(); ++step) {
    if (!columns[step].printed) continue;
    const auto index = static_cast<StepIndex>(step);
    const auto [at, fresh] = of_component.try_emplace(columns[step].component, found.size());
    if (interleaved && !fresh) {
      found[at->second].push_back(index);
    } else {
      found.push_back({index});
    }
  }
  return found;
}

std::vector<bool> buffered(std::span<const Column> columns, Format format, Order order) {
  std::vector<bool> kept(columns.size(), false);
  if (order == Order::done) return kept;  // nothing waits for its turn
  const std::vector<Group> all = groups(columns, format);
  const auto dependents = first_dependents(columns, all);
  std::unordered_map<unsigned, std::size_t> first_group;
  for (std::size_t group = 0; group < all.size(); ++group) {
    const unsigned component = columns[host::raw(all[group].front())].component;
    const bool first = first_group.try_emplace(component, group).second;
    const auto found = dependents.find(component);
    const std::size_t dependent = found == dependents.end() ? kNever : found->second;
    const bool waited_for = dependent < group || (dependent == group && all[group].size() > 1);
    for (const StepIndex step : all[group]) kept[host::raw(step)] = !first || waited_for;
  }
  return kept;
}

}  // namespace gantry::report
