// A decision tree as data: what train gives, predict takes, and the wire carries.
#pragma once

#include <cstddef>
#include <span>
#include <vector>

#include <gantry/plugin.hpp>

namespace forest {

using gantry::f64;
using gantry::u32;
using gantry::u64;

/// A row goes to the next node of the list if its feature is at most the threshold, else to `right`; `right` 0 is a
/// leaf, whose answer is `label`.
struct Node {
  u32 feature = 0;
  f64 threshold = 0;
  u32 right = 0;
  u32 label = 0;
  template <class Archive>
  void serialize(Archive& archive) {
    archive(CEREAL_NVP(feature), CEREAL_NVP(threshold), CEREAL_NVP(right), CEREAL_NVP(label));
  }
};

/// Nodes stand in preorder, so that every path goes forward.
struct Tree {
  u32 features = 0;  ///< of each row
  u32 classes = 0;   ///< labels are below it
  std::vector<Node> nodes;
  template <class Archive>
  void serialize(Archive& archive) {
    archive(CEREAL_NVP(features), CEREAL_NVP(classes), CEREAL_NVP(nodes));
  }
};

/// Rows of equal length, and what each of them is.
struct Samples {
  std::vector<std::vector<f64>> features;
  std::vector<u32> labels;
  template <class Archive>
  void serialize(Archive& archive) {
    archive(CEREAL_NVP(features), CEREAL_NVP(labels));
  }
};

/// Precondition: a tree that was grown or checked, and a row of its length.
[[nodiscard]] inline u32 classify(const Tree& tree, std::span<const f64> row) {
  std::size_t at = 0;
  while (tree.nodes[at].right != 0) {
    const Node& node = tree.nodes[at];
    at = row[node.feature] <= node.threshold ? at + 1 : node.right;
  }
  return tree.nodes[at].label;
}

}  // namespace forest
