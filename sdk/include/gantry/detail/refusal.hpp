// Why a type cannot be sent to another process, found while compiling; for structs the members are looked at later,
// when the archives walk them: the body of `serialize` is not seen before it is instantiated.
#pragma once

#include <atomic>
#include <cstddef>
#include <ios>
#include <memory>
#include <set>
#include <span>
#include <string_view>
#include <type_traits>
#include <unordered_set>

#include <cereal/cereal.hpp>

#include <gantry/detail/kind.hpp>
#include <gantry/detail/pin.hpp>
#include <gantry/detail/text.hpp>
#include <gantry/names.hpp>

namespace gantry {
inline namespace [[gnu::visibility("hidden")]] sdk1 {

template <class T>
class Queue;
class Counter;
template <class T>
class Array;

namespace detail {

enum class Refusal {
  none,
  reference,
  pointer,
  text_pointer,
  text_view,
  span,
  callable,
  lambda,
  owner,
  shared,
  weak,
  lock,
  atomic,
  file,
  long_double,
  wide_integer,
  character,
  map_key,
  set,
  loose_enum,
  unnamed_enum,
  empty_tuple,
  nested_optional,
  empty_array,
  union_type,
  abstract,
  polymorphic,
  no_default,
  no_move,
  save_only,
  load_only,
  split,
  versioned,
  inherited,
  no_serialize,
  nothing,
  shared_object,
  shared_number,
  pinned_here,
  ref_here,
  fd_here,
  pin_name,
};

/// An archive that is only asked about, never used: does T have a serialize for it?
class Probe : public cereal::OutputArchive<Probe> {
 public:
  Probe();
  template <class... T>
  Probe& operator()(T&&...);
  template <class T>
  Probe& operator&(T&&);
  template <class T>
  Probe& operator<<(T&&);
  template <class T>
  Probe& operator>>(T&&);
};

// Who declares T::serialize: a class that only inherits it would lose the fields it adds, without a word.
template <class C, class R, class... A>
C member_owner(R (C::*)(A...));
template <class C, class R, class... A>
C member_owner(R (C::*)(A...) const);
// Asked of function templates: elsewhere g++ 12 finds out too late that a serialize is private.
template <class T>
auto has_public_serialize(int) -> decltype(std::declval<T&>().serialize(std::declval<Probe&>()), std::true_type{});
template <class T>
std::false_type has_public_serialize(long);

template <class T>
constexpr bool inherits_serialize() {
  if constexpr (decltype(has_public_serialize<T>(0))::value) {                  // a private one can only be T's own
    if constexpr (requires { member_owner(&T::template serialize<Probe>); }) {  // of overloads, nobody can say
      return !std::is_same_v<decltype(member_owner(&T::template serialize<Probe>)), T>;
    }
  }
  return false;
}

/// What tasks share: Queue, Counter, Array. Only a parameter may be one; `Element` is what is in it.
template <class T>
inline constexpr bool is_shared = std::is_same_v<T, Counter>;
template <class T>
inline constexpr bool is_shared<Queue<T>> = true;
template <class T>
inline constexpr bool is_shared<::gantry::sdk1::Array<T>> = true;
template <class T>
inline constexpr bool is_queue = false;
template <class T>
inline constexpr bool is_queue<Queue<T>> = true;

template <class T>
inline constexpr bool is_span = false;
template <class T, std::size_t N>
inline constexpr bool is_span<std::span<T, N>> = true;
template <class T>
inline constexpr bool is_view = false;
template <class C, class R>
inline constexpr bool is_view<std::basic_string_view<C, R>> = true;
template <class T>
inline constexpr Refusal smart_pointer = Refusal::none;
template <class T, class D>
inline constexpr Refusal smart_pointer<std::unique_ptr<T, D>> = Refusal::owner;
template <class T>
inline constexpr Refusal smart_pointer<std::shared_ptr<T>> = Refusal::shared;
template <class T>
inline constexpr Refusal smart_pointer<std::weak_ptr<T>> = Refusal::weak;
template <class T>
inline constexpr bool is_atomic = one_of<T, std::atomic_flag>;
template <class T>
inline constexpr bool is_atomic<std::atomic<T>> = true;
template <class T>
inline constexpr bool is_set = false;
template <class... A>
inline constexpr bool is_set<std::set<A...>> = true;
template <class... A>
inline constexpr bool is_set<std::unordered_set<A...>> = true;
template <class... A>
inline constexpr bool is_set<std::multiset<A...>> = true;
template <class T>
inline constexpr bool is_other_map = false;
template <class... A>
inline constexpr bool is_other_map<std::map<A...>> = !is_map<std::map<A...>>;
template <class... A>
inline constexpr bool is_other_map<std::unordered_map<A...>> = !is_map<std::unordered_map<A...>>;

/// Locks and threads, by the head of their name, so that <thread> and <condition_variable> need not be included.
constexpr bool is_lock(std::string_view name) {
  for (const std::string_view head : {"std::mutex",
                                      "std::recursive_mutex",
                                      "std::timed_mutex",
                                      "std::shared_mutex",
                                      "std::recursive_timed_mutex",
                                      "std::shared_timed_mutex",
                                      "std::condition_variable",
                                      "std::thread",
                                      "std::jthread",
                                      "std::future",
                                      "std::shared_future",
                                      "std::promise",
                                      "std::packaged_task",
                                      "std::unique_lock",
                                      "std::shared_lock",
                                      "std::scoped_lock",
                                      "std::lock_guard",
                                      "std::counting_semaphore",
                                      "std::latch",
                                      "std::barrier",
                                      "std::stop_source",
                                      "std::stop_token",
                                      "std::once_flag"}) {
    if (name.starts_with(head)) return true;
  }
  return false;
}

/// An enum with a fixed underlying type can be made from any integer of it; one without cannot.
template <class E>
concept FixedEnum = requires { E{0}; };

template <class T>
constexpr Refusal refuse_enum() {
  if constexpr (!FixedEnum<T>)
    return Refusal::loose_enum;
  else if constexpr (Names<T>::all.size() == 0)
    return Refusal::unnamed_enum;
  else
    return Refusal::none;
}

// NOLINTBEGIN(bugprone-branch-clone): chains of questions, some with the same answer
template <class T>
constexpr Refusal refuse_structure() {
  if constexpr (smart_pointer<T> != Refusal::none)
    return smart_pointer<T>;
  else if constexpr (is_shared<T>)
    return Refusal::shared_object;
  else if constexpr (is_pinned<T>)
    return Refusal::pinned_here;
  else if constexpr (is_ref<T>)
    return Refusal::ref_here;
  else if constexpr (is_fd<T>)
    return Refusal::fd_here;
  else if constexpr (is_view<T>)
    return Refusal::text_view;
  else if constexpr (is_span<T>)
    return Refusal::span;
  else if constexpr (type_name<T>().starts_with("std::function<"))
    return Refusal::callable;
  else if constexpr (type_name<T>().find("<lambda") != std::string_view::npos)
    return Refusal::lambda;
  else if constexpr (is_atomic<T>)
    return Refusal::atomic;
  else if constexpr (is_lock(type_name<T>()))
    return Refusal::lock;
  else if constexpr (std::is_base_of_v<std::ios_base, T>)
    return Refusal::file;
  else if constexpr (is_set<T>)
    return Refusal::set;
  else if constexpr (is_other_map<T>)
    return Refusal::map_key;
  else if constexpr (std::is_abstract_v<T>)
    return Refusal::abstract;
  else {
    constexpr bool whole = cereal::traits::has_member_serialize<T, Probe>::value ||
                           cereal::traits::has_non_member_serialize<T, Probe>::value;
    constexpr bool versioned = cereal::traits::has_member_versioned_serialize<T, Probe>::value ||
                               cereal::traits::has_non_member_versioned_serialize<T, Probe>::value;
    constexpr bool saves =
        cereal::traits::has_member_save<T, Probe>::value || cereal::traits::has_non_member_save<T, Probe>::value;
    constexpr bool loads =
        cereal::traits::has_member_load<T, Probe>::value || cereal::traits::has_non_member_load<T, Probe>::value;
    if constexpr (!whole && versioned)
      return Refusal::versioned;
    else if constexpr (!whole && saves && loads)
      return Refusal::split;
    else if constexpr (!whole && saves)
      return Refusal::save_only;
    else if constexpr (!whole && loads)
      return Refusal::load_only;
    else if constexpr (!whole)
      return Refusal::no_serialize;
    else if constexpr (std::is_polymorphic_v<T> && !std::is_final_v<T>)
      return Refusal::polymorphic;
    else if constexpr (inherits_serialize<T>())
      return Refusal::inherited;
    else if constexpr (!std::is_default_constructible_v<T>)
      return Refusal::no_default;
    else if constexpr (!std::is_move_constructible_v<T>)
      return Refusal::no_move;
    else
      return Refusal::none;
  }
}

/// Of T itself, not of what it contains.
template <class T>
constexpr Refusal refuse_itself() {
  using Bare = std::remove_cv_t<T>;
  if constexpr (std::is_reference_v<T>)
    return Refusal::reference;
  else if constexpr (std::is_void_v<T>)
    return Refusal::nothing;
  else if constexpr (Scalar<Bare> || one_of<Bare, std::byte, std::string>)
    return Refusal::none;
  else if constexpr (std::is_pointer_v<Bare> && is_character<std::remove_cv_t<std::remove_pointer_t<Bare>>>)
    return Refusal::text_pointer;
  else if constexpr (std::is_pointer_v<Bare> && std::is_function_v<std::remove_pointer_t<Bare>>)
    return Refusal::callable;
  else if constexpr (std::is_member_pointer_v<Bare>)
    return Refusal::callable;
  else if constexpr (std::is_pointer_v<Bare> || std::is_null_pointer_v<Bare>)
    return Refusal::pointer;
  else if constexpr (std::is_same_v<Bare, long double>)
    return Refusal::long_double;
  else if constexpr (is_character<Bare>)
    return Refusal::character;
  else if constexpr (std::is_enum_v<Bare>)
    return refuse_enum<Bare>();
  else if constexpr (std::is_union_v<Bare>)
    return Refusal::union_type;
  else if constexpr (Structure<Bare>)
    return refuse_structure<Bare>();
  else if constexpr (std::is_class_v<Bare> || Array<Bare>)
    return Refusal::none;  // a container: its parts decide
  else
    return Refusal::wide_integer;
}

// NOLINTEND(bugprone-branch-clone)

}  // namespace detail
}  // namespace sdk1
}  // namespace gantry
