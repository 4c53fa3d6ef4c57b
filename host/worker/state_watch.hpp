// When to look at the state of thread and process that tasks left, and whose tasks they are. A look is dozens of system
// calls, 8 us in all, so it is made at the end of a lease: at each one behind which nothing waits, as long as that does
// not cost a hundredth of the time; else now and then.
#pragma once

#include <algorithm>
#include <cstdint>
#include <optional>
#include <string>
#include <utility>

#include "worker/process_state.hpp"
#include "worker/task_run.hpp"
#include "worker/thread_state.hpp"

namespace gantry::worker {

class StateWatch {
 public:
  enum class Moment : std::uint8_t {
    busy,        ///< a lease ends, and others wait
    idle,        ///< a lease ends, and nothing waits
    other_tasks  ///< those that follow are not of this run of tasks
  };
  /// What a look found.
  struct Found {
    TaskRun::Tasks tasks;  ///< since the last look
    std::string restored;  ///< was changed, and was put back
    std::string left;      ///< was changed, and stays so
    bool unsure = false;   ///< tasks before these may have done it
  };

  /// `process`: as it was before any task; nothing: it is not watched, since other threads run tasks in it as well.
  explicit StateWatch(std::optional<ProcessState> process) : process_(std::move(process)) {}

  /// These tasks of the assignment ended.
  void ran(std::uint64_t first, std::uint64_t count) { tasks_.add(first, count); }
  /// See TaskRun.
  [[nodiscard]] bool is_behind(std::uint64_t first) const { return tasks_.is_behind(first); }
  /// Once something is left changed, each lease says so.
  [[nodiscard]] bool is_due(std::uint64_t now, Moment moment) const {
    if (tasks_.empty()) return false;
    return drifted_ || now - looked_ >= look_every_ns || (moment != Moment::busy && looks_saved(now) > 0);
  }
  /// The tasks that follow are not of this run, and there was no look: what is found later may be of either.
  void forget() {
    unsure_ = unsure_ || !tasks_.empty();
    static_cast<void>(tasks_.take());
  }
  [[nodiscard]] Found look(std::uint64_t now) {
    looks_ = looks_saved(now);
    looks_ -= looks_ > 0 ? 1 : 0;
    looked_ = now;
    Found found{tasks_.take(), thread_.restore(), process_ ? process_->changes() : std::string(),
                std::exchange(unsure_, false)};
    drifted_ = drifted_ || !found.left.empty();
    return found;
  }
  /// Something was left changed, now or before.
  [[nodiscard]] bool drifted() const { return drifted_; }

 private:
  static constexpr std::uint64_t look_every_ns = 5'000'000;  ///< while others wait
  static constexpr std::uint64_t look_costs_ns = 1'000'000;  ///< a hundred times what one takes, and more
  static constexpr std::uint64_t most_saved = 64;

  /// Looks that may be made one after the other: time that went by without one pays for them.
  [[nodiscard]] std::uint64_t looks_saved(std::uint64_t now) const {
    return std::min(most_saved, looks_ + (now - looked_) / look_costs_ns);
  }

  ThreadState thread_;
  std::optional<ProcessState> process_;
  TaskRun tasks_;
  std::uint64_t looked_ = 0;
  std::uint64_t looks_ = 0;  ///< that were saved then
  bool drifted_ = false;
  bool unsure_ = false;  ///< tasks were forgotten since the last look
};

}  // namespace gantry::worker
