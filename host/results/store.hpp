// Outcomes by step and index: put in as they come, read in task order, released when nobody needs them.
// Belongs to the thread that runs the driver; nothing here locks. What only a mistake in the host can cause (a task put
// in twice, or outside its step's size, a value asked for that is not there) stops the process with a sentence that
// names step and task: going on would lose or double an outcome.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "plan/values.hpp"
#include "signature/bytes.hpp"
#include "signature/ids.hpp"

namespace gantry::wire {
class Shelves;
}

namespace gantry::results {

using host::StepIndex;

/// What a task ended as. The numbers are hashed by digests and never change.
enum class Status : std::uint8_t { value = 0, error = 1, skipped = 2, not_run = 3 };

/// An outcome without a value.
struct Reason {
  Status status = Status::error;
  std::string kind;     ///< "crash", "timeout", a function's own; for skipped: "skipped"
  std::string message;  ///< a function of pipeline, inputs and seed: no worker, no time

  friend bool operator==(const Reason&, const Reason&) = default;
};

/// Did the task never start? Such tasks come in runs of any length, and are told as runs.
[[nodiscard]] inline bool is_blank(const Reason& reason) {
  return reason.status != Status::error;
}

/// Outcomes of consecutive tasks of one step, in index order: values, or tasks with one and the same reason.
struct Run {
  std::uint64_t first = 0;
  std::uint64_t count = 0;
  const Reason* reason = nullptr;          ///< nullptr: values
  signature::View bytes;                   ///< values one after the other
  std::optional<std::uint64_t> size;       ///< of each value, if fixed
  std::span<const std::uint64_t> lengths;  ///< of each value, if not
};

struct Segment;

/// A value's address holds until the next one is put in: small neighbours are joined.
class Store final : public plan::Values {
 public:
  /// One entry a step: bytes of a result if its size is fixed.
  explicit Store(const std::vector<std::optional<std::uint64_t>>& result_sizes);
  ~Store() override;
  Store(const Store&) = delete;
  Store& operator=(const Store&) = delete;

  /// How many tasks the step has: told once, before its first outcome is put in.
  void sized(StepIndex step, std::uint64_t tasks);
  /// Tasks of the step, or nothing before sized().
  [[nodiscard]] std::optional<std::uint64_t> size(StepIndex step) const;

  /// Values of consecutive tasks, one after the other. Each task is put in exactly once; `lengths` is empty if the
  /// size is fixed. A large buffer is kept as it is; only if too much of what is held is unused is it cut to size.
  void put(StepIndex step, std::uint64_t first, std::uint64_t count, signature::Bytes bytes,
           std::vector<std::uint64_t> lengths);
  /// One large value, which stays where it lies.
  void put(StepIndex step, std::uint64_t index, std::shared_ptr<const signature::SharedBytes> value);
  /// Somebody wants all values of the step as one list: those of fixed size are laid out as such from the start. Before
  /// its first outcome.
  void shelve_all(StepIndex step);
  /// Consecutive tasks that ended without a value, all for the same reason.
  void put(StepIndex step, std::uint64_t first, std::uint64_t count, Reason reason);

  /// All tasks below it have an outcome.
  [[nodiscard]] std::uint64_t frontier(StepIndex step) const;
  /// Calls `visit` with the outcomes of [from, min(to, frontier)) in order, in as few runs as they are stored in.
  void read(StepIndex step, std::uint64_t from, std::uint64_t to, const std::function<void(const Run&)>& visit) const;
  /// Where the run of outcomes ends that this task's is stored in. The task has one, and is not released.
  [[nodiscard]] std::uint64_t end_of_run(StepIndex step, std::uint64_t index) const;
  /// Outcomes below `index` are not read again; a prefix of the frontier.
  void release(StepIndex step, std::uint64_t index);
  /// A buffer to fill and put: released ones are used again, so that a steady run touches no fresh pages.
  [[nodiscard]] signature::Bytes buffer();

  /// Tasks of a step that was sized.
  [[nodiscard]] std::uint64_t tasks(StepIndex step) const override;
  /// O(log segments); the task may lie ahead of the frontier.
  [[nodiscard]] signature::View value(StepIndex step, std::uint64_t index) const override;
  [[nodiscard]] bool has_value(StepIndex step, std::uint64_t index) const override;
  /// All tasks of the step have ended and none is released; tasks without a value are left out.
  void append_all(StepIndex step, signature::Bytes& to) const override;
  [[nodiscard]] std::shared_ptr<const signature::SharedBytes> shared_all(StepIndex step) const override;
  [[nodiscard]] std::shared_ptr<const signature::SharedBytes> shared_value(StepIndex step,
                                                                           std::uint64_t index) const override;
  /// Status of a task with an outcome that is not released.
  [[nodiscard]] Status status(StepIndex step, std::uint64_t index) const;
  /// Why such a task has no value; nullptr if it has one. The task may lie ahead of the frontier.
  [[nodiscard]] const Reason* reason(StepIndex step, std::uint64_t index) const;
  /// Bytes of memory behind values, their lengths and free buffers.
  [[nodiscard]] std::uint64_t held() const;

 private:
  struct Column;
  [[nodiscard]] Column& column(StepIndex step) const;
  void admit(StepIndex step, Column& column, Segment segment);
  void join(Column& column, Segment& before, Segment after);
  void shelve(Column& column, Segment& segment);
  void trim(Segment& segment);
  void recycle(signature::Bytes bytes);
  void drop(Segment& segment);

  std::unique_ptr<wire::Shelves> shelves_;  ///< outlives what is on them
  std::vector<std::unique_ptr<Column>> columns_;
  std::vector<signature::Bytes> free_;
  std::uint64_t used_ = 0;        ///< bytes of values and lengths
  std::uint64_t slack_ = 0;       ///< capacity of their buffers beyond that
  std::uint64_t free_bytes_ = 0;  ///< capacity of free_
};

}  // namespace gantry::results
