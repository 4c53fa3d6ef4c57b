// Tasks of one assignment that ended since somebody looked, as one run of indices.
#pragma once

#include <algorithm>
#include <cstdint>

namespace gantry::worker {

class TaskRun {
 public:
  struct Tasks {
    std::uint64_t first = 0;
    std::uint64_t count = 0;
  };

  /// These ended.
  void add(std::uint64_t first, std::uint64_t count) {
    first_ = tasks_ == 0 ? first : std::min(first_, first);
    end_ = tasks_ == 0 ? first + count : std::max(end_, first + count);
    tasks_ += count;
  }
  [[nodiscard]] bool empty() const { return tasks_ == 0; }
  /// Tasks from there on would come before some of these.
  [[nodiscard]] bool is_behind(std::uint64_t first) const { return tasks_ > 0 && first < end_; }
  /// All of them; none is left.
  [[nodiscard]] Tasks take() {
    tasks_ = 0;
    return {first_, end_ - first_};
  }

 private:
  std::uint64_t tasks_ = 0;
  std::uint64_t first_ = 0;  ///< lowest of them
  std::uint64_t end_ = 0;    ///< behind the highest
};

}  // namespace gantry::worker
