// forest: a random forest, trained tree by tree, and its votes.
#include <algorithm>
#include <array>
#include <cmath>
#include <string>
#include <vector>

#include <gantry/plugin.hpp>

#include "forest/grow.hpp"
#include "forest/tree.hpp"

namespace {

using forest::Samples;
using forest::Tree;
using gantry::f64;
using gantry::u32;
using gantry::u64;
using Rows = std::vector<std::vector<f64>>;

constexpr u32 most_classes = 65'536;

/// Normal with variance 1, nearly: the sum of twelve uniforms. Unlike log and cos it is the same on every machine.
f64 noise(gantry::Random& random) {
  f64 sum = -6;
  for (int i = 0; i < 12; ++i) sum += random.uniform();
  return sum;
}

/// The data set of "Classification and Regression Trees" (1984), section 2.6.2: three classes, each the mix of two of
/// three triangular waves at 21 points, with noise. No rule can be right about more than 86 % of it.
gantry::Result<Samples> waveform(gantry::Context& context, u64 samples) {
  constexpr u64 most = 10'000'000;
  constexpr int points = 21;
  if (samples > most) return gantry::fail("argument", "samples is at most 10000000 for one task");
  constexpr std::array peaks = {11, 15, 7};
  constexpr std::array<std::array<std::size_t, 2>, 3> mixes = {{{0, 1}, {0, 2}, {1, 2}}};
  const auto wave = [&](std::size_t which, int point) {
    return static_cast<f64>(std::max(6 - std::abs(point - peaks[which]), 0));
  };
  gantry::Random& random = context.rng();
  Samples made;
  for (u64 i = 0; i < samples; ++i) {
    const auto label = static_cast<u32>(random.below(mixes.size()));
    const f64 share = random.uniform();
    std::vector<f64> row(points);
    for (int point = 1; point <= points; ++point) {
      const f64 mixed = share * wave(mixes[label][0], point) + (1 - share) * wave(mixes[label][1], point);
      row[static_cast<std::size_t>(point - 1)] = mixed + noise(random);
    }
    made.features.push_back(std::move(row));
    made.labels.push_back(label);
  }
  return made;
}

auto wrong(const std::string& sentence) {
  return gantry::fail("argument", sentence);
}

gantry::Result<void> check(const Samples& samples) {
  const auto& [features, labels] = samples;
  if (features.empty()) return wrong("there are no samples");
  if (features.size() != labels.size())
    return wrong(std::to_string(features.size()) + " rows of features, but " + std::to_string(labels.size()) +
                 " labels");
  if (features.size() >> 31U != 0) return wrong("more than 2^31 samples");
  if (features.front().empty()) return wrong("a row without features");
  for (std::size_t row = 0; row < features.size(); ++row) {
    if (features[row].size() != features.front().size())
      return wrong("features[" + std::to_string(row) + "] is of another length than features[0]");
    if (!std::ranges::all_of(features[row], [](f64 value) { return std::isfinite(value); }))
      return wrong("features[" + std::to_string(row) + "] holds a number that is not finite");
    if (labels[row] >= most_classes)
      return wrong("labels[" + std::to_string(row) + "] is " + std::to_string(labels[row]) + ", and not below 65536");
  }
  return {};
}

gantry::Result<Tree> train(gantry::Context& context, const Samples& samples, u64 features, u64 depth, u64 leaf) {
  if (auto good = check(samples); !good) return std::unexpected(good.error());
  const u64 all = samples.features.front().size();
  if (features > all) return wrong("there are but " + std::to_string(all) + " features to look at for a split");
  if (leaf == 0) return wrong("a leaf holds at least 1 sample");
  const auto root = static_cast<u64>(std::sqrt(static_cast<f64>(all)));
  const forest::Rules rules{.depth = depth, .leaf = leaf, .features = features == 0 ? root : features};
  const u32 classes = std::ranges::max(samples.labels) + 1;
  return forest::grow(samples, classes, rules, context.rng());
}

/// Trees that were not made by train may hold anything: after this, classify() ends, and within the list.
gantry::Result<void> check(const std::vector<Tree>& trees) {
  if (trees.empty()) return wrong("a forest without trees cannot vote");
  for (std::size_t which = 0; which < trees.size(); ++which) {
    const Tree& tree = trees[which];
    const std::string name = "forest[" + std::to_string(which) + "]";
    if (tree.features != trees.front().features || tree.nodes.empty() || tree.classes > most_classes)
      return wrong(name + (tree.nodes.empty()            ? " has no nodes"
                           : tree.classes > most_classes ? " has more than 65536 classes"
                                                         : " takes rows of another length than forest[0]"));
    for (std::size_t at = 0; at < tree.nodes.size(); ++at) {
      const forest::Node& node = tree.nodes[at];
      const bool inner = node.right != 0;
      if (inner ? node.right <= at + 1 || node.right >= tree.nodes.size() || node.feature >= tree.features
                : node.label >= tree.classes)
        return wrong(name + ".nodes[" + std::to_string(at) + "] names a node, feature or class that there is not");
    }
  }
  return {};
}

gantry::Result<void> check(const Rows& rows, u32 features) {
  for (std::size_t row = 0; row < rows.size(); ++row) {
    if (rows[row].size() != features)
      return wrong("features[" + std::to_string(row) + "] has " + std::to_string(rows[row].size()) +
                   " numbers, but the trees were trained with " + std::to_string(features));
    if (std::ranges::any_of(rows[row], [](f64 value) { return std::isnan(value); }))
      return wrong("features[" + std::to_string(row) + "] holds a NaN");
  }
  return {};
}

/// The class that most trees name; the smallest of several.
gantry::Result<std::vector<u32>> predict(const std::vector<Tree>& trees, const Rows& features) {
  if (auto good = check(trees); !good) return std::unexpected(good.error());
  if (auto good = check(features, trees.front().features); !good) return std::unexpected(good.error());
  const u32 classes = std::ranges::max(trees, {}, &Tree::classes).classes;
  std::vector<u32> predicted;
  predicted.reserve(features.size());
  std::vector<u64> votes(classes);
  for (const auto& row : features) {
    std::ranges::fill(votes, 0);
    for (const Tree& tree : trees) ++votes[classify(tree, row)];
    predicted.push_back(static_cast<u32>(std::ranges::max_element(votes) - votes.begin()));
  }
  return predicted;
}

gantry::Result<f64> accuracy(const std::vector<u32>& predicted, const std::vector<u32>& labels) {
  if (predicted.size() != labels.size())
    return wrong(std::to_string(predicted.size()) + " predictions for " + std::to_string(labels.size()) + " labels");
  if (labels.empty()) return wrong("there are no predictions");
  u64 right = 0;
  for (std::size_t i = 0; i < labels.size(); ++i) right += predicted[i] == labels[i] ? 1 : 0;
  return static_cast<f64>(right) / static_cast<f64>(labels.size());
}

}  // namespace

GANTRY_PLUGIN("forest", "1.0.0",
              gantry::thread_safe(gantry::function<waveform>(
                  "waveform", {"samples"}, "Random samples of Breiman's waveform data: 21 features, 3 classes.")),
              gantry::thread_safe(
                  gantry::function<train>("train", {"samples", "features = 0", "depth = 64", "leaf = 1"},
                                          "A tree grown on a bootstrap of the samples; features: how many a split "
                                          "looks at, 0 for the root of all; leaf: fewest samples in a leaf.")),
              gantry::thread_safe(gantry::function<predict>("predict", {"forest", "features"},
                                                            "The class of each row, by the trees' votes.")),
              gantry::thread_safe(gantry::function<accuracy>("accuracy", {"predicted", "labels"},
                                                             "The share of predictions that are right.")));
