// sorting: parts of a list, sorted apart and merged: random numbers to sort, and a short witness of the result.
#define XXH_INLINE_ALL  // no library beside the plugin
#include <xxhash.h>

#include <algorithm>
#include <array>
#include <compare>
#include <concepts>
#include <string>
#include <utility>
#include <vector>

#include <gantry/plugin.hpp>

namespace {

using gantry::f64;
using gantry::i64;
using gantry::str;
using gantry::u64;
template <class T>
using List = std::vector<T>;

/// Texts by their bytes; floats in IEEE 754's total order, where -0 is before 0 and each NaN has its place.
struct Before {
  template <class T>
  bool operator()(const T& left, const T& right) const {
    if constexpr (std::floating_point<T>)
      return std::strong_order(left, right) < 0;
    else
      return left < right;
  }
};

gantry::Result<List<u64>> random_numbers(gantry::Context& context, u64 count) {
  constexpr u64 most = u64{1} << 28U;  // 2 GiB
  if (count > most) return gantry::fail("argument", "count is at most " + std::to_string(most) + " for one task");
  gantry::Random& random = context.rng();
  List<u64> numbers(count);
  for (u64& number : numbers) number = random();
  return numbers;
}

template <class T>
List<T> sort(List<T> values) {
  std::sort(values.begin(), values.end(), Before{});
  return values;
}

template <class T>
List<T> merge_two(List<T>&& left, List<T>&& right) {
  List<T> merged(left.size() + right.size());
  std::merge(std::make_move_iterator(left.begin()), std::make_move_iterator(left.end()),
             std::make_move_iterator(right.begin()), std::make_move_iterator(right.end()), merged.begin(), Before{});
  return merged;
}

/// Neighbours two by two, then the merged ones two by two: each element moves log2(parts) times.
template <class T>
gantry::Result<List<T>> merge(List<List<T>> parts) {
  for (std::size_t i = 0; i < parts.size(); ++i) {
    const auto until = std::is_sorted_until(parts[i].begin(), parts[i].end(), Before{});
    if (until != parts[i].end()) {
      const auto at = until - parts[i].begin();
      return gantry::fail("unsorted", "parts[" + std::to_string(i) + "] is not sorted: element " + std::to_string(at) +
                                          " is less than element " + std::to_string(at - 1));
    }
  }
  if (parts.empty()) return List<T>{};
  for (std::size_t apart = 1; apart < parts.size(); apart *= 2) {
    for (std::size_t i = 0; i + apart < parts.size(); i += 2 * apart) {
      parts[i] = merge_two(std::move(parts[i]), std::move(parts[i + apart]));
    }
  }
  return std::move(parts.front());
}

/// Enough to tell two lists apart, in a line.
struct Summary {
  u64 count = 0;
  bool sorted = false;
  str xxh3;
  template <class Archive>
  void serialize(Archive& archive) {
    archive(CEREAL_NVP(count), CEREAL_NVP(sorted), CEREAL_NVP(xxh3));
  }
};

template <class T>
Summary summary(const List<T>& values) {
  XXH128_canonical_t canonical;
  XXH128_canonicalFromHash(&canonical, XXH3_128bits(values.data(), values.size() * sizeof(T)));
  Summary told{.count = values.size(), .sorted = std::is_sorted(values.begin(), values.end(), Before{}), .xxh3 = {}};
  for (const unsigned char byte : canonical.digest) {
    constexpr std::string_view digits = "0123456789abcdef";
    told.xxh3 += digits[byte >> 4U];
    told.xxh3 += digits[byte & 15U];
  }
  return told;
}

}  // namespace

GANTRY_PLUGIN("sorting", "1.0.0",
              gantry::thread_safe(gantry::function<random_numbers>("random", {"count"}, "So many random u64.")),
              gantry::thread_safe(gantry::function<sort<u64>, sort<i64>, sort<f64>, sort<str>>(
                  "sort", {"values"}, "The elements in ascending order; texts by their bytes.")),
              gantry::thread_safe(gantry::function<merge<u64>, merge<i64>, merge<f64>, merge<str>>(
                  "merge", {"parts"}, "One sorted list of sorted lists.")),
              gantry::thread_safe(gantry::function<summary<u64>, summary<i64>, summary<f64>>(
                  "summary", {"values"}, "How many, whether ascending, and XXH3-128 of their bytes, little-endian.")));
