// The reading end of one printed step: its outcomes one at a time, fetched from the store many at a time. Tasks that
// never started are taken many at a time, and held until it is known where their run ends: the run is shown then, as
// one, however it came.
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "report/layout.hpp"
#include "results/store.hpp"

namespace gantry::report {

class Lane {
 public:
  explicit Lane(StepIndex step) : step_(step) {}

  [[nodiscard]] StepIndex step() const { return step_; }
  /// Tasks taken so far: the index of the next.
  [[nodiscard]] std::uint64_t position() const { return position_; }
  /// The next outcome, or false if it is not there yet. What was fetched from the store holds for one `round`: the
  /// caller counts them up whenever the store may have changed.
  [[nodiscard]] bool peek(const results::Store& store, std::uint64_t round, Task& task);
  /// Done with what peek showed. Tasks that never started join the run that is held.
  void take(const Task& task);
  [[nodiscard]] bool holds() const { return held_.has_value(); }
  /// The run that is held, which ends where `next` begins (nullptr: the step ends); false if that is one of it.
  [[nodiscard]] bool completed_by(const Task* next, Task& run) const;
  /// The run was shown.
  void forget() { held_.reset(); }

 private:
  /// Consecutive tasks that never started, for one reason.
  struct Held {
    std::uint64_t first = 0;
    std::uint64_t count = 0;
    results::Reason reason;
  };
  void fetch(const results::Store& store);

  StepIndex step_;
  std::uint64_t position_ = 0;
  std::uint64_t round_ = 0;
  std::vector<results::Run> runs_;  ///< from the store, in order; the first may be partly taken
  std::size_t run_ = 0;
  std::uint64_t taken_ = 0;   ///< tasks of that run
  std::uint64_t offset_ = 0;  ///< bytes of that run
  std::optional<Held> held_;
};

}  // namespace gantry::report
