// What a worker says when tasks did not leave their process as they found it: a LogReport of one of these levels, ahead
// of the end of the lease. From the first on there is one for each lease; its text is empty if nothing else changed.
#pragma once

#include <cstdint>

namespace gantry::wire {

inline constexpr std::int32_t drifted_level = -2;          ///< the worker holds no pinned value: it can be replaced
inline constexpr std::int32_t drifted_holding_level = -3;  ///< it holds some, and so cannot
inline constexpr std::int32_t lowest_level = drifted_holding_level;

}  // namespace gantry::wire
