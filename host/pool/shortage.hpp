// No more memory, processes or descriptors for a worker: how long that is borne, and when people are told of it.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "pool/clock.hpp"
#include "signature/mode.hpp"

namespace gantry::pool {

/// Pure: no clock.
class Shortage {
 public:
  static constexpr std::chrono::seconds first_word{1};  ///< of a shortage that lasts so long
  static constexpr std::chrono::seconds next_word{5};
  static constexpr std::chrono::seconds limit{30};
  static constexpr std::chrono::milliseconds hopeless_limit{250};  ///< another thread of this program may give back

  enum class Verdict : std::uint8_t { bear, tell, give_up };

  /// A worker could not be started. `alone`: none lives, whose end might give back what is short; `hopeless`: nor will
  /// anybody else.
  [[nodiscard]] Verdict failed(Time now, bool alone, bool hopeless) {
    if (!since_) since_ = now;
    if (!alone) {
      alone_since_.reset();
    } else if (!alone_since_) {
      alone_since_ = now;
    }
    if (alone_since_ && now - *alone_since_ >= limit) return Verdict::give_up;
    if (alone_since_ && hopeless && now - *alone_since_ >= hopeless_limit) return Verdict::give_up;
    if (now - *since_ < first_word || (told_ && (!alone || now - *told_ < next_word))) return Verdict::bear;
    told_ = now;  // where others work, once is enough
    return Verdict::tell;
  }
  /// A worker was started.
  void passed() {
    since_.reset();
    alone_since_.reset();
  }

 private:
  std::optional<Time> since_;
  std::optional<Time> alone_since_;
  std::optional<Time> told_;
};

/// That this process may have too few descriptors for one more worker, and how many it would need. Nothing: it has
/// enough.
[[nodiscard]] std::optional<std::string> lack_of_descriptors(host::Mode mode);

}  // namespace gantry::pool
