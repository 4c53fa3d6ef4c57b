// An open file, pipe, socket or memory file as a value: the kernel passes it from worker to worker, nobody copies it.
#pragma once

#include <cerrno>
#include <system_error>
#include <utility>

namespace gantry {
inline namespace [[gnu::visibility("hidden")]] sdk1 {

namespace detail {

// Declared here, not included: <fcntl.h> and <unistd.h> would make `open`, `read` and `close` of an author's own
// ambiguous.
// NOLINTBEGIN(readability-redundant-declaration)
extern "C" {
[[gnu::visibility("default")]] int close(int descriptor);
[[gnu::visibility("default")]] int fcntl(int descriptor, int command, ...);
}
// NOLINTEND(readability-redundant-declaration)
constexpr int duplicate_command = 1030;  // F_DUPFD_CLOEXEC of Linux

}  // namespace detail

/// Owns a descriptor. As the whole result of a function it is kept by the host, for as long as a task still needs it;
/// as a parameter each task gets one of its own, of the same open file: offset and status flags are shared. In
/// signatures it is `fd`.
class Fd {
 public:
  Fd() = default;  ///< none
  explicit Fd(int descriptor) : descriptor_(descriptor) {}
  Fd(Fd&& other) noexcept : descriptor_(other.release()) {}
  Fd& operator=(Fd&& other) noexcept {
    if (this != &other) reset(other.release());
    return *this;
  }
  Fd(const Fd&) = delete;
  Fd& operator=(const Fd&) = delete;
  ~Fd() { reset(-1); }

  /// Another one of the same open file. Throws std::system_error.
  [[nodiscard]] static Fd duplicate(int descriptor) {
    const int made = detail::fcntl(descriptor, detail::duplicate_command, 0);
    if (made < 0) throw std::system_error(errno, std::generic_category(), "an open file cannot be duplicated");
    return Fd(made);
  }

  [[nodiscard]] int get() const { return descriptor_; }
  [[nodiscard]] explicit operator bool() const { return descriptor_ >= 0; }
  /// Gives it up without closing it.
  [[nodiscard]] int release() { return std::exchange(descriptor_, -1); }

 private:
  void reset(int descriptor) {
    if (descriptor_ >= 0) detail::close(descriptor_);
    descriptor_ = descriptor;
  }

  int descriptor_ = -1;
};

}  // namespace sdk1
}  // namespace gantry
