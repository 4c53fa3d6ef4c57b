// The csv layout (RFC 4180 quoting, lines end in LF): one printed step, a record a task:
//   id,status,<a column a field, or one "value">,kind,message
// A struct whose fields are all plain (scalars, texts, enums, bytes, or such a type with `?`) has a column a field;
// any other type is compact JSON in "value". Consecutive tasks that never started are one record, as in text. Texts are
// written as they are, the empty text as "", null as nothing. A byte that is no UTF-8 becomes U+FFFD, as in JSON; on a
// terminal, controls are written out.
#include <fmt/core.h>

#include <algorithm>
#include <array>
#include <utility>
#include <vector>

#include "report/layout.hpp"
#include "signature/codec.hpp"
#include "signature/printable.hpp"

namespace gantry::report {
namespace {

using signature::Kind;
using signature::Type;
using signature::View;

bool is_plain(const Type& type) {
  if (type.kind == Kind::optional) return type.of[0].kind != Kind::optional && is_plain(type.of[0]);
  return signature::is_scalar(type.kind) || type.kind == Kind::string || type.kind == Kind::bytes ||
         type.kind == Kind::enumeration;
}

bool is_flat(const Type& type) {
  return type.kind == Kind::structure && !type.of.empty() && std::all_of(type.of.begin(), type.of.end(), is_plain);
}

void append_cell(std::string_view text, std::string& to) {
  if (!text.empty() && text.find_first_of(",\"\r\n") == std::string_view::npos) {
    to += text;
    return;
  }
  to += '"';
  for (const char letter : text) {
    if (letter == '"') to += '"';
    to += letter;
  }
  to += '"';
}

/// Names of the columns between ours; none of ours twice.
std::vector<std::string> headings(const Type& type) {
  if (!is_flat(type)) return {"value"};
  constexpr std::array<std::string_view, 4> ours{"id", "status", "kind", "message"};
  const bool clash = std::any_of(type.names.begin(), type.names.end(), [&ours](const std::string& field) {
    return std::find(ours.begin(), ours.end(), field) != ours.end();
  });
  std::vector<std::string> found = type.names;
  if (clash) {
    for (std::string& field : found) field.insert(0, "value.");
  }
  return found;
}

class Csv final : public Layout {
 public:
  Csv(std::span<const Column> columns, TaskId task_id, bool terminal)
      : columns_(columns), task_id_(std::move(task_id)), terminal_(terminal) {}

  void open(StepIndex step, std::string& to) override {
    to += "id,status";
    for (const std::string& heading : headings(columns_[host::raw(step)].result)) {
      to += ',';
      text(heading, to);
    }
    to += ",kind,message\n";
  }

  host::Result<void> task(const Task& task, std::string& to) override {
    const Type& type = columns_[host::raw(task.step)].result;
    text(label(columns_[host::raw(task.step)], task, task_id_), to);
    to += ',';
    to += status_word(task.reason == nullptr ? results::Status::value : task.reason->status);
    if (task.reason != nullptr) {
      to.append(is_flat(type) ? type.of.size() + 1 : 2, ',');
      text(kind_word(*task.reason), to);
      to += ',';
      text(task.reason->message, to);
    } else {
      auto shown = is_flat(type) ? fields(type, task.bytes, to) : cell(type, task.bytes, to);
      if (!shown) return shown;
      to += ",,";
    }
    to += '\n';
    return {};
  }

 private:
  /// A cell of any text.
  void text(std::string_view text, std::string& to) const {
    append_cell(terminal_ ? signature::printable(text) : signature::valid_utf8(text), to);
  }

  host::Result<void> fields(const Type& type, View bytes, std::string& to) {
    for (const Type& field : type.of) {
      const auto size = signature::extent(field, bytes);
      if (!size) return std::unexpected(size.error());
      auto shown = cell(field, bytes.first(*size), to);
      if (!shown) return shown;
      bytes = bytes.subspan(*size);
    }
    return {};
  }

  host::Result<void> cell(const Type& type, View bytes, std::string& to) {
    to += ',';
    if (type.kind == Kind::optional && is_plain(type) && !bytes.empty()) {
      if (bytes[0] == std::byte{0}) return {};
      return content(type.of[0], bytes.subspan(1), to);
    }
    return content(type, bytes, to);
  }

  host::Result<void> content(const Type& type, View bytes, std::string& to) {
    if (type.kind == Kind::string && bytes.size() >= sizeof(std::uint64_t)) {
      const View letters = bytes.subspan(sizeof(std::uint64_t));
      text({reinterpret_cast<const char*>(letters.data()), letters.size()}, to);
      return {};
    }
    scratch_.clear();
    auto shown = signature::append_json(type, bytes, scratch_);
    if (!shown) return shown;
    // The only quotes of a plain type's JSON are those around it: "red", "NaN", base64.
    std::string_view shown_text = scratch_;
    if (is_plain(type) && shown_text.size() >= 2 && shown_text.front() == '"') {
      shown_text = shown_text.substr(1, shown_text.size() - 2);
    }
    append_cell(shown_text, to);
    return {};
  }

  std::span<const Column> columns_;
  TaskId task_id_;
  bool terminal_;
  std::string scratch_;
};

}  // namespace

std::unique_ptr<Layout> make_csv(std::span<const Column> columns, TaskId task_id, bool terminal) {
  return std::make_unique<Csv>(columns, std::move(task_id), terminal);
}

}  // namespace gantry::report
