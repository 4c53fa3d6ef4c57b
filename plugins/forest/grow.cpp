#include "forest/grow.hpp"

#include <algorithm>
#include <numeric>
#include <optional>
#include <utility>

namespace forest {
namespace {

struct Split {
  u32 feature;
  f64 threshold;
  f64 purity;
};

/// How many samples of each class, and the sum of the squares of these numbers. Gini's impurity of n samples is
/// 1 - squares/n², so a split is best where squares(left)/n(left) + squares(right)/n(right) is largest.
class Census {
 public:
  explicit Census(std::size_t classes) : counts_(classes) {}
  void clear() {
    std::ranges::fill(counts_, 0);
    size_ = squares_ = 0;
  }
  void add(u32 label) {
    squares_ += 2 * counts_[label]++ + 1;
    ++size_;
  }
  void remove(u32 label) {
    squares_ -= 2 * counts_[label]-- - 1;
    --size_;
  }
  [[nodiscard]] u64 size() const { return size_; }
  [[nodiscard]] bool pure() const { return squares_ == size_ * size_; }
  [[nodiscard]] f64 purity() const { return static_cast<f64>(squares_) / static_cast<f64>(size_); }
  /// The most frequent class; the smallest of several.
  [[nodiscard]] u32 majority() const { return static_cast<u32>(std::ranges::max_element(counts_) - counts_.begin()); }

 private:
  std::vector<u64> counts_;
  u64 size_ = 0;
  u64 squares_ = 0;
};

/// Between two values, so that the lower one is at most the threshold and the higher one is not.
f64 between(f64 lower, f64 higher) {
  const f64 middle = lower / 2 + higher / 2;
  return middle >= lower && middle < higher ? middle : lower;
}

class Grower {
 public:
  Grower(const Samples& samples, u32 classes, const Rules& rules, gantry::Random& random)
      : samples_(samples), rules_(rules), random_(random), whole_(classes), left_(classes), right_(classes) {
    tree_.features = static_cast<u32>(samples.features.front().size());
    tree_.classes = classes;
    features_.resize(tree_.features);
    std::iota(features_.begin(), features_.end(), 0);
    drawn_.resize(samples.features.size());
    for (u32& sample : drawn_) sample = static_cast<u32>(random_.below(drawn_.size()));
  }

  Tree grow() {
    std::vector<Branch> waiting{{.begin = 0, .end = drawn_.size(), .depth = 0, .parent = {}}};
    while (!waiting.empty()) {
      const Branch branch = waiting.back();
      waiting.pop_back();
      const auto index = static_cast<u32>(tree_.nodes.size());
      if (branch.parent) tree_.nodes[*branch.parent].right = index;
      Node& node = tree_.nodes.emplace_back();
      const auto split = look(branch);
      node.label = whole_.majority();
      if (!split) continue;
      node.feature = split->feature;
      node.threshold = split->threshold;
      const std::size_t middle = part(branch, *split);
      waiting.push_back({.begin = middle, .end = branch.end, .depth = branch.depth + 1, .parent = index});
      waiting.push_back({.begin = branch.begin, .end = middle, .depth = branch.depth + 1, .parent = {}});
    }
    return std::move(tree_);
  }

 private:
  /// A run of drawn_ that is still to become a node, and the node that it is the right child of.
  struct Branch {
    std::size_t begin;
    std::size_t end;
    u64 depth;
    std::optional<u32> parent;
  };

  /// Counts the branch, and finds its best split among rules_.features features that are not all equal there; among
  /// more, one by one, if these allow none.
  std::optional<Split> look(const Branch& branch) {
    whole_.clear();
    for (std::size_t i = branch.begin; i < branch.end; ++i) whole_.add(samples_.labels[drawn_[i]]);
    if (whole_.pure() || branch.depth == rules_.depth || whole_.size() / 2 < rules_.leaf) return {};
    std::optional<Split> best;
    u64 looked = 0;
    for (std::size_t i = 0; i < features_.size() && (looked < rules_.features || !best); ++i) {
      std::swap(features_[i], features_[i + random_.below(features_.size() - i)]);
      looked += look_at(features_[i], branch, best) ? 1 : 0;
    }
    return best;
  }

  /// False if all samples are equal in this feature.
  bool look_at(u32 feature, const Branch& branch, std::optional<Split>& best) {
    sorted_.clear();
    for (std::size_t i = branch.begin; i < branch.end; ++i) {
      sorted_.emplace_back(samples_.features[drawn_[i]][feature], samples_.labels[drawn_[i]]);
    }
    std::sort(sorted_.begin(), sorted_.end());
    if (sorted_.front().first == sorted_.back().first) return false;
    left_.clear();
    right_ = whole_;
    for (std::size_t i = 0; i + 1 < sorted_.size(); ++i) {
      const auto [value, label] = sorted_[i];
      left_.add(label);
      right_.remove(label);
      const f64 next = sorted_[i + 1].first;
      if (value == next || left_.size() < rules_.leaf || right_.size() < rules_.leaf) continue;
      const f64 purity = left_.purity() + right_.purity();
      if (!best || purity > best->purity) {
        best = Split{.feature = feature, .threshold = between(value, next), .purity = purity};
      }
    }
    return true;
  }

  /// Moves the samples that go left to the front; returns where the others begin.
  std::size_t part(const Branch& branch, const Split& split) {
    const auto first = drawn_.begin();
    const auto middle = std::partition(
        first + static_cast<std::ptrdiff_t>(branch.begin), first + static_cast<std::ptrdiff_t>(branch.end),
        [&](u32 sample) { return samples_.features[sample][split.feature] <= split.threshold; });
    return static_cast<std::size_t>(middle - first);
  }

  const Samples& samples_;
  const Rules rules_;
  gantry::Random& random_;
  Tree tree_;
  std::vector<u32> features_;                ///< in random order, drawn anew from the front for each node
  std::vector<u32> drawn_;                   ///< the bootstrap: as many samples, with repetition
  std::vector<std::pair<f64, u32>> sorted_;  ///< of one branch: a feature's values with their labels
  Census whole_, left_, right_;
};

}  // namespace

Tree grow(const Samples& samples, u32 classes, const Rules& rules, gantry::Random& random) {
  return Grower(samples, classes, rules, random).grow();
}

}  // namespace forest
