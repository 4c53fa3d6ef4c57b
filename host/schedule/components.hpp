// Strongly connected components of a directed graph: nodes from each of which all others can be reached.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <utility>
#include <vector>

namespace gantry::schedule {

using Node = std::uint32_t;

/// Edges by node, flat.
class Graph {
 public:
  Graph(std::size_t nodes, const std::vector<std::pair<Node, Node>>& edges);

  [[nodiscard]] std::size_t nodes() const { return starts_.size() - 1; }
  [[nodiscard]] std::span<const Node> from(Node node) const {
    return std::span(ends_).subspan(starts_[node], starts_[node + 1] - starts_[node]);
  }

 private:
  std::vector<std::size_t> starts_;
  std::vector<Node> ends_;
};

/// The component of each node (Tarjan 1972), without recursion: chains are 10^5 long. They are numbered from 0, each
/// after all that can be reached from it. Linear.
[[nodiscard]] std::vector<Node> components(const Graph& graph);

}  // namespace gantry::schedule
