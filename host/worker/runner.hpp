// Runs chunks: claims tasks in batches, calls the plugin, checks what it gives, delivers it. Every error that it
// returns means that the host is gone or broken; what goes wrong in a task is that task's outcome.
#pragma once

#include <cstdint>
#include <vector>

#include "signature/error.hpp"
#include "wire/worker_channel.hpp"
#include "worker/arguments.hpp"
#include "worker/call.hpp"
#include "worker/delivery.hpp"
#include "worker/module.hpp"
#include "worker/prints.hpp"

namespace gantry::worker {

class Runner {
 public:
  /// Borrows all; the position of a module is the plugin of chunks, a module that was refused is empty.
  Runner(wire::WorkerChannel& channel, std::vector<Module>& modules, Prints prints);

  /// Runs a chunk to its end, which the host may lower meanwhile.
  [[nodiscard]] host::Result<void> run(const wire::Work& work);

 private:
  /// What is known of the chunk that runs.
  struct Open {
    const wire::Work& work;
    const signature::Type& result;
    bool unchecked;  ///< any bytes of the right size are a value
    bool many;       ///< by run_many
    bool printed;    ///< some task of it did
    Arguments arguments;
  };

  [[nodiscard]] host::Result<void> run_batch(Open& open, std::uint64_t first, std::uint64_t count);
  [[nodiscard]] host::Result<void> run_one(Open& open, std::uint64_t index);
  [[nodiscard]] host::Result<std::uint64_t> run_some(Open& open, std::uint64_t first, std::uint64_t count);
  [[nodiscard]] host::Result<void> take_values(Open& open, std::uint64_t first, std::uint64_t count, std::byte* values);
  [[nodiscard]] host::Result<void> deliver(Open& open, std::uint64_t index, std::span<std::byte> room);
  [[nodiscard]] host::Result<void> send_prints(Open& open, std::uint64_t first, std::uint64_t count);

  wire::WorkerChannel* channel_;
  std::vector<Module>* modules_;
  Prints prints_;
  Delivery delivery_;
  Call call_;
  signature::Bytes large_;  ///< room for results of fixed size that no segment can hold
};

}  // namespace gantry::worker
