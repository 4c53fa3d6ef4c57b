// Names of enumerators, found while compiling; and defaults: which text can be a value of which type.
#include <catch2/catch.hpp>

#include "sdk/types.hpp"

namespace {

enum class Signed : signed char { low = -3, next, high = 100 };
enum Plain : int { first, second };
enum class Flag : bool { no, yes };
struct Outer {
  enum class Inner : unsigned { only = 5 };
};
static_assert(gantry::names<Signed>.size() == 3 && gantry::names<Signed>[1].value == Signed::next);
static_assert(gantry::names<Signed>[0].name == "low" && gantry::names<Signed>[2].name == "high");
static_assert(gantry::names<Plain>.size() == 2 && gantry::names<Plain>[1].name == "second");
static_assert(gantry::names<Flag>.size() == 2 && gantry::names<Flag>[1].name == "yes");
static_assert(gantry::names<Outer::Inner>.size() == 1 && gantry::names<Outer::Inner>[0].name == "only");

struct Row {
  bool fits;
  std::string_view text;
  bool expected;
};

template <class T>
Row row(std::string_view text, bool expected) {
  return {gantry::detail::fits_as_default<T>(text), text, expected};
}

}  // namespace

TEST_CASE("defaults are checked by type") {
  using gantry::detail::fits_as_default;
  static_assert(fits_as_default<std::uint8_t>("255") && !fits_as_default<std::uint8_t>("256"));
  const Row rows[] = {
      row<std::uint8_t>("0", true),
      row<std::uint8_t>("-1", false),
      row<std::uint8_t>("", false),
      row<std::uint8_t>("1.0", false),
      row<std::uint8_t>("+1", false),
      row<std::int8_t>("-128", true),
      row<std::int8_t>("-129", false),
      row<std::int8_t>("127", true),
      row<std::int8_t>("128", false),
      row<std::uint64_t>("18446744073709551615", true),
      row<std::uint64_t>("18446744073709551616", false),
      row<std::uint64_t>("99999999999999999999", false),
      row<std::int64_t>("-9223372036854775808", true),
      row<std::int64_t>("-9223372036854775809", false),
      row<std::uint64_t>("1_000_000", true),
      row<std::uint64_t>("_1", false),
      row<std::uint64_t>("1_", false),
      row<bool>("true", true),
      row<bool>("yes", false),
      row<double>("0.5", true),
      row<double>("-1e-9", true),
      row<double>("3", true),
      row<double>(".5", true),
      row<double>("5.", true),
      row<double>(".", false),
      row<double>("1e", false),
      row<double>("pi", false),
      row<sample::Colour>("red", true),
      row<sample::Colour>("pink", false),
      row<sample::Mode>("exact", true),
      row<std::optional<std::uint8_t>>("null", true),
      row<std::optional<std::uint8_t>>("300", false),
      row<std::string>("", true),
      row<std::vector<int>>("[1]", true),
      row<std::vector<int>>("", false),
  };
  for (const Row& each : rows) {
    INFO(each.text);
    CHECK(each.fits == each.expected);
  }
}
