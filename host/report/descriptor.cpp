#include "report/descriptor.hpp"

#include <fmt/core.h>
#include <unistd.h>

#include <cerrno>
#include <system_error>
#include <utility>

namespace gantry::report {

Descriptor::~Descriptor() {
  (void)close();
}
Descriptor::Descriptor(Descriptor&& other) noexcept : number_(std::exchange(other.number_, -1)) {}
Descriptor& Descriptor::operator=(Descriptor&& other) noexcept {
  std::swap(number_, other.number_);
  return *this;
}
int Descriptor::close() {
  const int number = std::exchange(number_, -1);
  return number >= 0 && ::close(number) != 0 ? errno : 0;
}

std::unexpected<host::Error> cannot(std::string_view doing, const std::string& name, int number) {
  return host::fail(host::ErrorKind::output,
                    fmt::format("cannot {} {}: {}", doing, name, std::generic_category().message(number)), name);
}

}  // namespace gantry::report
