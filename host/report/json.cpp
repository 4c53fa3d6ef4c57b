// The json layout: one document, {"version": 1, "steps": {…}, "failed": […]}. Lists are written as they come; tasks
// that failed are null in them, and stand with their causes, those of unprinted steps too, in "failed", in step order.
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
    signature::append_json_string(columns_[host::raw(step)].id, to);
    to += columns_[host::raw(step)].each ? ": [" : ": ";
  }

  host::Result<void> task(const Task& task, std::string& to) override {
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
    failed_[host::raw(step)].push_back({run.first, run.count, *run.reason});
  }

  void end(std::string& to) override {
    to += R"(}, "failed": [)";
    std::string_view between;
    for (const auto& [step, runs] : failed_) {
      for (const Failures& run : runs) {
        for (std::uint64_t index = run.first; index < run.first + run.count; ++index) {
          to += between;
          between = ", ";
          to += '{';
          append_identity(columns_[step], task_id_(static_cast<StepIndex>(step), index), index, run.reason.status, to);
          append_reason(run.reason, to);
          to += '}';
        }
      }
    }
    to += "]}\n";
  }

 private:
  /// Runs, not text: a million tasks skipped for one cause take the space of one.
  struct Failures {
    std::uint64_t first = 0;
    std::uint64_t count = 0;
    results::Reason reason;
  };

  std::span<const Column> columns_;
  TaskId task_id_;
  std::map<std::uint32_t, std::vector<Failures>> failed_;
  bool first_step_ = true;
  bool empty_ = true;
};

}  // namespace

std::unique_ptr<Layout> make_json(std::span<const Column> columns, TaskId task_id) {
  return std::make_unique<Json>(columns, std::move(task_id));
}

}  // namespace gantry::report
