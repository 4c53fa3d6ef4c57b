// The text layout: a line a task, for people and for line tools. "counts[0] = 271", "counts[3] ! crash: …"; of a task
// whose ID is empty the bare value. Consecutive tasks that never started are one line, "counts[4…199] ! not-run: …".
#include <utility>

#include "report/layout.hpp"
#include "signature/codec.hpp"
#include "signature/printable.hpp"

namespace gantry::report {
namespace {

class Text final : public Layout {
 public:
  Text(std::span<const Column> columns, TaskId task_id) : columns_(columns), task_id_(std::move(task_id)) {}

  host::Result<void> task(const Task& task, std::string& to) override {
    const std::string id = label(columns_[host::raw(task.step)], task, task_id_);
    if (id.empty() && task.reason != nullptr) return {};  // a bare value that is not there: the summary says why
    signature::append_printable(id, to);
    if (task.reason == nullptr) {
      if (!id.empty()) to += " = ";
      auto shown = signature::append_json(columns_[host::raw(task.step)].result, task.bytes, to);
      if (!shown) return shown;
    } else {
      to += " ! ";
      signature::append_printable(kind_word(*task.reason), to);
      if (!task.reason->message.empty()) {
        to += ": ";
        signature::append_printable(task.reason->message, to);
      }
    }
    to += '\n';
    return {};
  }

 private:
  std::span<const Column> columns_;
  TaskId task_id_;
};

}  // namespace

std::unique_ptr<Layout> make_text(std::span<const Column> columns, TaskId task_id) {
  return std::make_unique<Text>(columns, std::move(task_id));
}

}  // namespace gantry::report
