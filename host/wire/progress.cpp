#include "wire/progress.hpp"

#include <time.h>

namespace gantry::wire {

// `since` is 0 while the other words change, and no two batches of a worker begin in the same nanosecond: a reader
// that sees the same `since` before and after has read one batch. Every store releases and every load acquires, so
// that neither side's order is changed.
void ProgressWriter::begin(std::uint64_t lease, std::uint64_t first, std::uint64_t count, std::uint64_t now) {
  shared(words_->since).store(0, std::memory_order_release);
  shared(words_->lease).store(lease, std::memory_order_release);
  shared(words_->first).store(first, std::memory_order_release);
  shared(words_->count).store(count, std::memory_order_release);
  shared(words_->done).store(0, std::memory_order_release);
  shared(words_->since).store(now, std::memory_order_release);
  since_ = now;
  lease_ = lease;
  first_ = first;
  count_ = count;
}

bool ProgressWriter::intact() const {
  const auto is = [](std::uint64_t& word, std::uint64_t expected) {
    return shared(word).load(std::memory_order_relaxed) == expected;
  };
  return is(words_->since, since_) && is(words_->lease, lease_) && is(words_->first, first_) &&
         is(words_->count, count_);
}

void ProgressWriter::end(std::uint64_t tasks) {
  shared(words_->since).store(0, std::memory_order_release);
  const std::uint64_t before = shared(words_->finished).load(std::memory_order_relaxed);
  shared(words_->finished).store(before + tasks, std::memory_order_release);
}

void ProgressWriter::segment(const OpenSegment& open) {
  const std::uint64_t turn = shared(words_->turn).load(std::memory_order_relaxed) + 1;
  ProgressWords::Segment& record = words_->segment[turn & 1];
  shared(record.lease).store(open.lease, std::memory_order_relaxed);
  shared(record.first).store(open.first, std::memory_order_relaxed);
  shared(record.count).store(open.count, std::memory_order_relaxed);
  shared(record.at).store(open.at, std::memory_order_relaxed);
  shared(record.bytes).store(open.bytes, std::memory_order_relaxed);
  shared(record.checksum).store(open.checksum, std::memory_order_relaxed);
  shared(words_->turn).store(turn, std::memory_order_release);
}

std::optional<Batch> read_batch(ProgressWords& words) {
  for (int attempt = 0; attempt < 8; ++attempt) {
    Batch batch;
    batch.since = shared(words.since).load(std::memory_order_acquire);
    if (batch.since == 0) return std::nullopt;
    batch.lease = shared(words.lease).load(std::memory_order_acquire);
    batch.first = shared(words.first).load(std::memory_order_acquire);
    batch.count = shared(words.count).load(std::memory_order_acquire);
    batch.done = shared(words.done).load(std::memory_order_acquire);
    if (shared(words.since).load(std::memory_order_acquire) == batch.since) return batch;
  }
  return std::nullopt;  // batches that follow each other so fast are in no danger of a time limit
}

OpenSegment read_segment(ProgressWords& words) {
  const std::uint64_t turn = shared(words.turn).load(std::memory_order_acquire);
  ProgressWords::Segment& record = words.segment[turn & 1];
  return {
      shared(record.lease).load(std::memory_order_relaxed), shared(record.first).load(std::memory_order_relaxed),
      shared(record.count).load(std::memory_order_relaxed), shared(record.at).load(std::memory_order_relaxed),
      shared(record.bytes).load(std::memory_order_relaxed), shared(record.checksum).load(std::memory_order_relaxed)};
}

std::uint64_t read_finished(ProgressWords& words) {
  const std::uint64_t earlier = shared(words.finished).load(std::memory_order_acquire);
  const auto batch = read_batch(words);
  return earlier + (batch && batch->done <= batch->count ? batch->done : 0);
}

std::uint64_t monotonic_ns() {
  timespec now{};
  ::clock_gettime(CLOCK_MONOTONIC, &now);
  return static_cast<std::uint64_t>(now.tv_sec) * 1'000'000'000u + static_cast<std::uint64_t>(now.tv_nsec);
}

}  // namespace gantry::wire
