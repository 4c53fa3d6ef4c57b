// What a plugin keeps in each worker: an object that a function of the author makes there once, before any task, and
// that is destroyed at the worker's end.
//
//   struct Database { … };                                              // closed by its destructor
//   static gantry::Result<std::unique_ptr<Database>> open(const std::string& path);
//   static std::uint64_t count(gantry::State<Database> database, const std::string& table);
//   GANTRY_PLUGIN("store", "1.0.0", gantry::worker<open>({"path = :memory:"}),
//       gantry::function<count>("count", {"table"}, "Rows of the table."));
//
// The parameters of `open` are the plugin's configuration: plugins: [{name: store, config: {path: x.db}}].
#pragma once

#include <array>
#include <cstddef>
#include <memory>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>

#include <gantry/abi.h>
#include <gantry/detail/run.hpp>
#include <gantry/detail/traits.hpp>
#include <gantry/function.hpp>

namespace gantry {
inline namespace [[gnu::visibility("hidden")]] sdk1 {
namespace detail {

/// The object that `open` makes: T of T, unique_ptr<T>, and of Results of both; void of void.
template <class Value>
struct Made {
  using Type = Value;
  static std::unique_ptr<Value> hold(Value&& value) { return std::make_unique<Value>(std::move(value)); }
};
template <class T>
struct Made<std::unique_ptr<T>> {
  using Type = T;
  static std::unique_ptr<T> hold(std::unique_ptr<T>&& value) { return std::move(value); }
};
template <>
struct Made<void> {
  using Type = void;
};

template <auto F>
gantry_status begin_checked(gantry_call& call, Scratch& scratch) {
  using Shape = ShapeOf<F>;
  constexpr std::make_index_sequence<Shape::arity> positions{};
  typename Shape::Held held{};
  decode_all(call, scratch, held, positions);
  if constexpr (std::is_void_v<typename Shape::Result>) {
    call_with<F>(call, held, typename Shape::Parameters{}, positions);
  } else {
    auto result = call_with<F>(call, held, typename Shape::Parameters{}, positions);
    if constexpr (Shape::can_fail) {
      if (!result) return report(call, result.error().kind, result.error().message);
      if constexpr (!std::is_void_v<typename Shape::Value>)
        call.state = Made<typename Shape::Value>::hold(*std::move(result)).release();  // `end` takes it back
    } else {
      call.state = Made<typename Shape::Value>::hold(std::move(result)).release();
    }
  }
  call.result_size = 0;
  return GANTRY_OK;
}

/// gantry_descriptor.begin's run.
template <auto F>
gantry_status begin(gantry_call* call) noexcept {
  Scratch* scratch = nullptr;
  try {
    scratch = &scratch_of(*call);
    return begin_checked<F>(*call, *scratch);
  } catch (...) {
    if (scratch == nullptr) return report(*call, "exception", "no memory for the plugin's archives");
    return report_exception(*call, {scratch->phase, scratch->argument, &scratch->reader.visits(), nullptr});
  }
}

/// gantry_descriptor.end.
template <class T, auto... Close>
void end(void* state) noexcept {
  try {
    if constexpr (std::is_void_v<T>) {
      (Close(), ...);
    } else {
      const std::unique_ptr<T> object(static_cast<T*>(state));
      if (object) (Close(*object), ...);
    }
  } catch (...) {
    return;  // the worker ends anyway, and has nobody left to tell
  }
}

/// gantry_function.spell of `open`: its result crosses no edge.
template <auto F>
gantry_status spell_begin(const gantry_function* self, void* to, void (*text)(void*, const char*, std::uint64_t),
                          void (*fail)(void*, const char*, std::uint64_t)) noexcept {
  return spell_as<F, void>(self, to, text, fail);
}

/// What gantry::worker gives to GANTRY_PLUGIN.
template <std::size_t P>
struct Beginning {
  Named begin{};
  std::array<Parameter, P> parameters{};
  void (*end)(void* state) = nullptr;
  std::string_view state;  ///< the type of what is made; empty: nothing
};

template <std::size_t N, auto Open, auto... Close>
constexpr auto make_beginning(const Parameter* parameters) {
  using Shape = ShapeOf<Open>;
  check_names("begin", parameters, N, "");
  Beginning<N> made;
  for (std::size_t i = 0; i < N; ++i) made.parameters[i] = parameters[i];
  static_assert(Shape::holds, "gantry::worker takes a function, a static member function or a lambda without captures");
  if constexpr (Shape::holds) {
    static_assert(N == Shape::arity, "give one name for each parameter of the function (Context& has none)");
    static_assert(std::is_void_v<typename Shape::State>, "the function that makes the state cannot take it");
    static_assert(!Shape::wants_shared, "the function that makes the state cannot take what tasks share");
    static_assert(
        !Shape::wants_residents,
        "the function that makes the state takes and gives no pinned values and open files: no task has made any");
    static_assert(sizeof...(Close) <= 1, "give one function that is called at the worker's end, or none");
    if constexpr (!Shape::takes_good) {
      [[maybe_unused]] RequireHeld<Open, typename Shape::Held, std::make_index_sequence<Shape::arity>> required;
    } else if constexpr (N == Shape::arity) {
      check_defaults<Open>(parameters, std::make_index_sequence<N>{});
      using State = typename Made<typename Shape::Value>::Type;
      made.begin.struct_size = sizeof(gantry_function);
      made.begin.name = "begin";
      made.begin.doc = "";
      made.begin.spell = &spell_begin<Open>;
      made.begin.run = &begin<Open>;
      made.end = &end<State, Close...>;
      if constexpr (!std::is_void_v<State>) made.state = type_name<State>();
    }
  }
  return made;
}

}  // namespace detail

/// First among what is given to GANTRY_PLUGIN. `Open` is called once in each worker and makes the state: T,
/// std::unique_ptr<T>, a gantry::Result of one of them, or nothing (void). Its parameters are the plugin's
/// configuration, `parameters` their names. T's destructor runs at the worker's orderly end; before it `Close`, if it
/// is given: void(T&), or void() without a state.
template <auto Open, auto... Close, std::size_t N>
consteval auto worker(const Parameter (&parameters)[N]) {
  return detail::make_beginning<N, Open, Close...>(parameters);
}
template <auto Open, auto... Close>
consteval auto worker() {
  return detail::make_beginning<0, Open, Close...>(nullptr);
}

}  // namespace sdk1
}  // namespace gantry
