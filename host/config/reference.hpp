// The `$` in scalars: "$counts.3" is a reference, "part-${index}.txt" interpolates, "$$" is a dollar.
#pragma once

#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "signature/error.hpp"

namespace gantry::config {

struct Reference {
  std::string name;               ///< "counts", "params", "env", "index"
  std::vector<std::string> path;  ///< {"3"}, {"low"}, {}
};

/// A scalar's text cut into plain text and references; one element that is a Reference: the scalar is wholly one.
/// `"${x}"` alone is {"", x}: interpolation always makes text.
struct Scalar {
  std::vector<std::variant<std::string, Reference>> parts;  ///< empty text: no parts

  [[nodiscard]] const Reference* reference() const;  ///< if the scalar is wholly a reference
  [[nodiscard]] bool literal() const;                ///< no reference in it
  [[nodiscard]] std::string text() const;            ///< of a literal, `$$` resolved
};

/// A wrong `$` is an error: its sentence says what stands there and what to write. Names match [a-z_][a-z0-9_]*, the
/// parts after a dot [A-Za-z_][A-Za-z0-9_]* or digits (fields and the environment have their own spelling).
[[nodiscard]] host::Result<Scalar> parse_scalar(std::string_view text);

/// "$counts.3" as written.
[[nodiscard]] std::string to_text(const Reference& reference);

}  // namespace gantry::config
