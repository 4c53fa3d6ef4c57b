// The descriptor and all it points to, as constant data of the plugin: no code runs when the library is loaded.
#pragma once

#include <array>
#include <cstddef>
#include <string_view>

#include <gantry/abi.h>
#include <gantry/detail/text.hpp>
#include <gantry/function.hpp>
#include <gantry/worker.hpp>

#define GANTRY_STRINGIFY_VALUE(value) #value
#define GANTRY_STRINGIFY(name) GANTRY_STRINGIFY_VALUE(name)

#if defined(__SANITIZE_ADDRESS__)
#define GANTRY_BUILD_SANITIZER ", address sanitizer"
#elif defined(__SANITIZE_THREAD__)
#define GANTRY_BUILD_SANITIZER ", thread sanitizer"
#else
#define GANTRY_BUILD_SANITIZER ""
#endif

#if defined(_GLIBCXX_RELEASE)
#define GANTRY_BUILD_LIBRARY \
  "libstdc++ " GANTRY_STRINGIFY(_GLIBCXX_RELEASE) ", C++11 ABI " GANTRY_STRINGIFY(_GLIBCXX_USE_CXX11_ABI)
#else
#define GANTRY_BUILD_LIBRARY "another standard library"
#endif

#if defined(__clang__)
#define GANTRY_BUILD_COMPILER "clang " __clang_version__
#else
#define GANTRY_BUILD_COMPILER "g++ " __VERSION__
#endif

namespace gantry {
inline namespace [[gnu::visibility("hidden")]] sdk1 {
namespace detail {

inline constexpr const char* build_stamp = GANTRY_BUILD_COMPILER ", " GANTRY_BUILD_LIBRARY GANTRY_BUILD_SANITIZER;

// Never defined: calling one while compiling is the error, and its name is the sentence.
void a_function_takes_a_State_that_the_plugin_does_not_make_with_gantry_worker();

/// Points into itself, so it is neither copied nor moved: a static constexpr object of the plugin.
template <std::size_t E, std::size_t P>
class Table {
 public:
  template <std::size_t... Es, std::size_t... Ps>
  consteval explicit Table(const Entries<Es, Ps>&... given) {
    (add(given), ...);
  }
  template <std::size_t B, std::size_t... Es, std::size_t... Ps>
  consteval explicit Table(const Beginning<B>& beginning, const Entries<Es, Ps>&... given)
      : begin_(beginning.begin), begins_(true), end_(beginning.end), state_(beginning.state) {
    begin_.parameters = parameters_.data();
    for (const Parameter& each : beginning.parameters) parameters_[parameters_given_++] = each;
    (add(given), ...);
  }
  Table(const Table&) = delete;
  Table& operator=(const Table&) = delete;

  consteval gantry_descriptor descriptor(const char* name, const char* version) const {
    if (!is_name(name)) a_name_must_be_lower_case_letters_digits_and_underscores_and_begin_with_a_letter();
    return {{GANTRY_MAGIC, GANTRY_ABI_MAJOR, GANTRY_ABI_MINOR, GANTRY_WIRE, sizeof(gantry_descriptor)},
            name,
            version,
            build_stamp,
            E,
            pointers_.data(),
            begins_ ? &begin_ : nullptr,
            end_};
  }

 private:
  template <std::size_t Overloads, std::size_t Names>
  constexpr void add(const Entries<Overloads, Names>& entries) {
    const Parameter* first = parameters_.data() + parameters_given_;
    for (const Parameter& each : entries.parameters) parameters_[parameters_given_++] = each;
    for (const Named& each : entries.overloads) {
      if (!each.state.empty() && each.state != state_)
        a_function_takes_a_State_that_the_plugin_does_not_make_with_gantry_worker();
      entries_[given_] = each;
      entries_[given_].parameters = first;
      pointers_[given_] = &entries_[given_];
      ++given_;
    }
  }

  std::array<Named, E> entries_{};
  std::array<const gantry_function*, E> pointers_{};
  std::array<Parameter, P + 1> parameters_{};  // one more, so that it is never empty
  Named begin_{};
  bool begins_ = false;
  void (*end_)(void* state) = nullptr;
  std::string_view state_;  ///< the type of the plugin's state
  std::size_t given_ = 0;
  std::size_t parameters_given_ = 0;
};

template <std::size_t... Es, std::size_t... Ps>
Table(const Entries<Es, Ps>&...) -> Table<(Es + ... + 0), (Ps + ... + 0)>;
template <std::size_t B, std::size_t... Es, std::size_t... Ps>
Table(const Beginning<B>&, const Entries<Es, Ps>&...) -> Table<(Es + ... + 0), (Ps + ... + B)>;

}  // namespace detail
}  // namespace sdk1
}  // namespace gantry
