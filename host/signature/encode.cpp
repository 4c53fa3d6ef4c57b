// Marked tree -> bytes by type. A place in the value is a chain on the stack: its text is made only for an error.
#include <algorithm>
#include <tuple>

#include <fmt/format.h>

#include "signature/base64.hpp"
#include "signature/codec.hpp"
#include "signature/identifier.hpp"
#include "signature/little_endian.hpp"
#include "signature/nearest.hpp"
#include "signature/number.hpp"
#include "signature/utf8.hpp"

namespace gantry::signature {

namespace {

/// Where a node stands: in a list, under a key, or at the root.
struct Place {
  const Place* parent = nullptr;
  const std::string* key = nullptr;  ///< of a map or struct; NULL: an index
  std::uint64_t index = 0;
};

void append_place(const Place& place, std::string& to) {
  if (place.parent == nullptr) return;
  append_place(*place.parent, to);
  if (place.key == nullptr) {
    fmt::format_to(std::back_inserter(to), "[{}]", place.index);
  } else if (is_identifier(*place.key)) {
    to += to.empty() ? "" : ".";
    to += *place.key;
  } else {
    to += '[';
    append_json_string(excerpt(*place.key, 40), to);
    to += ']';
  }
}

class Encoder {
 public:
  Encoder(std::string_view path, Bytes& to) : path_(path), to_(to) {}

  /// False: misfit() tells why.
  [[nodiscard]] bool encode(const Node& node, const Type& type, const Place& place);
  [[nodiscard]] Misfit& misfit() { return misfit_; }

 private:
  [[nodiscard]] bool boolean(const Node& node, const Type& type, const Place& place);
  [[nodiscard]] bool integer(const Node& node, const Type& type, const Place& place);
  template <class Float>
  [[nodiscard]] bool real(const Node& node, const Type& type, const Place& place);
  [[nodiscard]] bool string(const Node& node, const Type& type, const Place& place);
  [[nodiscard]] bool bytes(const Node& node, const Type& type, const Place& place);
  [[nodiscard]] bool enumeration(const Node& node, const Type& type, const Place& place);
  [[nodiscard]] bool items(const Node& node, const Type& element, const Place& place);
  [[nodiscard]] bool list(const Node& node, const Type& type, const Place& place);
  [[nodiscard]] bool exactly(std::uint64_t count, const Node& node, const Type& type, const Place& place);
  [[nodiscard]] bool tuple(const Node& node, const Type& type, const Place& place);
  [[nodiscard]] bool map(const Node& node, const Type& type, const Place& place);
  [[nodiscard]] bool structure(const Node& node, const Type& type, const Place& place);
  [[nodiscard]] bool fields_known(const Node& node, const Type& type, const Place& place);

  /// Always false.
  [[nodiscard]] bool refuse(Mark mark, const Place& place, std::string sentence);
  /// "300 does not fit u8: reason".
  [[nodiscard]] bool refuse(const Node& node, const Type& type, const Place& place, std::string_view reason = {});

