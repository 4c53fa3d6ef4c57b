// Parts of a value: a struct's field by name, a place in a tuple, an array or a list by number.
#include <algorithm>
#include <charconv>
#include <optional>

#include <fmt/format.h>

#include "signature/codec.hpp"
#include "signature/identifier.hpp"
#include "signature/little_endian.hpp"
#include "signature/nearest.hpp"
#include "signature/utf8.hpp"

namespace gantry::signature {

namespace {

[[nodiscard]] std::unexpected<host::Error> refuse(std::string sentence) {
  return host::fail(host::ErrorKind::value, std::move(sentence));
}

[[nodiscard]] std::string short_text(const Type& type) {
  return excerpt(to_text(type), 120);
}

/// Which part of `type` the name selects: a field's position, or an element's. Of a list, any position may exist.
[[nodiscard]] host::Result<std::uint64_t> position(const Type& type, std::string_view name) {
  if (type.kind == Kind::structure) {
    const auto found = std::ranges::find(type.names, name);
    if (found != type.names.end()) return static_cast<std::uint64_t>(found - type.names.begin());
    return refuse(fmt::format("{} has no field {}{}", short_text(type), name, or_did_you_mean(name, type.names)));
  }
  if (type.kind != Kind::tuple && type.kind != Kind::array && type.kind != Kind::list) {
    return refuse(fmt::format("{} has no parts to select, so no .{}", short_text(type), name));
  }
  std::uint64_t index = 0;
  const bool digits = std::ranges::all_of(name, is_digit) && !name.empty() && (name[0] != '0' || name.size() == 1);
  if (!digits || std::from_chars(name.data(), name.data() + name.size(), index).ec != std::errc()) {
    return refuse(fmt::format("{} is selected from by a position, 0 or more, not by .{}", short_text(type), name));
  }
  const auto count = type.kind == Kind::tuple ? type.of.size() : type.length;
  if (type.kind != Kind::list && index >= count) {
    return refuse(fmt::format("{} has no position {}: the last is {}", short_text(type), name, count - 1));
  }
  return index;
}

[[nodiscard]] const Type& part(const Type& type, std::uint64_t index) {
  return type.kind == Kind::structure || type.kind == Kind::tuple ? type.of[index] : type.of[0];
}

/// Bytes of the parts of `type` before `index`; `bytes` begin with the first part.
[[nodiscard]] host::Result<std::uint64_t> offset_of(const Type& type, std::uint64_t index, View bytes) {
  const bool alike = type.kind == Kind::list || type.kind == Kind::array;
  const auto size = alike ? fixed_size(type.of[0]) : std::nullopt;
  if (size) {
    if (*size != 0 && index > bytes.size() / *size) return refuse("the bytes end before the position");
    return index * *size;
  }
  std::uint64_t offset = 0;
  for (std::uint64_t i = 0; i < index; ++i) {
    const auto one = extent(part(type, i), bytes.subspan(offset));
    if (!one) return one;
    offset += *one;
  }
  return offset;
}

}  // namespace

host::Result<std::uint64_t> list_size(View bytes) {
  if (bytes.size() < sizeof(std::uint64_t)) {
    return refuse(fmt::format("a list begins with its count in 8 bytes, {} are there", bytes.size()));
  }
  return load<std::uint64_t>(bytes.data());
}

host::Result<Type> select_type(const Type& type, std::string_view name) {
  const auto index = position(type, name);
  if (!index) return std::unexpected(index.error());
  return part(type, *index);
}

host::Result<Selected> select(const Type& type, View bytes, std::string_view name) {
  const auto index = position(type, name);
  if (!index) return std::unexpected(index.error());
  if (type.kind == Kind::list) {
    const auto count = list_size(bytes);
    if (!count) return std::unexpected(count.error());
    if (*index >= *count) {
      return refuse(fmt::format("this {} has {} elements, so no .{}", short_text(type), *count, name));
    }
    bytes = bytes.subspan(sizeof *count);
  }
  const auto offset = offset_of(type, *index, bytes);
  if (!offset) return std::unexpected(offset.error());
  const auto& selected = part(type, *index);
  const auto size = extent(selected, bytes.subspan(*offset));
  if (!size) return std::unexpected(size.error());
  return Selected{.type = selected, .bytes = bytes.subspan(*offset, *size)};
}

}  // namespace gantry::signature
