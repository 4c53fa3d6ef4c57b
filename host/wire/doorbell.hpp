// Waking a peer that sleeps, and only then: an eventfd each way, and a shared flag that says who sleeps.
//
// Why no wake-up is lost. The sleeper does        The waker does
//   S1  flag = 1                                    W1  publish (a ring's tail, a released position)
//   S2  fence (seq_cst)                             W2  fence (seq_cst)
//   S3  look for work once more; none: poll         W3  if flag == 1: flag = 0, ring
// The two fences have one order. If S2 comes first, W3 sees S1's store (or a later one: then somebody else rang, or
// the sleeper woke and looks again before it sleeps) and rings; a ring stays in the eventfd until it is drained, so it
// does not matter whether the sleeper polls already. If W2 comes first, S3 sees what W1 published and does not sleep.
// Waking drains the eventfd if it rang and then looks for work, never the other way round; a ring too many costs one
// look. Should a ring be lost all the same, both sides are bounded: nobody sleeps for ever, and the host rings again.
#pragma once

#include <cstdint>

namespace gantry::wire {

/// Rings an eventfd. False: that failed, for another reason than a signal.
[[nodiscard]] bool ring(int bell);

/// The sleeping side. `flag` is shared; `bell` (an eventfd) is borrowed.
class Sleeper {
 public:
  Sleeper(std::uint64_t& flag, int bell) : flag_(&flag), bell_(bell) {}

  void announce();  ///< S1, S2: after it, look for work before polling bell()
  void awake();     ///< back from polling, or not going to: no more rings are wanted
  void drain();     ///< the bell rang: it is quiet again; look for work after it
  [[nodiscard]] int bell() const { return bell_; }

 private:
  std::uint64_t* flag_;
  int bell_;
};

/// The waking side.
class Ringer {
 public:
  Ringer(std::uint64_t& flag, int bell) : flag_(&flag), bell_(bell) {}

  /// W2, W3: call after publishing. False: the bell could not be rung, and the sleeper counts as asleep still: call
  /// again before long.
  [[nodiscard]] bool ring_if_asleep();
  /// Rings, whatever the flag says: should a ring ever have been lost, it does no harm to ring once more.
  [[nodiscard]] bool ring() { return wire::ring(bell_); }

 private:
  std::uint64_t* flag_;
  int bell_;
};

}  // namespace gantry::wire
