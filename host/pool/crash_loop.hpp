// Tells a run in which a worker dies now and then from one in which nothing but dying happens. Pure: no clock.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <optional>

#include "pool/clock.hpp"

namespace gantry::pool {

/// Whose doing a death seems to be.
enum class Blame : std::uint8_t {
  own,    ///< the next one would die of the same
  others  ///< SIGKILL, which nobody sends himself: memory ended, or somebody killed it. The next one may be luckier
};

class CrashLoop {
 public:
  static constexpr std::ptrdiff_t most = 5;
  static constexpr std::chrono::seconds within{10};

  /// A worker died that ran no task. True: it is no use to go on. Either so many died by themselves within that time,
  /// or so many were killed, and for all that time nothing else happened.
  [[nodiscard]] bool died(Time now, Blame blame) {
    if (!since_) since_ = now;
    deaths_.push_back({now, blame});
    while (now - deaths_.front().at > within) deaths_.pop_front();
    const auto own = std::ranges::count(deaths_, Blame::own, &Death::blame);
    const auto all = static_cast<std::ptrdiff_t>(deaths_.size());
    return own >= most || (all >= most && now - *since_ >= within);
  }
  /// A task completed, or a worker told the catalog.
  void progress() {
    deaths_.clear();
    since_.reset();
  }

 private:
  struct Death {
    Time at;
    Blame blame;
  };
  std::deque<Death> deaths_;
  std::optional<Time> since_;  ///< the first death since progress
};

}  // namespace gantry::pool
