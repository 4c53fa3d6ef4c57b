#include "schedule/components.hpp"

#include <algorithm>
#include <numeric>

namespace gantry::schedule {

Graph::Graph(std::size_t nodes, const std::vector<std::pair<Node, Node>>& edges)
    : starts_(nodes + 1, 0), ends_(edges.size()) {
  for (const auto& [from, to] : edges) ++starts_[from + 1];
  std::partial_sum(starts_.begin(), starts_.end(), starts_.begin());
  std::vector<std::size_t> next(starts_.begin(), starts_.end() - 1);
  for (const auto& [from, to] : edges) ends_[next[from]++] = to;
}

std::vector<Node> components(const Graph& graph) {
  constexpr Node none = ~Node{0};
  struct Visit {
    Node node = 0;
    std::size_t next = 0;
  };
  const std::size_t count = graph.nodes();
  std::vector<Node> component(count, none);
  std::vector<Node> order(count, none);
  std::vector<Node> lowest(count, 0);
  std::vector<Node> open;
  std::vector<Visit> visits;
  Node seen = 0;
  Node found = 0;
  const auto enter = [&](Node node) {
    order[node] = lowest[node] = seen++;
    open.push_back(node);
    visits.push_back({node, 0});
  };
  for (Node root = 0; root < count; ++root) {
    if (order[root] != none) continue;
    enter(root);
    while (!visits.empty()) {
      const Node node = visits.back().node;
      const auto ends = graph.from(node);
      if (visits.back().next < ends.size()) {
        const Node to = ends[visits.back().next++];
        if (order[to] == none)
          enter(to);
        else if (component[to] == none)
          lowest[node] = std::min(lowest[node], order[to]);
        continue;
      }
      visits.pop_back();
      if (!visits.empty()) lowest[visits.back().node] = std::min(lowest[visits.back().node], lowest[node]);
      if (lowest[node] != order[node]) continue;
      for (Node member = none; member != node;) {
        member = open.back();
        open.pop_back();
        component[member] = found;
      }
      ++found;
    }
  }
  return component;
}

}  // namespace gantry::schedule
