#include "plan/axis.hpp"

#include <algorithm>
#include <array>
#include <limits>

#include <fmt/core.h>

#include "plan/result_part.hpp"
#include "signature/codec.hpp"
#include "signature/little_endian.hpp"

namespace gantry::plan {
namespace {

using host::ErrorKind;
using host::fail;

host::Result<Wide> value_of(const Bound& bound, const Values& values) {
  if (bound.value) return *bound.value;
  const auto part = read_part(bound.part, values);
  if (!part) return std::unexpected(part.error());
  return read_integer(bound.part.type.kind, *part);
}

host::Result<Axis> lay_out_list(const Part& from, const Values& values) {
  const auto whole = read_part(from, values);
  if (!whole) return std::unexpected(whole.error());
  const auto& type = from.type;
  auto items = *whole;
  Axis axis;
  if (type.kind == signature::Kind::array) {
    axis.count = type.length;
  } else {
    const auto count = signature::list_size(items);
    if (!count) return std::unexpected(count.error());
    axis.count = *count;
    items = items.subspan(sizeof(std::uint64_t));
  }
  axis.list.assign(items.begin(), items.end());
  const auto& element = type.of.front();
  if (const auto size = signature::fixed_size(element)) {
    axis.size = *size;
    return axis;
  }
  axis.ends.reserve(axis.count);
  std::uint64_t end = 0;
  for (std::uint64_t k = 0; k < axis.count; ++k) {
    const auto size = signature::extent(element, signature::View(axis.list).subspan(end));
    if (!size) return std::unexpected(size.error());
    axis.ends.push_back(end += *size);
  }
  return axis;
}

host::Result<Axis> lay_out_groups(const Source& source, const Values& values) {
  auto inner = lay_out(*source.inner, values);
  if (!inner) return std::unexpected(inner.error());
  const auto size = value_of(source.numbers.front(), values);
  if (!size) return std::unexpected(size.error());
  if (*size < 1) {
    return fail(ErrorKind::value, fmt::format("a group has at least 1 element, and {} is {}",
                                              source.numbers.front().written, static_cast<std::int64_t>(*size)));
  }
  Axis axis;
  axis.group = static_cast<std::uint64_t>(*size);
  axis.count = count_groups(inner->count, axis.group);
  axis.inner = std::make_unique<Axis>(std::move(*inner));
  return axis;
}

}  // namespace

signature::View Axis::item(std::uint64_t k) const {
  if (ends.empty()) return signature::View(list).subspan(k * size, size);
  const std::uint64_t begin = k == 0 ? 0 : ends[k - 1];
  return signature::View(list).subspan(begin, ends[k] - begin);
}

std::uint64_t count_groups(std::uint64_t count, std::uint64_t size) {
  return count / size + (count % size == 0 ? 0 : 1);
}

std::expected<Axis, std::string> lay_out(Source::Kind kind, Wide from, Wide to, Wide step) {
  const bool chunks = kind == Source::Kind::chunks;
  if (chunks && step < 1) return std::unexpected(fmt::format("a chunk has at least 1 number, not {}", step));
  if (step == 0) return std::unexpected("a range needs a step other than 0");
  const auto count = count_range(from, to, step);
  if (count > most_tasks) return std::unexpected("it has more than 2^63 elements");
  Axis axis;
  axis.count = static_cast<std::uint64_t>(count);
  if (count == 0) return axis;
  const auto last = chunks ? to : from + (count - 1) * step;
  axis.low = std::min(from, last);
  axis.high = std::max(from, last);
  axis.is_signed = axis.low < 0;
  if (axis.is_signed && axis.high > std::numeric_limits<std::int64_t>::max()) {
    return std::unexpected(fmt::format("no integer type holds both {} and {}", axis.low, axis.high));
  }
  axis.from = static_cast<std::uint64_t>(from);
  axis.step = static_cast<std::uint64_t>(step);
  axis.to = static_cast<std::uint64_t>(last);
  return axis;
}

host::Result<Axis> lay_out(const Source& source, const Values& values) {
  switch (source.kind) {
    case Source::Kind::range:
    case Source::Kind::chunks: {
      std::array<Wide, 3> numbers{0, 0, 1};
      for (std::size_t i = 0; i < source.numbers.size(); ++i) {
        const auto number = value_of(source.numbers[i], values);
        if (!number) return std::unexpected(number.error());
        numbers[i] = *number;
      }
      auto axis = lay_out(source.kind, numbers[0], numbers[1], numbers[2]);
      if (!axis) return fail(ErrorKind::value, fmt::format("{}: {}", source.written, axis.error()));
      return std::move(*axis);
    }
    case Source::Kind::values:
    case Source::Kind::files: {
      Axis axis;
      axis.count = source.count.value_or(0);  // always known
      return axis;
    }
    case Source::Kind::tasks: {
      Axis axis;
      axis.count = values.tasks(source.producer);
      return axis;
    }
    case Source::Kind::list:
      return lay_out_list(source.part, values);
    case Source::Kind::groups:
      return lay_out_groups(source, values);
  }
  return fail(ErrorKind::value, "a source of no kind");
}

}  // namespace gantry::plan
