// Starts worker processes, on a thread of its own: a worker's parent-death signal is tied to the thread that started
// it, so that thread must live as long as the pool. Nothing else in the host forks on its account.
#pragma once

#include <sys/resource.h>

#include <condition_variable>
#include <cstdint>
#include <deque>
#include <filesystem>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <thread>
#include <vector>

#include "pool/process.hpp"
#include "signature/error.hpp"
#include "signature/ids.hpp"
#include "wire/descriptor.hpp"

namespace gantry::pool {

/// A process to be started, and what it gets.
struct Birth {
  host::WorkerIndex worker{};
  std::uint32_t life = 0;
  std::optional<rlimit> mark;  ///< see Mark
  wire::Descriptor channel;    ///< becomes 3
  wire::Descriptor print_in;   ///< becomes 1 and 2
  wire::Descriptor print_out;  ///< becomes 4
};

/// What came of it.
struct Born {
  host::WorkerIndex worker{};
  std::uint32_t life = 0;
  bool temporary = false;  ///< an error that may pass: no memory, no process slots, no descriptors
  host::Result<Process> process;
};

class Spawner {
  struct Key {};

 public:
  /// Starts the thread. Descriptors 0 to 4 are kept occupied meanwhile: they are what children get new ones for.
  [[nodiscard]] static host::Result<std::unique_ptr<Spawner>> make(std::filesystem::path program);
  Spawner(Key, std::filesystem::path program, wire::Descriptor answered, wire::Descriptor nothing);
  Spawner(const Spawner&) = delete;
  Spawner& operator=(const Spawner&) = delete;
  /// Ends the thread after what was asked for; processes not taken are killed. Those that live die with the thread.
  ~Spawner();

  /// Asks for a process; never blocks. The answer can be taken when descriptor() can be read.
  void start(Birth birth);
  /// Answers so far, in order.
  [[nodiscard]] std::vector<Born> take();
  [[nodiscard]] int descriptor() const { return answered_.get(); }

 private:
  void serve();
  [[nodiscard]] Born bear(const Birth& birth) const;
  [[nodiscard]] Born start_process(const Birth& birth) const;

  std::filesystem::path program_;
  std::vector<std::string> environment_;
  wire::Descriptor answered_;               ///< eventfd
  wire::Descriptor nothing_;                ///< /dev/null
  std::vector<wire::Descriptor> occupied_;  ///< holes among 0 to 4

  std::mutex mutex_;  ///< guards what follows; shared by the pool's thread and the spawner's
  std::condition_variable asked_;
  std::deque<Birth> births_;
  std::vector<Born> born_;      ///< has room for all that are being started: the thread never asks for memory for it
  std::size_t unanswered_ = 0;  ///< births that are not in it yet
  bool ending_ = false;
  std::thread thread_;
};

}  // namespace gantry::pool
