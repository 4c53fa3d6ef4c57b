// Elements of `values`: each is read by the type that wants it, as if it stood there.
#include <fmt/core.h>

#include "plan/argument.hpp"
#include "signature/codec.hpp"

namespace gantry::plan {
namespace {

namespace codes = config::codes;
using signature::Kind;
using signature::Node;
using signature::Type;

/// Wrong elements of one list that are reported one by one.
constexpr std::size_t most_wrong = 10;

}  // namespace

std::optional<Element> ArgumentCompiler::rows(const Source& source, std::span<const std::string> path, const Type* type,
                                              const Place& place) {
  ArgumentCompiler items(scope_, nullptr, complaints_);
  auto table = std::make_shared<Table>();
  Rows programs;
  std::size_t wrong = 0;
  for (const auto* item : source.items) {
    Program program;
    const auto before = complaints_.size();
    if (!items.row(source, *item, path, type, place, program)) {
      for (auto i = before; i < complaints_.size(); ++i) {
        complaints_[i].diagnostic.notes.push_back(
            {fmt::format("{} is used here, by {}", place.written, place.path), place.mark});
      }
      if (++wrong < most_wrong) continue;
      complaints_.back().diagnostic.notes.push_back(
          {fmt::format("{} more elements of {} were not looked at",
                       source.items.size() - programs.programs.size() - table->size() - wrong, source.written),
           {}});
      return std::nullopt;
    }
    if (programs.programs.empty() && is_constant(program)) {
      if (!program.empty()) signature::append(table->bytes, std::get<piece::Constant>(program.front().is).bytes);
      table->ends.push_back(table->bytes.size());
      continue;
    }
    for (std::uint64_t k = 0; k < table->size(); ++k) {  // the first that depends on a result
      append_constant(programs.programs.emplace_back(), table->row(k));
    }
    table->ends.clear();
    programs.programs.push_back(std::move(program));
  }
  exact_ = exact_ && items.exact();
  if (wrong > 0) return std::nullopt;
  if (!programs.programs.empty()) return Element{0, std::move(programs)};
  return Element{0, Row{std::move(table)}};
}

/// `type` nullptr: the text of a scalar, as a str.
bool ArgumentCompiler::row(const Source& source, const Node& item, std::span<const std::string> path, const Type* type,
                           const Place& place, Program& to) {
  static const Type str{Kind::string, {}, {}, 0};
  const auto* node = &item;
  const bool dollars = !source.constant_items && has_dollar(item);
  for (std::size_t i = 0; i < path.size(); ++i) {
    if (dollars && node->is_scalar()) {  // `$a` in the list: the rest of the path goes into what it gives
      const auto scalar = config::parse_scalar(node->text);
      if (!scalar) return false;
      if (const auto* found = scalar->reference()) {
        auto reference = *found;
        reference.path.insert(reference.path.end(), path.begin() + static_cast<std::ptrdiff_t>(i), path.end());
        const auto written = config::to_text(reference);
        if (type != nullptr) return refer(reference, *type, {written, node->mark, place.path}, to);
        return text(config::Scalar{{reference}}, *node, str, place.path, to);
      }
    }
    const auto* part = find_part(*node, path[i]);
    if (part == nullptr) {
      complaints_.push_back(
          complain(codes::no_such_part, node->mark,
                   fmt::format("{}: {} has no part `{}`", place.written, signature::describe(*node), path[i])));
      complaints_.back().about_reference = true;
      return false;
    }
    node = part;
  }
  if (type != nullptr) {
    return dollars ? compile(*node, *type, place.path, to) : constant(*node, *type, place.path, to);
  }
  if (!node->is_scalar()) {
    complaints_.push_back(
        complain(codes::not_in_a_text, node->mark,
                 fmt::format("{}: {} cannot stand inside a text", place.path, signature::describe(*node))));
    complaints_.back().about_reference = true;
    return false;
  }
  if (!dollars) return constant(*node, str, place.path, to);
  const auto scalar = config::parse_scalar(node->text);
  return scalar && text(*scalar, *node, str, place.path, to);
}

}  // namespace gantry::plan
