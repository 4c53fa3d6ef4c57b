// When to look for prints, and whose they are. A look is a system call, so tasks that have long been silent are looked
// after together; of what is found then, only the run of tasks is known. From then on each task is looked after alone.
#pragma once

#include <cstdint>

#include "worker/task_run.hpp"

namespace gantry::worker {

class PrintsWatch {
 public:
  using Tasks = TaskRun::Tasks;

  /// These tasks of the assignment ended.
  void ran(std::uint64_t first, std::uint64_t count) {
    tasks_.add(first, count);
    silent_ += count;
  }
  /// Nothing has been printed for long.
  [[nodiscard]] bool is_quiet() const { return !talks_ && silent_ >= quiet_after; }
  /// Something was printed.
  [[nodiscard]] bool talks() const { return talks_; }
  /// Tasks from there on would come before some that ended since the last look.
  [[nodiscard]] bool is_behind(std::uint64_t first) const { return tasks_.is_behind(first); }
  [[nodiscard]] bool is_due(std::uint64_t now, bool surely) const {
    return !tasks_.empty() && (surely || now - looked_ >= look_every_ns);
  }
  /// A look is made now: the tasks that ended since the last one, as one run.
  [[nodiscard]] Tasks looked(std::uint64_t now) {
    looked_ = now;
    return tasks_.take();
  }
  /// And something was found.
  void printed() { talks_ = true; }

 private:
  static constexpr std::uint64_t look_every_ns = 20'000;

  static constexpr std::uint64_t quiet_after = 64;

  bool talks_ = false;
  std::uint64_t silent_ = 0;  ///< tasks that ended, as long as none printed
  TaskRun tasks_;             ///< since the last look
  std::uint64_t looked_ = 0;
};

}  // namespace gantry::worker
