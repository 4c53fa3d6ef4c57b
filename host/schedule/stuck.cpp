#include "schedule/stuck.hpp"

#include <algorithm>
#include <utility>

#include "schedule/components.hpp"

namespace gantry::schedule {

StuckSearch::StuckSearch(std::vector<Holder> steps) : steps_(std::move(steps)), size_(steps_.size()) {
  for (std::uint32_t step = 0; step < steps_.size(); ++step) {
    size_ += steps_[step].whole.size() + steps_[step].streams.size();
    for (const std::uint32_t queue : steps_[step].queues) {
      if (queue >= holders_.size()) holders_.resize(queue + 1);
      holders_[queue].push_back(step);
    }
  }
}

const std::vector<std::uint32_t>& StuckSearch::holders(std::uint32_t queue) const {
  static const std::vector<std::uint32_t> none;
  return queue < holders_.size() ? holders_[queue] : none;
}

/// All tasks that hold the queue have ended, or wait in it.
bool StuckSearch::is_over(std::uint32_t queue, const std::vector<Standing>& standing,
                          const std::vector<Waiter>& waiters) const {
  std::uint64_t open = 0;
  for (const std::uint32_t step : holders(queue)) open += standing[step].unended;
  return open == static_cast<std::uint64_t>(std::ranges::count(waiters, queue, &Waiter::queue));
}

/// Some task runs that does not wait without a limit, or can start.
bool StuckSearch::moves(const std::vector<Standing>& standing, const std::vector<Waiter>& waiters,
                        bool draining) const {
  std::vector<std::uint64_t> waiting(steps_.size(), 0);
  for (const Waiter& waiter : waiters) waiting[host::raw(waiter.step)] += waiter.timed ? 0 : 1;
  for (std::size_t step = 0; step < steps_.size(); ++step) {
    const Standing& at = standing[step];
    if (at.leased > waiting[step]) return true;
    if (!draining && at.unstarted() > 0 && at.has_work && at.has_place) return true;
  }
  return false;
}

/// Where nothing moves, steps with tasks that wait for no others but those that wait for them as well. A step waits for
/// the queues that its tasks wait in, for producers that have not ended, and where it finds no place for who keeps it
/// from that; a queue waits for all who hold it.
std::vector<bool> StuckSearch::knots(const std::vector<Standing>& standing, const std::vector<Waiter>& waiters) const {
  const auto steps = static_cast<Node>(steps_.size());
  const Node places = steps + static_cast<Node>(holders_.size());  // behind the queues: all places are taken
  std::vector<std::pair<Node, Node>> edges;
  std::vector<bool> waits(places + 1, false);
  for (const Waiter& waiter : waiters) {
    const Node step = host::raw(waiter.step);
    edges.emplace_back(step, steps + waiter.queue);
    if (!waits[step]) edges.emplace_back(places, step);
    waits[step] = true;
  }
  for (Node step = 0; step < steps; ++step) {
    const Standing& at = standing[step];
    if (at.unended == 0) continue;
    for (const auto* producers : {&steps_[step].whole, &steps_[step].streams}) {
      for (const StepIndex producer : *producers) {
        if (standing[host::raw(producer)].unended > 0) edges.emplace_back(step, host::raw(producer));
      }
    }
    if (at.unstarted() > 0 && at.has_work && !at.has_place) {
      edges.emplace_back(step, at.held_up_by ? host::raw(*at.held_up_by) : places);
    }
    for (const std::uint32_t queue : steps_[step].queues) edges.emplace_back(steps + queue, step);
  }
  const Graph graph(places + 1, edges);
  const std::vector<Node> component = components(graph);
  std::vector<std::vector<Node>> members(1 + *std::ranges::max_element(component));
  for (Node node = 0; node <= places; ++node) members[component[node]].push_back(node);
  std::vector<bool> knot(steps, false);
  std::vector<bool> leads_on(members.size(), false);  // to a component with tasks that wait, or is one
  for (Node at = 0; at < members.size(); ++at) {      // each after all that it leads to
    bool behind = false;
    for (const Node node : members[at]) {
      for (const Node to : graph.from(node)) behind = behind || (component[to] != at && leads_on[component[to]]);
    }
    leads_on[at] = behind || std::ranges::any_of(members[at], [&](Node node) { return waits[node]; });
    for (const Node node : members[at]) {
      if (node < steps) knot[node] = waits[node] && !behind;
    }
  }
  return knot;
}

Stuck StuckSearch::find(const std::vector<Standing>& standing, const std::vector<Waiter>& waiters,
                        bool draining) const {
  Stuck found;
  for (const Waiter& waiter : waiters) {
    const bool known = std::ranges::find(found.ended, waiter.queue) != found.ended.end();
    if (!waiter.timed && !known && is_over(waiter.queue, standing, waiters)) found.ended.push_back(waiter.queue);
  }
  const bool endless = std::ranges::any_of(waiters, [](const Waiter& one) { return !one.timed; });
  if (!found.ended.empty() || !endless || moves(standing, waiters, draining)) return found;
  const std::vector<bool> knot = knots(standing, waiters);
  for (std::size_t i = 0; i < waiters.size(); ++i) {
    if (knot[host::raw(waiters[i].step)]) found.waiters.push_back(i);
  }
  return found;
}

}  // namespace gantry::schedule
