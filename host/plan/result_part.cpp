#include "plan/result_part.hpp"

#include <fmt/core.h>

#include "signature/codec.hpp"
#include "signature/little_endian.hpp"

namespace gantry::plan {

using signature::Kind;
using signature::View;

std::unexpected<host::Error> no_such_task(std::uint64_t element, std::uint64_t tasks) {
  return host::fail(host::ErrorKind::value, fmt::format("there is no task {}: the step has {}", element, tasks));
}

host::Result<View> read_part(const Part& part, const Values& values) {
  if (const auto tasks = values.tasks(part.step); part.element >= tasks) return no_such_task(part.element, tasks);
  return select_path(part.root, part.path, values.value(part.step, part.element));
}

host::Result<View> select_path(const signature::Type& root, std::span<const std::string> path, View bytes) {
  if (path.empty()) return bytes;
  auto part = signature::select(root, bytes, path.front());
  for (const auto& name : path.subspan(1)) {
    if (!part) break;
    part = signature::select(part->type, part->bytes, name);
  }
  if (!part) return std::unexpected(part.error());
  return part->bytes;
}

Wide read_integer(Kind kind, View bytes) {
  const auto* from = bytes.data();
  switch (kind) {
    case Kind::u8:
      return signature::load<std::uint8_t>(from);
    case Kind::u16:
      return signature::load<std::uint16_t>(from);
    case Kind::u32:
      return signature::load<std::uint32_t>(from);
    case Kind::u64:
      return signature::load<std::uint64_t>(from);
    case Kind::i8:
      return signature::load<std::int8_t>(from);
    case Kind::i16:
      return signature::load<std::int16_t>(from);
    case Kind::i32:
      return signature::load<std::int32_t>(from);
    default:
      return signature::load<std::int64_t>(from);
  }
}

host::Result<void> append_text(const signature::Type& type, View bytes, std::string& to) {
  if (type.kind == Kind::string) {
    const auto text = bytes.subspan(sizeof(std::uint64_t));
    to.append(reinterpret_cast<const char*>(text.data()), text.size());
    return {};
  }
  std::string json;
  if (auto shown = signature::append_json(type, bytes, json); !shown) return shown;
  const bool quoted = json.size() >= 2 && json.front() == '"';  // an enumerator, NaN, Infinity
  to += quoted ? std::string_view(json).substr(1, json.size() - 2) : std::string_view(json);
  return {};
}

}  // namespace gantry::plan
