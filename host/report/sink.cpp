#include "report/sink.hpp"

#include <fcntl.h>
#include <poll.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <charconv>
#include <filesystem>
#include <system_error>
#include <utility>

namespace gantry::report {
namespace {

constexpr std::size_t kBuffer = 64U << 10U;

/// The descriptor that the path is another name of.
std::optional<int> descriptor_named(std::string_view path) {
  if (path == "-" || path == "/dev/stdout") return STDOUT_FILENO;
  if (path == "/dev/stderr") return STDERR_FILENO;
  for (const std::string_view folder : {"/dev/fd/", "/proc/self/fd/"}) {
    if (!path.starts_with(folder)) continue;
    const std::string_view digits = path.substr(folder.size());
    int number = 0;
    const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), number);
    if (error == std::errc() && end == digits.data() + digits.size()) return number;
  }
  return std::nullopt;
}

/// Something that is written to, not replaced: a device, or a pipe.
host::Result<Descriptor> open_special(const std::string& path, bool is_pipe, const std::function<void()>& waits) {
  if (is_pipe) {
    Descriptor ready(::open(path.c_str(), O_WRONLY | O_NONBLOCK | O_CLOEXEC));
    if (ready.get() >= 0 && ::fcntl(ready.get(), F_SETFL, O_WRONLY) == 0) return ready;
    if (errno != ENXIO) return cannot("write to", path, errno);
    if (waits) waits();
  }
  for (;;) {
    Descriptor direct(::open(path.c_str(), O_WRONLY | O_CLOEXEC | O_NOCTTY));
    if (direct.get() >= 0) return direct;
    if (errno != EINTR) return cannot("write to", path, errno);
  }
}

}  // namespace

Sink::Sink(Descriptor descriptor, std::string name) : descriptor_(std::move(descriptor)), name_(std::move(name)) {
  buffer_.reserve(kBuffer);
}

Sink::Sink(Sink&& other) noexcept
    : descriptor_(std::move(other.descriptor_)),
      name_(std::move(other.name_)),
      file_(std::move(other.file_)),
      buffer_(std::move(other.buffer_)),
      sharer_(other.sharer_),
      error_(std::move(other.error_)),
      reader_gone_(other.reader_gone_) {}

Sink::~Sink() = default;

host::Result<Sink> Sink::to_descriptor(int descriptor, std::string name) {
  const int flags = ::fcntl(descriptor, F_GETFL);
  // What was closed when the program began is held by a descriptor that cannot be written to.
  if (flags < 0 || (flags & O_ACCMODE) == O_RDONLY) {
    return host::fail(host::ErrorKind::output,
                      name + (flags < 0 ? " is closed" : " is closed, or only to be read from"));
  }
  Descriptor own(::fcntl(descriptor, F_DUPFD_CLOEXEC, 3));
  if (own.get() < 0) return cannot("write to", name, errno);
  return Sink(std::move(own), std::move(name));
}

host::Result<Sink> Sink::to_file(const std::string& path, const std::function<void()>& waits) {
  if (const auto number = descriptor_named(path)) {
    return to_descriptor(*number, *number == STDOUT_FILENO ? "standard output" : path);
  }
  struct stat status{};
  const bool exists = ::stat(path.c_str(), &status) == 0;
  if (exists && S_ISDIR(status.st_mode)) return cannot("write to", path, EISDIR);
  if (exists && !S_ISREG(status.st_mode)) {
    auto direct = open_special(path, S_ISFIFO(status.st_mode), waits);
    if (!direct) return std::unexpected(std::move(direct.error()));
    return Sink(std::move(*direct), path);
  }
  // A rename would replace a symbolic link, so write beside what it points to (which need not exist yet).
  std::error_code error;
  auto target = std::filesystem::weakly_canonical(path, error);
  if (error) return cannot("write to", path, error.value());
  auto file = OutputFile::create(std::move(target));
  if (!file) return std::unexpected(std::move(file.error()));
  Sink sink(Descriptor(), path);
  sink.file_.emplace(std::move(*file));
  if (exists && ::fchmod(sink.descriptor(), status.st_mode & 07777U) != 0) {
    return cannot("keep the permissions of", path, errno);
  }
  return sink;
}

bool Sink::is_terminal() const {
  return ::isatty(descriptor()) == 1;
}

std::unexpected<host::Error> Sink::failed(int number, std::string_view doing) {
  reader_gone_ = number == EPIPE;
  error_ = cannot(doing, name_, number).error();
  return std::unexpected(*error_);
}

host::Result<void> Sink::write_out(std::string_view text) {
  if (sharer_ != nullptr && !text.empty()) sharer_->before_write(text);
  while (!text.empty()) {
    const ssize_t written = ::write(descriptor(), text.data(), text.size());
    if (written > 0) {
      text.remove_prefix(static_cast<std::size_t>(written));
    } else if (written == 0) {
      return failed(EIO, "write to");
    } else if (errno == EAGAIN) {  // someone shares the descriptor and made it non-blocking
      pollfd ready{descriptor(), POLLOUT, 0};
      if (::poll(&ready, 1, -1) < 0 && errno != EINTR) return failed(errno, "write to");
    } else if (errno != EINTR) {
      return failed(errno, "write to");
    }
  }
  return {};
}

host::Result<void> Sink::write(std::string_view text) {
  if (error_) return std::unexpected(*error_);
  if (buffer_.size() + text.size() < kBuffer) {
    buffer_ += text;
    return {};
  }
  auto written = write_all();
  if (!written) return written;
  if (text.size() >= kBuffer) return write_out(text);
  buffer_ += text;
  return {};
}

host::Result<void> Sink::write_all() {
  auto written = write_out(buffer_);
  buffer_.clear();
  return written;
}

host::Result<void> Sink::flush() {
  if (error_) return std::unexpected(*error_);
  if (sharer_ == nullptr) return write_all();
  const std::size_t whole = buffer_.rfind('\n') + 1;  // 0 without a line's end
  auto written = write_out(std::string_view(buffer_).substr(0, whole));
  buffer_.erase(0, whole);
  return written;
}

host::Result<void> Sink::close() {
  if (error_) return std::unexpected(*error_);
  if (auto written = write_all(); !written) return written;
  if (!file_) {
    if (const int number = descriptor_.close(); number != 0) return failed(number, "close");
  } else if (auto committed = file_->commit(); !committed) {
    error_ = committed.error();
    return committed;
  }
  error_ = cannot("write to", name_, EBADF).error();
  return {};
}

}  // namespace gantry::report
