// A runner without process, clock or file: workers take turns in an order drawn from a seed, and fail as they are told.
#pragma once

#include <chrono>
#include <cstdint>
#include <deque>
#include <functional>
#include <random>
#include <vector>

#include "schedule/runner.hpp"

namespace gantry::test {

/// How one start of a task ends.
enum class Fate : std::uint8_t { value, error, crash, timeout };

class FakeRunner final : public schedule::Runner {
 public:
  struct Behaviour {
    unsigned workers = 1;
    std::uint64_t seed = 0;
    /// Of each start; without it all end with values.
    std::function<Fate(host::StepIndex step, std::uint64_t index, std::uint32_t attempt)> fate;
    /// The encoded result; without it the index as u64.
    std::function<signature::Bytes(host::StepIndex step, std::uint64_t index)> result;
    /// How long a task is said to take; without it 1 µs.
    std::function<std::chrono::nanoseconds(host::StepIndex step, std::uint64_t index)> busy;
    /// Hears of every start.
    std::function<void(const schedule::Lease& lease, std::uint64_t index)> started;
    /// The results that a dying worker had not reported may be lost with it; without it they never are.
    std::function<bool(host::StepIndex step)> may_lose;
    unsigned accidents = 0;     ///< of a thousand turns of a worker, those in which it dies between two tasks
    unsigned report_every = 4;  ///< on average; 0: a whole lease at once
    bool in_order = false;      ///< workers take turns round and round instead
    bool shared = false;        ///< workers die together; some of the others are in the middle of a task then
  };

  explicit FakeRunner(Behaviour behaviour);

  [[nodiscard]] unsigned workers() const override { return behaviour_.workers; }
  [[nodiscard]] bool shares_process() const override { return behaviour_.shared; }
  /// Errors: a third lease for a worker, a lease without tasks.
  [[nodiscard]] host::Result<void> start(schedule::Chunk chunk) override;
  [[nodiscard]] std::uint64_t recall(const schedule::Lease& lease) override;
  /// Lets workers take turns until there is an event; none, if no worker has a lease.
  std::chrono::nanoseconds wait(std::chrono::nanoseconds at_most, std::vector<schedule::Event>& events) override;
  [[nodiscard]] std::uint64_t deaths() const { return deaths_; }
  /// Tasks that another's death took with it.
  [[nodiscard]] std::uint64_t victims() const { return victims_; }

 private:
  struct Held {
    schedule::Lease lease;
    std::uint64_t unreported = 0;  ///< first of the finished tasks that were not reported
    std::uint64_t next = 0;        ///< first unclaimed
    std::uint64_t end = 0;
  };

  [[nodiscard]] unsigned draw(unsigned below) { return static_cast<unsigned>(random_() % below); }
  void turn(unsigned worker, std::vector<schedule::Event>& events);
  void flush(Held& held, std::vector<schedule::Event>& events);
  void die(unsigned worker, bool running, schedule::Death::How how, std::vector<schedule::Event>& events);
  void die_with(unsigned worker, std::vector<schedule::Event>& events);

  Behaviour behaviour_;
  std::mt19937_64 random_;
  std::vector<std::deque<Held>> held_;
  unsigned last_ = 0;
  std::uint64_t deaths_ = 0;
  std::uint64_t victims_ = 0;
};

}  // namespace gantry::test
