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
  task.reason = run.reason;
  task.bytes = run.reason == nullptr ? run.bytes.subspan(offset_, next_size(run, taken_)) : signature::View{};
  return true;
}

void Lane::take() {
  const results::Run& run = runs_[run_];
  offset_ += next_size(run, taken_);
  ++position_;
  if (++taken_ < run.count) return;
  ++run_;
  taken_ = 0;
  offset_ = 0;
}

}  // namespace gantry::report
