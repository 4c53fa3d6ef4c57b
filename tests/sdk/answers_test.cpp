// The five plugins of this tree give the answers that plain C++ gives.
#include <dlfcn.h>
#include <catch2/catch.hpp>

#include <chrono>
#include <cmath>
#include <limits>
#include <numbers>

#include <gantry/plugin.hpp>

#include "sdk/harness.hpp"

namespace {

using gantry::u64;
using harness::Bytes;
using harness::Caller;
using harness::Told;

const gantry_function& named(const std::string& plugin, std::string_view function, std::size_t nth = 0) {
  const std::string path = GANTRY_BUILD "/plugins/lib" + plugin + ".so";
  void* const library = dlopen(path.c_str(), RTLD_NOW | RTLD_LOCAL);  // never closed, as in a worker
  if (library == nullptr) throw std::runtime_error(dlerror());
  const auto* descriptor = static_cast<const gantry_descriptor*>(dlsym(library, "gantry_plugin"));
  const gantry_function* found = harness::find(*descriptor, function, nth);
  if (found == nullptr) throw std::runtime_error(plugin + " has no " + std::string(function));
  return *found;
}

template <class... T>
Bytes encoded(const T&... values) {
  gantry::detail::Writer writer;
  writer.start({});
  (writer.value(values), ...);
  const auto written = writer.written();
  return {written.begin(), written.end()};
}

template <class T>
T decoded(const Told& told) {
  INFO(told.kind << ": " << told.message);
  REQUIRE(told.status == GANTRY_OK);
  gantry::detail::Reader reader;
  reader.start(told.result);
  T value{};
  reader.value(value);
  reader.finish();
  return value;
}

/// Calls a function of a plugin once.
template <class R, class... T>
R answer(const std::string& plugin, std::string_view function, std::size_t nth, const T&... arguments) {
  Caller caller;
  caller.seed = 7;
  return decoded<R>(caller.run(named(plugin, function, nth), encoded(arguments...)));
}

template <class... T>
std::string failure(const std::string& plugin, std::string_view function, std::size_t nth, const T&... arguments) {
  Caller caller;
  const Told told = caller.run(named(plugin, function, nth), encoded(arguments...));
  return told.status == GANTRY_OK ? "no failure" : told.kind + ": " + told.message;
}

using U = std::vector<u64>;
using I = std::vector<std::int64_t>;
using F = std::vector<double>;
using S = std::vector<std::string>;
constexpr u64 most = std::numeric_limits<u64>::max();

}  // namespace

