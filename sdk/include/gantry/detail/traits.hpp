// What a function's type says: parameters, result, whether it wants the Context and the worker's state.
#pragma once

#include <cstddef>
#include <tuple>
#include <type_traits>
#include <utility>

#include <gantry/context.hpp>
#include <gantry/detail/finding.hpp>
#include <gantry/detail/kind.hpp>
#include <gantry/detail/refusal.hpp>
#include <gantry/detail/sentence.hpp>
#include <gantry/error.hpp>
#include <gantry/state.hpp>

namespace gantry {
inline namespace [[gnu::visibility("hidden")]] sdk1 {
namespace detail {

template <class R>
struct Returned {
  using Value = R;
  static constexpr bool can_fail = false;
};
template <class T>
struct Returned<std::expected<T, Error>> {
  using Value = T;
  static constexpr bool can_fail = true;
};

/// How a parameter is held while decoding: T for T, const T& and T&&; a T& stays one, to be refused.
template <class P>
struct HeldAs {
  using Type = std::remove_cv_t<P>;
};
template <class P>
struct HeldAs<P&> {
  using Type = P&;
};
template <class P>
  requires is_shared<P>
struct HeldAs<P&> {
  using Type = P;
};
template <class P>
struct HeldAs<const P&> {
  using Type = P;
};
template <class P>
struct HeldAs<P&&> {
  using Type = std::remove_cv_t<P>;
};

template <class... P>
struct List {
  static constexpr std::size_t size = sizeof...(P);
};

template <class R, bool Context, class StateOf, class... P>
struct Shape {
  using Result = std::remove_cvref_t<R>;
  using Value = typename Returned<Result>::Value;
  static constexpr bool can_fail = Returned<Result>::can_fail;
  static constexpr bool wants_context = Context;
  using State = StateOf;  ///< T of State<T>, or void
  static constexpr std::size_t arity = sizeof...(P);
  using Parameters = List<P...>;                         ///< as declared
  using Held = std::tuple<typename HeldAs<P>::Type...>;  ///< as decoded
  static constexpr bool takes_good =
      ((find_parameter_refusal<typename HeldAs<P>::Type>().refusal == Refusal::none) && ...);
  static constexpr bool good = takes_good && find_result_refusal<Value>().refusal == Refusal::none;
  static constexpr bool wants_shared = (is_shared<typename HeldAs<P>::Type> || ...);
  /// Takes or gives what resides somewhere.
  static constexpr bool wants_residents =
      is_pinned<Value> || is_fd<Value> ||
      ((is_ref<typename HeldAs<P>::Type> || is_fd<typename HeldAs<P>::Type>) || ...);
  static constexpr bool all_scalar =
      !Context && std::is_void_v<State> && (Scalar<typename HeldAs<P>::Type> && ...) && Scalar<Value>;
};

template <class F>
struct Callable {
  static constexpr bool holds = false;
};
template <class R, class... P>
struct Callable<R (*)(P...)> : Shape<R, false, void, P...> {
  static constexpr bool holds = true;
};
template <class R, class... P>
struct Callable<R (*)(Context&, P...)> : Shape<R, true, void, P...> {
  static constexpr bool holds = true;
};
template <class R, class T, class... P>
struct Callable<R (*)(State<T>, P...)> : Shape<R, false, T, P...> {
  static constexpr bool holds = true;
};
template <class R, class T, class... P>
struct Callable<R (*)(Context&, State<T>, P...)> : Shape<R, true, T, P...> {
  static constexpr bool holds = true;
};
template <class R, class... P>
struct Callable<R (*)(P...) noexcept> : Callable<R (*)(P...)> {};

/// Function pointers as they are, captureless lambdas as what they convert to; anything else is no function.
template <auto F>
constexpr auto pointer_to() {
  if constexpr (requires { +F; })
    return +F;
  else
    return F;
}
template <auto F>
using ShapeOf = Callable<decltype(pointer_to<F>())>;

template <auto F, class Held, std::size_t... I>
struct RequireEach;
template <auto F, class... P, std::size_t... I>
struct RequireEach<F, std::tuple<P...>, I...> : RequireParameter<F, I + 1, P>... {};

template <auto F, class Held, class Positions>
struct RequireHeld;
template <auto F, class Held, std::size_t... I>
struct RequireHeld<F, Held, std::index_sequence<I...>> : RequireEach<F, Held, I...> {};

template <class T>
struct RequireNothing {};
/// As a member of its own, so that a bad result is an error beside those of bad parameters.
template <auto F, class Value>
struct RequireResult : RequireParameter<F, 0, Value> {};
template <auto F>
struct RequireResult<F, void> {};

template <auto F, class Shape = ShapeOf<F>>
struct RequireAll {
  [[maybe_unused]] RequireHeld<F, typename Shape::Held, std::make_index_sequence<Shape::arity>> parameters;
  [[maybe_unused]] RequireResult<F, typename Shape::Value> result;
};

}  // namespace detail
}  // namespace sdk1
}  // namespace gantry
