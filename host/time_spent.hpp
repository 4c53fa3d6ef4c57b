// Keeps account of where a run's time goes: what the driver does, and which workers have work. A few clock reads a turn
// of the driver's loop, none a task: what happens within a turn is dated by the turn's last reading.
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <vector>

#include "report/spent.hpp"
#include "schedule/schedule.hpp"

namespace gantry::host {

class TimeSpent {
 public:
  /// What the driver does now.
  enum class Doing : std::uint8_t { encode, decode, wait };

  /// The clock starts, with Doing::encode.
  TimeSpent(std::size_t steps, unsigned workers);

  void enter(Doing doing);
  /// Of the wait that goes on, so long there was nothing to do; the rest took results in. All of it, if not told.
  void slept(std::chrono::nanoseconds nothing_to_do);
  /// The worker got a chunk.
  void leased(WorkerIndex worker);
  /// To be told before the schedule is, which then may not know the lease any more.
  void happened(const schedule::Event& event, const schedule::Schedule& schedule);
  /// Does a finished result of the step wait for an earlier task?
  void held_up(StepIndex step, bool is);
  /// The clock stops; all parts but HostTime::start, which lies before this run.
  [[nodiscard]] report::Spent finish();

 private:
  using Time = std::chrono::steady_clock::time_point;
  struct Place {
    Time since;
    unsigned leases = 0;
    bool ready = false;
  };

  void account(Place& place);
  void account_wait(std::chrono::nanoseconds took);

  Doing doing_ = Doing::encode;
  Time now_;
  std::optional<std::chrono::nanoseconds> slept_;  ///< of the wait that goes on
  std::vector<Place> places_;
  std::vector<bool> held_up_;
  std::size_t steps_held_up_ = 0;
  std::chrono::nanoseconds leased_{0};  ///< by workers that were ready
  report::Spent spent_;
};

}  // namespace gantry::host
