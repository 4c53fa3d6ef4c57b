// Whole numbers, durations and sizes as text.
#include <catch2/catch.hpp>
#include <limits>
#include <variant>

#include "config/quantity.hpp"

namespace gantry::config::test {
namespace {

constexpr std::uint64_t most = std::numeric_limits<std::uint64_t>::max();

using Expected = std::variant<std::uint64_t, std::string>;  // the value, or the sentence

struct Row {
  const char* text;
  Expected expected;
};

template <class T>
Expected outcome(const host::Result<T>& result) {
  if (!result) return result.error().sentence;
  if constexpr (std::is_same_v<T, std::chrono::nanoseconds>) {
    return static_cast<std::uint64_t>(result->count());
  } else {
    return *result;
  }
}

}  // namespace

TEST_CASE("durations") {
  const std::string unit = "needs a unit: ns, us, ms, s, m, h or d";
  const std::string no_number = "does not begin with a number, and " + unit;
  const std::vector<Row> rows{
      {"1ns", 1U},
      {"1us", 1'000U},
      {"1ms", 1'000'000U},
      {"1s", 1'000'000'000U},
      {"60s", 60'000'000'000U},
      {"1m", 60'000'000'000U},
      {"1h", 3'600'000'000'000U},
      {"1d", 86'400'000'000'000U},
      {"1.5s", 1'500'000'000U},
      {"0.25h", 900'000'000'000U},
      {"0.000000001s", 1U},
      {"1.50000000000000000000s", 1'500'000'000U},
      {"00.001ms", 1'000U},
      {"0.5d", 43'200'000'000'000U},
      {"9223372036854775807ns", 9'223'372'036'854'775'807U},
      {"9223372036.854775807s", 9'223'372'036'854'775'807U},
      {"9223372036.854775808s", "is longer than 292 years"},
      {"9223372036854775808ns", "is longer than 292 years"},
      {"99999999999999999999s", "is longer than 292 years"},
      {"106752d", "is longer than 292 years"},
      {"0s", "is not above zero"},
      {"0.0ns", "is not above zero"},
      {"0.5ns", "is finer than a nanosecond"},
      {"0.3333333333s", "is finer than a nanosecond"},
      {"0.0000000000000000001d", "is finer than a nanosecond"},
      {"60", unit},
      {"1.5", unit},
      {"5 s", unit},
      {"5S", unit},
      {"5sec", unit},
      {"5s ", unit},
      {"1_000s", unit},
      {"1,5s", unit},
      {"1e3s", unit},
      {"1.s", "has no digit after the point"},
      {"1.", "has no digit after the point"},
      {".5s", no_number},
      {"-1s", no_number},
      {"+1s", no_number},
      {" 1s", no_number},
      {"s", no_number},
      {"", no_number},
      {"soon", no_number},
  };
  for (const Row& row : rows) {
    CAPTURE(row.text);
    CHECK(outcome(parse_duration(row.text)) == row.expected);
  }
}

TEST_CASE("sizes") {
  const std::string unit = "needs a unit: B, KiB, MiB or GiB";
  const std::vector<Row> rows{
      {"0B", 0U},
      {"17B", 17U},
      {"64KiB", 65'536U},
      {"1.5GiB", 1'610'612'736U},
      {"0.25MiB", 262'144U},
      {"0.0009765625KiB", 1U},
      {"18446744073709551615B", most},
      {"17179869183GiB", 18'446'744'072'635'809'792U},
      {"17179869184GiB", "is larger than 2^64 bytes"},
      {"18446744073709551616B", "is larger than 2^64 bytes"},
      {"0.1KiB", "is not a whole number of bytes"},
      {"1.5B", "is not a whole number of bytes"},
      {"64", unit},
      {"64KB", unit},
      {"64kib", unit},
      {"64 KiB", unit},
      {"KiB", "does not begin with a number, and " + unit},
  };
  for (const Row& row : rows) {
    CAPTURE(row.text);
    CHECK(outcome(parse_size(row.text)) == row.expected);
  }
}

TEST_CASE("whole numbers") {
  const std::string refused = "is not a whole number from 1 to 1024";
  const std::vector<Row> rows{
      {"1", 1U},
      {"1024", 1'024U},
      {"1_000", 1'000U},
      {"1_0_0", 100U},
      {"0", refused},
      {"1025", refused},
      {"010", refused},
      {"00", refused},
      {"_1", refused},
      {"1_", refused},
      {"1__0", refused},
      {"-1", refused},
      {"+1", refused},
      {"1.0", refused},
      {"0x10", refused},
      {" 1", refused},
      {"", refused},
      {"one", refused},
      {"99999999999999999999999", refused},
  };
  for (const Row& row : rows) {
    CAPTURE(row.text);
    CHECK(outcome(parse_whole(row.text, 1, 1024)) == row.expected);
  }
  CHECK(outcome(parse_whole("18446744073709551615", 0, most)) == Expected(most));
  CHECK(outcome(parse_whole("0", 0, most)) == Expected(std::uint64_t{0}));
  CHECK(outcome(parse_whole("18446744073709551616", 0, most)) == Expected("is not a whole number from 0 to 2^64 - 1"));
  CHECK(outcome(parse_whole("0", 1, most)) == Expected("is not a whole number of at least 1"));
}

}  // namespace gantry::config::test
