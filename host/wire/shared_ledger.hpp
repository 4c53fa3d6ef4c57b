// What a worker may ask of shared objects, and may say that its task changed: of one open lease. Nothing it says is
// passed on unless the task holds the object, and the bytes are values of its type.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>

#include "schedule/runner.hpp"
#include "signature/error.hpp"
#include "wire/sharing.hpp"

namespace gantry::wire {

class SharedLedger {
 public:
  /// The assignment's `shared` are what the lease's tasks hold.
  explicit SharedLedger(std::shared_ptr<const schedule::Assignment> assignment) : assignment_(std::move(assignment)) {}

  /// True: to be passed on, and answered. False: the get that is to be cancelled was answered meanwhile. Errors are
  /// clauses: "asks for …".
  [[nodiscard]] host::Result<bool> ask(const schedule::Ask& ask);
  /// What the worker asked for was sent to it.
  void answered() { asked_ = false; }
  /// A piece of what the running task changes.
  [[nodiscard]] host::Result<void> change(ChangeReport report);
  /// All that the task changed, which now has its value: checked; nullptr if that is nothing.
  [[nodiscard]] host::Result<std::shared_ptr<const schedule::Changes>> take();
  /// The task failed, so it changes nothing.
  [[nodiscard]] host::Result<void> drop();

 private:
  [[nodiscard]] const schedule::SharedUse* find(std::uint32_t object) const;
  [[nodiscard]] host::Result<void> check(const schedule::Change& change) const;

  std::shared_ptr<const schedule::Assignment> assignment_;
  std::shared_ptr<schedule::Changes> changes_;
  std::uint64_t bytes_ = 0;  ///< of them
  bool asked_ = false;       ///< and not answered
  bool timed_ = false;       ///< the last get waits, or waited, for a time
};

}  // namespace gantry::wire
