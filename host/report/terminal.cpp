#include "report/terminal.hpp"

#include <sys/ioctl.h>
#include <unistd.h>

#include <cstdlib>

namespace gantry::report {

Terminal look_at_terminal(int descriptor) {
  Terminal found;
  const char* const term = std::getenv("TERM");
  const char* const no_colour = std::getenv("NO_COLOR");
  found.interactive = ::isatty(descriptor) == 1 && term != nullptr && *term != '\0' && std::string_view(term) != "dumb";
  found.colour = found.interactive && (no_colour == nullptr || *no_colour == '\0');
  if (found.interactive) found.columns = columns_of(descriptor).value_or(found.columns);
  return found;
}

std::optional<unsigned> columns_of(int descriptor) {
  winsize size{};
  if (::ioctl(descriptor, TIOCGWINSZ, &size) != 0 || size.ws_col == 0) return std::nullopt;
  return size.ws_col;
}

bool is_same_terminal(int one, int other) {
  if (::isatty(one) != 1 || ::isatty(other) != 1) return false;
  unsigned first = 0;
  unsigned second = 0;
  // The device number of the terminal itself, also behind /dev/tty. A system that does not know it is taken at the
  // worst: a status line is then taken away where it need not be.
  if (::ioctl(one, TIOCGDEV, &first) != 0 || ::ioctl(other, TIOCGDEV, &second) != 0) return true;
  return first == second;
}

std::string_view begin_colour(const Terminal& terminal, Colour colour) {
  if (!terminal.colour) return {};
  switch (colour) {
    case Colour::red:
      return "\x1b[31m";
    case Colour::green:
      return "\x1b[32m";
    case Colour::yellow:
      return "\x1b[33m";
    case Colour::dim:
      break;
  }
  return "\x1b[2m";
}

std::string_view end_colour(const Terminal& terminal) {
  return terminal.colour ? "\x1b[0m" : "";
}

}  // namespace gantry::report
