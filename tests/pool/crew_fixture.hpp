// What tests of real workers share: a pool over the plugin liar, a record of all events, and a look around that must
// find everything as it was before.
#pragma once

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "plugins/liar.hpp"
#include "pool/pool.hpp"

namespace pool_test {

namespace fs = std::filesystem;
namespace event = gantry::schedule::event;
using gantry::host::LeaseId;
using gantry::host::StepIndex;
using gantry::host::WorkerIndex;
using gantry::schedule::Chunk;
using gantry::schedule::Death;
using gantry::schedule::Event;
using gantry::schedule::Lease;
using gantry::signature::Bytes;
using liar::Act;
using namespace std::chrono_literals;

/// What this process holds: descriptors with what they are, children, shared memory.
struct Holdings {
  std::map<int, std::string> descriptors;
  std::vector<int> children;
  std::size_t shared_mappings = 0;

  [[nodiscard]] static Holdings now();
  friend bool operator==(const Holdings&, const Holdings&) = default;
};

/// Checks, when it goes, that the process holds what it held when it came.
class NothingLeft {
 public:
  NothingLeft();
  NothingLeft(const NothingLeft&) = delete;
  NothingLeft& operator=(const NothingLeft&) = delete;
  ~NothingLeft();

 private:
  Holdings before_;
};

/// A folder that goes with its owner.
class Folder {
 public:
  Folder();
  Folder(const Folder&) = delete;
  Folder& operator=(const Folder&) = delete;
  ~Folder() { fs::remove_all(path_); }

  [[nodiscard]] const fs::path& path() const { return path_; }
  /// A copy of the plugin liar under another name.
  [[nodiscard]] fs::path liar_as(const std::string& name) const;

 private:
  fs::path path_;
};

/// An environment variable that goes with its owner.
class Variable {
 public:
  Variable(const char* name, const std::string& value);
  Variable(const Variable&) = delete;
  Variable& operator=(const Variable&) = delete;
  ~Variable();

 private:
  const char* name_;
};

/// The order of liar's functions.
enum class Function : std::uint32_t { act = 0, echo = 1, blob = 2, nothing = 3 };

/// What one task does.
struct Todo {
  Act act = Act::square;
  std::uint64_t value = 0;
};

[[nodiscard]] fs::path worker_program_file();
/// This very program: a worker that does what GANTRY_FAKE_WORKER says.
[[nodiscard]] fs::path self();
[[nodiscard]] fs::path liar_plugin();
[[nodiscard]] Bytes u64_bytes(std::uint64_t value);
[[nodiscard]] bool alive(int pid);

/// A pool and everything that it told. Tasks are counted over the whole run: task `i` of any chunk has its own index.
class Run {
 public:
  explicit Run(unsigned workers = 1, std::vector<fs::path> plugins = {liar_plugin()},
               fs::path program = worker_program_file());
  Run(unsigned workers, gantry::host::Mode mode);
  explicit Run(gantry::pool::Options options);

  [[nodiscard]] gantry::pool::Pool& pool() { return *pool_; }
  void end() { pool_.reset(); }

  /// Sends a chunk of acts to a worker; its lease.
  Lease act(unsigned worker, const std::vector<Todo>& todo, std::chrono::nanoseconds timeout = 0ns);
  /// Sends tasks of any function, one row each.
  Lease send(unsigned worker, Function function, const std::vector<Bytes>& rows,
             std::optional<std::uint64_t> result_size, std::chrono::nanoseconds timeout = 0ns);

  /// The same, of an assignment to which nothing is added, with open files.
  Lease send(unsigned worker, gantry::schedule::Assignment assignment, const std::vector<Bytes>& rows,
             std::vector<gantry::schedule::PassedFile> files = {});

  /// Waits until this many events of the kind were seen, at most half a minute.
  template <class Kind>
  void await(std::size_t count = 1) {
    await_until([&] { return of<Kind>().size() >= count; });
  }
  template <class Predicate>
  void await_until(Predicate done) {
    const auto until = std::chrono::steady_clock::now() + 30s;
    while (!done() && std::chrono::steady_clock::now() < until) pool_->wait(100ms, events_);
    if (!done()) timed_out();
  }
  void await_task(std::uint64_t index);

  template <class Kind>
  [[nodiscard]] std::vector<Kind> of() const {
    std::vector<Kind> all;
    for (const Event& each : events_) {
      if (const auto* kind = std::get_if<Kind>(&each)) all.push_back(*kind);
    }
    return all;
  }
  /// Values by index; a task that is reported twice fails the test.
  [[nodiscard]] std::map<std::uint64_t, Bytes> values() const;
  /// All that was printed, in order.
  [[nodiscard]] std::string printed() const;

 private:
  [[noreturn]] void timed_out() const;

  std::unique_ptr<gantry::pool::Pool> pool_;
  std::vector<Event> events_;
  std::uint64_t leases_ = 0;
  std::uint64_t tasks_ = 0;
};

}  // namespace pool_test
