#include "wire/doorbell.hpp"

#include <fcntl.h>
#include <poll.h>
#include <unistd.h>

#include <atomic>
#include <catch2/catch.hpp>
#include <thread>

#include "wire/descriptor.hpp"
#include "wire/ring.hpp"

using namespace gantry;

namespace {

bool rings(int bell, int milliseconds) {
  pollfd readable{bell, POLLIN, 0};
  return ::poll(&readable, 1, milliseconds) == 1;
}

}  // namespace

TEST_CASE("a doorbell rings only for a sleeper, and once") {
  std::uint64_t flag = 0;
  auto bell = wire::event_descriptor();
  REQUIRE(bell);
  wire::Sleeper sleeper(flag, bell->get());
  wire::Ringer ringer(flag, bell->get());
  CHECK(ringer.ring_if_asleep());
  CHECK_FALSE(rings(bell->get(), 0));
  sleeper.announce();
  CHECK(ringer.ring_if_asleep());
  CHECK(rings(bell->get(), 0));
  CHECK(ringer.ring_if_asleep());
  sleeper.awake();
  sleeper.drain();
  CHECK_FALSE(rings(bell->get(), 0));
  sleeper.announce();
  sleeper.awake();
  CHECK(ringer.ring_if_asleep());
  CHECK_FALSE(rings(bell->get(), 0));
}

TEST_CASE("a bell that could not be rung is rung at the next try") {
  std::uint64_t flag = 0;
  auto bell = wire::event_descriptor();
  REQUIRE(bell);
  const wire::Descriptor deaf(::open("/dev/full", O_WRONLY | O_CLOEXEC));  // every write fails
  wire::Sleeper sleeper(flag, bell->get());
  sleeper.announce();
  wire::Ringer broken(flag, deaf.get());
  CHECK_FALSE(broken.ring_if_asleep());
  CHECK_FALSE(broken.ring());
  CHECK_FALSE(rings(bell->get(), 0));
  wire::Ringer ringer(flag, bell->get());
  CHECK(ringer.ring_if_asleep());
  CHECK(rings(bell->get(), 0));
}

TEST_CASE("a bell rings for who is awake, if it must") {
  std::uint64_t flag = 0;
  auto bell = wire::event_descriptor();
  REQUIRE(bell);
  wire::Ringer ringer(flag, bell->get());
  CHECK(ringer.ring());
  CHECK(rings(bell->get(), 0));
}

TEST_CASE("a bell whose counter is full rings") {
  std::uint64_t flag = 1;
  auto bell = wire::event_descriptor();
  REQUIRE(bell);
  const std::uint64_t most = UINT64_MAX - 1;
  REQUIRE(::write(bell->get(), &most, sizeof most) == sizeof most);
  wire::Ringer ringer(flag, bell->get());
  CHECK(ringer.ring_if_asleep());
  CHECK(rings(bell->get(), 0));
}

TEST_CASE("no wake-up is lost between two threads") {
  constexpr int rounds = 20000;
  std::uint64_t flag = 0;
  auto bell = wire::event_descriptor();
  REQUIRE(bell);
  std::atomic<int> published = 0;
  std::atomic<int> taken = 0;
  int late = 0;  // sleeps that only the time limit ended, though something was published
  std::thread waker([&] {
    wire::Ringer ringer(flag, bell->get());
    for (int i = 1; i <= rounds; ++i) {
      published.store(i, std::memory_order_release);
      static_cast<void>(ringer.ring_if_asleep());
      // Each round waits for the sleeper, so that it often sleeps or is about to.
      while (taken.load(std::memory_order_acquire) < i) std::this_thread::yield();
    }
  });
  wire::Sleeper sleeper(flag, bell->get());
  for (int seen = 0; seen < rounds;) {
    sleeper.announce();
    if (published.load(std::memory_order_acquire) == seen && !rings(bell->get(), 5000) &&
        published.load(std::memory_order_acquire) != seen) {
      ++late;
    }
    sleeper.awake();
    sleeper.drain();
    seen = published.load(std::memory_order_acquire);
    taken.store(seen, std::memory_order_release);
  }
  waker.join();
  CHECK(late == 0);
}
