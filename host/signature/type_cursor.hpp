// A place in the text of a type: spaces, tokens, names, and errors that say where and what was expected.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

#include "signature/error.hpp"

namespace gantry::signature {

class TypeCursor {
 public:
  explicit TypeCursor(std::string_view text) : text_(text) {}

 protected:
  using Failure = std::unexpected<host::Error>;

  void skip_spaces();
  [[nodiscard]] bool next_is(std::string_view token);
  /// Takes `token` if it is next.
  [[nodiscard]] bool take(std::string_view token);
  /// Takes an identifier, or a JSON string where it may be one; `what` names it for the error.
  [[nodiscard]] host::Result<std::string> name(std::string_view what, bool may_be_quoted);
  /// Takes the JSON string whose opening quote is next.
  [[nodiscard]] host::Result<std::string> quoted();
  /// Refuses whatever is left.
  [[nodiscard]] host::Result<void> end();

  /// "character 7: …" for the offset `at`.
  [[nodiscard]] Failure refuse(std::size_t at, std::string_view sentence) const;
  /// "character 7: expected …, found …" for what is next.
  [[nodiscard]] Failure expected(std::string_view what);

  std::string_view text_;
  std::size_t at_ = 0;
};

}  // namespace gantry::signature
