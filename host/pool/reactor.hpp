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

/// Something can be read. `life` tells a worker from its replacement.
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
  Watch(int set, int descriptor) : set_(set), descriptor_(descriptor) {}
  Watch(Watch&& other) noexcept;
  Watch& operator=(Watch&& other) noexcept;
  Watch(const Watch&) = delete;
  Watch& operator=(const Watch&) = delete;
  ~Watch();

 private:
  void end();

  int set_ = -1;
  int descriptor_ = -1;
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
