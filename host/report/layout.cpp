#include "report/layout.hpp"

#include <fmt/core.h>

#include <iterator>
#include <utility>

#include "signature/codec.hpp"

namespace gantry::report {

std::unique_ptr<Layout> make_layout(Format format, std::span<const Column> columns, TaskId task_id, bool terminal) {
  switch (format) {
    case Format::text:
      return make_text(columns, std::move(task_id));
    case Format::json:
      return make_json(columns, std::move(task_id));
    case Format::ndjson:
      return make_ndjson(columns, std::move(task_id));
    case Format::csv:
      return make_csv(columns, std::move(task_id), terminal);
    case Format::digest:
    case Format::none:
      break;
  }
  return nullptr;
}

std::string_view status_word(results::Status status) {
  switch (status) {
    case results::Status::value:
      return "ok";
    case results::Status::error:
      return "error";
    case results::Status::skipped:
      return "skipped";
    case results::Status::not_run:
      break;
  }
  return "not-run";
}

std::string_view kind_word(const results::Reason& reason) {
  return reason.kind.empty() ? status_word(reason.status) : std::string_view(reason.kind);
}

std::string label(const Column& column, const Task& task, const TaskId& task_id) {
  if (task.count == 1) return task_id(task.step, task.index);
  return fmt::format("{}[{}…{}]", column.id, task.index, task.index + task.count - 1);
}

void append_identity(const Column& column, const Task& task, const TaskId& task_id, std::string& to) {
  to += "\"id\": ";
  signature::append_json_string(task_id(task.step, task.index), to);
  to += ", \"step\": ";
  signature::append_json_string(column.id, to);
  if (column.each) fmt::format_to(std::back_inserter(to), ", \"index\": {}", task.index);
  if (task.count > 1) fmt::format_to(std::back_inserter(to), ", \"count\": {}", task.count);
  to += ", \"status\": \"";
  to += status_word(task.reason == nullptr ? results::Status::value : task.reason->status);
  to += '"';
}

void append_reason(const results::Reason& reason, std::string& to) {
  to += ", \"kind\": ";
  signature::append_json_string(kind_word(reason), to);
  to += ", \"message\": ";
  signature::append_json_string(reason.message, to);
}

}  // namespace gantry::report