  std::string_view path_;
  Bytes& to_;
  Misfit misfit_;
};

bool Encoder::refuse(Mark mark, const Place& place, std::string sentence) {
  misfit_.mark = mark;
  misfit_.path = path_;
  append_place(place, misfit_.path);
  misfit_.sentence = std::move(sentence);
  return false;
}

bool Encoder::refuse(const Node& node, const Type& type, const Place& place, std::string_view reason) {
  return refuse(node.mark, place,
                fmt::format("{} does not fit {}{}{}", describe(node), excerpt(to_text(type), 120),
                            reason.empty() ? "" : ": ", reason));
}

bool Encoder::boolean(const Node& node, const Type& type, const Place& place) {
  const bool yes = node.text == "true";
  if (node.kind == Node::Kind::quoted && (yes || node.text == "false")) {
    return refuse(node, type, place, fmt::format("write {} without quotes", node.text));
  }
  if (node.kind != Node::Kind::plain || (!yes && node.text != "false")) {
    return refuse(node, type, place, "write true or false");
  }
  append_scalar(to_, static_cast<std::uint8_t>(yes ? 1 : 0));
  return true;
}

bool Encoder::integer(const Node& node, const Type& type, const Place& place) {
  if (!node.is_scalar()) return refuse(node, type, place);
  const auto bits = parse_integer(node.text, type.kind);
  if (node.kind == Node::Kind::quoted) {
    return refuse(node, type, place, bits ? fmt::format("write {} without quotes", node.text) : "not an integer");
  }
  if (!bits) return refuse(node, type, place, bits.error());
  const auto* raw = reinterpret_cast<const std::byte*>(&*bits);
  to_.insert(to_.end(), raw, raw + least_size(type));
  return true;
}

template <class Float>
bool Encoder::real(const Node& node, const Type& type, const Place& place) {
  if (!node.is_scalar()) return refuse(node, type, place);
  const auto value = parse_float<Float>(node.text);
  if (node.kind == Node::Kind::quoted && !is_float_name(node.text)) {
    return refuse(node, type, place, value ? fmt::format("write {} without quotes", node.text) : "not a number");
  }
  if (!value) return refuse(node, type, place, value.error());
  append_scalar(to_, *value);
  return true;
}

bool Encoder::string(const Node& node, const Type& type, const Place& place) {
  if (node.kind == Node::Kind::null) {
    return refuse(node, type, place, "write \"\" for the empty text, quotes around a word that is text");
  }
  if (!node.is_scalar()) return refuse(node, type, place);
  append_scalar(to_, std::uint64_t{node.text.size()});
  append(to_, std::as_bytes(std::span(node.text)));
  return true;
}

bool Encoder::bytes(const Node& node, const Type& type, const Place& place) {
  if (node.kind == Node::Kind::list) {
    append_scalar(to_, std::uint64_t{node.items.size()});
    return items(node, of_kind(Kind::u8), place);
  }
  if (!node.is_scalar()) return refuse(node, type, place, "write base64 text or a list of u8");
  const auto start = to_.size();
  append_scalar(to_, std::uint64_t{0});
  if (const auto decoded = decode_base64(node.text, to_); !decoded) return refuse(node, type, place, decoded.error());
  store(to_.data() + start, std::uint64_t{to_.size() - start - sizeof(std::uint64_t)});
  return true;
}

bool Encoder::enumeration(const Node& node, const Type& type, const Place& place) {
  if (!node.is_scalar()) return refuse(node, type, place);
  const auto found = std::ranges::find(type.names, node.text);
  if (found == type.names.end()) {
    const auto help = or_did_you_mean(node.text, type.names);
    return refuse(node, type, place, help.empty() ? "" : std::string_view(help).substr(2));
  }
  append_scalar(to_, static_cast<std::uint32_t>(found - type.names.begin()));
  return true;
}

bool Encoder::items(const Node& node, const Type& element, const Place& place) {
  for (std::size_t i = 0; i < node.items.size(); ++i) {
    if (!encode(node.items[i], element, Place{.parent = &place, .key = nullptr, .index = i})) return false;
  }
  return true;
}

bool Encoder::list(const Node& node, const Type& type, const Place& place) {
  if (node.kind != Node::Kind::list) return refuse(node, type, place);
  append_scalar(to_, std::uint64_t{node.items.size()});
  return items(node, type.of[0], place);
}

bool Encoder::exactly(std::uint64_t count, const Node& node, const Type& type, const Place& place) {
  if (node.kind != Node::Kind::list) return refuse(node, type, place);
  if (node.items.size() == count) return true;
  return refuse(node, type, place, fmt::format("it needs {}", count));
}

bool Encoder::tuple(const Node& node, const Type& type, const Place& place) {
  if (!exactly(type.of.size(), node, type, place)) return false;
  for (std::size_t i = 0; i < type.of.size(); ++i) {
    if (!encode(node.items[i], type.of[i], Place{.parent = &place, .key = nullptr, .index = i})) return false;
  }
  return true;
}

bool Encoder::map(const Node& node, const Type& type, const Place& place) {
  if (node.kind != Node::Kind::map) return refuse(node, type, place);
  std::vector<const Node::Entry*> order;
  order.reserve(node.entries.size());
  for (const auto& entry : node.entries) order.push_back(&entry);
  // Of equal keys the later one, at the higher address, is the one too many.
  std::ranges::sort(order, [](const auto* a, const auto* b) { return std::tie(a->key, a) < std::tie(b->key, b); });
  append_scalar(to_, std::uint64_t{order.size()});
  for (std::size_t i = 0; i < order.size(); ++i) {
    const auto& entry = *order[i];
    const Place inner{.parent = &place, .key = &entry.key, .index = 0};
    if (i > 0 && entry.key == order[i - 1]->key) return refuse(entry.mark, inner, "this key stands twice in one map");
    append_scalar(to_, std::uint64_t{entry.key.size()});
    append(to_, std::as_bytes(std::span(entry.key)));
    if (!encode(entry.value, type.of[0], inner)) return false;
  }
  return true;
}

bool Encoder::fields_known(const Node& node, const Type& type, const Place& place) {
  for (const auto& entry : node.entries) {
    if (std::ranges::find(type.names, entry.key) != type.names.end()) continue;
    return refuse(entry.mark, place,
                  fmt::format("{} has no field {}{}", excerpt(to_text(type), 120), excerpt(entry.key, 40),
                              or_did_you_mean(entry.key, type.names)));
  }
  return true;
}

bool Encoder::structure(const Node& node, const Type& type, const Place& place) {
  if (node.kind != Node::Kind::map) return refuse(node, type, place);
  if (!fields_known(node, type, place)) return false;
  const Node nothing;
  for (std::size_t i = 0; i < type.of.size(); ++i) {
    const auto* field = node.find(type.names[i]);
    if (field == nullptr && type.of[i].kind != Kind::optional) {
      return refuse(node.mark, place,
                    fmt::format("the field {} of {} is missing", type.names[i], excerpt(to_text(type), 120)));
    }
    const Place inner{.parent = &place, .key = &type.names[i], .index = 0};
    if (!encode(field == nullptr ? nothing : *field, type.of[i], inner)) return false;
  }
  return true;
}

bool Encoder::encode(const Node& node, const Type& type, const Place& place) {
  switch (type.kind) {
    case Kind::unit:
      return node.kind == Node::Kind::null || refuse(node, type, place, "write null");
    case Kind::boolean:
      return boolean(node, type, place);
    case Kind::f32:
      return real<float>(node, type, place);
    case Kind::f64:
      return real<double>(node, type, place);
    case Kind::string:
      return string(node, type, place);
    case Kind::bytes:
      return bytes(node, type, place);
    case Kind::list:
      return list(node, type, place);
    case Kind::array:
      return exactly(type.length, node, type, place) && items(node, type.of[0], place);
    case Kind::tuple:
      return tuple(node, type, place);
    case Kind::optional: {
      const bool present = node.kind != Node::Kind::null;
      append_scalar(to_, static_cast<std::uint8_t>(present ? 1 : 0));
      return !present || encode(node, type.of[0], place);
    }
    case Kind::map:
      return map(node, type, place);
    case Kind::enumeration:
      return enumeration(node, type, place);
    case Kind::structure:
      return structure(node, type, place);
    case Kind::queue:
    case Kind::counter:
    case Kind::shared_array:
      return refuse(node, type, place, "declare one under shared, and write $shared.name");
    case Kind::pin:
    case Kind::descriptor:
      return refuse(node, type, place, "it is made by a step: write $step");
    default:
      return integer(node, type, place);
  }
}

}  // namespace

std::expected<void, Misfit> encode(const Node& node, const Type& type, std::string_view path, Bytes& to) {
  const auto size = to.size();
  Encoder encoder(path, to);
  if (encoder.encode(node, type, Place{})) return {};
  to.resize(size);
  return std::unexpected(std::move(encoder.misfit()));
}

std::string to_text(const Misfit& misfit) {
  return misfit.path.empty() ? misfit.sentence : misfit.path + ": " + misfit.sentence;
}

host::Result<void> check_defaults(const Signature& signature) {
  Bytes unused;
  for (const auto& parameter : signature.parameters) {
    if (!parameter.fallback) continue;
    const auto path = fmt::format("the default of {}", parameter.name);
    const auto node = parse_literal(*parameter.fallback);
    if (!node) return host::fail(host::ErrorKind::plugin, path + ": " + node.error().sentence);
    if (const auto fits = encode(*node, parameter.type, path, unused); !fits) {
      return host::fail(host::ErrorKind::plugin, to_text(fits.error()));
    }
  }
  return {};
}

}  // namespace gantry::signature
