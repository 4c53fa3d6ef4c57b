// How outcomes look: one class a format. Layouts turn tasks into text; they know nothing of order, files or the store.
#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>

#include "report/column.hpp"
#include "results/store.hpp"

namespace gantry::report {

/// One outcome to be shown, or a run of tasks that never started; valid for the call.
struct Task {
  StepIndex step{};
  std::uint64_t index = 0;
  std::uint64_t count = 1;
  const results::Reason* reason = nullptr;  ///< nullptr: a value
  signature::View bytes;
};

/// Called in this order: begin, then for each group open … task … close, at last end. All append to `to`.
class Layout {
 public:
  Layout() = default;
  Layout(const Layout&) = delete;
  Layout& operator=(const Layout&) = delete;
  virtual ~Layout() = default;

  virtual void begin(std::string& /*to*/) {}
  /// Before the first task of a group, told with the group's first step.
  virtual void open(StepIndex /*step*/, std::string& /*to*/) {}
  /// Errors: the bytes are not a value of the step's type.
  [[nodiscard]] virtual host::Result<void> task(const Task& task, std::string& to) = 0;
  virtual void close(StepIndex /*step*/, std::string& /*to*/) {}
  /// Tasks of any step, printed or not, that ended without a value; each step's in index order.
  virtual void failed(StepIndex /*step*/, const results::Run& /*run*/) {}
  virtual void end(std::string& /*to*/) {}
};

/// The layout of text, json, ndjson or csv; nullptr for digest and none. `columns` outlives it. `terminal`: a person
/// looks at it, so that what could steer a terminal is written out where the layout itself has no such form (csv).
[[nodiscard]] std::unique_ptr<Layout> make_layout(Format format, std::span<const Column> columns, TaskId task_id,
                                                  bool terminal);

[[nodiscard]] std::unique_ptr<Layout> make_text(std::span<const Column> columns, TaskId task_id);
[[nodiscard]] std::unique_ptr<Layout> make_ndjson(std::span<const Column> columns, TaskId task_id);
[[nodiscard]] std::unique_ptr<Layout> make_json(std::span<const Column> columns, TaskId task_id);
[[nodiscard]] std::unique_ptr<Layout> make_csv(std::span<const Column> columns, TaskId task_id, bool terminal);

/// The task's ID, or "id[first…last]" of a run.
[[nodiscard]] std::string label(const Column& column, const Task& task, const TaskId& task_id);

/// "ok", "error", "skipped", "not-run".
[[nodiscard]] std::string_view status_word(results::Status status);
/// The reason's kind, or the word of its status if it has none.
[[nodiscard]] std::string_view kind_word(const results::Reason& reason);

/// Appends `"id": …, "step": …, "index": …, "status": …` of a JSON object; no index for steps without `each`. A run is
/// told with the ID and index of its first task, and `"count": …` behind the index.
void append_identity(const Column& column, const Task& task, const TaskId& task_id, std::string& to);
/// Appends `, "kind": …, "message": …`.
void append_reason(const results::Reason& reason, std::string& to);

}  // namespace gantry::report