TEST_CASE("numbers") {
  CHECK(answer<u64>("numbers", "square_sum", 0, U{10, 20, 30, 40, 50}) == 5500);
  CHECK(answer<u64>("numbers", "square_sum", 0, U{60, 70, 80, 90, 100}) == 33000);
  CHECK(answer<u64>("numbers", "square_sum", 0, U{}) == 0);
  CHECK(failure("numbers", "square_sum", 0, U{u64{1} << 32}) == "overflow: the square of 4294967296 does not fit u64");
  CHECK(failure("numbers", "square_sum", 0, U{4294967295, 4294967295}) ==
        "overflow: the sum of squares does not fit u64");
  CHECK(answer<u64>("numbers", "square", 0, u64{11999999}) == 143999976000001);
  CHECK(failure("numbers", "square", 0, most) == "overflow: the square of 18446744073709551615 does not fit u64");
  CHECK(answer<u64>("numbers", "sum_below", 0, u64{19487171}) == 189874907048035);
  CHECK(answer<u64>("numbers", "sum_below", 0, u64{0}) == 0);
  CHECK(failure("numbers", "sum_below", 0, u64{6'074'001'001}) ==
        "overflow: the sum of the numbers below 6074001001 does not fit u64");
  U perfect;
  for (u64 n = 0; n < 10'000; ++n) {
    if (answer<bool>("numbers", "is_perfect", 0, n)) perfect.push_back(n);
  }
  CHECK(perfect == U{6, 28, 496, 8128});
}

TEST_CASE("numbers.integrate") {
  const auto integral = [](std::uint32_t f, double a, double b, u64 n) {
    return answer<double>("numbers", "integrate", 0, f, a, b, n);
  };
  CHECK(harness::signature(named("numbers", "integrate")) ==
        "(f: (\"sin\" | \"cos\" | \"exp\" | \"square\" | \"root\" | \"bell\"), a: f64, b: f64, n: u64 = 1000) -> f64");
  CHECK(std::abs(integral(0, 0, std::numbers::pi, 1000) - 2) < 1e-9);
  CHECK(std::abs(integral(1, 0, std::numbers::pi / 2, 1000) - 1) < 1e-9);
  CHECK(std::abs(integral(2, 0, 1, 1000) - (std::numbers::e - 1)) < 1e-9);
  CHECK(std::abs(integral(3, -1, 2, 1) - 3) < 1e-12);  // the rule is exact for parabolas
  CHECK(std::abs(integral(4, 0, 1, 100'000) - 2.0 / 3) < 1e-6);
  CHECK(std::abs(integral(5, -10, 10, 1000) - 1) < 1e-9);
  CHECK(std::abs(integral(0, std::numbers::pi, 0, 1000) + 2) < 1e-9);
  CHECK(failure("numbers", "integrate", 0, std::uint32_t{0}, 0.0, 1.0, u64{0}) ==
        "argument: n is the number of panels, and must be at least 1");
  CHECK(failure("numbers", "integrate", 0, std::uint32_t{0}, 0.0, std::numeric_limits<double>::infinity(), u64{1}) ==
        "argument: a and b must be finite");
}

TEST_CASE("primes") {
  CHECK(answer<U>("primes", "find", 0, u64{0}, u64{30}) == U{2, 3, 5, 7, 11, 13, 17, 19, 23, 29});
  CHECK(answer<U>("primes", "find", 0, u64{10}, u64{5}).empty());
  CHECK(answer<U>("primes", "find", 0, u64{4294967290}, u64{4294967311 + 1}) == U{4294967291, 4294967311});
  std::vector<bool> composite(20'000);
  u64 count = 0;
  for (u64 n = 2; n < composite.size(); ++n) {
    if (composite[n]) continue;
    ++count;
    for (u64 multiple = n * n; multiple < composite.size(); multiple += n) composite[multiple] = true;
  }
  CHECK(answer<u64>("primes", "count", 0, u64{0}, static_cast<u64>(composite.size())) == count);
  CHECK(answer<u64>("primes", "count", 0, u64{100'000'000}, u64{100'005'000}) ==
        answer<U>("primes", "find", 0, u64{100'000'000}, u64{100'005'000}).size());
  CHECK(answer<u64>("primes", "nth", 0, u64{1}) == 1);
  CHECK(answer<u64>("primes", "nth", 0, u64{4}) == 5);
  const u64 expected[] = {224729, 224737, 224743, 224759};
  for (u64 i = 0; i < 4; ++i) CHECK(answer<u64>("primes", "nth", 0, 20'000 + i) == expected[i]);
  CHECK(failure("primes", "nth", 0, u64{0}) == "argument: n counts from 1");
}

TEST_CASE("primes of the main job") {
  CHECK(answer<u64>("primes", "count", 0, u64{100'000'000}, u64{101'000'000}) == 54'208);
}

TEST_CASE("sleepy") {
  const auto before = std::chrono::steady_clock::now();
  CHECK(answer<double>("sleepy", "sleep", 0, 0.02) == 0.02);
  CHECK(std::chrono::steady_clock::now() - before >= std::chrono::milliseconds(20));
  for (const double bad : {-0.1, std::nan(""), std::numeric_limits<double>::infinity()}) {
    CHECK(failure("sleepy", "sleep", 0, bad) == "argument: seconds must be from 0 to 31536000, a year");
  }
}

TEST_CASE("montecarlo") {
  const double pi = answer<double>("montecarlo", "pi", 0, u64{200'000});
  CHECK(std::abs(pi - std::numbers::pi) < 0.02);
  CHECK(answer<double>("montecarlo", "pi", 0, u64{200'000}) == pi);
  Caller other;
  other.seed = 8;
  CHECK(decoded<double>(other.run(named("montecarlo", "pi"), encoded(u64{200'000}))) != pi);
  CHECK(failure("montecarlo", "pi", 0, u64{0}) == "argument: samples must be at least 1");
}

TEST_CASE("std: sums and means") {
  CHECK(answer<u64>("std", "sum", 0, U{}) == 0);
  CHECK(answer<u64>("std", "sum", 0, U{most - 1, 1}) == most);
  CHECK(failure("std", "sum", 0, U{most, 1}) == "overflow: the sum does not fit u64");
  CHECK(answer<std::int64_t>("std", "sum", 1, I{std::numeric_limits<std::int64_t>::max(), 1, -1}) ==
        std::numeric_limits<std::int64_t>::max());
  CHECK(failure("std", "sum", 1, I{std::numeric_limits<std::int64_t>::min(), -1}) ==
        "overflow: the sum does not fit i64");
  CHECK(answer<double>("std", "sum", 2, F{1, 1e100, 1, -1e100}) == 2);
  CHECK(std::isinf(answer<double>("std", "sum", 2, F{1e308, 1e308})));
  CHECK(answer<double>("std", "mean", 0, U{most, most}) == 0x1p64);
  CHECK(answer<double>("std", "mean", 1, I{-1, 2}) == 0.5);
  CHECK(answer<double>("std", "mean", 2, F{1, 2, 6}) == 3);
  for (std::size_t nth = 0; nth < 3; ++nth)
    CHECK(failure("std", "mean", nth, U{}) == "empty: an empty list has no mean");
}

TEST_CASE("std: counts and extremes") {
  CHECK(answer<u64>("std", "count", 0, U{5, 5}) == 2);
  CHECK(answer<u64>("std", "count", 3, S{"a", "b", ""}) == 3);
  CHECK(answer<u64>("std", "min", 0, U{3, 1, 2}) == 1);
  CHECK(answer<u64>("std", "max", 0, U{3, 1, 2}) == 3);
  CHECK(answer<std::int64_t>("std", "min", 1, I{3, -1, 2}) == -1);
  CHECK(answer<double>("std", "max", 2, F{-0.5, -2}) == -0.5);
  CHECK(std::isnan(answer<double>("std", "min", 2, F{1, std::nan(""), 0})));
  CHECK(answer<std::string>("std", "min", 3, S{"b", "\xff", "a"}) == "a");
  CHECK(answer<std::string>("std", "max", 3, S{"b", "\xff", "a"}) == "\xff");
  for (std::size_t nth = 0; nth < 4; ++nth) {
    CHECK(failure("std", "min", nth, U{}) == "empty: an empty list has no minimum");
    CHECK(failure("std", "max", nth, U{}) == "empty: an empty list has no maximum");
  }
}

TEST_CASE("std: lists and texts") {
  CHECK(answer<U>("std", "concat", 0, std::vector<U>{{1, 2}, {}, {3}}) == U{1, 2, 3});
  CHECK(answer<F>("std", "concat", 2, std::vector<F>{{1}, {2}}) == F{1, 2});
  CHECK(answer<S>("std", "concat", 3, std::vector<S>{{"a"}, {}, {"b", "c"}}) == S{"a", "b", "c"});
  CHECK(answer<U>("std", "where", 0, std::vector<bool>{false, true, true, false}) == U{1, 2});
  CHECK(answer<std::string>("std", "join", 0, S{"a", "b", "c"}, std::string("-")) == "a-b-c");
  CHECK(answer<std::string>("std", "join", 0, S{}, std::string("-")).empty());
  CHECK(harness::signature(named("std", "join")) == "(values: [str], separator: str = \", \") -> str");
  for (const char* name : {"sum", "count", "min", "max", "mean", "concat", "where", "join"}) {
    CHECK(named("std", name).flags == GANTRY_THREAD_SAFE);
  }
}
