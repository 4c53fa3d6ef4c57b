#include "report/lane.hpp"

namespace gantry::report {
namespace {

constexpr std::uint64_t kFetch = 1U << 16U;

std::uint64_t next_size(const results::Run& run, std::uint64_t taken) {
  if (run.reason != nullptr) return 0;
  return run.size ? *run.size : run.lengths[taken];
}

}  // namespace

void Lane::fetch(const results::Store& store) {
  runs_.clear();
  run_ = 0;
  taken_ = 0;
  offset_ = 0;
  store.read(step_, position_, position_ + kFetch, [this](const results::Run& run) { runs_.push_back(run); });
}

bool Lane::peek(const results::Store& store, std::uint64_t round, Task& task) {
  if (round != round_ || run_ == runs_.size()) {
    round_ = round;
    fetch(store);
  }
  if (run_ == runs_.size()) return false;
  const results::Run& run = runs_[run_];
  task.step = step_;
  task.index = position_;
  task.count = 1;
  task.reason = run.reason;
  if (run.reason != nullptr && is_blank(*run.reason)) task.count = store.end_of_run(step_, position_) - position_;
  task.bytes = run.reason == nullptr ? run.bytes.subspan(offset_, next_size(run, taken_)) : signature::View{};
  return true;
}

void Lane::take(const Task& task) {
  const results::Run& run = runs_[run_];
  position_ += task.count;
  if (task.reason != nullptr && is_blank(*task.reason)) {
    if (!held_) held_.emplace(task.index, 0, *task.reason);
    held_->count += task.count;
    taken_ = run.count;
  } else {
    offset_ += next_size(run, taken_);
    ++taken_;
  }
  if (taken_ < run.count) return;
  ++run_;
  taken_ = 0;
  offset_ = 0;
}

bool Lane::completed_by(const Task* next, Task& run) const {
  if (!held_ || (next != nullptr && next->reason != nullptr && *next->reason == held_->reason)) return false;
  run = {.step = step_, .index = held_->first, .count = held_->count, .reason = &held_->reason, .bytes = {}};
  return true;
}

}  // namespace gantry::report
