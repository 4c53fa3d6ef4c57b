// An owned file descriptor of an output, whose close is checked: some file systems tell only then that a write failed.
#pragma once

#include <string>
#include <string_view>

#include "signature/error.hpp"

namespace gantry::report {

/// -1: none.
class Descriptor {
 public:
  explicit Descriptor(int number = -1) : number_(number) {}
  ~Descriptor();
  Descriptor(Descriptor&& other) noexcept;
  Descriptor& operator=(Descriptor&& other) noexcept;
  [[nodiscard]] int get() const { return number_; }
  /// Closes it now: the errno of close, or 0.
  [[nodiscard]] int close();

 private:
  int number_;
};

/// "cannot write to x: No space left on device", of this errno.
[[nodiscard]] std::unexpected<host::Error> cannot(std::string_view doing, const std::string& name, int number);

}  // namespace gantry::report
