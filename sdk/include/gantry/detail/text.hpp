// Text while compiling: sentences as template arguments, and the names that the compiler gives to things.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>

namespace gantry {
inline namespace [[gnu::visibility("hidden")]] sdk1 {
namespace detail {

/// A text of exactly N characters, so that the compiler prints it in full, and nothing after it.
template <std::size_t N>
struct text {
  char characters[N + 1] = {};
};

/// Room for a sentence that is being put together.
struct Sentence {
  char characters[2000] = {};
  std::size_t size = 0;

  constexpr Sentence& operator<<(std::string_view more) {
    for (const char c : more) {
      if (size < sizeof characters) characters[size++] = c;
    }
    return *this;
  }
  constexpr Sentence& operator<<(std::size_t number) {
    if (number >= 10) *this << number / 10;
    const char digit = static_cast<char>('0' + number % 10);
    return *this << std::string_view(&digit, 1);
  }
};

/// The sentence that `Make::make()` puts together, cut to its size.
template <class Make>
constexpr auto trimmed() {
  constexpr Sentence sentence = Make::make();
  text<sentence.size> result;
  for (std::size_t i = 0; i < sentence.size; ++i) result.characters[i] = sentence.characters[i];
  return result;
}

/// The part of __PRETTY_FUNCTION__ after `key`, up to the `]` or `;` that ends it.
constexpr std::string_view after(std::string_view pretty, std::string_view key) {
  const std::size_t start = pretty.find(key);
  if (start == std::string_view::npos) return pretty;
  const std::string_view rest = pretty.substr(start + key.size());
  int depth = 0;
  for (std::size_t i = 0; i < rest.size(); ++i) {
    const char c = rest[i];
    if (c == '[' || c == '(' || c == '{') ++depth;
    if ((c == ';' && depth == 0) || (c == ']' && depth == 0)) return rest.substr(0, i);
    if (c == ']' || c == ')' || c == '}') --depth;
  }
  return rest;
}

template <class SpelledType>
constexpr std::string_view pretty_type() {
  return __PRETTY_FUNCTION__;
}
/// "std::shared_ptr<int>", as the compiler writes it.
template <class T>
constexpr std::string_view type_name() {
  return after(pretty_type<T>(), "SpelledType = ");
}

template <auto SpelledFunction>
constexpr std::string_view pretty_function() {
  return __PRETTY_FUNCTION__;
}
/// "count" of the function `count`.
template <auto F>
constexpr std::string_view function_name() {
  std::string_view name = after(pretty_function<F>(), "SpelledFunction = ");
  if (!name.empty() && name.front() == '(') {  // "(& count)"
    name.remove_prefix(1);
    if (!name.empty() && name.back() == ')') name.remove_suffix(1);
  }
  while (!name.empty() && (name.front() == '&' || name.front() == ' ')) name.remove_prefix(1);
  return name;
}

constexpr bool is_lower(char c) {
  return c >= 'a' && c <= 'z';
}
constexpr bool is_digit(char c) {
  return c >= '0' && c <= '9';
}

/// [a-z][a-z0-9_]*: names of plugins, functions and parameters.
constexpr bool is_name(std::string_view name) {
  if (name.empty() || !is_lower(name.front())) return false;
  for (const char c : name) {
    if (!is_lower(c) && !is_digit(c) && c != '_') return false;
  }
  return true;
}

}  // namespace detail
}  // namespace sdk1
}  // namespace gantry
