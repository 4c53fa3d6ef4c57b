#include "wire/doorbell.hpp"

#include <unistd.h>

#include "wire/layout.hpp"

namespace gantry::wire {

void Sleeper::announce() {
  shared(*flag_).store(1, std::memory_order_relaxed);
  std::atomic_thread_fence(std::memory_order_seq_cst);
}

void Sleeper::awake() {
  shared(*flag_).store(0, std::memory_order_relaxed);
  std::uint64_t rings = 0;
  // Empty is the usual case (EAGAIN); any other failure would show as a bell that never rings, which every poll of a
  // bell is bounded against.
  [[maybe_unused]] const ssize_t got = ::read(bell_, &rings, sizeof rings);
}

void Ringer::ring_if_asleep() {
  std::atomic_thread_fence(std::memory_order_seq_cst);
  if (shared(*flag_).load(std::memory_order_relaxed) == 0) return;
  shared(*flag_).store(0, std::memory_order_relaxed);
  const std::uint64_t once = 1;
  // EAGAIN: a peer filled the counter; then the bell rings anyway.
  [[maybe_unused]] const ssize_t put = ::write(bell_, &once, sizeof once);
}

}  // namespace gantry::wire
