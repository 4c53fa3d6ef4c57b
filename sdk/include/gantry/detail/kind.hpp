// Which of a signature's types a C++ type is: the traits that speller, reader and writer branch on.
#pragma once

#include <array>
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <tuple>
#include <type_traits>
#include <unordered_map>
#include <utility>
#include <vector>

namespace gantry {
inline namespace [[gnu::visibility("hidden")]] sdk1 {
namespace detail {

template <class T, class... Others>
inline constexpr bool one_of = (std::is_same_v<T, Others> || ...);

template <class T>
inline constexpr bool is_character = one_of<T, char, wchar_t, char8_t, char16_t, char32_t>;
template <class T>
inline constexpr bool is_integer =
    one_of<T, signed char, short, int, long, long long> ||
    one_of<T, unsigned char, unsigned short, unsigned, unsigned long, unsigned long long>;
template <class T>
inline constexpr bool is_float = one_of<T, float, double>;
/// bool, integers, floats: fixed size, one value.
template <class T>
concept Scalar = is_integer<T> || is_float<T> || std::is_same_v<T, bool>;
/// Copied as they lie in memory: any bytes are a valid value, and memory and wire agree.
template <class T>
concept Plain = is_integer<T> || is_float<T> || std::is_same_v<T, std::byte>;

template <class T>
inline constexpr bool is_vector = false;
template <class T>
inline constexpr bool is_vector<std::vector<T>> = true;

template <class T>
inline constexpr bool is_std_array = false;
template <class T, std::size_t N>
inline constexpr bool is_std_array<std::array<T, N>> = true;

/// std::array<T, N> and T[N].
template <class T>
struct ArrayOf {
  static constexpr bool holds = false;
};
template <class T, std::size_t N>
struct ArrayOf<std::array<T, N>> {
  static constexpr bool holds = true;
  static constexpr std::size_t length = N;
  using Element = T;
};
template <class T, std::size_t N>
struct ArrayOf<T[N]> : ArrayOf<std::array<T, N>> {};
template <class T>
concept Array = ArrayOf<T>::holds;

template <class T>
inline constexpr bool is_tuple = false;
template <class... T>
inline constexpr bool is_tuple<std::tuple<T...>> = true;
template <class A, class B>
inline constexpr bool is_tuple<std::pair<A, B>> = true;

template <class T>
inline constexpr bool is_optional = false;
template <class T>
inline constexpr bool is_optional<std::optional<T>> = true;

/// Maps, by what their key is; only text keys in byte order (or hashed, and sorted when written) can be sent.
template <class T>
inline constexpr bool is_ordered_map = false;
template <class T>
inline constexpr bool is_ordered_map<std::map<std::string, T>> = true;
template <class T>
inline constexpr bool is_ordered_map<std::map<std::string, T, std::less<>>> = true;
template <class T>
inline constexpr bool is_hashed_map = false;
template <class T, class Hash, class Equal>
inline constexpr bool is_hashed_map<std::unordered_map<std::string, T, Hash, Equal>> = true;
template <class T>
inline constexpr bool is_map = is_ordered_map<T> || is_hashed_map<T>;

/// What is sent as a struct: a class that is none of the above.
template <class T>
concept Structure = std::is_class_v<T> && !one_of<T, std::string> && !is_vector<T> && !is_std_array<T> &&
                    !is_tuple<T> && !is_optional<T> && !is_map<T>;

/// Bytes of each value of a scalar or array of scalars, 0 for what varies or has parts that must be checked one by
/// one.
template <class T>
inline constexpr std::size_t plain_size = Plain<T> ? sizeof(T) : 0;
template <class T, std::size_t N>
inline constexpr std::size_t plain_size<std::array<T, N>> = plain_size<T> * N;
template <class T, std::size_t N>
inline constexpr std::size_t plain_size<T[N]> = plain_size<T> * N;

}  // namespace detail
}  // namespace sdk1
}  // namespace gantry
