// Tells a run in which a worker dies now and then from one in which nothing but dying happens. Pure: no clock.
#pragma once

#include <cstddef>
#include <deque>

#include "pool/clock.hpp"

namespace gantry::pool {

class CrashLoop {
 public:
  static constexpr std::size_t most = 5;
  static constexpr std::chrono::seconds within{10};

  /// A worker died that ran no task. True: the `most`th of them `within` that time, without a task completed since.
  [[nodiscard]] bool died(Time now) {
    deaths_.push_back(now);
    while (deaths_.front() < now - within) deaths_.pop_front();
    return deaths_.size() >= most;
  }
  /// A task completed.
  void progress() { deaths_.clear(); }

 private:
  std::deque<Time> deaths_;
};

}  // namespace gantry::pool
