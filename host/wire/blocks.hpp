// Long argument rows that many chunks share, as sealed memory: written once, told to each worker that needs them,
// mapped there read-only. One keeper for all channels of a pool; used by the pool's thread.
#pragma once

#include <cstdint>
#include <memory>
#include <vector>

#include "schedule/runner.hpp"
#include "signature/error.hpp"
#include "wire/descriptor.hpp"

namespace gantry::wire {

class Blocks {
 public:
  /// Where the arguments of the assignment's pattern are, in memory that lives as long as the assignment does (and as
  /// long as workers map it). Error: there is no memory.
  [[nodiscard]] host::Result<signature::SharedBytes::Place> of(
      const std::shared_ptr<const schedule::Assignment>& assignment);

 private:
  struct Kept {
    std::weak_ptr<const schedule::Assignment> assignment;
    std::shared_ptr<const Descriptor> memory;
  };
  std::vector<Kept> kept_;
};

/// Memory with these bytes in it.
[[nodiscard]] host::Result<Descriptor> memory_of(signature::View bytes);

}  // namespace gantry::wire
