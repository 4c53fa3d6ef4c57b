// What went wrong, as a value: every fallible function of the host returns host::Result.
#pragma once

#include <expected>
#include <string>
#include <utility>

namespace gantry::host {

/// Decides the exit code and who has to act.
enum class ErrorKind {
  usage,           ///< wrong flags or words of the command line
  pipeline,        ///< the pipeline file is wrong
  plugin,          ///< a plugin is missing, refused or incompatible
  infrastructure,  ///< processes, memory, descriptors
  output,          ///< results could not be written
  value,           ///< bytes or text that do not fit their type
};

struct Error {
  ErrorKind kind = ErrorKind::infrastructure;
  std::string sentence;  ///< what, and what to do
  std::string where;     ///< a path, a place in a file, a worker; may be empty
};

template <class T>
using Result = std::expected<T, Error>;

[[nodiscard]] inline std::unexpected<Error> fail(ErrorKind kind, std::string sentence, std::string where = {}) {
  return std::unexpected(Error{kind, std::move(sentence), std::move(where)});
}

}  // namespace gantry::host
