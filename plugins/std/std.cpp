// std: what nearly every pipeline needs to join results: sums, extremes, lists.
#include <algorithm>
#include <cmath>
#include <concepts>
#include <cstdint>
#include <string>
#include <vector>

#include <gantry/plugin.hpp>

namespace {

using gantry::f64;
using gantry::i64;
using gantry::str;
using gantry::u64;
template <class T>
using List = std::vector<T>;
__extension__ typedef __int128 Wide;  // holds any sum of 2^63 64-bit integers

auto empty(const char* what) {
  return gantry::fail("empty", "an empty list has no " + std::string(what));
}

/// Neumaier's compensated sum ("Rundungsfehleranalyse einiger Verfahren zur Summation endlicher Summen", 1974).
f64 compensated_sum(const List<f64>& values) {
  f64 sum = 0;
  f64 lost = 0;
  for (const f64 value : values) {
    const f64 next = sum + value;
    lost += std::abs(sum) >= std::abs(value) ? (sum - next) + value : (value - next) + sum;
    sum = next;
  }
  return std::isfinite(sum) ? sum + lost : sum;
}

template <std::integral T>
Wide wide_sum(const List<T>& values) {
  Wide sum = 0;
  for (const T value : values) sum += value;
  return sum;
}

template <class T>
gantry::Result<T> sum(const List<T>& values) {
  if constexpr (std::floating_point<T>) {
    return compensated_sum(values);
  } else {
    const Wide total = wide_sum(values);
    const T narrow = static_cast<T>(total);
    if (narrow != total)
      return gantry::fail("overflow", std::is_signed_v<T> ? "the sum does not fit i64" : "the sum does not fit u64");
    return narrow;
  }
}

template <class T>
u64 count(const List<T>& values) {
  return values.size();
}

/// The extreme value by `better(candidate, best)`; NaN if any element is NaN.
template <class T, class Better>
gantry::Result<T> extreme(const List<T>& values, const char* what, Better better) {
  if (values.empty()) return empty(what);
  const T* best = &values.front();
  for (const T& value : values) {
    if constexpr (std::floating_point<T>) {
      if (std::isnan(value)) return value;
    }
    if (better(value, *best)) best = &value;
  }
  return *best;
}

template <class T>
gantry::Result<T> smallest(const List<T>& values) {
  return extreme(values, "minimum", [](const T& candidate, const T& best) { return candidate < best; });
}

template <class T>
gantry::Result<T> largest(const List<T>& values) {
  return extreme(values, "maximum", [](const T& candidate, const T& best) { return best < candidate; });
}

template <class T>
gantry::Result<f64> mean(const List<T>& values) {
  if (values.empty()) return empty("mean");
  const f64 size = static_cast<f64>(values.size());
  if constexpr (std::floating_point<T>)
    return compensated_sum(values) / size;
  else
    return static_cast<f64>(wide_sum(values)) / size;
}

template <class T>
List<T> concat(List<List<T>> values) {
  List<T> joined;
  std::size_t size = 0;
  for (const List<T>& part : values) size += part.size();
  joined.reserve(size);
  for (List<T>& part : values) std::ranges::move(part, std::back_inserter(joined));
  return joined;
}

List<u64> where(const std::vector<bool>& flags) {
  List<u64> positions;
  for (std::size_t i = 0; i < flags.size(); ++i) {
    if (flags[i]) positions.push_back(i);
  }
  return positions;
}

str join(const List<str>& values, const str& separator) {
  str joined;
  for (std::size_t i = 0; i < values.size(); ++i) {
    if (i > 0) joined += separator;
    joined += values[i];
  }
  return joined;
}

}  // namespace

GANTRY_PLUGIN("std", "1.0.0",
              gantry::thread_safe(gantry::function<sum<u64>, sum<i64>, sum<f64>>(
                  "sum", {"values"}, "The sum of a list; of integers it must fit, of floats it is compensated.")),
              gantry::thread_safe(gantry::function<count<u64>, count<i64>, count<f64>, count<str>>(
                  "count", {"values"}, "How many elements a list has.")),
              gantry::thread_safe(gantry::function<smallest<u64>, smallest<i64>, smallest<f64>, smallest<str>>(
                  "min", {"values"}, "The smallest element; texts by their bytes.")),
              gantry::thread_safe(gantry::function<largest<u64>, largest<i64>, largest<f64>, largest<str>>(
                  "max", {"values"}, "The largest element; texts by their bytes.")),
              gantry::thread_safe(gantry::function<mean<u64>, mean<i64>, mean<f64>>("mean", {"values"},
                                                                                    "The arithmetic mean.")),
              gantry::thread_safe(gantry::function<concat<u64>, concat<i64>, concat<f64>, concat<str>>(
                  "concat", {"values"}, "One list of the elements of all.")),
              gantry::thread_safe(gantry::function<where>("where", {"flags"}, "The positions of what is true.")),
              gantry::thread_safe(gantry::function<join>("join", {"values", "separator = , "},
                                                         "One text, with the separator between.")));
