// Text as code points, which columns count; and a piece of text in a message.
#pragma once

#include <string>
#include <string_view>

#include "signature/code_point.hpp"

namespace gantry::config {

using signature::code_point;
using signature::CodePoint;

/// "\"text\"" for a message: at most 40 code points of it, with "…" in place of the rest.
[[nodiscard]] std::string in_quotes(std::string_view text);

}  // namespace gantry::config
