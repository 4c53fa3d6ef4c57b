#include <algorithm>

#include "plan/argument.hpp"
#include "signature/codec.hpp"

namespace gantry::plan {
namespace {

using signature::Kind;
using signature::Node;
using signature::Type;

/// The type that a plain or quoted text has of itself: u64, i64, f64, bool or str.
Kind natural(const Node& node) {
  if (node.kind == Node::Kind::quoted) return Kind::string;
  if (node.text == "true" || node.text == "false") return Kind::boolean;
  const auto digit = [](char c) { return (c >= '0' && c <= '9') || c == '_'; };
  auto digits = std::string_view(node.text);
  if (!digits.empty() && (digits.front() == '-' || digits.front() == '+')) digits.remove_prefix(1);
  if (!digits.empty() && std::ranges::all_of(digits, digit)) return node.text.front() == '-' ? Kind::i64 : Kind::u64;
  signature::Bytes bytes;
  return signature::encode(node, Type{Kind::f64, {}, {}, 0}, "", bytes) ? Kind::f64 : Kind::string;
}

}  // namespace

bool is_exact(const Node& node, const Type& type) {
  switch (type.kind) {
    case Kind::optional:
      return node.kind == Node::Kind::null;
    case Kind::list:
    case Kind::array:
      return std::ranges::all_of(node.items, [&](const Node& item) { return is_exact(item, type.of.front()); });
    case Kind::tuple:
      for (std::size_t i = 0; i < type.of.size() && i < node.items.size(); ++i) {
        if (!is_exact(node.items[i], type.of[i])) return false;
      }
      return true;
    case Kind::map:
      return std::ranges::all_of(node.entries, [&](const auto& one) { return is_exact(one.value, type.of.front()); });
    case Kind::structure:
      for (std::size_t i = 0; i < type.of.size(); ++i) {
        const auto* field = node.find(type.names[i]);
        if (field != nullptr && !is_exact(*field, type.of[i])) return false;
      }
      return true;
    case Kind::string:
    case Kind::boolean:
    case Kind::u64:
    case Kind::i64:
    case Kind::f64:
      return natural(node) == type.kind;
    default:
      return false;
  }
}

}  // namespace gantry::plan
