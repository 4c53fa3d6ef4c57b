// Further workers in this process: threads that the host asks for through the door, each with a channel of its own.
#pragma once

#include <condition_variable>
#include <functional>
#include <mutex>
#include <vector>

#include "signature/error.hpp"
#include "wire/descriptor.hpp"
#include "wire/socket.hpp"
#include "worker/module.hpp"

namespace gantry::worker {

/// Lives as long as the process, which ends by _exit: its threads are never joined.
class Threads {
 public:
  /// `serve`: what a thread does with its channel; returns once the host has dismissed it.
  explicit Threads(std::function<void(wire::Socket)> serve) : serve_(std::move(serve)) {}

  /// Begins to take in threads. Error: not even the thread can be started that does so.
  [[nodiscard]] host::Result<void> open(wire::Descriptor door);
  /// Waits until every thread has been dismissed; none begins any more.
  void await_end();

 private:
  void watch(wire::Socket door);
  [[nodiscard]] bool enter();
  void leave();
  void take_in(wire::Descriptor channel);

  std::function<void(wire::Socket)> serve_;
  std::mutex mutex_;  ///< guards what follows
  std::condition_variable left_;
  unsigned serving_ = 0;
  bool ending_ = false;
};

/// The modules as another thread of the process has them: with the same state, and a scratch place of its own.
[[nodiscard]] std::vector<Module> for_thread(const std::vector<Module>& modules);

}  // namespace gantry::worker
