#include "wire/doorbell.hpp"

#include <unistd.h>

#include <cerrno>

#include "wire/layout.hpp"

namespace gantry::wire {

void Sleeper::announce() {
  shared(*flag_).store(1, std::memory_order_relaxed);
  std::atomic_thread_fence(std::memory_order_seq_cst);
}

void Sleeper::awake() {
  shared(*flag_).store(0, std::memory_order_relaxed);
}

void Sleeper::drain() {
  std::uint64_t rings = 0;
  // Empty (EAGAIN) is no error. After any other the bell still rings: the next poll ends at once, and this is called
  // again.
  while (::read(bell_, &rings, sizeof rings) < 0 && errno == EINTR) continue;
}

bool Ringer::ring_if_asleep() {
  std::atomic_thread_fence(std::memory_order_seq_cst);
  if (shared(*flag_).load(std::memory_order_relaxed) == 0) return true;
  shared(*flag_).store(0, std::memory_order_relaxed);
  if (ring()) return true;
  shared(*flag_).store(1, std::memory_order_relaxed);  // at worst it is awake by now, and rung once too often
  return false;
}

bool ring(int bell) {
  const std::uint64_t once = 1;
  for (;;) {
    if (::write(bell, &once, sizeof once) == sizeof once) return true;
    if (errno == EAGAIN) return true;  // a peer filled the counter: the bell rings anyway
    if (errno != EINTR) return false;
  }
}

}  // namespace gantry::wire
