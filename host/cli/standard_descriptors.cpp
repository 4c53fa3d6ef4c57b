#include "cli/standard_descriptors.hpp"

#include <fcntl.h>
#include <unistd.h>

namespace gantry::cli {

bool hold_standard_descriptors() {
  for (int number = STDIN_FILENO; number <= STDERR_FILENO; ++number) {
    if (::fcntl(number, F_GETFD) >= 0) continue;
    // The lowest number that is free is this one. It is inherited by nobody: workers get their own.
    if (::open("/dev/null", (number == STDIN_FILENO ? O_WRONLY : O_RDONLY) | O_CLOEXEC) != number) return false;
  }
  return true;
}

}  // namespace gantry::cli
