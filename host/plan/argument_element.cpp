// Elements of sources: how a bound name is written as the type that wants it.
#include <algorithm>
#include <limits>

#include <fmt/core.h>

#include "plan/argument.hpp"
#include "signature/codec.hpp"

namespace gantry::plan {

namespace codes = config::codes;
using signature::Kind;
using signature::Type;

namespace {

template <class Integer>
bool holds(Wide low, Wide high) {
  return low >= std::numeric_limits<Integer>::min() && high <= std::numeric_limits<Integer>::max();
}

/// Every integer of the interval is a value of the kind: floats hold those of their mantissa's width exactly.
bool holds(Kind kind, Wide low, Wide high) {
  const auto within = [&](int bits) { return low >= -(Wide{1} << bits) && high <= Wide{1} << bits; };
  switch (kind) {
    case Kind::u8:
      return holds<std::uint8_t>(low, high);
    case Kind::u16:
      return holds<std::uint16_t>(low, high);
    case Kind::u32:
      return holds<std::uint32_t>(low, high);
    case Kind::u64:
      return holds<std::uint64_t>(low, high);
    case Kind::i8:
      return holds<std::int8_t>(low, high);
    case Kind::i16:
      return holds<std::int16_t>(low, high);
    case Kind::i32:
      return holds<std::int32_t>(low, high);
    case Kind::i64:
      return holds<std::int64_t>(low, high);
    case Kind::f32:
      return within(std::numeric_limits<float>::digits);
    case Kind::f64:
      return within(std::numeric_limits<double>::digits);
    default:
      return false;
  }
}

}  // namespace

std::optional<Element> ArgumentCompiler::element(const Source& source, std::span<const std::string> path,
                                                 const Type& type, const Place& place) {
  if (!source.typed) return std::nullopt;
  switch (source.kind) {
    case Source::Kind::range:
    case Source::Kind::chunks:
      return numbers(source, path, type, place);
    case Source::Kind::values:
      return rows(source, path, &type, place);
    case Source::Kind::files:
      return file(source, path, type, place);
    case Source::Kind::tasks:
    case Source::Kind::list:
      return of_result(source, path, type, place);
    case Source::Kind::groups:
      return group(source, path, type, place);
  }
  return std::nullopt;
}

std::optional<Element> ArgumentCompiler::numbers(const Source& source, std::span<const std::string> path,
                                                 const Type& type, const Place& place) {
  if (type.kind == Kind::optional) {
    exact_ = false;
    auto inner = numbers(source, path, type.of.front(), place);
    if (inner) ++inner->present;
    return inner;
  }
  const bool chunks = source.kind == Source::Kind::chunks;
  if (chunks && path.empty()) return chunk(source, type, place);
  const bool known = chunks ? path.size() == 1 && (path[0] == "begin" || path[0] == "end") : path.empty();
  if (!known) {
    complain_here(
        codes::no_such_part, place,
        fmt::format("{} has no part `{}`", chunks ? "a chunk" : "a number", path[chunks && path.size() > 1 ? 1 : 0]),
        {}, chunks ? "a chunk has the parts begin and end" : "");
    complaints_.back().about_reference = true;
    return std::nullopt;
  }
  if (!number_fits(source, type, place)) return std::nullopt;
  const auto role = !chunks ? Numbers::Role::item : path[0] == "begin" ? Numbers::Role::begin : Numbers::Role::end;
  return Element{0, Numbers{{{role, type.kind}}}};
}

std::optional<Element> ArgumentCompiler::chunk(const Source& source, const Type& type, const Place& place) {
  const bool pair = type.kind == Kind::structure && type.names.size() == 2 &&
                    std::ranges::is_permutation(type.names, std::array<std::string, 2>{"begin", "end"});
  if (!pair) {
    complain_here(codes::result_type, place,
                  fmt::format("{} is a chunk, {{begin, end}}, which does not convert to {}", place.written,
                              signature::to_text(type)),
                  {}, fmt::format("use {0}.begin and {0}.end", place.written));
    return std::nullopt;
  }
  Numbers both;
  for (std::size_t i = 0; i < 2; ++i) {
    if (!number_fits(source, type.of[i], place)) return std::nullopt;
    both.all.push_back({type.names[i] == "begin" ? Numbers::Role::begin : Numbers::Role::end, type.of[i].kind});
  }
  return Element{0, std::move(both)};
}

bool ArgumentCompiler::number_fits(const Source& source, const Type& type, const Place& place) {
  if (type.kind != source.natural) exact_ = false;
  if (holds(type.kind, source.low, source.high)) return true;
  const bool number = signature::is_integer(type.kind) || signature::is_float(type.kind);
  const auto name = signature::to_text(type);
  if (!number) {
    return complain_here(codes::result_type, place,
                         fmt::format("{} is a whole number, which does not convert to {}", place.written, name), {},
                         type.kind == Kind::string ? fmt::format("write \"${{{}}}\"", place.written.substr(1)) : "");
  }
  std::vector<config::Note> notes;
  for (const auto& bound : source.numbers) {
    if (!bound.value) notes.push_back(producer_note(scope_, bound.part.step));
  }
  const auto what = source.count ? fmt::format("goes from {} to {}", source.low, source.high)
                                 : fmt::format("can be anything from {} to {}", source.low, source.high);
  return complain_here(codes::result_type, place,
                       fmt::format("{} {}, which does not fit {}", place.written, what, name), std::move(notes));
}

std::optional<Type> ArgumentCompiler::type_of_part(const Source& source, std::span<const std::string> path,
                                                   const Place& place) {
  auto type = source.element;
  for (const auto& name : path) {
    auto selected = signature::select_type(type, name);
    if (!selected) {
      const auto producer = source.kind == Source::Kind::tasks ? source.producer : source.part.step;
      complain_here(codes::no_such_part, place, fmt::format("{}: {}", place.written, selected.error().sentence),
                    {producer_note(scope_, producer)});
      complaints_.back().about_reference = true;
      return std::nullopt;
    }
    type = std::move(*selected);
  }
  return type;
}

std::optional<Element> ArgumentCompiler::of_result(const Source& source, std::span<const std::string> path,
                                                   const Type& type, const Place& place) {
  const auto from = type_of_part(source, path, place);
  if (!from) return std::nullopt;
  const bool tasks = source.kind == Source::Kind::tasks;
  if (!converts(*from, type, place, tasks ? source.producer : source.part.step)) return std::nullopt;
  if (signature::is_resident(type.kind)) return Element{0, ResidentKey{source.producer}};
  const std::vector<std::string> names(path.begin(), path.end());
  if (tasks) return Element{0, TaskValue{source.producer, names, source.element, *from, type}};
  return Element{0, ListItem{names, source.element, *from, type}};
}

std::optional<Element> ArgumentCompiler::file(const Source& source, std::span<const std::string> path, const Type& type,
                                              const Place& place) {
  static const Type str{Kind::string, {}, {}, 0};
  if (!path.empty()) {
    complain_here(codes::no_such_part, place,
                  fmt::format("{}: the path of a file is a str and has no parts", place.written), {},
                  fmt::format("write {}", place.written.substr(0, place.written.find('.'))));
    complaints_.back().about_reference = true;
    return std::nullopt;
  }
  if (!converts(str, type, place, std::nullopt)) return std::nullopt;
  std::uint32_t present = 0;
  for (const auto* wanted = &type; wanted->kind == Kind::optional; wanted = &wanted->of.front()) ++present;
  return Element{present, Row{source.table}};
}

std::optional<Element> ArgumentCompiler::group(const Source& source, std::span<const std::string> path,
                                               const Type& type, const Place& place) {
  if (type.kind == Kind::optional) {
    exact_ = false;
    auto inner = group(source, path, type.of.front(), place);
    if (inner) ++inner->present;
    return inner;
  }
  if (!path.empty()) {
    complain_here(codes::no_such_part, place, fmt::format("{}: a group is a list and is passed whole", place.written),
                  {}, fmt::format("write ${}", place.written.substr(1, place.written.find('.') - 1)));
    complaints_.back().about_reference = true;
    return std::nullopt;
  }
  if (type.kind != Kind::list) {
    complain_here(
        codes::result_type, place,
        fmt::format("{} is a group, a list, which does not convert to {}", place.written, signature::to_text(type)));
    return std::nullopt;
  }
  auto inner = element(*source.inner, {}, type.of.front(), place);
  if (!inner) return std::nullopt;
  return Element{0, Group(std::move(*inner))};
}

}  // namespace gantry::plan
