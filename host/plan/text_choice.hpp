// The rule that keeps a choice between overloads from being silent: where another overload wants a number, a plain
// scalar that begins like one is not text, and where another wants a bool, true and false are not. Quotes make it text.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "plan/argument.hpp"
#include "plan/names.hpp"

namespace gantry::plan {

/// A plain scalar that an overload would take as text although it may be meant as something else.
struct Mistaken {
  signature::Mark mark;
  std::string path;  ///< "args.values[2]"
  std::string text;
  bool number = true;  ///< it begins like a number; else it is true or false
};

/// "args.values[2]: +3 begins like a number, …".
[[nodiscard]] std::string to_text(const Mistaken& mistaken);

/// The first one in the argument `written` for the parameter of that type. `rivals` are the types of the same parameter
/// in the other overloads.
[[nodiscard]] std::optional<Mistaken> find_mistaken(const Scope& scope, const Bindings& bindings,
                                                    const signature::Node& written, const std::string& path,
                                                    const signature::Type& type,
                                                    const std::vector<const signature::Type*>& rivals);

/// T of T?, T??, …; the type itself, if it is none.
[[nodiscard]] const signature::Type& without_optional(const signature::Type& type);

/// A digit, a sign or a point comes first, or the text is a name of NaN or infinity, in whatever case.
[[nodiscard]] bool begins_like_number(std::string_view text);

}  // namespace gantry::plan
