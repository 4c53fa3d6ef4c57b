#include <array>

#include "signature/random_value.hpp"

namespace gantry::signature {

namespace {

[[nodiscard]] std::string failure(const host::Result<void>& done) {
  return done ? "" : done.error().sentence;
}

/// The bytes that `json` writes, or nothing.
[[nodiscard]] std::optional<Bytes> from_json(const Type& type, const std::string& json) {
  const auto node = parse_json(json);
  Bytes bytes;
  if (!node || !encode(*node, type, "", bytes)) return std::nullopt;
  return bytes;
}

/// A type that values of `type` convert to.
[[nodiscard]] Type widened(const Type& type, RandomValue& random) {
  Type wide = type;
  switch (type.kind) {
    case Kind::u8:
      wide.kind = std::array{Kind::u16, Kind::i16, Kind::f32, Kind::u64}[random.below(4)];
      break;
    case Kind::i8:
      wide.kind = std::array{Kind::i16, Kind::i64, Kind::f32, Kind::f64}[random.below(4)];
      break;
    case Kind::u16:
      wide.kind = std::array{Kind::u32, Kind::i32, Kind::f32}[random.below(3)];
      break;
    case Kind::i32:
      wide.kind = std::array{Kind::i64, Kind::f64}[random.below(2)];
      break;
    case Kind::u32:
      wide.kind = std::array{Kind::u64, Kind::i64, Kind::f64}[random.below(3)];
      break;
    default:
      break;
  }
  for (auto& inner : wide.of) inner = widened(inner, random);
  if (type.kind != Kind::optional && type.kind != Kind::unit && random.below(4) == 0) {
    Type optional = of_kind(Kind::optional);
    optional.of.push_back(wide);
    wide = std::move(optional);
  }
  // An optional became the inside of an optional: one is enough.
  if (wide.kind == Kind::optional && wide.of[0].kind == Kind::optional) wide.of[0] = Type(wide.of[0].of[0]);
  return wide;
}

}  // namespace

TEST_CASE("the text of a type is the type") {
  const auto seed = std::random_device{}();
  CAPTURE(seed);
  RandomValue random(seed);
  for (int round = 0; round < 3000; ++round) {
    const auto type = random.type(4);
    const auto text = to_text(type);
    const auto read = parse_type(text);
    CAPTURE(text);
    REQUIRE((read && *read == type));

    Signature signature{.parameters = {}, .result = type};
    signature.parameters.push_back({.name = "a", .type = type, .fallback = {}});
    signature.parameters.push_back({.name = "b", .type = random.type(2), .fallback = "{x: [1, \"}\"]}"});
    const auto again = parse_signature(to_text(signature));
    REQUIRE((again && *again == signature));
  }
}

TEST_CASE("a value is the same after its way through bytes, JSON and bytes") {
  const auto seed = std::random_device{}();
  CAPTURE(seed);
  RandomValue random(seed);
  for (int round = 0; round < 10'000; ++round) {
    const auto type = random.type(4);
    const auto node = random.value(type);
    Bytes bytes;
    const auto done = encode(node, type, "", bytes);
    CAPTURE(to_text(type), done ? "" : to_text(done.error()), hexadecimal(bytes));
    REQUIRE(done);
    REQUIRE(failure(validate(type, bytes)).empty());
    REQUIRE(extent(type, bytes) == bytes.size());
    REQUIRE(least_size(type) <= bytes.size());
    if (const auto size = fixed_size(type)) REQUIRE(*size == bytes.size());
    const auto json = json_of(type, bytes);
    CAPTURE(json);
    REQUIRE(from_json(type, json) == bytes);
  }
}

TEST_CASE("a truncated value is refused") {
  const auto seed = std::random_device{}();
  CAPTURE(seed);
  RandomValue random(seed);
  for (int round = 0; round < 2000; ++round) {
    const auto type = random.type(3);
    Bytes bytes;
    REQUIRE(encode(random.value(type), type, "", bytes));
    for (std::size_t size = 0; size < bytes.size(); ++size) {
      // A buffer of exactly this size: a sanitizer sees the byte behind it.
      const Bytes cut(bytes.begin(), bytes.begin() + static_cast<std::ptrdiff_t>(size));
      CAPTURE(to_text(type), hexadecimal(cut));
      REQUIRE(!validate(type, cut));
    }
  }
}

TEST_CASE("a mutated value is refused, or is the value that its JSON writes") {
  const auto seed = std::random_device{}();
  CAPTURE(seed);
  RandomValue random(seed);
  int accepted = 0;
  int refused = 0;
  for (int round = 0; round < 30'000; ++round) {
    const auto type = random.type(3);
    Bytes bytes;
    REQUIRE(encode(random.value(type), type, "", bytes));
    if (bytes.empty()) continue;
    for (auto changes = random.below(3) + 1; changes > 0; --changes) {
      auto& byte = bytes[random.below(bytes.size())];
      byte = random.below(2) == 0 ? static_cast<std::byte>(random.below(256))
                                  : byte ^ static_cast<std::byte>(1U << random.below(8));
    }
    bytes.shrink_to_fit();
    if (!validate(type, bytes)) {
      ++refused;
      continue;
    }
    const auto json = json_of(type, bytes);
    CAPTURE(to_text(type), hexadecimal(bytes), json);
    // What is no UTF-8 is shown as U+FFFD; NaN has many bit patterns and one name.
    if (json.find("\uFFFD") != std::string::npos) continue;
    const auto again = from_json(type, json);
    REQUIRE(again);
    ++accepted;
    if (json.find("NaN") == std::string::npos) {
      REQUIRE(*again == bytes);
    } else {
      REQUIRE(json_of(type, *again) == json);
    }
  }
  CHECK(accepted > 1000);
  CHECK(refused > 1000);
}

TEST_CASE("random bytes never break what reads them") {
  const auto seed = std::random_device{}();
  CAPTURE(seed);
  RandomValue random(seed);
  for (int round = 0; round < 20'000; ++round) {
    const auto type = random.type(3);
    Bytes bytes(random.below(40));
    for (auto& byte : bytes) byte = static_cast<std::byte>(random.below(8) == 0 ? random.below(256) : random.below(3));
    bytes.shrink_to_fit();
    const bool valid = validate(type, bytes).has_value();
    const auto size = extent(type, bytes);
    CAPTURE(to_text(type), hexadecimal(bytes));
    REQUIRE((!size || *size <= bytes.size()));
    REQUIRE(valid == (size && *size == bytes.size()));
    std::string json;
    REQUIRE(append_json(type, bytes, json).has_value() == valid);
    const auto part = select(type, bytes, type.kind == Kind::structure && !type.names.empty() ? type.names[0] : "1");
    if (part) REQUIRE(validate(part->type, part->bytes));
  }
}

TEST_CASE("converted bytes are the bytes that the text would have been") {
  const auto seed = std::random_device{}();
  CAPTURE(seed);
  RandomValue random(seed);
  int changed = 0;
  for (int round = 0; round < 10'000; ++round) {
    const auto from = random.type(3);
    const auto to = widened(from, random);
    CAPTURE(to_text(from), to_text(to));
    REQUIRE(converts(from, to));
    const auto node = random.value(from);
    Bytes before;
    Bytes expected;
    Bytes after;
    REQUIRE(encode(node, from, "", before));
    REQUIRE(encode(node, to, "", expected));
    REQUIRE(failure(convert(from, to, before, after)).empty());
    REQUIRE(hexadecimal(after) == hexadecimal(expected));
    changed += from == to ? 0 : 1;
  }
  CHECK(changed > 1000);
}

TEST_CASE("types that random values do not convert to are never converted") {
  const auto seed = std::random_device{}();
  CAPTURE(seed);
  RandomValue random(seed);
  for (int round = 0; round < 20'000; ++round) {
    const auto from = random.type(2);
    const auto to = random.type(2);
    Bytes bytes;
    REQUIRE(encode(random.value(from), from, "", bytes));
    Bytes after;
    CAPTURE(to_text(from), to_text(to), hexadecimal(bytes));
    REQUIRE(convert(from, to, bytes, after).has_value() == converts(from, to));
    if (converts(from, to)) REQUIRE(failure(validate(to, after)).empty());
  }
}

}  // namespace gantry::signature
