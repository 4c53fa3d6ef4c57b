// Strong IDs: a step is not a worker is not a lease.
#pragma once

#include <cstdint>
#include <type_traits>

namespace gantry::host {

enum class StepIndex : std::uint32_t {};    ///< position in the pipeline file
enum class WorkerIndex : std::uint32_t {};  ///< a worker's place (0 … workers - 1); kept when it is replaced
enum class LeaseId : std::uint64_t {};      ///< ascends over a whole run, never reused; 0: none

template <class Id>
[[nodiscard]] constexpr auto raw(Id id) {
  return static_cast<std::underlying_type_t<Id>>(id);
}

}  // namespace gantry::host
