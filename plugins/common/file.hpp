// A regular file, read from its start to its end. Plain read(), not mmap: a file that another process cuts short
// while it is read must end in a value or an error, not in SIGBUS.
#pragma once

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <system_error>
#include <utility>

#include <gantry/error.hpp>
#include <gantry/types.hpp>

namespace common {

/// Bytes asked for at once: large enough to hide the cost of a call, small enough to stay in a core's own cache.
constexpr std::size_t block_size = std::size_t{128} << 10;

/// Owns its descriptor. Moved, not copied.
class File {
 public:
  /// An error names the path and the reason; pipes, sockets and devices are refused, since they cannot be read twice.
  [[nodiscard]] static gantry::Result<File> open(const std::string& path) {
    if (path.find('\0') != std::string::npos) return gantry::fail("file", "a path holds no zero byte");
    // O_NONBLOCK: a pipe that nobody writes to must not hang the task; regular files know no such thing.
    const int descriptor = ::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK);
    if (descriptor < 0) return gantry::fail("file", "cannot open \"" + path + "\": " + reason());
    File file(path, descriptor);
    struct stat about{};
    if (fstat(descriptor, &about) != 0) return file.unreadable();
    if (S_ISDIR(about.st_mode)) return gantry::fail("file", "\"" + path + "\" is a directory");
    if (!S_ISREG(about.st_mode)) return gantry::fail("file", "\"" + path + "\" is no regular file");
    file.size_ = static_cast<std::uint64_t>(about.st_size);
    return file;
  }

  File(File&& other) noexcept
      : path_(std::move(other.path_)), descriptor_(std::exchange(other.descriptor_, -1)), size_(other.size_) {}
  File(const File&) = delete;
  File& operator=(const File&) = delete;
  File& operator=(File&&) = delete;
  ~File() {
    if (descriptor_ >= 0) close(descriptor_);
  }

  /// As it was when the file was opened.
  [[nodiscard]] std::uint64_t size() const { return size_; }

  /// Tells the kernel to read ahead further than usual.
  void read_ahead() const { posix_fadvise(descriptor_, 0, 0, POSIX_FADV_SEQUENTIAL); }

  /// The next bytes, at least one; none at the end.
  [[nodiscard]] gantry::Result<std::span<const unsigned char>> read(std::span<unsigned char> to) const {
    ssize_t count = 0;
    do {
      count = ::read(descriptor_, to.data(), to.size());
    } while (count < 0 && errno == EINTR);
    if (count < 0) return unreadable();
    return to.first(static_cast<std::size_t>(count));
  }

 private:
  File(std::string path, int descriptor) : path_(std::move(path)), descriptor_(descriptor) {}

  static std::string reason() { return std::generic_category().message(errno); }
  [[nodiscard]] std::unexpected<gantry::Error> unreadable() const {
    return gantry::fail("file", "cannot read \"" + path_ + "\": " + reason());
  }

  std::string path_;
  int descriptor_;
  std::uint64_t size_ = 0;
};

}  // namespace common
