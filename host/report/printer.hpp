// Turns a store that fills up in any order into output in task order: decides what can be shown now, and keeps count
// of what has been consumed. Runs on the driver's thread; the same outcomes give the same bytes whatever the order,
// chunks or moments in which they came.
#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "report/column.hpp"
#include "report/digest.hpp"
#include "report/grouping.hpp"
#include "report/lane.hpp"
#include "report/layout.hpp"
#include "report/sink.hpp"

namespace gantry::report {

class Printer {
 public:
  /// `sink` outlives it, and is flushed by finish() and by whoever wants to see text sooner. Precondition:
  /// check_format(columns, format, order). Without `task_id`, IDs are "id[index]" or "id".
  Printer(std::vector<Column> columns, TaskId task_id, Format format, Order order, Sink& sink);
  ~Printer();
  Printer(const Printer&) = delete;
  Printer& operator=(const Printer&) = delete;

  /// Outcomes of `changed` were put in: consumes what can be, which may print other steps too. Cheap if nothing can.
  [[nodiscard]] host::Result<void> advance(const results::Store& store, std::span<const StepIndex> changed);
  /// The same for all steps: linear in their number.
  [[nodiscard]] host::Result<void> advance(const results::Store& store);
  /// Order::done only: prints outcomes as they come, before or after they are put into the store.
  [[nodiscard]] host::Result<void> done(StepIndex step, const results::Run& run);
  /// All outcomes are in the store: prints the rest, what stands below all tasks, and flushes. A step that was never
  /// sized has no tasks. Errors: a task without an outcome (the host's mistake), and the sink's.
  [[nodiscard]] host::Result<void> finish(const results::Store& store);

  /// Outcomes below it are consumed: what schedule::Schedule::consumed() is to be told.
  [[nodiscard]] std::uint64_t position(StepIndex step) const { return positions_[host::raw(step)]; }
  /// Steps whose position the last advance() or finish() moved; each once.
  [[nodiscard]] const std::vector<StepIndex>& moved() const { return moved_; }
  /// How consumed tasks ended.
  [[nodiscard]] const Counts& counts(StepIndex step) const { return counts_[host::raw(step)]; }
  [[nodiscard]] Counts counts() const;
  /// A text of the step that is not UTF-8 was printed, with U+FFFD for what is none.
  [[nodiscard]] bool replaced(StepIndex step) const { return replaced_[host::raw(step)]; }

 private:
  void start_round();
  void set_position(StepIndex step, std::uint64_t position);
  void account(StepIndex step, const results::Run& run);
  /// Consumes up to the frontier what is not printed in order.
  void consume(const results::Store& store, StepIndex step);
  [[nodiscard]] host::Result<void> print_ready(const results::Store& store);
  [[nodiscard]] host::Result<bool> print_group(const results::Store& store);
  [[nodiscard]] bool ended(const results::Store& store, const Lane& lane) const;
  [[nodiscard]] host::Result<void> show(const Task& task);
  [[nodiscard]] host::Result<void> show_held(Lane& lane, const Task* next);
  [[nodiscard]] host::Result<void> write_text();
  [[nodiscard]] host::Result<void> check_complete(const results::Store& store) const;

  std::vector<Column> columns_;
  TaskId task_id_;
  Format format_;
  Order order_;
  Sink& sink_;
  std::unique_ptr<Layout> layout_;  ///< nullptr: digest, none
  std::vector<Digest> digests_;     ///< one a step, if the format is digest
  std::vector<bool> in_order_;      ///< printed by a group; all other steps are consumed at their frontier
  std::vector<Group> groups_;
  std::size_t group_ = 0;    ///< the one being printed
  bool open_ = false;        ///< lanes_ are its steps
  std::vector<Lane> lanes_;  ///< those before lane_ are done with row_; any may be further, by a run
  std::size_t lane_ = 0;
  std::uint64_t row_ = 0;  ///< the index that is printed
  std::vector<std::uint64_t> positions_;
  std::vector<Counts> counts_;
  std::vector<StepIndex> moved_;
  std::vector<std::uint64_t> moved_in_;  ///< the round in which the step moved last
  std::uint64_t round_ = 0;
  std::vector<bool> replaced_;
  bool finishing_ = false;
  std::string text_;  ///< shown, not yet handed to the sink
};

}  // namespace gantry::report
