// Growing one tree of a random forest: CART (Breiman, Friedman, Olshen and Stone, 1984) with the Gini impurity, on a
// bootstrap sample, looking at a few random features for each split (Breiman, "Random forests", 2001); not pruned.
#pragma once

#include "forest/tree.hpp"

namespace forest {

struct Rules {
  u64 depth = 64;    ///< most splits from the root to a leaf
  u64 leaf = 1;      ///< fewest samples in a leaf, at least 1
  u64 features = 1;  ///< features looked at for each split, from 1 to all
};

/// Depends on its arguments and the state of `random` alone. Precondition: checked samples, at least one.
[[nodiscard]] Tree grow(const Samples& samples, u32 classes, const Rules& rules, gantry::Random& random);

}  // namespace forest
