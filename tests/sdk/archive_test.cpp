// Values to bytes and back, for every type; and bytes that are no values.
#include <catch2/catch.hpp>

#include <cmath>
#include <limits>
#include <random>

#include "sdk/harness.hpp"
#include "sdk/types.hpp"

namespace {

using namespace sample;
using harness::Bytes;

template <class T>
Bytes encoded(const T& value, std::size_t room_size = 0) {
  Bytes room(room_size);
  gantry::detail::Writer writer;
  writer.start(room);
  writer.value(value);
  const auto written = writer.written();
  return {written.begin(), written.end()};
}

/// The value, or why the bytes are none.
template <class T>
std::expected<T, std::string> decoded(std::span<const std::byte> bytes) {
  try {
    gantry::detail::Reader reader;
    reader.start(bytes);
    T value{};
    reader.value(value);
    reader.finish();
    return value;
  } catch (const std::exception& exception) {
    return std::unexpected(exception.what());
  }
}

/// Comes back equal, from rooms of each size; and no beginning of the bytes is a value.
template <class T>
void comes_back(const T& value) {
  INFO(gantry::detail::type_name<T>());
  const Bytes bytes = encoded(value);
  const auto back = decoded<T>(bytes);
  REQUIRE(back);
  CHECK(*back == value);
  CHECK(encoded(*back) == bytes);
  for (const std::size_t room : {std::size_t{1}, bytes.size() / 2, bytes.size(), bytes.size() + 1}) {
    CHECK(encoded(value, room) == bytes);
  }
  for (std::size_t size = 0; size < bytes.size(); ++size) {
    const auto shorter = decoded<T>(std::span(bytes).first(size));
    CHECK_FALSE(shorter);
  }
  Bytes longer = bytes;
  longer.push_back(std::byte{0});
  CHECK_FALSE(decoded<T>(longer));
}

Shape shape() {
  return {.id = -7,
          .name = "a \0 b" + std::string(40, 'x'),
          .points = {{1, 2}, {-0.5, 1e300}},
          .colour = Colour::blue,
          .tags = {{"", {1, 2, 3}}, {"z", {4, 5, 6}}, {"\xff", {}}},
          .closed = true,
          .raw = {{1, 2, 3}, {-4, -5, -6}}};
}

}  // namespace

TEST_CASE("values come back") {
  comes_back(true);
  comes_back(false);
  comes_back(std::uint8_t{255});
  comes_back(std::int16_t{-32768});
  comes_back(std::numeric_limits<std::uint64_t>::max());
  comes_back(std::numeric_limits<std::int64_t>::min());
  comes_back(1.5f);
  comes_back(-std::numeric_limits<double>::infinity());
  comes_back(std::string());
  comes_back(std::string("G\u00fcte \0 inside", 14));
  comes_back(std::byte{7});
  comes_back(gantry::bytes{std::byte{1}, std::byte{255}});
  comes_back(std::vector<std::uint64_t>{1, 2, 3});
  comes_back(std::vector<bool>{true, false, true});
  comes_back(std::vector<std::string>{"", "a", "bc"});
  comes_back(std::vector<std::vector<int>>{{}, {1}, {2, 3}});
  comes_back(std::array<double, 3>{1, 2, 3});
  comes_back(std::array<bool, 2>{true, false});
  comes_back(std::array<std::string, 2>{"x", ""});
  comes_back(std::tuple<std::uint8_t>{3});
  comes_back(std::tuple<std::uint8_t, std::string, bool>{3, "x", true});
  comes_back(std::pair<double, Colour>{0.25, Colour::green});
  comes_back(std::optional<std::uint64_t>{});
  comes_back(std::optional<std::uint64_t>{0});
  comes_back(std::optional<std::string>{""});
  comes_back(std::map<std::string, std::vector<int>>{{"b", {1}}, {"a", {}}});
  comes_back(std::map<std::string, bool, std::less<>>{{"yes", true}});
  comes_back(std::unordered_map<std::string, std::uint8_t>{{"b", 1}, {"a", 2}, {"", 3}, {"\x80", 4}});
  comes_back(Loose::below);
  comes_back(Mode::exact);
  comes_back(Account(77));
  comes_back(Size{3, 4});
  comes_back(Named{{1, 2}, "n"});
  comes_back(Placed{{5, 6}, -1});
  comes_back(shape());
  comes_back(std::vector<Shape>{shape(), Shape{}, shape()});
}

