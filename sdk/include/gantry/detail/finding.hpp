// Which part of a type cannot be sent, if one cannot: a look into lists, optionals, maps and tuples. And what may stand
// where: shared objects as parameters, pinned values and open files as parameters and results.
#pragma once

#include <cstddef>
#include <string_view>
#include <tuple>
#include <type_traits>
#include <utility>

#include <gantry/detail/kind.hpp>
#include <gantry/detail/pin.hpp>
#include <gantry/detail/refusal.hpp>
#include <gantry/detail/text.hpp>

namespace gantry {
inline namespace [[gnu::visibility("hidden")]] sdk1 {
namespace detail {

/// What is wrong, and with which part of the type.
struct Finding {
  Refusal refusal = Refusal::none;
  std::string_view part;  ///< the type's name
};

template <class T>
constexpr Finding find_refusal();

/// What a list, an optional or a map holds, without a look into these: some refuse to be instantiated over it.
template <class T>
struct ContentOf;
template <template <class...> class Holder, class T, class... Rest>
  requires(is_vector<Holder<T, Rest...>> || is_optional<Holder<T, Rest...>>)
struct ContentOf<Holder<T, Rest...>> {
  using Type = T;
};
template <template <class...> class Holder, class Key, class T, class... Rest>
  requires is_map<Holder<Key, T, Rest...>>
struct ContentOf<Holder<Key, T, Rest...>> {
  using Type = T;
};

template <class Tuple, std::size_t... I>
constexpr Finding find_in_tuple(std::index_sequence<I...>) {
  Finding found;
  ((found.refusal == Refusal::none ? void(found = find_refusal<std::tuple_element_t<I, Tuple>>()) : void()), ...);
  return found;
}

template <class T>
constexpr Finding find_refusal() {
  using Bare = std::remove_cv_t<T>;
  if constexpr (std::is_reference_v<T> && find_refusal<std::remove_cvref_t<T>>().refusal != Refusal::none) {
    return find_refusal<std::remove_cvref_t<T>>();  // what is referred to gives the better reason
  } else if constexpr (refuse_itself<T>() != Refusal::none) {
    return {refuse_itself<T>(), type_name<T>()};
  } else if constexpr (Array<Bare>) {
    if constexpr (ArrayOf<Bare>::length == 0)
      return {Refusal::empty_array, type_name<T>()};
    else
      return find_refusal<typename ArrayOf<Bare>::Element>();
  } else if constexpr (is_optional<Bare>) {
    if constexpr (is_optional<typename ContentOf<Bare>::Type>)
      return {Refusal::nested_optional, type_name<T>()};
    else
      return find_refusal<typename ContentOf<Bare>::Type>();
  } else if constexpr (is_vector<Bare> || is_map<Bare>) {
    return find_refusal<typename ContentOf<Bare>::Type>();
  } else if constexpr (is_tuple<Bare>) {
    if constexpr (std::tuple_size_v<Bare> == 0)
      return {Refusal::empty_tuple, type_name<T>()};
    else
      return find_in_tuple<Bare>(std::make_index_sequence<std::tuple_size_v<Bare>>{});
  } else {
    return {};
  }
}

template <class T>
constexpr Finding find_pin_refusal() {
  if constexpr (is_pin_name(PinName<T>::get()))
    return {};
  else
    return {Refusal::pin_name, type_name<T>()};
}

/// Of a parameter as it is held: what tasks share may be one, if its elements can be sent, and what resides somewhere.
template <class T>
constexpr Finding find_parameter_refusal() {
  if constexpr (is_fd<T> || std::is_same_v<T, Counter>) {
    return {};
  } else if constexpr (is_ref<T>) {
    return find_pin_refusal<std::remove_const_t<typename T::Object>>();
  } else if constexpr (is_queue<T>) {
    return find_refusal<typename T::Element>();
  } else if constexpr (is_shared<T>) {
    using Element = typename T::Element;
    if constexpr (is_integer<Element> || is_float<Element>)
      return {};
    else
      return {Refusal::shared_number, type_name<Element>()};
  } else {
    return find_refusal<T>();
  }
}

/// Of what a function returns: what resides somewhere may be that.
template <class T>
constexpr Finding find_result_refusal() {
  if constexpr (is_fd<T> || std::is_void_v<T>)
    return {};
  else if constexpr (is_pinned<T>)
    return find_pin_refusal<typename T::Object>();
  else
    return find_refusal<T>();
}

}  // namespace detail

/// T can be sent to another process: a scalar, text, bytes, an enum with a fixed type, a struct with a Cereal
/// `serialize`, or a list, array, tuple, pair, optional or map of such. Shallow for structs: see the file's head.
template <class T>
concept Serialisable = detail::find_refusal<T>().refusal == detail::Refusal::none;

}  // namespace sdk1
}  // namespace gantry
