// The pinned values of this process: objects of plugins, by the task that made them. One table for all threads of the
// process; an object is destroyed by the thread that made it, but for what is left when all of them have ended.
#pragma once

#include <cstdint>
#include <expected>
#include <map>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

#include "signature/residence.hpp"
#include "worker/problem.hpp"

namespace gantry::worker {

/// An object that a plugin gave.
struct PinnedObject {
  void* object = nullptr;
  void (*destroy)(void* object) = nullptr;
  std::string type;    ///< "db.session"
  std::string layout;  ///< equal only where the C++ type is
};

/// Destroys it; what the plugin throws meanwhile is told on stderr.
void destroy(const PinnedObject& pinned);

class Residents {
 public:
  /// Of the task of this thread. `anywhere`: any thread may find it. An older object of that task, which nobody can
  /// mean any more, is destroyed first.
  void add(signature::Resident of, PinnedObject pinned, std::string task, bool anywhere);
  /// Valid while the host does not drop it. Problem: it is not here, or of another type.
  [[nodiscard]] std::expected<void*, Problem> find(signature::Resident of, std::string_view type,
                                                   std::string_view layout);
  /// A call of this thread that found something has returned: what it did with it comes before any later drop, also
  /// for who cannot see the way round by the host.
  void used();
  /// There is none, of whatever thread.
  [[nodiscard]] bool empty();
  /// The host says that nobody uses it any more; called by the thread that made it.
  void drop(signature::Resident of);
  /// This thread runs no more tasks: destroys what it made and others cannot find, newest first.
  void end_thread();
  /// No thread does: destroys all the rest.
  void end();

 private:
  struct Entry {
    PinnedObject pinned;
    std::string task;  ///< "opened[3]", for people
    std::thread::id maker;
    bool anywhere = false;
    std::uint64_t order = 0;
  };
  template <class Which>
  void destroy_all(Which which);

  std::mutex mutex_;  ///< guards what follows; no code of a plugin runs under it
  std::map<signature::Resident, Entry> entries_;
  std::uint64_t made_ = 0;
};

}  // namespace gantry::worker
