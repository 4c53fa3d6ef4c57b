// Whether what is said to be text is text: a plugin may put any bytes into a str.
#pragma once

#include "signature/bytes.hpp"
#include "signature/type.hpp"

namespace gantry::signature {

/// Every str of the value, and every key of its maps, is UTF-8. Precondition: `bytes` passed validate for `type`.
[[nodiscard]] bool is_utf8(const Type& type, View bytes);

}  // namespace gantry::signature
