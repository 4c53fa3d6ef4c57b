// What the pool sleeps on: one epoll set, whose entries say what and whose they are. Used by the pool's thread.
#pragma once

#include <chrono>
#include <cstdint>
#include <vector>

#include "signature/error.hpp"
#include "signature/ids.hpp"
#include "wire/descriptor.hpp"

namespace gantry::pool {

/// What a watched descriptor is.
enum class Source : std::uint8_t { spawner, process, socket, doorbell, prints };

/// Something can be read, or written if that was asked for. `life` tells a worker from its replacement.
struct Readable {
  Source source{};
  host::WorkerIndex worker{};
  std::uint32_t life = 0;
};

/// Keeps a descriptor in a set; taken out before the descriptor is closed, since another process may keep the same
/// open file and with it the entry.
class Watch {
 public:
  Watch() = default;
  Watch(int set, int descriptor, std::uint64_t mark) : set_(set), descriptor_(descriptor), mark_(mark) {}
  Watch(Watch&& other) noexcept;
  Watch& operator=(Watch&& other) noexcept;
  Watch(const Watch&) = delete;
  Watch& operator=(const Watch&) = delete;
  ~Watch();

  /// From now on also for room to write, or no more. Nothing, where nothing is watched. An error (of the kernel's
  /// memory) leaves it as it was: ask again.
  void for_room(bool wanted);

 private:
  void end();

  int set_ = -1;
  int descriptor_ = -1;
  std::uint64_t mark_ = 0;  ///< what the entry says
  bool room_ = false;       ///< it watches for room, too
};

class Reactor {
 public:
  [[nodiscard]] static host::Result<Reactor> make();

  /// Watches for input and hang-up, again and again. The watch must end before the descriptor and the reactor do.
  [[nodiscard]] host::Result<Watch> watch(int descriptor, Readable what) const;
  /// What can be read, waiting at most so long (rounded up to milliseconds; 0: not at all).
  [[nodiscard]] std::vector<Readable> wait(std::chrono::nanoseconds at_most) const;
  /// No other reactor of this process has it.
  [[nodiscard]] int descriptor() const { return set_.get(); }

 private:
  explicit Reactor(wire::Descriptor set) : set_(std::move(set)) {}

  wire::Descriptor set_;
};

}  // namespace gantry::pool
