// What the running task takes and gives that is no bytes: pinned values of this worker, and open files. What it gives
// counts once the task has its value; until then it is held here. Used by the thread that runs the task.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "gantry/abi.h"
#include "signature/error.hpp"
#include "signature/type.hpp"
#include "wire/descriptor.hpp"
#include "wire/worker_channel.hpp"
#include "worker/problem.hpp"
#include "worker/residents.hpp"

namespace gantry::worker {

class Holdings {
 public:
  Holdings(wire::WorkerChannel& channel, Residents& residents) : channel_(&channel), residents_(&residents) {}
  Holdings(const Holdings&) = delete;
  Holdings& operator=(const Holdings&) = delete;
  ~Holdings() { let_go(); }

  /// The tasks that follow are of this chunk; `result` is their function's, `plugin` its plugin's name. All borrowed.
  void open(const wire::Work& work, const signature::Type& result, std::string_view plugin);

  // What the plugin calls. GANTRY_FAILED: see problem().
  [[nodiscard]] gantry_status keep(const gantry_pin& pin);
  [[nodiscard]] gantry_status find(gantry_pin& pin);
  [[nodiscard]] gantry_status give_descriptor(std::int32_t descriptor);
  [[nodiscard]] gantry_status find_descriptor(std::uint64_t step, std::uint64_t index, std::int32_t& descriptor);

  /// The call has returned.
  void end();
  /// Another call begins.
  void begin();
  /// The task says that it has a value, of so many bytes besides: enters it, or sends it ahead of its report. False:
  /// see problem() or broken().
  [[nodiscard]] bool settle(std::uint64_t index, std::uint64_t bytes);
  /// The task has no value: destroys or closes what it gave.
  void let_go();

  /// A request failed: the task has no value, whatever its function says.
  [[nodiscard]] std::optional<Problem>& problem() { return problem_; }
  /// The host is gone.
  [[nodiscard]] const std::optional<host::Error>& broken() const { return broken_; }

 private:
  gantry_status fail(std::string kind, std::string message);
  [[nodiscard]] std::string qualified(gantry_text name) const;

  wire::WorkerChannel* channel_;
  Residents* residents_;
  const wire::Work* work_ = nullptr;
  const signature::Type* result_ = nullptr;
  std::string_view plugin_;
  bool found_ = false;  ///< by the running call
  std::optional<PinnedObject> pinned_;
  wire::Descriptor file_;
  std::optional<Problem> problem_;
  std::optional<host::Error> broken_;
};

/// A pin's name without a dot is its plugin's own.
[[nodiscard]] std::string qualify(std::string_view plugin, std::string_view name);

}  // namespace gantry::worker
