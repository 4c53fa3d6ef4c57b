// The real runner: worker processes that load plugins and run tasks. It starts them when they are first needed,
// watches them, replaces those that die, and ends them; the host itself never loads plugin code.
// All functions are called from one thread, the one that made the pool.
#pragma once

#include <chrono>
#include <cstddef>
#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "schedule/runner.hpp"
#include "signature/catalog.hpp"
#include "signature/error.hpp"
#include "signature/mode.hpp"

namespace gantry::pool {

class Crew;

struct Options {
  std::filesystem::path program;                                   ///< the worker program, see worker_path.hpp
  unsigned workers = 1;                                            ///< at least 1
  std::vector<std::filesystem::path> plugins;                      ///< absolute paths
  std::chrono::nanoseconds load_limit = std::chrono::seconds(10);  ///< of one plugin
  host::Mode mode = host::Mode::process;                           ///< what a worker is
  unsigned early = 1;  ///< of the workers that are processes, so many load while the first one tells the catalog
  /// Told at once what a user should know while catalog() goes on; later it comes as a Printed of a warning's level.
  std::function<void(const std::string&)> tell = {};  // NOLINT(readability-redundant-member-init): as in Chunk
  /// Of each plugin's bytes, in lower-case hex; empty: of none.
  std::vector<std::optional<std::string>> sha256 = {};  // NOLINT(readability-redundant-member-init): as in Chunk
};

/// Why a plugin cannot be used; the sentence reads after "plugin X: ".
struct Refusal {
  std::size_t position = 0;  ///< in Options::plugins
  std::string sentence;
};

/// What the plugins offer. The catalog holds those that were not refused, in the order of Options::plugins; chunks
/// name them by their position in it.
struct Offer {
  signature::Catalog catalog;
  std::vector<Refusal> refusals;  ///< by position
};

class Pool : public schedule::Runner {
  struct Key {};

 public:
  /// Starts no worker yet. While it lives, this process adopts orphaned descendants (PR_SET_CHILD_SUBREAPER), and
  /// descriptors 0 to 4 are kept occupied.
  [[nodiscard]] static host::Result<std::unique_ptr<Pool>> make(Options options);
  Pool(Key, std::unique_ptr<Crew> crew);
  /// stop() with a grace of 200 ms. No process, descriptor or shared memory is left.
  ~Pool() override;

  /// Starts worker 0 if need be and lets it load all plugins; it goes on as worker 0 of the run. A plugin that ends
  /// the worker or does not load in time is refused, and a fresh worker loads the rest. Early workers, as many as there
  /// are CPUs at most, load along with it; when a plugin is refused they are ended, and come back with work, without
  /// it. To be called before start() and prestart(). An error: workers cannot be started at all.
  [[nodiscard]] host::Result<Offer> catalog();
  /// What each plugin of the catalog that has a begin is begun with, encoded: one a plugin, empty for the others. To be
  /// called after catalog() and before start(), if any has one.
  void configure(std::vector<signature::Bytes> configurations);
  /// Places for more workers besides: see schedule::Runner::spare(). To be called before start(), if at all.
  void lend(unsigned spare);
  /// Are the files that the plugins were loaded from still what they were? An error names one that was written to: what
  /// the tasks since then gave cannot be trusted. Looked at once a second by itself; to be called when a run ends.
  [[nodiscard]] host::Result<void> check_plugins();
  /// Starts the first `count` workers ahead of need.
  void prestart(unsigned count);

  [[nodiscard]] unsigned workers() const override;
  [[nodiscard]] bool shares_process() const override;
  [[nodiscard]] unsigned spare() const override;
  /// Starts the worker if need be; its chunks wait here until it is ready. An error once the pool is broken.
  [[nodiscard]] host::Result<void> start(schedule::Chunk chunk) override;
  [[nodiscard]] std::uint64_t recall(const schedule::Lease& lease) override;
  [[nodiscard]] host::Result<void> answer(const schedule::Lease& lease, schedule::Answer answer) override;
  /// A Printed of count 0 came from no task (loading, or a thread that a task left behind).
  std::chrono::nanoseconds wait(std::chrono::nanoseconds at_most, std::vector<schedule::Event>& events) override;
  [[nodiscard]] std::vector<schedule::Running> running() const override;
  [[nodiscard]] std::vector<schedule::Running> cancel() override;
  void interrupt(std::vector<schedule::Event>& events) override;
  void drop(schedule::WorkerIndex worker, signature::Resident pinned) override;
  void reuse(signature::Bytes buffer) override;

  /// Ends all workers: idle ones are told to and killed after `grace`, those that run a task are killed at once. All
  /// leases are void without further events; start() is an error from now on.
  void stop(std::chrono::nanoseconds grace);

 private:
  std::unique_ptr<Crew> crew_;
};

}  // namespace gantry::pool
