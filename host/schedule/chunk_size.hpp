// How many tasks of a step go into one lease, learnt from how long its tasks were busy.
#pragma once

#include <chrono>
#include <cstdint>

namespace gantry::schedule {

class ChunkSize {
 public:
  /// A lease should be this long: sending and reporting one costs microseconds (up to 40 with a sleeping worker), so
  /// 4 ms makes that 1 %, and a step still ends evenly and answers a halt at once.
  static constexpr std::chrono::nanoseconds kLease = std::chrono::milliseconds(4);
  /// A first measurement is of few tasks in a cold process: trust it only so far.
  static constexpr std::uint64_t kGrowth = 8;
  /// Results of a lease are in one window: 512 KiB of u64.
  static constexpr std::uint64_t kMost = 65'536;
  /// Tasks below this are short: a second lease that waits behind the first waits a moment at most, if nobody takes it
  /// back, and a worker that were without one would wait for a wake-up on both sides after each task: 1 % of this.
  static constexpr std::chrono::nanoseconds kShort = std::chrono::milliseconds(10);
  /// Share of a new measurement in the estimate: follows costs that drift, rides out one odd lease.
  static constexpr double kWeight = 0.25;
  /// At the end each worker should get so many more leases, so that all end together.
  static constexpr std::uint64_t kLastLeases = 2;

  /// `fixed`: that many tasks a lease, whatever they take; 0: adaptive.
  explicit ChunkSize(std::uint64_t fixed) : fixed_(fixed) {}

  /// A run of `tasks` ≥ 1 took this long.
  void measured(std::uint64_t tasks, std::chrono::nanoseconds busy);
  /// Most tasks of the next lease, at least 1: of `remaining` that are in no lease yet, when at most `window` may be
  /// started and not released.
  [[nodiscard]] std::uint64_t next(std::uint64_t remaining, std::uint64_t window, unsigned workers) const;
  /// What so many tasks will take, as far as is known: 0 if nothing is.
  [[nodiscard]] std::uint64_t expected_ns(std::uint64_t tasks) const {
    return static_cast<std::uint64_t>(estimate_ * static_cast<double>(tasks));
  }
  [[nodiscard]] bool known() const { return known_; }
  /// The tasks are known to be short.
  [[nodiscard]] bool brief() const { return known_ && estimate_ < static_cast<double>(kShort.count()); }

 private:
  std::uint64_t fixed_;
  std::uint64_t size_ = 1;
  double estimate_ = 0;  ///< nanoseconds a task
  bool known_ = false;
};

}  // namespace gantry::schedule
