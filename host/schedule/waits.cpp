#include "schedule/waits.hpp"

#include <algorithm>
#include <cstdint>
#include <numeric>
#include <span>

namespace gantry::schedule {

namespace {

using Node = std::uint32_t;
constexpr Node kNone = ~Node{0};

struct Wait {
  Node from = 0;
  Node to = 0;
  bool whole = false;  ///< for all of it
};

/// Waits by node, flat.
class Graph {
 public:
  Graph(std::size_t nodes, const std::vector<Wait>& waits) : starts_(nodes + 1, 0), waits_(waits.size()) {
    for (const Wait& wait : waits) ++starts_[wait.from + 1];
    std::partial_sum(starts_.begin(), starts_.end(), starts_.begin());
    std::vector<std::size_t> next(starts_.begin(), starts_.end() - 1);
    for (const Wait& wait : waits) waits_[next[wait.from]++] = wait;
  }

  [[nodiscard]] std::size_t nodes() const { return starts_.size() - 1; }
  [[nodiscard]] std::span<const Wait> of(Node node) const {
    return std::span(waits_).subspan(starts_[node], starts_[node + 1] - starts_[node]);
  }
  [[nodiscard]] std::span<const Wait> all() const { return waits_; }

 private:
  std::vector<std::size_t> starts_;
  std::vector<Wait> waits_;
};

/// The strongly connected component of each node (Tarjan 1972), without recursion: chains are 10^5 long.
std::vector<Node> components(const Graph& graph) {
  struct Visit {
    Node node = 0;
    std::size_t next = 0;
  };
  const std::size_t count = graph.nodes();
  std::vector<Node> component(count, kNone);
  std::vector<Node> order(count, kNone);
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
    if (order[root] != kNone) continue;
    enter(root);
    while (!visits.empty()) {
      const Node node = visits.back().node;
      const auto waits = graph.of(node);
      if (visits.back().next < waits.size()) {
        const Node to = waits[visits.back().next++].to;
        if (order[to] == kNone)
          enter(to);
        else if (component[to] == kNone)
          lowest[node] = std::min(lowest[node], order[to]);
        continue;
      }
      visits.pop_back();
      if (!visits.empty()) lowest[visits.back().node] = std::min(lowest[visits.back().node], lowest[node]);
      if (lowest[node] != order[node]) continue;
      for (Node member = kNone; member != node;) {
        member = open.back();
        open.pop_back();
        component[member] = found;
      }
      ++found;
    }
  }
  return component;
}

}  // namespace

std::vector<bool> loose_edges(const std::vector<Step>& steps, const std::vector<bool>& windowed) {
  std::vector<Wait> waits;
  for (Node step = 0; step < steps.size(); ++step) {
    for (const Edge& edge : steps[step].edges) {
      const Node producer = host::raw(edge.producer);
      const bool stream = edge.kind == Edge::Kind::stream;
      waits.push_back({step, producer, !stream});
      if (stream && windowed[producer]) waits.push_back({producer, step, false});
    }
  }
  const Graph graph(steps.size(), waits);
  const auto component = components(graph);
  std::vector<bool> gated(steps.size(), false);
  for (const Wait& wait : graph.all())
    if (wait.whole && component[wait.from] == component[wait.to]) gated[component[wait.from]] = true;

  std::vector<bool> loose;
  for (Node step = 0; step < steps.size(); ++step)
    for (const Edge& edge : steps[step].edges)
      loose.push_back(edge.kind == Edge::Kind::stream && component[step] == component[host::raw(edge.producer)] &&
                      gated[component[step]]);
  return loose;
}

}  // namespace gantry::schedule
