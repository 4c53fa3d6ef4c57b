// What the running task does with shared objects. Changes are kept here and told to the host in one go, just before the
// task's value; a request for what others did waits for the host's answer. Used by the thread that runs the task.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "gantry/abi.h"
#include "signature/bytes.hpp"
#include "signature/error.hpp"
#include "signature/type.hpp"
#include "wire/worker_channel.hpp"
#include "worker/problem.hpp"

namespace gantry::worker {

class Shares {
 public:
  explicit Shares(wire::WorkerChannel& channel) : channel_(&channel) {}

  /// The tasks that follow hold these; `signature` is of their function, and outlives them. Error: the host names a
  /// parameter that is not.
  [[nodiscard]] host::Result<void> assign(const std::vector<wire::SharedName>& names,
                                          const signature::Signature& signature);
  /// The task that runs now: it has changed nothing yet.
  void begin(std::uint64_t lease, std::uint64_t index);
  /// gantry_call.shared. GANTRY_FAILED: see problem() and broken().
  [[nodiscard]] gantry_status ask(gantry_shared& request);
  /// The task has its value: tells the host what it changed.
  [[nodiscard]] host::Result<void> tell();

  /// A request failed: the task has no value, whatever its function says.
  [[nodiscard]] std::optional<Problem>& problem() { return problem_; }
  /// The host is gone.
  [[nodiscard]] const std::optional<host::Error>& broken() const { return broken_; }

 private:
  struct Object {
    std::uint32_t number = 0;
    const signature::Type* type = nullptr;
    std::uint64_t size = 0;         ///< of an array
    std::uint64_t width = 0;        ///< bytes of its elements
    bool touched = false;           ///< by this task: the rest holds something
    bool closes = false;            ///< a queue
    signature::Bytes bytes;         ///< put, as {u64 length, value}; or the counter's or the elements' sums
    std::vector<bool> added;        ///< to which elements
    std::vector<std::uint64_t> at;  ///< the same, in the order of their first change
  };

  [[nodiscard]] gantry_status get(Object& object, gantry_shared& request);
  [[nodiscard]] gantry_status put(Object& object, const gantry_shared& request);
  [[nodiscard]] gantry_status add(Object& object, const gantry_shared& request);
  [[nodiscard]] gantry_status load(Object& object, gantry_shared& request);
  [[nodiscard]] bool ask_host(const schedule::Ask& ask, std::uint64_t until);
  [[nodiscard]] host::Result<void> send(schedule::Change::What what, const Object& object, signature::View bytes);
  gantry_status fail(std::string kind, std::string message);

  wire::WorkerChannel* channel_;
  std::vector<Object> objects_;
  Object* last_ = nullptr;  ///< that was asked for
  bool touched_ = false;
  std::uint64_t lease_ = 0;
  std::uint64_t index_ = 0;
  schedule::Answer answer_;    ///< the last, which the plugin may read
  std::uint64_t changed_ = 0;  ///< bytes
  std::optional<Problem> problem_;
  std::optional<host::Error> broken_;
};

}  // namespace gantry::worker
