// The ndjson layout: a JSON object a line, one a task; consecutive tasks that never started are one, with their count.
#include <utility>

#include "report/layout.hpp"
#include "signature/codec.hpp"

namespace gantry::report {
namespace {

class Ndjson final : public Layout {
 public:
  Ndjson(std::span<const Column> columns, TaskId task_id) : columns_(columns), task_id_(std::move(task_id)) {}

  host::Result<void> task(const Task& task, std::string& to) override {
    const Column& column = columns_[host::raw(task.step)];
    to += '{';
    append_identity(column, task, task_id_, to);
    if (task.reason == nullptr) {
      to += ", \"value\": ";
      auto shown = signature::append_json(column.result, task.bytes, to);
      if (!shown) return shown;
    } else {
      append_reason(*task.reason, to);
    }
    to += "}\n";
    return {};
  }

 private:
  std::span<const Column> columns_;
  TaskId task_id_;
};

}  // namespace

std::unique_ptr<Layout> make_ndjson(std::span<const Column> columns, TaskId task_id) {
  return std::make_unique<Ndjson>(columns, std::move(task_id));
}

}  // namespace gantry::report
