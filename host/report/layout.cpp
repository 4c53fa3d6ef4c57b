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

void append_identity(const Column& column, const std::string& id, std::uint64_t index, results::Status status,
                     std::string& to) {
  to += "\"id\": ";
  signature::append_json_string(id, to);
  to += ", \"step\": ";
  signature::append_json_string(column.id, to);
  if (column.each) fmt::format_to(std::back_inserter(to), ", \"index\": {}", index);
  to += ", \"status\": \"";
  to += status_word(status);
  to += '"';
}

void append_reason(const results::Reason& reason, std::string& to) {
  to += ", \"kind\": ";
  signature::append_json_string(kind_word(reason), to);
  to += ", \"message\": ";
  signature::append_json_string(reason.message, to);
}

}  // namespace gantry::report
