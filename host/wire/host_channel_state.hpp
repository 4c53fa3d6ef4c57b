// What the host's half of a channel owns: seen by its own sources alone, which are receiving (host_channel.cpp) and
// sending (host_channel_sending.cpp).
#pragma once

#include <array>
#include <cstdint>
#include <deque>
#include <memory>
#include <optional>
#include <utility>
#include <vector>

#include "wire/chunk.hpp"
#include "wire/doorbell.hpp"
#include "wire/files.hpp"
#include "wire/frame.hpp"
#include "wire/host_channel.hpp"
#include "wire/layout.hpp"
#include "wire/ledger.hpp"
#include "wire/shelf.hpp"
#include "wire/window.hpp"

namespace gantry::wire {

[[nodiscard]] inline Header& header_of(const Mapping& memory) {
  return *reinterpret_cast<Header*>(memory.data());
}

[[nodiscard]] inline RingPlace to_worker(const Mapping& memory) {
  Header& header = header_of(memory);
  std::byte* bytes = memory.data() + to_worker_offset;
  return {&header.to_worker_tail.word, &header.to_worker_head.word, bytes, ring_capacity,
          Backing(bytes, ring_capacity)};
}

[[nodiscard]] inline RingPlace to_host(const Mapping& memory) {
  Header& header = header_of(memory);
  return {&header.to_host_tail.word, &header.to_host_head.word, memory.data() + to_host_offset, ring_capacity};
}

/// An assignment that the worker has.
struct Told {
  std::weak_ptr<const schedule::Assignment> assignment;
  std::optional<std::weak_ptr<const void>> memory;  ///< that it maps for it

  [[nodiscard]] bool is(const std::shared_ptr<const schedule::Assignment>& other) const {
    return !assignment.owner_before(other) && !other.owner_before(assignment);
  }
};

/// An answer on its way.
struct Pending {
  std::uint64_t lease = 0;
  schedule::Answer answer;
  std::uint64_t sent = 0;  ///< bytes of it
};

/// What is owned comes first: the rest refers to it.
struct HostChannel::State {
  State(Mapping shared_memory, Mapping shared_window, Descriptor worker_bell, Descriptor host_bell, Socket socket_end,
        std::uint64_t generation, Shelves maker)
      : memory(std::move(shared_memory)),
        window_memory(std::move(shared_window)),
        worker_doorbell(std::move(worker_bell)),
        host_doorbell(std::move(host_bell)),
        socket(std::move(socket_end)),
        header(header_of(memory)),
        sender(to_worker(memory), generation),
        receiver(to_host(memory), generation),
        window(window_memory.data(), header.window_released.word),
        sleeper(header.host_sleeps.word, host_doorbell.get()),
        ringer(header.worker_sleeps.word, worker_doorbell.get()),
        shelves(std::move(maker)),
        ledger(shelves, files) {}

  host::Result<bool> receive_reports(std::vector<schedule::Event>& events);
  host::Result<std::optional<std::uint32_t>> tell(const std::shared_ptr<const schedule::Assignment>& assignment,
                                                  std::uint32_t plugin, Blocks& blocks);
  host::Result<void> send_answers();
  host::Result<void> send_drops();
  host::Result<bool> send_files(const schedule::Chunk& chunk);
  host::Result<std::optional<WorkerMessage>> next_message();
  host::Result<void> receive_files();
  host::Result<void> keep_file(GivenFile given);
  host::Result<bool> send_chunk(const schedule::Chunk& chunk, std::uint32_t slot, std::uint32_t claims);
  host::Result<bool> send_rows(const schedule::Chunk& chunk, const NamedBlock& block, std::shared_ptr<Shelf> shelf);

  Mapping memory;
  Mapping window_memory;
  Descriptor worker_doorbell;
  Descriptor host_doorbell;
  Socket socket;
  Header& header;
  FrameSender sender;
  FrameReceiver receiver;
  WindowReader window;
  Sleeper sleeper;
  Ringer ringer;
  Shelves shelves;
  GivenFiles files;
  Ledger ledger;
  std::deque<Pending> answers;             ///< that wait for room
  std::deque<signature::Resident> drops;   ///< that wait for room
  std::array<Told, assignments_cap> told;  ///< what the worker has, by slot
  std::uint32_t newest = 0;                ///< slot that was used last
  std::uint32_t next_slot = 0;             ///< to be written over next
  std::uint64_t told_ever = 1;             ///< serial number of the next assignment
  signature::Bytes payload;                ///< of the frame that is being sent
  bool lets_spin = false;
  bool unrung = false;                ///< chunks were put in that the worker may sleep over
  std::optional<host::Error> broken;  ///< the worker's first offence: nothing it says is believed after it
  std::optional<GaveUp> gave_up;
};

}  // namespace gantry::wire
