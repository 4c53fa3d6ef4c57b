// How the archives walk a struct: its own `serialize`, the fields it names, and how many there must be.
#pragma once

#include <atomic>
#include <cstdint>
#include <memory>
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

/// Counts the fields that a `serialize` visits.
class FieldCounter : public Walker<FieldCounter, cereal::OutputArchive<FieldCounter>> {
 public:
  FieldCounter() : Walker(this) {}
  std::uint32_t fields = 0;
  template <class T>
  void field(const char*, T&) {
    ++fields;
  }
  template <class T>
  void unnamed(T&) {}
};

/// One for each struct type. (In a class, because g++ 12 gives variable templates the default visibility in spite of
/// the namespace's, and libraries built by a bare g++ command would then share them.)
template <class T>
struct SpelledFields {
  static inline constinit std::atomic<std::uint32_t> count{0};  ///< of a default-constructed T; 0 until it was counted
};

template <class T>
[[gnu::cold, gnu::noinline]] std::uint32_t count_fields() {
  const auto value = std::make_unique<T>();
  FieldCounter counter;
  call_serialize(counter, *value);
  SpelledFields<T>::count.store(counter.fields, std::memory_order_relaxed);
  return counter.fields;
}

[[noreturn, gnu::cold, gnu::noinline]] inline void refuse_field_count(std::string_view type, std::uint32_t visited,
                                                                      std::uint32_t spelled) {
  throw Unfit("serialize of " + std::string(type) + " visited " + std::to_string(visited) +
              " fields, but its signature has " + std::to_string(spelled) + "; it must always visit the same ones");
}

/// A serialize whose fields depend on values would write what its signature does not say.
template <class T>
void expect_fields(std::uint32_t visited) {
  std::uint32_t spelled = SpelledFields<T>::count.load(std::memory_order_relaxed);
  if (spelled == 0) [[unlikely]]
    spelled = count_fields<T>();
  if (visited != spelled) [[unlikely]]
    refuse_field_count(type_name<T>(), visited, spelled);
}

[[noreturn, gnu::cold, gnu::noinline]] inline void refuse_depth(std::string_view type) {
  throw Unfit(std::string(type) + " is nested more than " + std::to_string(deepest) + " deep");
}

}  // namespace detail
}  // namespace sdk1
}  // namespace gantry
