// Looking for work a while before going to sleep: a sleep and the wake-up that ends it cost both sides tens of
// microseconds, a look costs nanoseconds. Where looking was in vain it is tried ever more seldom.
#pragma once

#include <algorithm>
#include <cstdint>

#include "wire/progress.hpp"

namespace gantry::wire {

/// One side of one or many channels. To be used only while a processor is to spare: who looks keeps others from it.
class Spin {
 public:
  /// Looks until `ready()`, for about as long as a sleep and a wake-up cost (twice the best choice at worst: Karlin et
  /// al., "Empirical studies of competitive spinning", 1991); whether it is. After n vain tries in a row the next
  /// 2^n - 1 are left out.
  template <class Ready>
  [[nodiscard]] bool until(Ready ready) {
    if (left_out_ > 0) {
      --left_out_;
      return false;
    }
    const std::uint64_t began = monotonic_ns();
    do {
      for (int look = 0; look < looks_a_clock; ++look) {
        if (ready()) {
          in_vain_ = 0;
          return true;
        }
        relax();
      }
    } while (monotonic_ns() - began < longest_ns);
    in_vain_ = std::min(in_vain_ + 1, most_in_vain);
    left_out_ = (1U << in_vain_) - 1;
    return false;
  }

 private:
  static constexpr std::uint64_t longest_ns = 40'000;
  static constexpr int looks_a_clock = 16;
  static constexpr unsigned most_in_vain = 6;

  /// Tells the processor that this is a loop that waits.
  static void relax() {
#if defined(__x86_64__) || defined(__i386__)
    __builtin_ia32_pause();
#elif defined(__aarch64__)
    asm volatile("yield");
#endif
  }

  unsigned in_vain_ = 0;
  unsigned left_out_ = 0;
};

}  // namespace gantry::wire
