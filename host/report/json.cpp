// The json layout: one document, {"version": 1, "steps": {…}, "failed": […]}. Lists are written as they come; tasks
// without a value are null in them, but a list ends before those at its end that never started. All of them stand with
// their causes, those of unprinted steps too, in "failed", in step order: consecutive ones that never started as one.
#include <map>
#include <utility>
#include <vector>

#include "report/layout.hpp"
#include "signature/codec.hpp"

namespace gantry::report {
namespace {

class Json final : public Layout {
 public:
  Json(std::span<const Column> columns, TaskId task_id) : columns_(columns), task_id_(std::move(task_id)) {}

  void begin(std::string& to) override { to += R"({"version": 1, "steps": {)"; }

  void open(StepIndex step, std::string& to) override {
    if (!first_step_) to += ", ";
    first_step_ = false;
    empty_ = true;
    nulls_ = 0;
    signature::append_json_string(columns_[host::raw(step)].id, to);
    to += columns_[host::raw(step)].each ? ": [" : ": ";
  }

  host::Result<void> task(const Task& task, std::string& to) override {
    if (task.reason != nullptr && is_blank(*task.reason)) {
      nulls_ += task.count;
      return {};
    }
    for (; nulls_ > 0; --nulls_) {
      to += empty_ ? "null" : ", null";
      empty_ = false;
    }
    if (!empty_) to += ", ";
    empty_ = false;
    if (task.reason == nullptr) return signature::append_json(columns_[host::raw(task.step)].result, task.bytes, to);
    to += "null";
    return {};
  }

  void close(StepIndex step, std::string& to) override {
    if (columns_[host::raw(step)].each) {
      to += ']';
    } else if (empty_) {
      to += "null";
    }
  }

  void failed(StepIndex step, const results::Run& run) override {
    std::vector<Failures>& runs = failed_[host::raw(step)];
    if (!is_blank(*run.reason)) {
      for (std::uint64_t i = 0; i < run.count; ++i) runs.push_back({run.first + i, 1, *run.reason});
    } else if (!runs.empty() && runs.back().reason == *run.reason && runs.back().end() == run.first) {
      runs.back().count += run.count;
    } else {
      runs.push_back({run.first, run.count, *run.reason});
    }
  }

  void end(std::string& to) override {
    to += R"(}, "failed": [)";
    std::string_view between;
    for (const auto& [step, runs] : failed_) {
      for (const Failures& run : runs) {
        to += between;
        between = ", ";
        to += '{';
        const Task task{static_cast<StepIndex>(step), run.first, run.count, &run.reason, {}};
        append_identity(columns_[step], task, task_id_, to);
        append_reason(run.reason, to);
        to += '}';
      }
    }
    to += "]}\n";
  }

 private:
  /// One task, or a run of tasks that never started.
  struct Failures {
    std::uint64_t first = 0;
    std::uint64_t count = 0;
    results::Reason reason;

    [[nodiscard]] std::uint64_t end() const { return first + count; }
  };

  std::span<const Column> columns_;
  TaskId task_id_;
  std::map<std::uint32_t, std::vector<Failures>> failed_;
  std::uint64_t nulls_ = 0;  ///< of tasks that never started, written when another follows
  bool first_step_ = true;
  bool empty_ = true;
};

}  // namespace

std::unique_ptr<Layout> make_json(std::span<const Column> columns, TaskId task_id) {
  return std::make_unique<Json>(columns, std::move(task_id));
}

}  // namespace gantry::report
