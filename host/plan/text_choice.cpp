#include "plan/text_choice.hpp"

#include <algorithm>
#include <array>

#include <fmt/core.h>

#include "signature/identifier.hpp"

namespace gantry::plan {
namespace {

using signature::Kind;
using signature::Node;
using signature::Type;
using Types = std::vector<const Type*>;

bool is_number(const Type* type) {
  return signature::is_integer(type->kind) || signature::is_float(type->kind);
}

bool is_sequence(const Type& type) {
  return type.kind == Kind::list || type.kind == Kind::array || type.kind == Kind::tuple;
}

/// The type of item `i`, if there may be one.
const Type* item_of(const Type& type, std::size_t i) {
  if (!is_sequence(type)) return nullptr;
  if (type.kind != Kind::tuple) return &type.of.front();
  return i < type.of.size() ? &type.of[i] : nullptr;
}

/// The type under a key.
const Type* entry_of(const Type& type, const std::string& key) {
  if (type.kind == Kind::map) return &type.of.front();
  if (type.kind != Kind::structure) return nullptr;
  const auto field = std::ranges::find(type.names, key);
  return field == type.names.end() ? nullptr : &type.of[static_cast<std::size_t>(field - type.names.begin())];
}

/// What `part` selects in each that has it.
template <class Part>
Types parts_of(const Types& types, Part part) {
  Types parts;
  for (const Type* type : types) {
    if (const Type* one = part(*type)) parts.push_back(&without_optional(*one));
  }
  return parts;
}

class Finder {
 public:
  Finder(const Scope& scope, const Bindings& bindings) : scope_(scope), bindings_(bindings) {}

  /// `literal`: dollars in it are dollars.
  std::optional<Mistaken> find(const Node& node, const std::string& path, const Type& wanted, const Types& rivals,
                               bool literal) {
    const Type& type = without_optional(wanted);
    if (node.is_scalar()) return scalar(node, path, type, rivals, literal);
    for (std::size_t i = 0; i < node.items.size(); ++i) {
      const auto part = [&](const Type& one) { return item_of(one, i); };
      const Type* item = part(type);
      if (item == nullptr) return std::nullopt;
      if (auto found = find(node.items[i], fmt::format("{}[{}]", path, i), *item, parts_of(rivals, part), literal))
        return found;
    }
    for (const auto& entry : node.entries) {
      const auto part = [&](const Type& one) { return entry_of(one, entry.key); };
      const Type* value = part(type);
      if (value == nullptr) return std::nullopt;
      if (auto found =
              find(entry.value, fmt::format("{}.{}", path, entry.key), *value, parts_of(rivals, part), literal))
        return found;
    }
    return std::nullopt;
  }

 private:
  std::optional<Mistaken> scalar(const Node& node, const std::string& path, const Type& type, const Types& rivals,
                                 bool literal) {
    if (!literal && node.text.find('$') != std::string::npos) {
      const auto scalar = config::parse_scalar(node.text);
      if (const auto* reference = scalar ? scalar->reference() : nullptr)
        return referred(*reference, path, type, rivals);
    }
    if (node.kind != Node::Kind::plain || (type.kind != Kind::string && type.kind != Kind::bytes)) return std::nullopt;
    const bool number = begins_like_number(node.text) && std::ranges::any_of(rivals, is_number);
    const bool boolean = (node.text == "true" || node.text == "false") &&
                         std::ranges::any_of(rivals, [](const Type* one) { return one->kind == Kind::boolean; });
    if (!number && !boolean) return std::nullopt;
    return Mistaken{node.mark, path, node.text, number};
  }

  std::optional<Mistaken> referred(const config::Reference& reference, const std::string& path, const Type& type,
                                   const Types& rivals) {
    if (reference.name == "params" || reference.name == "env") {
      const auto found = scope_.names.constant(reference);
      return found ? find(**found, path, type, rivals, true) : std::nullopt;
    }
    const auto& each = bindings_.step.each;
    const auto bound = std::ranges::find(each, reference.name, &config::Binding::name);
    if (bound == each.end()) return std::nullopt;
    const Source* source = &bindings_.sources[static_cast<std::size_t>(bound - each.begin())];
    const Type* element = &type;
    Types others = rivals;
    const auto part = [](const Type& one) { return item_of(one, 0); };
    for (; source->inner; source = source->inner.get()) {  // a group is a list
      element = part(*element);
      if (element == nullptr) return std::nullopt;
      element = &without_optional(*element);
      others = parts_of(others, part);
    }
    for (const Node* item : source->items) {
      const Node* node = item;
      for (auto name = reference.path.begin(); node != nullptr && name != reference.path.end(); ++name)
        node = find_part(*node, *name);
      if (node == nullptr) continue;
      if (auto found = find(*node, path, *element, others, source->constant_items)) return found;
    }
    return std::nullopt;
  }

  const Scope& scope_;
  const Bindings& bindings_;
};

}  // namespace

const Type& without_optional(const Type& type) {
  const Type* inner = &type;
  while (inner->kind == Kind::optional) inner = &inner->of.front();
  return *inner;
}

bool begins_like_number(std::string_view text) {
  if (text.empty()) return false;
  if (signature::is_digit(text.front()) || std::string_view("+-.").contains(text.front())) return true;
  constexpr std::array<std::string_view, 3> names{"nan", "inf", "infinity"};
  const auto same = [&](std::string_view name) {
    return std::ranges::equal(text, name,
                              [](char a, char b) { return (a >= 'A' && a <= 'Z' ? a - 'A' + 'a' : a) == b; });
  };
  return std::ranges::any_of(names, same);
}

std::string to_text(const Mistaken& mistaken) {
  if (!mistaken.number)
    return fmt::format("{}: {} is a bool of another signature: write it in quotes, if it is text", mistaken.path,
                       mistaken.text);
  Node node;
  node.kind = Node::Kind::plain;
  node.text = mistaken.text;
  return fmt::format("{}: {} begins like a number, which another signature takes: write it in quotes, if it is text",
                     mistaken.path, signature::describe(node));
}

std::optional<Mistaken> find_mistaken(const Scope& scope, const Bindings& bindings, const Node& written,
                                      const std::string& path, const Type& type, const Types& rivals) {
  return Finder(scope, bindings).find(written, path, type, rivals, false);
}

}  // namespace gantry::plan
