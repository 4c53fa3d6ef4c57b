// Signature text -> type: recursive descent, one function for each form of type. Types are in parse_type.cpp,
// parameters and defaults in parse_signature.cpp.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "signature/type.hpp"
#include "signature/type_cursor.hpp"

namespace gantry::signature {

class TypeParser : private TypeCursor {
 public:
  using TypeCursor::TypeCursor;

  /// The text is one type, or one signature, and nothing else.
  [[nodiscard]] host::Result<Type> whole_type();
  [[nodiscard]] host::Result<Signature> whole_signature();
  /// The text is one type of a parameter: of a value, or of what tasks share.
  [[nodiscard]] host::Result<Type> whole_parameter_type();

 private:
  /// `depth`: types around this one.
  [[nodiscard]] host::Result<Type> type(std::uint64_t depth);
  [[nodiscard]] host::Result<Type> base(std::uint64_t depth);
  [[nodiscard]] host::Result<Type> word(std::uint64_t depth);
  // Their first bracket is already taken.
  [[nodiscard]] host::Result<Type> map(std::uint64_t depth);
  [[nodiscard]] host::Result<Type> bracket(std::uint64_t depth);
  [[nodiscard]] host::Result<std::uint64_t> length();
  [[nodiscard]] host::Result<Type> parenthesis(std::uint64_t depth);
  [[nodiscard]] host::Result<Type> enumeration();
  [[nodiscard]] host::Result<Type> structure(std::uint64_t depth);

  /// What a result may be: `pin<name>`, `pin<name, sync>`, `fd`, or any other type of a value.
  [[nodiscard]] host::Result<Type> result_type();
  /// `role`: what may follow a pin's name, "mut" or "sync".
  [[nodiscard]] host::Result<Type> pin(std::string_view role);
  /// `queue<T>`, `counter`, `array<T>`, `pin<name>`, `pin<name, mut>`, `fd`, or any other type.
  [[nodiscard]] host::Result<Type> parameter_type();
  [[nodiscard]] host::Result<Type> shared(Kind kind);
  [[nodiscard]] host::Result<Parameter> parameter(const std::vector<Parameter>& before);
  /// A default's text, up to the ',' or ')' that belongs to the signature.
  [[nodiscard]] host::Result<std::string> fallback();
};

}  // namespace gantry::signature
