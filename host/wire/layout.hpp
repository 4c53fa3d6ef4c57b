// The memory that a host and one of its workers share, and every size that both must agree on. Nothing in it is a
// lock: each word has one writer (claims have two, both through compare-and-swap), and what a worker wrote is loaded
// once into a private copy and checked there before it is believed.
#pragma once

#include <atomic>
#include <cstddef>
#include <cstdint>

namespace gantry::wire {

inline constexpr std::uint32_t protocol = 3;  ///< of messages, frames and this layout; host and worker must be equal

inline constexpr std::uint64_t ring_capacity = 256ull * 1024;    ///< bytes of each ring; a power of two
inline constexpr std::uint64_t window_capacity = 512ull * 1024;  ///< bytes of a worker's result window; a power of two
inline constexpr std::uint64_t segment_cap =
    window_capacity / 4;  ///< a segment this long is committed; a larger value goes in parts
inline constexpr std::uint64_t inline_cap =
    64ull * 1024;  ///< arguments longer than this travel in a block, not in the ring
inline constexpr std::uint64_t frame_cap = 96ull * 1024;   ///< longest frame in a ring, header included
inline constexpr std::uint64_t text_cap = 64ull * 1024;    ///< longest error message; longer ones are cut, and say so
inline constexpr std::uint64_t log_cap = 32ull * 1024;     ///< longest text of one log frame; longer ones go in several
inline constexpr std::uint64_t kind_cap = 256;             ///< longest error kind
inline constexpr std::uint64_t result_cap = 0xFFFF'FFFF;   ///< longest result of one task
inline constexpr std::uint64_t message_cap = 64ull << 20;  ///< longest message on the socket
inline constexpr std::uint64_t chunk_cap = 0xFFFF'FFFF;    ///< most tasks of one chunk: claims count in 32 bits
inline constexpr unsigned leases_cap = 256;          ///< chunks that a worker may hold: one running, the rest waiting
inline constexpr std::uint32_t assignments_cap = 8;  ///< assignments that a worker keeps: older ones are told again

static_assert((ring_capacity & (ring_capacity - 1)) == 0 && (window_capacity & (window_capacity - 1)) == 0);
static_assert(frame_cap <= ring_capacity / 2, "any frame fits a ring that has been read");

inline constexpr std::size_t line =
    128;  ///< bytes that two cores fight over (a pair of cache lines is fetched at once)

/// A shared word on lines of its own.
struct alignas(line) Line {
  std::uint64_t word;
};

/// What a worker is doing, written by it alone; see progress.hpp for the order of writes.
struct alignas(line) ProgressWords {
  std::uint64_t since;     ///< CLOCK_MONOTONIC ns when the running batch began; 0: none runs
  std::uint64_t lease;     ///< of the running batch
  std::uint64_t first;     ///< index of its first task
  std::uint64_t count;     ///< tasks in it
  std::uint64_t done;      ///< of them finished: the running task is first + done (run_many's `done` points here)
  std::uint64_t finished;  ///< tasks that this process finished in earlier batches
  std::uint64_t turn;      ///< the valid record of the open segment is segment[turn & 1]
  struct Segment {
    std::uint64_t lease;
    std::uint64_t first;     ///< index of the first value
    std::uint64_t count;     ///< values in it
    std::uint64_t at;        ///< position in the window
    std::uint64_t bytes;     ///< length
    std::uint64_t checksum;  ///< of the values: checksum.hpp
  } segment[2];
};

/// The first page of the shared memory. Every access goes through shared().
struct Header {
  Line host_sleeps;      ///< 1: ring the host's doorbell after the next write
  Line worker_sleeps;    ///< 1: ring the worker's
  Line cancelled;        ///< ProgressWords::since of the batch to give up, or cancel_all; the host's
  Line may_spin;         ///< 1: a processor is to spare for a worker that looks for work; the host's
  Line to_worker_tail;   ///< bytes ever put in by the host
  Line to_worker_head;   ///< bytes ever taken out by the worker
  Line to_host_tail;     ///< bytes ever put in by the worker
  Line to_host_head;     ///< bytes ever taken out by the host
  Line window_released;  ///< window position below which the worker may write again; the host's
  Line untouched;        ///< untouched_mark, which nobody writes again: gone, if somebody wrote over the page
  ProgressWords progress;
  alignas(line) std::uint64_t claims[leases_cap];  ///< claim.hpp; many a line, for those side by side are seldom busy
};

/// All tasks are to be given up, and the worker is to end.
inline constexpr std::uint64_t cancel_all = ~std::uint64_t{0};

inline constexpr std::uint64_t untouched_mark = 0x6E75'746F'7563'6865;

inline constexpr std::uint64_t header_size = 4096;
static_assert(sizeof(Header) <= header_size);
inline constexpr std::uint64_t to_worker_offset = header_size;
inline constexpr std::uint64_t to_host_offset = header_size + ring_capacity;
inline constexpr std::uint64_t shared_size = header_size + 2 * ring_capacity;

/// A shared word as an atomic: the only way that words of Header are read and written.
[[nodiscard]] inline std::atomic_ref<std::uint64_t> shared(std::uint64_t& word) {
  static_assert(std::atomic_ref<std::uint64_t>::is_always_lock_free, "a lock in shared memory dies with its owner");
  return std::atomic_ref<std::uint64_t>(word);
}

}  // namespace gantry::wire
