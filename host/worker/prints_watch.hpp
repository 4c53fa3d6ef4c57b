// When to look for prints, and whose they are. A look is a system call, so tasks that have long been silent are looked
// after together; of what is found then, only the run of tasks is known. From then on each task is looked after alone.
#pragma once

#include <algorithm>
#include <cstdint>

namespace gantry::worker {

class PrintsWatch {
 public:
  struct Tasks {
    std::uint64_t first = 0;
    std::uint64_t count = 0;
  };

  /// These tasks of the assignment ended.
  void ran(std::uint64_t first, std::uint64_t count) {
    if (tasks_ == 0) first_ = first;
    first_ = std::min(first_, first);
    end_ = tasks_ == 0 ? first + count : std::max(end_, first + count);
    tasks_ += count;
    silent_ += count;
  }
  /// Nothing has been printed for long.
  [[nodiscard]] bool is_quiet() const { return !talks_ && silent_ >= quiet_after; }
  /// Something was printed.
  [[nodiscard]] bool talks() const { return talks_; }
  /// Tasks from there on would come before some that ended since the last look.
  [[nodiscard]] bool is_behind(std::uint64_t first) const { return tasks_ > 0 && first < end_; }
  [[nodiscard]] bool is_due(std::uint64_t now, bool surely) const {
    return tasks_ > 0 && (surely || now - looked_ >= look_every_ns);
  }
  /// A look is made now: the tasks that ended since the last one, as one run.
  [[nodiscard]] Tasks looked(std::uint64_t now) {
    looked_ = now;
    tasks_ = 0;
    return {first_, end_ - first_};
  }
  /// And something was found.
  void printed() { talks_ = true; }

 private:
  static constexpr std::uint64_t look_every_ns = 20'000;

  static constexpr std::uint64_t quiet_after = 64;

  bool talks_ = false;
  std::uint64_t silent_ = 0;  ///< tasks that ended, as long as none printed
  std::uint64_t tasks_ = 0;   ///< since the last look
  std::uint64_t first_ = 0;   ///< lowest of them
  std::uint64_t end_ = 0;     ///< behind the highest
  std::uint64_t looked_ = 0;
};

}  // namespace gantry::worker
