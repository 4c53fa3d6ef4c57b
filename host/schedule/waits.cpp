#include "schedule/waits.hpp"

#include <utility>

#include "schedule/components.hpp"

namespace gantry::schedule {

namespace {

struct Wait {
  Node from = 0;
  Node to = 0;
  bool whole = false;  ///< for all of it
};

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
  std::vector<std::pair<Node, Node>> edges;
  edges.reserve(waits.size());
  for (const Wait& wait : waits) edges.emplace_back(wait.from, wait.to);
  const auto component = components(Graph(steps.size(), edges));
  std::vector<bool> gated(steps.size(), false);
  for (const Wait& wait : waits)
    if (wait.whole && component[wait.from] == component[wait.to]) gated[component[wait.from]] = true;

  std::vector<bool> loose;
  for (Node step = 0; step < steps.size(); ++step)
    for (const Edge& edge : steps[step].edges)
      loose.push_back(edge.kind == Edge::Kind::stream && component[step] == component[host::raw(edge.producer)] &&
                      gated[component[step]]);
  return loose;
}

}  // namespace gantry::schedule