TEST_CASE("NaN keeps its bits") {
  const std::uint64_t bits = 0x7FF8'0000'0000'1234u;
  const auto back = decoded<double>(encoded(std::bit_cast<double>(bits)));
  REQUIRE(back);
  CHECK(std::bit_cast<std::uint64_t>(*back) == bits);
}

TEST_CASE("a writer starts in the room and spills into its own memory") {
  gantry::detail::Writer writer;
  Bytes room(16);
  for (int round = 0; round < 3; ++round) {
    writer.start(room);
    writer.value(std::string(8, 'a'));
    CHECK_FALSE(writer.outside());
    CHECK(writer.written().data() == room.data());
    writer.value(std::string(100'000, 'b'));
    CHECK(writer.outside());
    CHECK(writer.written().size() == 16 + 8 + 100'000);
    CHECK(std::to_integer<char>(writer.written()[8]) == 'a');
    CHECK(std::to_integer<char>(writer.written().back()) == 'b');
  }
}

TEST_CASE("bytes that are no value say why") {
  const auto bytes = [](auto... values) { return harness::packed(values...); };
  const std::uint64_t huge = std::numeric_limits<std::uint64_t>::max();
  const auto why = [](const auto& result) { return result ? std::string("accepted") : result.error(); };
  CHECK(why(decoded<bool>(bytes(std::uint8_t{2}))) == "a bool must be 0 or 1 (2, but 1)");
  CHECK(why(decoded<Colour>(bytes(std::uint32_t{3}))) == "an enum's index is too large (3, but 3)");
  CHECK(why(decoded<std::optional<std::uint8_t>>(bytes(std::uint8_t{9}))) ==
        "an optional must begin with 0 or 1 (9, but 1)");
  CHECK(why(decoded<std::uint64_t>(bytes(std::uint32_t{1}))) == "the bytes end within a value (8, but 4)");
  CHECK(why(decoded<std::uint8_t>(bytes(std::uint16_t{1}))) == "bytes after the last value (1, but 0)");
  CHECK(why(decoded<std::string>(bytes(huge))) ==
        "a length needs more bytes than are left (18446744073709551615, but 0)");
  CHECK(why(decoded<std::vector<std::uint64_t>>(bytes(huge / 8, std::uint64_t{0}))) ==
        "a length needs more bytes than are left (2305843009213693951, but 8)");
  CHECK(why(decoded<std::map<std::string, bool>>(
            bytes(std::uint64_t{2}, std::uint64_t{0}, std::uint8_t{1}, std::uint64_t{0}, std::uint8_t{1}))) ==
        "the keys of a map must ascend (1, but 1)");
  CHECK(why(decoded<std::unordered_map<std::string, bool>>(
            bytes(std::uint64_t{2}, std::uint64_t{1}, 'b', std::uint8_t{1}, std::uint64_t{1}, 'a', std::uint8_t{1}))) ==
        "the keys of a map must ascend (1, but 1)");
}

namespace {

/// Changes, inserts, deletes, doubles: a few of each.
Bytes mutant(const Bytes& from, std::mt19937_64& random) {
  Bytes bytes = from;
  const auto below = [&](std::size_t limit) {
    return static_cast<std::size_t>(random() % std::max<std::size_t>(limit, 1));
  };
  for (std::size_t change = below(4); change != std::size_t(-1); --change) {
    const auto at = static_cast<std::ptrdiff_t>(below(bytes.size()));
    switch (below(5)) {
      case 0:
        if (!bytes.empty()) bytes[static_cast<std::size_t>(at)] = std::byte(random());
        break;
      case 1:
        if (!bytes.empty()) bytes[static_cast<std::size_t>(at)] ^= std::byte(1u << below(8));
        break;
      case 2:
        bytes.insert(bytes.begin() + at, std::byte(random() % 3));
        break;
      case 3:
        if (!bytes.empty()) bytes.erase(bytes.begin() + at);
        break;
      default:
        if (bytes.size() > 8) std::fill_n(bytes.begin() + at / 2, 4, std::byte(random() % 2 * 255));
        break;
    }
  }
  return bytes;
}

template <class T>
std::size_t survive(const T& value, std::mt19937_64& random, int rounds) {
  const Bytes good = encoded(value);
  std::size_t accepted = 0;
  for (int round = 0; round < rounds; ++round) {
    const Bytes bytes = mutant(good, random);
    const auto back = decoded<T>(bytes);
    if (!back) continue;
    ++accepted;
    if (encoded(*back) != bytes) FAIL("accepted, but written otherwise: " << harness::hex(bytes));
  }
  return accepted;
}

}  // namespace

TEST_CASE("hostile bytes are refused, or are exactly the value that they are read as") {
  const auto seed = std::random_device{}();
  INFO("seed " << seed);
  std::mt19937_64 random(seed);
  std::size_t accepted = 0;
  accepted += survive(shape(), random, 20'000);
  accepted += survive(std::vector<Shape>{Shape{}, shape()}, random, 10'000);
  accepted += survive(std::vector<bool>{true, false, true, true}, random, 10'000);
  accepted +=
      survive(std::unordered_map<std::string, std::optional<Colour>>{{"a", {}}, {"b", Colour::red}}, random, 20'000);
  accepted +=
      survive(std::vector<std::tuple<std::string, std::vector<Named>>>{{"x", {{}, {{1, 2}, "y"}}}}, random, 10'000);
  CHECK(accepted > 100);  // else the mutants test nothing but refusal
}

namespace {

/// Walks more or fewer fields than it spells.
struct Moody {
  std::uint8_t count = 0;
  std::uint8_t more = 0;
  friend bool operator==(const Moody&, const Moody&) = default;
  template <class Archive>
  void serialize(Archive& archive) {
    archive(CEREAL_NVP(count));
    if (count != 0) archive(CEREAL_NVP(more));
  }
};

struct Chain {
  std::vector<Chain> next;
  template <class Archive>
  void serialize(Archive& archive) {
    archive(CEREAL_NVP(next));
  }
};

}  // namespace

TEST_CASE("a serialize that depends on values is found out, both ways") {
  CHECK(encoded(Moody{}).size() == 1);
  CHECK_THROWS_WITH(encoded(Moody{1, 2}),
                    "serialize of {anonymous}::Moody visited 2 fields, but its signature has 1; it must "
                    "always visit the same ones");
  CHECK(
      decoded<Moody>(harness::packed(std::uint8_t{1}, std::uint8_t{2})).error() ==
      "serialize of {anonymous}::Moody visited 2 fields, but its signature has 1; it must always visit the same ones");
}

TEST_CASE("nesting is capped") {
  Bytes bytes;
  for (int level = 0; level < 100'000; ++level) {
    const Bytes one = harness::packed(std::uint64_t{1});
    bytes.insert(bytes.end(), one.begin(), one.end());
  }
  const auto back = decoded<Chain>(bytes);
  REQUIRE_FALSE(back);
  CHECK(back.error() == "{anonymous}::Chain is nested more than 64 deep");
}

TEST_CASE("an enumerator without a name cannot be written") {
  CHECK_THROWS_WITH(encoded(static_cast<Colour>(9)), "sample::Colour has no enumerator of value 9");
}
