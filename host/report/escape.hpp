// Text that must stay on one line, and must not steer a terminal.
#pragma once

#include <string>
#include <string_view>

namespace gantry::report {

/// Appends `text` with its control characters but the tab written out: "\n", "\r", others as "\x1b". All else is
/// untouched.
void append_line(std::string_view text, std::string& to);

}  // namespace gantry::report
