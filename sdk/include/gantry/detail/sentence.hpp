// The sentences of refused types, and how the compiler is made to print them.
#pragma once

#include <cstddef>
#include <string_view>

#include <gantry/detail/finding.hpp>
#include <gantry/detail/refusal.hpp>
#include <gantry/detail/text.hpp>

namespace gantry {
inline namespace [[gnu::visibility("hidden")]] sdk1 {

/// Never defined: using it as a base class makes the compiler print the sentence in its one error.
template <detail::text Sentence>
struct refused;

namespace detail {

/// The reason, then the way out.
constexpr std::string_view reason(Refusal refusal) {
  switch (refusal) {
    case Refusal::none:
      return "";
    case Refusal::reference:
      return "what is changed through a reference here is never seen there. Take it by value or const&, and return "
             "what changed";
    case Refusal::pointer:
      return "a pointer means nothing in another process. Pass the value itself, or a std::vector or std::optional "
             "of it";
    case Refusal::text_pointer:
      return "a pointer means nothing in another process. Use std::string";
    case Refusal::text_view:
      return "it only looks at memory that the other process does not have. Use std::string";
    case Refusal::span:
      return "it only looks at memory that the other process does not have. Use std::vector or std::array";
    case Refusal::callable:
      return "code is not a value. Pass an enum or a std::string that says which function to use";
    case Refusal::lambda:
      return "a lambda is code, not a value. Pass its captures as parameters, and an enum that says what to do with "
             "them";
    case Refusal::owner:
      return "it owns memory of this process. Pass the value itself, or std::optional of it";
    case Refusal::shared:
      return "sharing ends at the edge of a process. Pass the value itself, or std::optional of it";
    case Refusal::weak:
      return "it watches memory of this process. Pass the value itself, or std::optional of it";
    case Refusal::lock:
      return "locks and threads live in one process. Leave it out: each task has its own arguments, and nothing to "
             "lock";
    case Refusal::atomic:
      return "it is shared memory of one process. Pass the plain value, and return what changed";
    case Refusal::file:
      return "an open file belongs to one process. Pass its path as std::string, and open it in the function";
    case Refusal::long_double:
      return "its size and bytes differ between machines. Use double";
    case Refusal::wide_integer:
      return "its bytes have no common meaning; integers have at most 64 bits. Use std::uint64_t, or a std::array of "
             "them";
    case Refusal::character:
      return "a character type is neither a number nor a text. Use std::uint8_t or another integer of fixed size, or "
             "std::string";
    case Refusal::map_key:
      return "the keys of a map must be text in byte order. Use std::map<std::string, T>, or a std::vector of "
             "std::pair";
    case Refusal::set:
      return "signatures have no sets. Use std::vector, sorted";
    case Refusal::loose_enum:
      return "the compiler chooses how large it is. Give the enum a fixed type, as in enum class Colour : "
             "std::uint8_t";
    case Refusal::unnamed_enum:
      return "it has no enumerator from -8 to 127. Specialise gantry::names for it";
    case Refusal::empty_tuple:
      return "an empty tuple has no value to send. Leave it out, or return void";
    case Refusal::nested_optional:
      return "its two kinds of nothing look alike. Use one std::optional, or an enum beside it";
    case Refusal::empty_array:
      return "an array of no elements has no value to send. Leave it out";
    case Refusal::union_type:
      return "nobody knows which member of a union is alive. Use a struct of std::optional members";
    case Refusal::abstract:
      return "an abstract class has no values of its own. Use the concrete class";
    case Refusal::polymorphic:
      return "what a class derived from it adds would be lost without a word. Make the concrete class final, with a "
             "serialize that names all its fields, and use that";
    case Refusal::no_default:
      return "it is built first and filled in then, but has no default constructor. Give it one";
    case Refusal::no_move:
      return "it can be neither moved nor copied, like anything with a lock or an atomic in it. Make it movable, or "
             "pass its parts";
    case Refusal::save_only:
      return "it has save, but no load. Replace both by one serialize with CEREAL_NVP for each field";
    case Refusal::load_only:
      return "it has load, but no save. Replace both by one serialize with CEREAL_NVP for each field";
    case Refusal::split:
      return "save and load may disagree about its fields. Replace them by one serialize with CEREAL_NVP for each "
             "field";
    case Refusal::versioned:
      return "its serialize takes a version, and there is only one. Give it a serialize without the version";
    case Refusal::inherited:
      return "it only inherits serialize, which does not know the fields that it adds. Give it a serialize of its "
             "own, with cereal::base_class first";
    case Refusal::no_serialize:
      return "its fields are not known. Give it a serialize: template <class A> void serialize(A& a) { "
             "a(CEREAL_NVP(x), CEREAL_NVP(y)); }, or pass its parts";
    case Refusal::nothing:
      return "void is not a value. Leave it out";
    case Refusal::shared_object:
      return "the host keeps it, and a task only sees it. Take it as a parameter of its own: gantry::Queue<T>&, "
             "gantry::Counter& or gantry::Array<T>&";
    case Refusal::shared_number:
      return "a shared array is of numbers, to which can be added. Use an integer or a float, or a gantry::Queue";
    case Refusal::pinned_here:
      return "an object that stays in its worker is the whole result of a function. Return gantry::Pinned<T>, or a "
             "gantry::Result of it, and take gantry::Ref<T>";
    case Refusal::ref_here:
      return "it refers to an object in the worker that runs the task. Take it as a parameter of its own, "
             "gantry::Ref<T>, and return what is found there";
    case Refusal::fd_here:
      return "the kernel passes an open file on only by itself. Take gantry::Fd as a parameter of its own, or return "
             "one";
    case Refusal::pin_name:
      return "its name gives none for signatures. Give it one: template <> struct gantry::pinned<T> { static constexpr "
             "const char* name = \"model\"; }";
  }
  return "";
}

/// Whether an object of the type may be worth keeping where it is, rather than sending something else.
constexpr bool may_be_pinned(Refusal refusal) {
  switch (refusal) {
    case Refusal::owner:
    case Refusal::shared:
    case Refusal::lock:
    case Refusal::file:
    case Refusal::abstract:
    case Refusal::polymorphic:
    case Refusal::no_default:
    case Refusal::no_move:
    case Refusal::no_serialize:
      return true;
    default:
      return false;
  }
}

/// A type's name with the library's own spelling of text put right.
constexpr void write_type_name(Sentence& to, std::string_view name) {
  constexpr std::string_view inner[] = {"std::__cxx11::basic_string<char>", "std::basic_string_view<char>"};
  constexpr std::string_view known[] = {"std::string", "std::string_view"};
  while (!name.empty()) {
    std::size_t taken = 1;
    std::string_view written = name.substr(0, 1);
    for (std::size_t i = 0; i < 2; ++i) {
      if (!name.starts_with(inner[i])) continue;
      taken = inner[i].size();
      if (name.substr(taken).starts_with(" >")) ++taken;  // set apart from the > that is gone
      written = known[i];
    }
    to << written;
    name.remove_prefix(taken);
  }
}

/// What is refused.
enum class Role { parameter, result, member };

template <class T>
constexpr void write_pinned(Sentence& to, Role role) {
  if (role == Role::member) {
    to << "; or keep the whole struct in its worker, with gantry::Pinned";
    return;
  }
  const auto write = [&to](std::string_view holder) {
    // Of an abstract class there is no object to keep, but what points to one.
    to << holder << (std::is_abstract_v<T> ? "<std::unique_ptr<" : "<");
    write_type_name(to, type_name<T>());
    to << (std::is_abstract_v<T> ? ">>" : ">");
  };
  to << "; or keep it in its worker";
  write(role == Role::result ? ": return gantry::Pinned" : " as gantry::Pinned");
  if (role == Role::parameter) write(", and take gantry::Ref");
}

/// "const char*, cannot be sent to another process: …", or the part of it that cannot.
template <class T>
constexpr void describe(Sentence& to, Role role, Finding found = find_refusal<T>()) {
  write_type_name(to, type_name<T>());
  to << ", cannot be sent to another process: ";
  if (found.part != type_name<std::remove_reference_t<T>>() && found.part != type_name<T>()) {
    to << "inside it, ";
    write_type_name(to, found.part);
    to << ": ";
  }
  to << reason(found.refusal);
  if (may_be_pinned(found.refusal)) write_pinned<std::remove_cvref_t<T>>(to, role);
  to << ".";
}

/// Position 0 is the result.
template <auto F, std::size_t Position, class T>
struct ParameterSentence {
  static constexpr Sentence make() {
    Sentence made;
    if (Position == 0)
      made << "the result of " << function_name<F>() << ", ";
    else
      made << "parameter " << Position << " of " << function_name<F>() << ", ";
    describe<T>(made, Position == 0 ? Role::result : Role::parameter,
                Position == 0 ? find_result_refusal<T>() : find_parameter_refusal<T>());
    return made;
  }
};

template <class T>
struct MemberSentence {
  static constexpr Sentence make() {
    Sentence made;
    made << "a member of type ";
    describe<T>(made, Role::member);
    return made;
  }
};

template <bool Good, class Make>
struct RequireSentence : refused<trimmed<Make>()> {};
template <class Make>
struct RequireSentence<true, Make> {
  static constexpr bool holds = true;
};

template <auto F, std::size_t Position, class T>
using RequireParameter =
    RequireSentence<(Position == 0 ? find_result_refusal<T>() : find_parameter_refusal<T>()).refusal == Refusal::none,
                    ParameterSentence<F, Position, T>>;
template <class T>
using RequireMember = RequireSentence<find_refusal<T>().refusal == Refusal::none, MemberSentence<T>>;

/// Called by the archives for each struct member: the error's trace names struct, file and line.
template <class T>
constexpr bool member_fits() {
  constexpr bool fits = find_refusal<T>().refusal == Refusal::none;
  if constexpr (!fits) {
    [[maybe_unused]] RequireMember<T> required;
  }
  return fits;
}

}  // namespace detail
}  // namespace sdk1
}  // namespace gantry
