// How an author names a C++ function for gantry: `gantry::function<count>("count", {"low", "high = 100"}, "…")`.
#pragma once

#include <array>
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include <gantry/abi.h>
#include <gantry/detail/fallback.hpp>
#include <gantry/detail/run.hpp>
#include <gantry/detail/run_many.hpp>
#include <gantry/detail/speller.hpp>
#include <gantry/detail/traits.hpp>

namespace gantry {
inline namespace [[gnu::visibility("hidden")]] sdk1 {

/// A parameter's name, and its default if it has one: "low", "high = 100". The default is written as in a pipeline;
/// a text needs no quotes.
struct Parameter {
  std::string_view name;
  std::string_view fallback;
  bool has_fallback = false;

  constexpr Parameter() = default;
  consteval Parameter(const char* written) : name(written) {  // not explicit: it is written as a bare string
    const std::size_t equals = name.find(" = ");
    if (equals == std::string_view::npos) return;
    fallback = name.substr(equals + 3);
    name = name.substr(0, equals);
    has_fallback = true;
  }
};

namespace detail {

// Never defined: calling one while compiling is the error, and its name is the sentence.
void a_name_must_be_lower_case_letters_digits_and_underscores_and_begin_with_a_letter();
void two_parameters_have_the_same_name();
void default_value_does_not_fit_its_parameter();
void the_doc_of_a_function_is_one_line();

/// An entry of the descriptor, with what `spell` needs beside it.
struct Named : gantry_function {
  const Parameter* parameters = nullptr;
  std::string_view state;  ///< the type of the state that it takes; empty: none
};

/// "queue<u64>", "counter", "array<f64>".
template <class Type>
struct SpellShared {
  static void in(Speller& speller) {
    speller.spelled += is_queue<Type> ? "queue<" : "array<";
    speller.type<typename Type::Element>();
    speller.spelled += '>';
  }
};
template <>
struct SpellShared<Counter> {
  static void in(Speller& speller) { speller.spelled += "counter"; }
};

/// "pin<session>", "pin<session, mut>", "pin<session, sync>".
template <class T>
void spell_pin(Speller& speller, std::string_view role) {
  speller.spelled += "pin<";
  speller.spelled += PinName<T>::get();
  if (!role.empty()) speller.spelled += ", ";
  speller.spelled += role;
  speller.spelled += '>';
}

template <class Type>
void spell_parameter(Speller& speller, const Parameter& parameter) {
  speller.spelled += parameter.name;
  speller.spelled += ": ";
  if constexpr (is_shared<Type>)
    SpellShared<Type>::in(speller);
  else if constexpr (is_ref<Type>)
    spell_pin<std::remove_const_t<typename Type::Object>>(speller, std::is_const_v<typename Type::Object> ? "" : "mut");
  else if constexpr (is_fd<Type>)
    speller.spelled += "fd";
  else
    speller.type<Type>();
  if (!parameter.has_fallback) return;
  speller.spelled += " = ";
  const bool bare_text = is_text_parameter<Type> && !parameter.fallback.starts_with('"') &&
                         !(is_optional<Type> && parameter.fallback == "null");
  if (bare_text)
    speller.quoted(parameter.fallback);
  else
    speller.spelled += parameter.fallback;
}

template <auto F, class Result, std::size_t... I>
std::string spell_signature(const Parameter* parameters, std::index_sequence<I...>) {
  using Shape = ShapeOf<F>;
  Speller speller;
  speller.spelled = "(";
  ((speller.spelled += I == 0 ? "" : ", ",
    spell_parameter<std::tuple_element_t<I, typename Shape::Held>>(speller, parameters[I])),
   ...);
  speller.spelled += ") -> ";
  if constexpr (is_pinned<Result>)
    spell_pin<typename Result::Object>(speller, is_thread_safe_pin<typename Result::Object>() ? "sync" : "");
  else if constexpr (is_fd<Result>)
    speller.spelled += "fd";
  else
    speller.type<Result>();
  return speller.spelled;
}

/// The signature of F, as if it gave a Result.
template <auto F, class Result>
gantry_status spell_as(const gantry_function* self, void* to, void (*text)(void*, const char*, std::uint64_t),
                       void (*fail)(void*, const char*, std::uint64_t)) noexcept {
  try {
    const Parameter* parameters = static_cast<const Named*>(self)->parameters;
    const std::string spelled = spell_signature<F, Result>(parameters, std::make_index_sequence<ShapeOf<F>::arity>{});
    text(to, spelled.data(), spelled.size());
    return GANTRY_OK;
  } catch (const std::exception& exception) {
    const std::string_view what = exception.what();
    fail(to, what.data(), what.size());
  } catch (...) {
    constexpr std::string_view what = "the default constructor of a parameter's type threw";
    fail(to, what.data(), what.size());
  }
  return GANTRY_FAILED;
}

/// gantry_function.spell of F.
template <auto F>
gantry_status spell(const gantry_function* self, void* to, void (*text)(void*, const char*, std::uint64_t),
                    void (*fail)(void*, const char*, std::uint64_t)) noexcept {
  return spell_as<F, typename ShapeOf<F>::Value>(self, to, text, fail);
}

template <auto F, std::size_t N>
constexpr void bind(Named& entry) {
  using Shape = ShapeOf<F>;
  static_assert(Shape::holds,
                "gantry::function takes a function, a static member function or a lambda without captures; for an "
                "overloaded one use gantry::pick");
  if constexpr (Shape::holds) {
    static_assert(N == Shape::arity, "give one name for each parameter of the function (Context& has none)");
    if constexpr (!Shape::good) {
      [[maybe_unused]] RequireAll<F> required;
    } else if constexpr (N == Shape::arity) {
      entry.spell = &spell<F>;
      entry.run = &run<F>;
      if constexpr (Shape::all_scalar) entry.run_many = &run_many<F>;
      if constexpr (!std::is_void_v<typename Shape::State>) entry.state = type_name<typename Shape::State>();
    }
  }
}

template <auto F, std::size_t... I>
constexpr void check_defaults(const Parameter* parameters, std::index_sequence<I...>) {
  using Held = typename ShapeOf<F>::Held;
  [[maybe_unused]] const auto fits = [&]<std::size_t Position>() {
    return !parameters[Position].has_fallback ||
           fits_as_default<std::tuple_element_t<Position, Held>>(parameters[Position].fallback);
  };
  if (!(fits.template operator()<I>() && ...)) default_value_does_not_fit_its_parameter();
}

constexpr void check_names(const char* name, const Parameter* parameters, std::size_t count, std::string_view doc) {
  if (!is_name(name)) a_name_must_be_lower_case_letters_digits_and_underscores_and_begin_with_a_letter();
  if (doc.find('\n') != std::string_view::npos) the_doc_of_a_function_is_one_line();
  for (std::size_t i = 0; i < count; ++i) {
    if (!is_name(parameters[i].name))
      a_name_must_be_lower_case_letters_digits_and_underscores_and_begin_with_a_letter();
    for (std::size_t j = 0; j < i; ++j) {
      if (parameters[i].name == parameters[j].name) two_parameters_have_the_same_name();
    }
  }
}

/// What gantry::function gives to GANTRY_PLUGIN: E overloads that share P parameter names.
template <std::size_t E, std::size_t P>
struct Entries {
  std::array<Named, E> overloads{};
  std::array<Parameter, P> parameters{};
};

template <std::size_t N, auto... F>
constexpr auto make_entries(const char* name, const Parameter* parameters, const char* doc) {
  check_names(name, parameters, N, doc);
  Entries<sizeof...(F), N> made;
  for (std::size_t i = 0; i < N; ++i) made.parameters[i] = parameters[i];
  std::size_t at = 0;
  const auto add = [&]<auto One>() {
    Named& entry = made.overloads[at++];
    entry.struct_size = sizeof(gantry_function);
    entry.name = name;
    entry.doc = doc;
    bind<One, N>(entry);
    if constexpr (ShapeOf<One>::holds) {
      if constexpr (ShapeOf<One>::arity == N && ShapeOf<One>::good)
        check_defaults<One>(parameters, std::make_index_sequence<N>{});
    }
  };
  (add.template operator()<F>(), ...);
  return made;
}

}  // namespace detail

/// Stands for `{}`: no parameters.
struct NoParameters {};

/// Names functions for gantry. F: functions, static member functions or lambdas without captures; several are
/// overloads of one name, most preferred first. `parameters` has one name for each parameter, Context& aside.
template <auto... F, std::size_t N>
consteval auto function(const char* name, const Parameter (&parameters)[N], const char* doc = "") {
  return detail::make_entries<N, F...>(name, parameters, doc);
}

/// The same for functions without parameters, with `{}` or nothing for the list.
template <auto... F>
consteval auto function(const char* name, NoParameters = {}, const char* doc = "") {
  return detail::make_entries<0, F...>(name, nullptr, doc);
}
template <auto... F, std::convertible_to<const char*> Doc>  // a template, so that it is never meant by {"parameter"}
consteval auto function(const char* name, const Doc& doc) {
  return detail::make_entries<0, F...>(name, nullptr, doc);
}

/// One of several overloads: `gantry::pick<double(double)>(half)`.
template <class Signature>
consteval Signature* pick(Signature* function) {
  return function;
}

/// Declares that a function may run on several threads at once: `gantry::thread_safe(gantry::function<…>(…))`.
template <std::size_t E, std::size_t P>
consteval auto thread_safe(detail::Entries<E, P> entries) {
  for (detail::Named& overload : entries.overloads) overload.flags |= GANTRY_THREAD_SAFE;
  return entries;
}

}  // namespace sdk1
}  // namespace gantry
