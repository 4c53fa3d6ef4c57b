// How a function says that a task has no value: it returns gantry::Result<T>, holding a T or an Error.
#pragma once

#include <expected>
#include <string>
#include <utility>

namespace gantry {
inline namespace [[gnu::visibility("hidden")]] sdk1 {

/// Why a task failed. It is printed as `counts[3] ! kind: message`.
struct Error {
  std::string kind = "error";  ///< one word, for programs; the SDK's own are exception, decode and encode
  std::string message;         ///< a sentence, for people
};

/// What a function returns that can fail; T may be void.
template <class T>
using Result = std::expected<T, Error>;

/// `return gantry::fail("the list is empty");`
[[nodiscard]] inline std::unexpected<Error> fail(std::string message) {
  return std::unexpected<Error>(Error{.kind = "error", .message = std::move(message)});
}

/// `return gantry::fail("overflow", "the sum does not fit u64");`
[[nodiscard]] inline std::unexpected<Error> fail(std::string kind, std::string message) {
  return std::unexpected<Error>(Error{.kind = std::move(kind), .message = std::move(message)});
}

}  // namespace sdk1
}  // namespace gantry
