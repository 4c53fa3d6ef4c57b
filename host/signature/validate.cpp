// What can be said of bytes without decoding them: how far a value reaches, and whether it is one. Nothing is allocated
// until something is wrong; no count is believed before it was compared with the bytes that are left.
#include <fmt/format.h>

#include "signature/codec.hpp"
#include "signature/little_endian.hpp"
#include "signature/utf8.hpp"

namespace gantry::signature {

namespace {

class Walker {
 public:
  explicit Walker(View bytes) : bytes_(bytes) {}

  /// Steps over one value of `type`; false: fault() tells why. `depth`: types around it.
  [[nodiscard]] bool walk(const Type& type, std::uint64_t depth);
  [[nodiscard]] std::uint64_t at() const { return at_; }
  [[nodiscard]] std::uint64_t left() const { return bytes_.size() - at_; }
  [[nodiscard]] std::string& fault() { return fault_; }

 private:
  [[nodiscard]] bool skip(std::uint64_t size, const Type& type);
  [[nodiscard]] bool boolean(const Type& type);
  [[nodiscard]] bool enumeration(const Type& type);
  /// The u64 before a text, list or map.
  [[nodiscard]] bool count(std::uint64_t& value, const Type& type);
  [[nodiscard]] bool text(std::string_view& value, const Type& type);
  [[nodiscard]] bool elements(std::uint64_t count, const Type& type, std::uint64_t depth);
  [[nodiscard]] bool fields(const Type& type, std::uint64_t depth);
  [[nodiscard]] bool map(const Type& type, std::uint64_t depth);
  /// Always false.
  [[nodiscard]] bool refuse(std::uint64_t at, std::string sentence);
  [[nodiscard]] bool ends(const Type& type);

  View bytes_;
  std::uint64_t at_ = 0;
  std::string fault_;
};

bool Walker::refuse(std::uint64_t at, std::string sentence) {
  fault_ = fmt::format("byte {}: {}", at, sentence);
  return false;
}

bool Walker::ends(const Type& type) {
  return refuse(at_, fmt::format("the bytes end inside {}: {} are left", excerpt(to_text(type), 120), left()));
}

bool Walker::skip(std::uint64_t size, const Type& type) {
  if (size > left()) return ends(type);
  at_ += size;
  return true;
}

bool Walker::boolean(const Type& type) {
  if (left() < 1) return ends(type);
  const auto value = std::to_integer<unsigned>(bytes_[at_]);
  if (value > 1) return refuse(at_, fmt::format("{} is no {}: 0 or 1", value, excerpt(to_text(type), 120)));
  ++at_;
  return true;
}

bool Walker::enumeration(const Type& type) {
  if (left() < sizeof(std::uint32_t)) return ends(type);
  const auto index = load<std::uint32_t>(bytes_.data() + at_);
  if (index >= type.names.size()) {
    return refuse(at_, fmt::format("{} is no index of {}", index, excerpt(to_text(type), 120)));
  }
  at_ += sizeof index;
  return true;
}

bool Walker::count(std::uint64_t& value, const Type& type) {
  if (left() < sizeof value) return ends(type);
  value = load<std::uint64_t>(bytes_.data() + at_);
  at_ += sizeof value;
  return true;
}

bool Walker::text(std::string_view& value, const Type& type) {
  std::uint64_t size = 0;
  if (!count(size, type)) return false;
  if (size > left()) {
    return refuse(at_ - sizeof size, fmt::format("a length of {} in {}, but {} bytes are left", size,
                                                 excerpt(to_text(type), 120), left()));
  }
  value = {reinterpret_cast<const char*>(bytes_.data() + at_), size};
  at_ += size;
  return true;
}

bool Walker::elements(std::uint64_t count, const Type& type, std::uint64_t depth) {
  const auto& element = type.of[0];
  const auto least = least_size(element);
  if (count != 0 && (least == 0 || count > left() / least)) {
    return refuse(at_,
                  fmt::format("{} elements of {}, but {} bytes are left", count, excerpt(to_text(type), 120), left()));
  }
  if (any_bytes_valid(element)) {
    at_ += count * least;
    return true;
  }
  for (std::uint64_t i = 0; i < count; ++i) {
    if (!walk(element, depth + 1)) return false;
  }
  return true;
}

bool Walker::fields(const Type& type, std::uint64_t depth) {
  for (const auto& field : type.of) {
    if (!walk(field, depth + 1)) return false;
  }
  return true;
}

bool Walker::map(const Type& type, std::uint64_t depth) {
  std::uint64_t size = 0;
  if (!count(size, type)) return false;
  std::string_view before;
  for (std::uint64_t i = 0; i < size; ++i) {
    const auto start = at_;
    std::string_view key;
    if (!text(key, type)) return false;
    if (i > 0 && key <= before) return refuse(start, "the keys of a map are not strictly ascending");
    before = key;
    if (!walk(type.of[0], depth + 1)) return false;
  }
  return true;
}

bool Walker::walk(const Type& type, std::uint64_t depth) {
  if (depth > deepest) return refuse(at_, fmt::format("types stand at most {} deep inside each other", deepest));
  switch (type.kind) {
    case Kind::boolean:
      return boolean(type);
    case Kind::enumeration:
      return enumeration(type);
    case Kind::string:
    case Kind::bytes: {
      std::string_view value;
      return text(value, type);
    }
    case Kind::list: {
      std::uint64_t size = 0;
      return count(size, type) && elements(size, type, depth);
    }
    case Kind::array:
      return elements(type.length, type, depth);
    case Kind::tuple:
    case Kind::structure:
      return fields(type, depth);
    case Kind::optional: {
      const auto start = at_;
      if (!boolean(type)) return false;
      return bytes_[start] == std::byte{0} || walk(type.of[0], depth + 1);
    }
    case Kind::map:
      return map(type, depth);
    default:
      return skip(least_size(type), type);
  }
}

[[nodiscard]] std::unexpected<host::Error> invalid(std::string sentence) {
  return host::fail(host::ErrorKind::value, std::move(sentence));
}

}  // namespace

host::Result<std::uint64_t> extent(const Type& type, View bytes) {
  Walker walker(bytes);
  if (!walker.walk(type, 0)) return invalid(std::move(walker.fault()));
  return walker.at();
}

host::Result<void> validate(const Type& type, View bytes) {
  Walker walker(bytes);
  if (!walker.walk(type, 0)) return invalid(std::move(walker.fault()));
  if (walker.left() == 0) return {};
  return invalid(
      fmt::format("byte {}: {} bytes too many after {}", walker.at(), walker.left(), excerpt(to_text(type), 120)));
}

bool any_bytes_valid(const Type& type) {
  switch (type.kind) {
    case Kind::boolean:
    case Kind::enumeration:
    case Kind::string:
    case Kind::bytes:
    case Kind::list:
    case Kind::optional:
    case Kind::map:
      return false;
    default:
      break;
  }
  for (const auto& inner : type.of) {
    if (!any_bytes_valid(inner)) return false;
  }
  return fixed_size(type).has_value();
}

}  // namespace gantry::signature
