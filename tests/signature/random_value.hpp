// Random types, and random values as the trees that write them. Every choice comes from one generator: a seed replays
// it.
#pragma once

#include <algorithm>
#include <random>
#include <string>

#include "signature/texts.hpp"

namespace gantry::signature {

class RandomValue {
 public:
  explicit RandomValue(std::uint64_t seed) : random_(seed) {}

  [[nodiscard]] std::uint64_t below(std::uint64_t limit) { return random_() % limit; }

  /// `depth`: how many levels may follow.
  [[nodiscard]] Type type(int depth) {
    auto kind = static_cast<Kind>(below(21));
    if (depth == 0 && kind >= Kind::list && kind != Kind::enumeration) kind = static_cast<Kind>(below(14));
    Type made = of_kind(kind);
    switch (kind) {
      case Kind::list:
      case Kind::array:
        made.of.push_back(inner(depth, [](const Type& type) { return least_size(type) > 0; }));
        if (kind == Kind::array) made.length = below(4) + 1;
        break;
      case Kind::optional:
        made.of.push_back(
            inner(depth, [](const Type& type) { return type.kind != Kind::optional && type.kind != Kind::unit; }));
        break;
      case Kind::map:
        made.of.push_back(type(depth - 1));
        break;
      case Kind::tuple:
        for (std::uint64_t i = below(3) + 1; i > 0; --i) made.of.push_back(type(depth - 1));
        break;
      case Kind::structure:
        for (std::uint64_t i = below(4); i > 0; --i) made.of.push_back(type(depth - 1));
        made.names = distinct(made.of.size());
        break;
      case Kind::enumeration:
        made.names = distinct(below(4) + 1);
        break;
      default:
        break;
    }
    return made;
  }

  /// A tree that encode accepts for the type.
  [[nodiscard]] Node value(const Type& type) {
    Node node;
    node.kind = Node::Kind::plain;
    switch (type.kind) {
      case Kind::unit:
        node.kind = Node::Kind::null;
        break;
      case Kind::boolean:
        node.text = below(2) == 0 ? "false" : "true";
        break;
      case Kind::f32:
      case Kind::f64:
        node.text = real(type.kind);
        break;
      case Kind::string:
        node.kind = below(2) == 0 ? Node::Kind::quoted : Node::Kind::plain;
        node.text = text();
        break;
      case Kind::bytes:
        node.kind = Node::Kind::list;
        for (std::uint64_t i = below(5); i > 0; --i) node.items.push_back(value(of_kind(Kind::u8)));
        break;
      case Kind::list:
      case Kind::array:
        node.kind = Node::Kind::list;
        for (std::uint64_t i = type.kind == Kind::array ? type.length : below(4); i > 0; --i) {
          node.items.push_back(value(type.of[0]));
        }
        break;
      case Kind::tuple:
        node.kind = Node::Kind::list;
        for (const auto& field : type.of) node.items.push_back(value(field));
        break;
      case Kind::optional:
        if (below(3) != 0) return value(type.of[0]);
        node.kind = Node::Kind::null;
        break;
      case Kind::map:
        node.kind = Node::Kind::map;
        for (auto& key : distinct(below(4)))
          node.entries.push_back({.key = key, .mark = {}, .value = value(type.of[0])});
        break;
      case Kind::structure: {
        node.kind = Node::Kind::map;
        for (std::size_t i = 0; i < type.of.size(); ++i) {
          auto field = value(type.of[i]);
          if (field.kind == Node::Kind::null && type.of[i].kind == Kind::optional && below(2) == 0) continue;
          node.entries.push_back({.key = type.names[i], .mark = {}, .value = std::move(field)});
        }
        std::ranges::shuffle(node.entries, random_);
        break;
      }
      case Kind::enumeration:
        node.text = type.names[below(type.names.size())];
        break;
      default:
        node.text = integer(type.kind);
        break;
    }
    return node;
  }

 private:
  template <class Good>
  [[nodiscard]] Type inner(int depth, Good good) {
    for (;;) {
      auto made = type(depth - 1);
      if (good(made)) return made;
    }
  }

  /// Short, often odd: quotes, control characters, other planes.
  [[nodiscard]] std::string text() {
    static const char* const pieces[] = {"a",  "b",  "Z",    "_", "7",  " ",  "\"",
                                         "\\", "\n", "\x01", "ä", "漢", "😀", "null"};
    std::string made;
    for (std::uint64_t i = below(5); i > 0; --i) made += pieces[below(std::size(pieces))];
    return made;
  }

  [[nodiscard]] std::vector<std::string> distinct(std::size_t count) {
    std::vector<std::string> names;
    while (names.size() < count) {
      auto name = text();
      if (!name.empty() && std::ranges::find(names, name) == names.end()) names.push_back(std::move(name));
    }
    return names;
  }

  /// Often at an end of the range.
  [[nodiscard]] std::string integer(Kind kind) {
    const auto bits = 8 * *fixed_size(of_kind(kind));
    auto pattern = random_() >> below(64);
    if (below(4) == 0) pattern = std::uint64_t{0} - below(2);
    if (below(4) == 0) pattern = std::uint64_t{1} << (bits - 1);
    pattern <<= 64 - bits;
    return is_signed(kind) ? std::to_string(static_cast<std::int64_t>(pattern) >> (64 - bits))
                           : std::to_string(pattern >> (64 - bits));
  }

  /// Any bits of the kind's width, as the text that append_json gives them.
  [[nodiscard]] std::string real(Kind kind) {
    Bytes bytes(*fixed_size(of_kind(kind)));
    for (auto& byte : bytes) byte = static_cast<std::byte>(below(256));
    if (below(4) == 0) return std::to_string(static_cast<int>(below(2000)) - 1000) + ".25";
    if (below(6) == 0) return std::to_string(static_cast<int>(below(2000)) - 1000);
    auto text = json_of(of_kind(kind), bytes);
    std::erase(text, '"');
    return text;
  }

  std::mt19937_64 random_;
};

}  // namespace gantry::signature
