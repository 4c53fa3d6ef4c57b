// Encoded values: the names for owned and borrowed bytes that all rooms use.
#pragma once

#include <cstddef>
#include <span>
#include <vector>

namespace gantry::signature {

using Bytes = std::vector<std::byte>;
using View = std::span<const std::byte>;

inline void append(Bytes& to, View bytes) {
  to.insert(to.end(), bytes.begin(), bytes.end());
}

}  // namespace gantry::signature
