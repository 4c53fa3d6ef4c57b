// A real gantry-worker behind a real channel, without the pool: starts it, loads plugins, runs chunks, reaps it.
#pragma once

#include <sys/types.h>

#include <chrono>
#include <memory>
#include <string>
#include <vector>

#include "schedule/runner.hpp"
#include "wire/host_channel.hpp"

namespace gantry::tests {

/// The path of a plugin built for tests: plugin_file("well") is …/libwell.so.
[[nodiscard]] std::string plugin_file(const std::string& name);

/// Encoded arguments.
[[nodiscard]] signature::Bytes u64s(std::initializer_list<std::uint64_t> numbers);
[[nodiscard]] signature::Bytes text(const std::string& words);

class Driver {
 public:
  /// Starts a worker and loads the plugins; fails the test if it cannot say Hello.
  explicit Driver(const std::vector<std::string>& paths = {plugin_file("well")});
  ~Driver();
  Driver(const Driver&) = delete;
  Driver& operator=(const Driver&) = delete;

  [[nodiscard]] wire::HostChannel& channel() { return *channel_; }
  /// Sends a chunk, and wakes the worker; false: it was not sent.
  [[nodiscard]] bool start(const schedule::Chunk& chunk);
  [[nodiscard]] const std::vector<wire::WorkerMessage>& said() const { return said_; }

  /// A chunk for a function of the first plugin, by name: `count` tasks from `first`.
  [[nodiscard]] schedule::Chunk chunk(const std::string& function, std::uint64_t first, std::uint64_t count,
                                      std::variant<signature::Template, schedule::Rows> arguments);
  /// Collects events until `leases` are closed, or the worker is gone; fails the test after 20 s.
  std::vector<schedule::Event> finish(unsigned leases = 1);
  /// The same for one chunk.
  std::vector<schedule::Event> run(const schedule::Chunk& chunk);
  /// Waits until a Values, Failed or Printed came.
  std::vector<schedule::Event> next();
  /// Waits for the worker's end: its wait status.
  int wait_for_end();
  void kill(int signal) const;
  /// Lets the worker end in good order: what it printed since the last batch.
  std::string dismiss();

 private:
  bool collect(std::vector<schedule::Event>& events);

  std::unique_ptr<wire::HostChannel> channel_;
  wire::Blocks blocks_;
  std::vector<wire::WorkerMessage> said_;
  pid_t pid_ = -1;
  int pidfd_ = -1;
  wire::Descriptor prints_;
  bool ended_ = false;
  std::uint64_t next_lease_ = 1;
};

/// The chunk with another assignment: `change` of a copy of its own.
template <class Change>
void reassign(schedule::Chunk& chunk, Change change) {
  schedule::Assignment assignment = *chunk.assignment;
  change(assignment);
  chunk.assignment = std::make_shared<const schedule::Assignment>(std::move(assignment));
}

/// One row of arguments for each task.
[[nodiscard]] schedule::Rows rows(const std::vector<signature::Bytes>& each);
/// A row of u64, the first counting with the index.
[[nodiscard]] signature::Template counting(std::initializer_list<std::uint64_t> row = {0});

/// "10:ok 11:ok 12!odd …": what became of each task, from the events.
[[nodiscard]] std::string outcomes(const std::vector<schedule::Event>& events);
/// Values of fixed size u64 in the events, in order.
[[nodiscard]] std::vector<std::uint64_t> numbers(const std::vector<schedule::Event>& events);

}  // namespace gantry::tests
