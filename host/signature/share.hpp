// What each task of a step uses of a producer's elements, where not every task uses all.
#pragma once

#include <cstdint>
#include <optional>

namespace gantry::signature {

/// The task `index` has the position index / divide % modulo, and uses the elements of that position.
struct Share {
  std::uint64_t divide = 1;
  std::uint64_t modulo = 1;
  std::uint64_t group = 1;                ///< position p has the elements from p * group to the next one's
  std::optional<std::uint64_t> position;  ///< this one has all of the elements, others none

  friend bool operator==(const Share&, const Share&) = default;
};

}  // namespace gantry::signature
