// Tells of a worker whose process stands still because somebody stopped it (SIGSTOP, ^Z, a read from the terminal):
// its pidfd is silent about that. Pure: no clock, no process.
#pragma once

#include <cstdint>
#include <optional>

#include "pool/clock.hpp"

namespace gantry::pool {

class StopWatch {
 public:
  static constexpr std::chrono::milliseconds look_every{500};
  static constexpr std::chrono::seconds patience{5};

  enum class Verdict : std::uint8_t { fine, tell, kill };

  /// To be asked at every look. `stalled`: the host itself stood still, perhaps stopped together with the worker, which
  /// may go on a moment later: the time begins again.
  [[nodiscard]] Verdict look(bool stopped, Time now, bool stalled) {
    if (!stopped) {
      since_.reset();
      told_ = false;
      return Verdict::fine;
    }
    if (!since_ || stalled) {
      since_ = now;
      return Verdict::fine;
    }
    if (now - *since_ >= patience) return Verdict::kill;
    if (told_ || now - *since_ < look_every / 2) return Verdict::fine;  // one look alone may have been unlucky
    told_ = true;
    return Verdict::tell;
  }

 private:
  std::optional<Time> since_;
  bool told_ = false;
};

}  // namespace gantry::pool
