// The names of an enum's enumerators, read out of the compiler; `gantry::names<E>` may be specialised.
#pragma once

#include <array>
#include <concepts>
#include <cstddef>
#include <limits>
#include <string_view>
#include <type_traits>
#include <utility>

namespace gantry {
inline namespace [[gnu::visibility("hidden")]] sdk1 {

template <class E>
struct Enumerator {
  E value;
  std::string_view name;
};
template <class E>
Enumerator(E, std::string_view) -> Enumerator<E>;
template <class E, std::size_t N>
Enumerator(E, const char (&)[N]) -> Enumerator<E>;

namespace detail {

constexpr int first_reflected = -8;
constexpr int last_reflected = 127;

/// "… [with E = Colour; E ...V = {red, (Colour)1, …}; …]": what has a name is spelled by it, the rest is a cast.
template <class E, E... V>
constexpr std::string_view spelled_values() {
  return __PRETTY_FUNCTION__;
}

/// Calls `each(position, text)` for the entries of the list that follows "V = ".
template <class Each>
constexpr void each_spelled(std::string_view pretty, Each each) {
  const std::size_t start = pretty.find("V = ");
  if (start == std::string_view::npos) return;
  std::string_view rest = pretty.substr(start + 5);
  int depth = 0;
  std::size_t begin = 0;
  int position = 0;
  for (std::size_t i = 0; i < rest.size(); ++i) {
    const char c = rest[i];
    const bool closing = c == ')' || c == '}' || c == '>' || c == ']';
    if (depth == 0 && (c == ',' || closing)) {
      std::string_view text = rest.substr(begin, i - begin);
      while (!text.empty() && text.front() == ' ') text.remove_prefix(1);
      each(position++, text);
      begin = i + 1;
      if (closing) return;
    } else if (c == '(' || c == '{' || c == '<' || c == '[') {
      ++depth;
    } else if (closing) {
      --depth;
    }
  }
}

template <class E>
constexpr int first_value() {
  return std::is_signed_v<std::underlying_type_t<E>> ? first_reflected : 0;
}
template <class E>
constexpr int last_value() {
  return std::is_same_v<std::underlying_type_t<E>, bool> ? 1 : last_reflected;
}

template <class E, int... I>
constexpr std::string_view spelled_range(std::integer_sequence<int, I...>) {
  return spelled_values<E, static_cast<E>(I + first_value<E>())...>();
}

template <class E>
constexpr std::string_view spelled_all() {
  return spelled_range<E>(std::make_integer_sequence<int, last_value<E>() - first_value<E>() + 1>{});
}

/// "Colour::red", "{anonymous}::Mode::fast" and clang's "(anonymous namespace)::Mode::fast", not "(Colour)7".
constexpr bool is_enumerator(std::string_view text) {
  const std::string_view end = text.substr(text.rfind(')') + 1);  // npos + 1 is 0
  return !end.empty() && end.front() != '-' && !(end.front() >= '0' && end.front() <= '9');
}

template <class E>
constexpr auto reflected() {
  constexpr std::size_t count = [] {
    std::size_t found = 0;
    each_spelled(spelled_all<E>(), [&](int, std::string_view text) { found += is_enumerator(text) ? 1 : 0; });
    return found;
  }();
  std::array<Enumerator<E>, count> names{};
  std::size_t at = 0;
  each_spelled(spelled_all<E>(), [&](int position, std::string_view text) {
    if (!is_enumerator(text)) return;
    const std::size_t scope = text.rfind(':');
    names[at++] = {static_cast<E>(position + first_value<E>()),
                   scope == std::string_view::npos ? text : text.substr(scope + 1)};
  });
  return names;
}

}  // namespace detail

/// The enumerators of E with values in -8..127, by ascending value. For others, or other names, specialise it:
/// `template <> inline constexpr std::array gantry::names<Mode> = {gantry::Enumerator{Mode::fast, "fast"}, …};`
template <class E>
inline constexpr auto names = detail::reflected<E>();

namespace detail {

/// The copy that code reads: a specialisation of `names` in one plugin must not be found by another that has an enum
/// of the same name, and variable templates are visible between libraries.
template <class E>
struct Names {
  static constexpr auto all = names<E>;
};

/// Position of `value` among the names, or their number if it has none.
template <class E>
constexpr std::size_t enumerator_index(E value) {
  constexpr auto& all = Names<E>::all;
  for (std::size_t i = 0; i < all.size(); ++i) {
    if (all[i].value == value) return i;
  }
  return all.size();
}

}  // namespace detail
}  // namespace sdk1
}  // namespace gantry
