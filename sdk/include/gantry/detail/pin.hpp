// How pinned types are told apart, and named in signatures.
#pragma once

#include <array>
#include <cstddef>
#include <string_view>

#include <gantry/detail/text.hpp>
#include <gantry/names.hpp>

namespace gantry {
inline namespace [[gnu::visibility("hidden")]] sdk1 {

template <class T>
struct pinned;
template <class T>
class Pinned;
template <class T>
class Ref;
class Fd;

namespace detail {

template <class T>
inline constexpr bool is_pinned = false;
template <class T>
inline constexpr bool is_pinned<Pinned<T>> = true;
template <class T>
inline constexpr bool is_ref = false;
template <class T>
inline constexpr bool is_ref<Ref<T>> = true;
template <class T>
inline constexpr bool is_fd = false;
template <>
inline constexpr bool is_fd<Fd> = true;

/// "app::HttpClient" -> "http_client", "std::unique_ptr<int>" -> "unique_ptr_int": the type's own name, without the
/// namespaces around it, in the spelling of signatures.
struct DerivedName {
  std::array<char, 160> text{};
  std::size_t size = 0;

  constexpr explicit DerivedName(std::string_view type) {
    int depth = 0;
    std::size_t from = 0;
    for (std::size_t i = 0; i + 1 < type.size(); ++i) {
      if (type[i] == '<' || type[i] == '(') ++depth;
      if (type[i] == '>' || type[i] == ')') --depth;
      if (depth == 0 && type[i] == ':' && type[i + 1] == ':') from = i + 2;
    }
    bool apart = false;
    char before = '_';
    for (std::size_t i = from; i < type.size(); ++i) {
      const char c = type[i];
      const bool upper = c >= 'A' && c <= 'Z';
      const bool word = upper || (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9');
      if (!word) {
        apart = true;
        continue;
      }
      const bool next_lower = i + 1 < type.size() && type[i + 1] >= 'a' && type[i + 1] <= 'z';
      const bool was_upper = before >= 'A' && before <= 'Z';
      if (size > 0 && (apart || (upper && (!was_upper || next_lower)))) add('_');
      add(upper ? static_cast<char>(c - 'A' + 'a') : c);
      before = c;
      apart = false;
    }
  }

  constexpr void add(char c) {
    if (size < text.size()) text[size++] = c;
  }
};

template <class T>
struct PinName {
  static constexpr DerivedName derived{type_name<T>()};
  static constexpr std::string_view get() {
    if constexpr (requires { std::string_view(pinned<T>::name); })
      return pinned<T>::name;
    else
      return {derived.text.data(), derived.size};
  }
};

template <class T>
constexpr bool is_thread_safe_pin() {
  if constexpr (requires { pinned<T>::thread_safe; })
    return pinned<T>::thread_safe;
  else
    return false;
}

/// "db.session": identifiers joined by dots.
constexpr bool is_pin_name(std::string_view name) {
  bool first = true;
  for (const char c : name) {
    const bool good = is_lower(c) || (!first && (c == '_' || is_digit(c)));
    if (c == '.' ? first : !good) return false;
    first = c == '.';
  }
  return !first;
}

/// Equal only where the C++ type is, as far as its name and size can tell.
template <class T, std::size_t Size = sizeof(T)>
constexpr std::string_view layout_of() {
  return __PRETTY_FUNCTION__;
}

}  // namespace detail
}  // namespace sdk1
}  // namespace gantry
