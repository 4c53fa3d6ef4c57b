// How the archives walk a struct: its own `serialize`, and the fields it names.
#pragma once

#include <cstdint>
#include <stdexcept>
#include <string>
#include <type_traits>

#include <cereal/cereal.hpp>
#include <cereal/types/base_class.hpp>

#include <gantry/detail/text.hpp>

namespace gantry {
inline namespace [[gnu::visibility("hidden")]] sdk1 {
namespace detail {

/// Structs within structs; no type that could be spelled reaches it.
constexpr std::uint32_t deepest = 64;

/// Bytes that are no value, or a value that has no bytes. Thrown by the archives, through the author's serialize, and
/// caught in the same library.
class Unfit : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};
class TooLarge : public Unfit {
 public:
  using Unfit::Unfit;
};

template <class T>
inline constexpr bool is_base = false;
template <class T>
inline constexpr bool is_base<cereal::base_class<T>> = true;
template <class T>
inline constexpr bool is_base<cereal::virtual_base_class<T>> = true;

template <class T>
inline constexpr bool is_field = false;
template <class T>
inline constexpr bool is_field<cereal::NameValuePair<T>> = true;

/// Calls the author's serialize, member or free. Cereal's own rule: serialize is not const, and changes nothing when
/// it is given an output archive.
template <class Archive, class T>
void call_serialize(Archive& archive, T& value) {
  if constexpr (cereal::traits::has_member_serialize<T, Archive>::value) {
    cereal::access::member_serialize(archive, value);
  } else {
    serialize(archive, value);
  }
}

/// What every archive of ours offers to a `serialize`: the call operator and Cereal's operators, each leading to
/// `Derived::field(value)` for what has a name and to call_serialize for an unnamed base class.
template <class Derived, class Base>
class Walker : public Base {
 public:
  template <class... T>
  Derived& operator()(T&&... parts) {
    (part(parts), ...);
    return self();
  }
  template <class T>
  Derived& operator&(T&& one) {
    part(one);
    return self();
  }
  template <class T>
  Derived& operator<<(T&& one) {
    part(one);
    return self();
  }
  template <class T>
  Derived& operator>>(T&& one) {
    part(one);
    return self();
  }

 private:
  friend Derived;
  explicit Walker(Derived* derived) : Base(derived) {}

  Derived& self() { return static_cast<Derived&>(*this); }

  template <class T>
  void part(T& one) {
    using Part = std::remove_cv_t<T>;
    if constexpr (is_field<Part>) {
      using Value = std::remove_reference_t<decltype(one.value)>;
      if constexpr (is_base<std::remove_cv_t<Value>>)
        self().field(one.name, *one.value.base_ptr);
      else
        self().field(one.name, one.value);
    } else if constexpr (is_base<Part>) {
      call_serialize(self(), *one.base_ptr);
    } else {
      self().unnamed(one);
    }
  }
};

/// One address a type.
template <class T>
struct TypeTag {
  static constexpr char address = 0;
};

[[noreturn, gnu::cold, gnu::noinline]] inline void refuse_depth(std::string_view type) {
  throw Unfit(std::string(type) + " is nested more than " + std::to_string(deepest) + " deep");
}

}  // namespace detail
}  // namespace sdk1
}  // namespace gantry
