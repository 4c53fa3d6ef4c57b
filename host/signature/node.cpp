#include "signature/node.hpp"

#include <fmt/format.h>

#include "signature/codec.hpp"
#include "signature/utf8.hpp"

namespace gantry::signature {

const Node* Node::find(std::string_view key) const {
  for (const auto& entry : entries) {
    if (entry.key == key) return &entry.value;
  }
  return nullptr;
}

std::string describe(const Node& node) {
  constexpr std::size_t longest = 60;
  switch (node.kind) {
    case Node::Kind::null:
      return "null";
    case Node::Kind::plain:
      return node.text.empty() ? "the empty text" : excerpt(node.text, longest);
    case Node::Kind::quoted: {
      std::string text = "the text ";
      append_json_string(excerpt(node.text, longest), text);
      return text;
    }
    case Node::Kind::list:
      return node.items.empty() ? "an empty list" : fmt::format("a list of {}", node.items.size());
    case Node::Kind::map:
      return "a map";
  }
  return "nothing";
}

}  // namespace gantry::signature
