// Descriptors 0 to 2 as the program was started with them: some starters close one or another.
#pragma once

namespace gantry::cli {

/// Puts something in the place of those that are closed, so that no file that is opened later takes their numbers and
/// is written to, or read, for them. Nothing can be read from what stands for standard input, nor be written to what
/// stands for the others: that tells them from what is open. First of all; false: it cannot be done.
[[nodiscard]] bool hold_standard_descriptors();

}  // namespace gantry::cli
