// Interpolation: "part-${index}.txt".
#include <fmt/core.h>

#include "plan/argument.hpp"
#include "plan/result_part.hpp"
#include "signature/codec.hpp"
#include "signature/little_endian.hpp"

namespace gantry::plan {

namespace codes = config::codes;
using config::Reference;
using signature::Kind;
using signature::Type;

namespace {

const Type str{Kind::string, {}, {}, 0};

piece::Text::Scalar fixed(std::string_view text) {
  signature::Bytes bytes;
  signature::append_scalar(bytes, std::uint64_t{text.size()});
  signature::append(bytes, std::as_bytes(std::span(text)));
  return {{piece::Constant{std::move(bytes)}}, str};
}

/// The whole as a str, if no part waits for the run: all are fixed then.
std::optional<signature::Bytes> constant_text(const piece::Text& text) {
  std::string whole;
  for (const auto& part : text.parts) {
    const auto* constant = std::get_if<piece::Constant>(&part.piece.is);
    if (constant == nullptr || !append_text(part.type, constant->bytes, whole)) return std::nullopt;
  }
  return std::get<piece::Constant>(fixed(whole).piece.is).bytes;
}

}  // namespace

bool ArgumentCompiler::text(const config::Scalar& scalar, const signature::Node& node, const Type& type,
                            const std::string& path, Program& to) {
  if (type.kind == Kind::optional) {
    exact_ = false;
    append_constant(to, std::array{std::byte{1}});
    return text(scalar, node, type.of.front(), path, to);
  }
  if (type.kind != Kind::string) {
    complaints_.push_back(complain(codes::value_type, node.mark,
                                   fmt::format("{}: a text with ${{…}} in it is a str, which does not convert to {}",
                                               path, signature::to_text(type))));
    return false;
  }
  piece::Text whole;
  bool fits = true;
  for (const auto& part : scalar.parts) {
    if (const auto* written = std::get_if<std::string>(&part)) {
      whole.parts.push_back(fixed(*written));
    } else {
      const auto& reference = std::get<Reference>(part);
      fits = text_part(reference, {config::to_text(reference), node.mark, path}, whole.parts) && fits;
    }
  }
  if (!fits) return false;
  if (const auto known = constant_text(whole)) {
    append_constant(to, *known);
  } else {
    to.push_back({std::move(whole)});
  }
  return true;
}

bool ArgumentCompiler::text_part(const Reference& reference, const Place& place, std::vector<piece::Text::Scalar>& to) {
  if (reference.name == "params" || reference.name == "env") {
    const auto found = scope_.names.constant(reference);
    if (!found) return false;
    if ((*found)->is_scalar()) {
      to.push_back(fixed((*found)->text));
      return true;
    }
    std::vector<config::Note> notes;
    if ((*found)->mark.line != 0) notes.push_back({fmt::format("{} is set here", place.written), (*found)->mark});
    complain_here(
        codes::not_in_a_text, place,
        fmt::format("{} is {}, which cannot stand inside a text", place.written, signature::describe(**found)),
        std::move(notes));
    complaints_.back().about_reference = true;
    return false;
  }
  if (reference.name == "shared") {
    complain_here(codes::not_in_a_text, place,
                  fmt::format("{} is shared, and cannot stand inside a text", place.written));
    complaints_.back().about_reference = true;
    return false;
  }
  if (reference.name == "index") {
    if (bindings_ == nullptr || bindings_->step.each.empty()) return false;
    to.push_back({{piece::Index{Kind::u64}}, Type{Kind::u64, {}, {}, 0}});
    return true;
  }
  if (const auto bound = binding(reference.name)) {
    auto part = text_of_bound(reference, *bound, place);
    if (part) to.push_back(std::move(*part));
    return part.has_value();
  }
  const auto producer = scope_.names.step(reference.name);
  if (!producer) return false;
  auto referred = refer_to_result(scope_, reference, *producer, place.mark, complaints_);
  if (!referred || !in_a_text(referred->type, place)) return false;
  auto type = referred->type;
  to.push_back({{piece::Kept{std::move(referred->part), type}}, type});
  return true;
}

std::optional<piece::Text::Scalar> ArgumentCompiler::text_of_bound(const Reference& reference, std::uint32_t bound,
                                                                   const Place& place) {
  const auto& source = bindings_->sources[bound];
  if (!source.typed) return std::nullopt;
  Type type = str;
  std::optional<Element> found;
  const bool exact = exact_;  // a part has whatever type it has
  switch (source.kind) {
    case Source::Kind::range:
    case Source::Kind::chunks:
      type = Type{source.low < 0 ? Kind::i64 : Kind::u64, {}, {}, 0};
      found = numbers(source, reference.path, type, place);
      break;
    case Source::Kind::values:
      found = rows(source, reference.path, nullptr, place);
      break;
    case Source::Kind::files:
      found = file(source, reference.path, str, place);
      break;
    case Source::Kind::tasks:
    case Source::Kind::list: {
      const auto part = type_of_part(source, reference.path, place);
      if (!part || !in_a_text(*part, place)) return std::nullopt;
      type = *part;
      found = of_result(source, reference.path, type, place);
      break;
    }
    case Source::Kind::groups:
      complain_here(codes::not_in_a_text, place,
                    fmt::format("{} is a list, which cannot stand inside a text", place.written));
      complaints_.back().about_reference = true;
      break;
  }
  exact_ = exact;
  if (!found) return std::nullopt;
  return piece::Text::Scalar{{piece::Varying{bound, std::move(*found)}}, std::move(type)};
}

bool ArgumentCompiler::in_a_text(const Type& type, const Place& place) {
  if (signature::is_scalar(type.kind) || type.kind == Kind::string || type.kind == Kind::enumeration) return true;
  complain_here(codes::not_in_a_text, place,
                fmt::format("{} is {}, which cannot stand inside a text", place.written, signature::to_text(type)));
  complaints_.back().about_reference = true;
  return false;
}

}  // namespace gantry::plan
