// A pool of one worker that is no process and no thread: both ends of a real channel are here, and wait() plays the
// worker until it has run what was sent. What is left of gantry is what it executes for a task, and an instruction
// counter gets the same number each time. The results of kReceived tasks and one more chunk must fit the worker's
// window: if it ever waited for room, nobody would make it.
#pragma once

#include <cstdint>
#include <deque>
#include <memory>
#include <vector>

#include "schedule/runner.hpp"
#include "wire/blocks.hpp"
#include "wire/host_channel.hpp"
#include "wire/worker_channel.hpp"
#include "worker/runner.hpp"

namespace bench {

class OneThread : public gantry::schedule::Runner {
  struct Key {};

 public:
  /// Borrows the modules: chunks name them by position.
  [[nodiscard]] static gantry::host::Result<std::unique_ptr<OneThread>> make(
      std::vector<gantry::worker::Module>& modules);
  OneThread(Key, gantry::wire::HostChannel host, gantry::wire::WorkerChannel worker,
            std::vector<gantry::worker::Module>& modules);

  [[nodiscard]] unsigned workers() const override { return 1; }
  [[nodiscard]] gantry::host::Result<void> start(gantry::schedule::Chunk chunk) override;
  [[nodiscard]] std::uint64_t recall(const gantry::schedule::Lease& lease) override;
  /// A broken channel is told as Broken.
  std::chrono::nanoseconds wait(std::chrono::nanoseconds at_most,
                                std::vector<gantry::schedule::Event>& events) override;

 private:
  [[nodiscard]] gantry::host::Result<void> work();
  [[nodiscard]] gantry::host::Result<void> receive();

  gantry::wire::HostChannel host_;
  gantry::wire::WorkerChannel worker_;
  gantry::worker::Residents residents_;
  gantry::worker::Runner runner_;
  gantry::wire::Blocks blocks_;
  std::deque<std::uint64_t> sent_;               ///< tasks in each chunk that the worker has not taken yet
  std::uint64_t unheard_ = 0;                    ///< tasks that it has run since the host last listened
  std::vector<gantry::schedule::Event> events_;  ///< for the next wait()
};

}  // namespace bench
