// Runs chunks: claims tasks in batches, calls the plugin, checks what it gives, delivers it. Every error that it
// returns means that the host is gone or broken; what goes wrong in a task is that task's outcome.
#pragma once

#include <cstdint>
#include <expected>
#include <optional>
#include <span>
#include <vector>

#include "signature/error.hpp"
#include "wire/worker_channel.hpp"
#include "worker/arguments.hpp"
#include "worker/call.hpp"
#include "worker/delivery.hpp"
#include "worker/module.hpp"
#include "worker/prints.hpp"
#include "worker/prints_watch.hpp"
#include "worker/residents.hpp"
#include "worker/state_watch.hpp"

namespace gantry::worker {

class Runner final : private Taker {
 public:
  /// Borrows all; the position of a module is the plugin of chunks, a module that was refused is empty.
  Runner(wire::WorkerChannel& channel, std::vector<Module>& modules, Residents& residents, Prints prints,
         StateWatch state);

  /// Runs a chunk to its end, which the host may lower meanwhile.
  [[nodiscard]] host::Result<void> run(const wire::Work& work);

  [[nodiscard]] std::uint64_t lease() const { return lease_; }  ///< that run() ran last; 0: none
  /// Of that lease, tasks below this index may have begun.
  [[nodiscard]] std::uint64_t started() const { return started_; }

 private:
  /// What is known of the assignment whose tasks run.
  struct Form {
    const gantry_function* function = nullptr;
    const signature::Type* result = nullptr;
    const Module* module = nullptr;
    std::optional<std::uint64_t> size;  ///< of a result of fixed size
    bool unchecked = false;             ///< any bytes of the right size are a value
    bool many = false;                  ///< by run_many
    std::uint64_t element = 0;          ///< bytes of an element, if the result is a list of elements of any bytes
  };

  [[nodiscard]] host::Result<void> assign(const wire::Assigned& assigned);
  [[nodiscard]] host::Result<void> run_batch(std::uint64_t first, std::uint64_t count);
  [[nodiscard]] host::Result<void> run_one(std::uint64_t index);
  [[nodiscard]] host::Result<std::uint64_t> run_some(std::uint64_t first, std::uint64_t count);
  [[nodiscard]] host::Result<void> take_values(std::uint64_t first, std::uint64_t count, const std::byte* values);
  [[nodiscard]] host::Result<void> deliver(std::uint64_t index, std::span<std::byte> room);
  [[nodiscard]] std::expected<bool, Problem> take(std::span<const signature::View> pieces) override;
  [[nodiscard]] host::Result<void> look_for_prints(bool surely);
  [[nodiscard]] host::Result<void> tell_earlier_prints();
  [[nodiscard]] host::Result<void> look_at_state(StateWatch::Moment moment, bool earlier);
  [[nodiscard]] host::Result<void> tell_prints(PrintsWatch::Tasks tasks, bool earlier);

  wire::WorkerChannel* channel_;
  std::vector<Module>* modules_;
  Residents* residents_;
  Prints prints_;
  Delivery delivery_;
  Call call_;
  Arguments arguments_;
  Form form_;
  std::uint64_t serial_ = 0;  ///< of the assignment of form_
  std::uint64_t lease_ = 0;
  std::uint64_t started_ = 0;  ///< tasks of the lease below it were claimed
  std::uint32_t batch_ = 1;    ///< tasks to claim next
  std::uint64_t now_ = 0;      ///< the last look at the clock: the end of a batch is the beginning of the next
  PrintsWatch prints_watch_;
  StateWatch state_watch_;
  std::uint64_t index_ = 0;            ///< of the task that runs by run
  std::optional<host::Error> broken_;  ///< the channel broke while a result was taken
  signature::Bytes large_;             ///< room for results of fixed size that no segment can hold
  signature::Bytes many_;              ///< room for results of run_many
};

}  // namespace gantry::worker
