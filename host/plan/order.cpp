#include "plan/order.hpp"

#include <algorithm>
#include <deque>
#include <functional>
#include <limits>
#include <optional>
#include <queue>

#include <fmt/core.h>

#include "config/codes.hpp"

namespace gantry::plan {
namespace {

using Graph = std::vector<std::vector<Use>>;
using Position = std::uint32_t;

constexpr auto unseen = std::numeric_limits<Position>::max();
constexpr std::size_t most_named = 8;  // steps of a cycle that its error names

/// Tarjan's strongly connected components with an explicit stack (R. Tarjan, SIAM J. Comput. 1(2), 1972).
class Components {
 public:
  explicit Components(const Graph& uses)
      : uses_(uses), number_(uses.size(), unseen), low_(uses.size()), open_(uses.size(), false) {}

  /// The component of each step; equal numbers wait for each other.
  std::vector<Position> find() {
    component_.assign(uses_.size(), unseen);
    for (Position root = 0; root < uses_.size(); ++root) {
      if (number_[root] == unseen) walk(root);
    }
    return std::move(component_);
  }

 private:
  struct Visit {
    Position step;
    std::size_t next = 0;
  };

  void walk(Position root) {
    std::vector<Visit> visits;
    enter(root, visits);
    while (!visits.empty()) {
      auto& [step, next] = visits.back();
      if (next < uses_[step].size()) {
        const auto to = raw(uses_[step][next++].producer);
        if (number_[to] == unseen) {
          enter(to, visits);
        } else if (open_[to]) {
          low_[step] = std::min(low_[step], number_[to]);
        }
        continue;
      }
      const auto done = step;
      visits.pop_back();
      if (!visits.empty()) low_[visits.back().step] = std::min(low_[visits.back().step], low_[done]);
      if (low_[done] == number_[done]) close(done);
    }
  }

  void enter(Position step, std::vector<Visit>& visits) {
    number_[step] = low_[step] = counter_++;
    open_[step] = true;
    stack_.push_back(step);
    visits.push_back({step});
  }

  void close(Position root) {
    Position step = unseen;
    do {
      step = stack_.back();
      stack_.pop_back();
      open_[step] = false;
      component_[step] = root;
    } while (step != root);
  }

  const Graph& uses_;
  std::vector<Position> number_, low_, component_, stack_;
  std::vector<bool> open_;
  Position counter_ = 0;
};

/// The uses along the shortest way from `start` back to itself inside its component; empty if there is none.
/// `reached` is scratch of one entry a step, all nullptr before and after.
std::vector<const Use*> shortest_cycle(const Graph& uses, const std::vector<Position>& component, Position start,
                                       std::vector<std::pair<Position, const Use*>>& reached) {
  std::vector<const Use*> cycle;
  std::deque<Position> front{start};
  std::vector<Position> touched;
  while (!front.empty() && cycle.empty()) {
    const auto step = front.front();
    front.pop_front();
    for (const auto& use : uses[step]) {
      const auto to = raw(use.producer);
      if (component[to] != component[start] || reached[to].second != nullptr) continue;
      reached[to] = {step, &use};
      touched.push_back(to);
      if (to == start) break;
      front.push_back(to);
    }
    if (reached[start].second == nullptr) continue;
    auto at = start;
    do {
      cycle.push_back(reached[at].second);
      at = reached[at].first;
    } while (at != start);
  }
  for (const auto step : touched) reached[step] = {};
  std::ranges::reverse(cycle);
  return cycle;
}

config::Diagnostic describe(const config::Config& config, Position start, const std::vector<const Use*>& cycle) {
  config::Diagnostic wrong{std::string(config::codes::cycle.number), cycle.front()->mark, "", {}, ""};
  std::string path = config.steps[start].id.value;
  Position at = start;
  for (std::size_t i = 0; i < cycle.size(); ++i) {
    const auto to = raw(cycle[i]->producer);
    const bool shown = i < most_named || i + 1 == cycle.size();
    if (shown) path += " → " + config.steps[to].id.value;
    if (i == most_named && !shown) path += fmt::format(" → … {} more …", cycle.size() - most_named - 1);
    if (shown && i > 0) {
      wrong.notes.push_back(
          {fmt::format("{} uses {} here", config.steps[at].id.value, config.steps[to].id.value), cycle[i]->mark});
    }
    at = to;
  }
  wrong.sentence = cycle.size() == 1 ? fmt::format("the step waits for itself: {}", path)
                                     : fmt::format("these steps wait for each other: {}", path);
  return wrong;
}

}  // namespace

std::vector<Position> order_of(const Graph& uses) {
  const auto count = uses.size();
  std::vector<std::vector<Position>> users(count);
  std::vector<std::size_t> waits(count, 0);
  for (Position step = 0; step < count; ++step) {
    waits[step] = uses[step].size();
    for (const auto& use : uses[step]) users[raw(use.producer)].push_back(step);
  }
  std::vector<Position> order;
  order.reserve(count);
  std::priority_queue<Position, std::vector<Position>, std::greater<>> ready;  // the first in the file on top
  for (Position step = 0; step < count; ++step) {
    if (waits[step] == 0) ready.push(step);
  }
  while (!ready.empty()) {
    order.push_back(ready.top());
    ready.pop();
    for (const auto user : users[order.back()]) {
      if (--waits[user] == 0) ready.push(user);
    }
  }
  for (Position step = 0; order.size() < count && step < count; ++step) {
    if (waits[step] != 0) order.push_back(step);
  }
  return order;
}

void report_cycles(const config::Config& config, const Graph& uses, config::Diagnostics& diagnostics) {
  const auto component = Components(uses).find();
  std::vector<Position> members(uses.size(), 0);
  for (const auto one : component) ++members[one];
  std::vector<bool> told(uses.size(), false);
  std::vector<std::pair<Position, const Use*>> reached(uses.size());
  for (Position step = 0; step < uses.size(); ++step) {
    if (told[component[step]]) continue;
    const bool itself = std::ranges::any_of(uses[step], [&](const Use& use) { return raw(use.producer) == step; });
    if (members[component[step]] < 2 && !itself) continue;
    told[component[step]] = true;
    const auto cycle = shortest_cycle(uses, component, step, reached);
    if (!cycle.empty()) diagnostics.report(describe(config, step, cycle));
  }
}

}  // namespace gantry::plan
