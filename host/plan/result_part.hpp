// Parts of results at run time: a task's value, then a path into it.
#pragma once

#include <span>
#include <string>

#include "plan/program.hpp"
#include "plan/values.hpp"
#include "signature/bytes.hpp"
#include "signature/error.hpp"

namespace gantry::plan {

/// "there is no task 7: the step has 3".
[[nodiscard]] std::unexpected<host::Error> no_such_task(std::uint64_t element, std::uint64_t tasks);
/// Bytes of the part, borrowed from the store. Errors: no such task, a position past a list's end.
[[nodiscard]] host::Result<signature::View> read_part(const Part& part, const Values& values);
/// What `path` selects in a value of type `root`.
[[nodiscard]] host::Result<signature::View> select_path(const signature::Type& root, std::span<const std::string> path,
                                                        signature::View bytes);
/// An integer of that kind. Precondition: is_integer(kind), and the bytes are one.
[[nodiscard]] Wide read_integer(signature::Kind kind, signature::View bytes);
/// Appends a scalar, str or enum as it stands in a text: without quotes.
[[nodiscard]] host::Result<void> append_text(const signature::Type& type, signature::View bytes, std::string& to);

}  // namespace gantry::plan
