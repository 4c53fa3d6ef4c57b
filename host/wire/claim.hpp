// Who runs a task of an open chunk: the worker claims tasks from the front, the host may take back the rest. One
// shared word a chunk, low 32 bits the next unclaimed task, high 32 bits the end, both relative to the chunk's first
// task; both sides change it by compare-and-swap, so that a task is claimed or taken back, never both.
#pragma once

#include <cstdint>

namespace gantry::wire {

/// A run of claimed tasks, relative to the chunk's first.
struct Claimed {
  std::uint32_t first = 0;
  std::uint32_t count = 0;  ///< 0: nothing is left, `first` is the end of the chunk
  bool last = false;        ///< nothing is left behind these
};

/// The host, before the chunk's frame is sent.
void open_claims(std::uint64_t& word, std::uint32_t count);
/// The worker: claims at most so many.
[[nodiscard]] Claimed claim(std::uint64_t& word, std::uint32_t at_most);
/// The host: nothing more can be claimed. Returns the new end, at most `end`; `end` (as the host knows it) if nothing
/// is left to take back, or if the word makes no sense (which the worker's Closed will then show).
[[nodiscard]] std::uint32_t recall_claims(std::uint64_t& word, std::uint32_t end);

}  // namespace gantry::wire
