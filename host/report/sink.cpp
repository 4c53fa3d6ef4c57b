#include "report/sink.hpp"

#include <fcntl.h>
#include <fmt/core.h>
#include <poll.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <filesystem>
#include <system_error>
#include <utility>

namespace gantry::report {
namespace {

constexpr std::size_t kBuffer = 64U << 10U;

std::string text_of(int number) {
  return std::generic_category().message(number);
}

std::unexpected<host::Error> cannot(std::string_view doing, const std::string& name, int number) {
  return host::fail(host::ErrorKind::output, fmt::format("cannot {} {}: {}", doing, name, text_of(number)), name);
}

/// Creates a file that was not there, beside `target`; its name tells whose it is.
host::Result<std::pair<Descriptor, std::string>> create_beside(const std::filesystem::path& target) {
  for (unsigned attempt = 0;; ++attempt) {
    const auto path =
        target.parent_path() / fmt::format(".{}.gantry-{}-{}", target.filename().string(), ::getpid(), attempt);
    Descriptor file(::open(path.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0666));
    if (file.get() >= 0) return std::pair(std::move(file), path.string());
    if (errno != EEXIST || attempt == 1000) return cannot("create a temporary file for", target.string(), errno);
  }
}

}  // namespace

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

Sink::Sink(Descriptor descriptor, std::string name) : descriptor_(std::move(descriptor)), name_(std::move(name)) {
  buffer_.reserve(kBuffer);
}

Sink::Sink(Sink&& other) noexcept
    : descriptor_(std::move(other.descriptor_)),
      name_(std::move(other.name_)),
      target_(std::move(other.target_)),
      temporary_(std::exchange(other.temporary_, {})),
      buffer_(std::move(other.buffer_)),
      sharer_(other.sharer_),
      error_(std::move(other.error_)),
      reader_gone_(other.reader_gone_) {}

Sink::~Sink() {
  if (!temporary_.empty()) ::unlink(temporary_.c_str());
}

host::Result<Sink> Sink::to_descriptor(int descriptor, std::string name) {
  Descriptor own(::fcntl(descriptor, F_DUPFD_CLOEXEC, 3));
  if (own.get() < 0) return cannot("write to", name, errno);
  return Sink(std::move(own), std::move(name));
}

host::Result<Sink> Sink::to_file(const std::string& path) {
  struct stat status{};
  const bool exists = ::stat(path.c_str(), &status) == 0;
  if (exists && S_ISDIR(status.st_mode)) return cannot("write to", path, EISDIR);
  if (exists && !S_ISREG(status.st_mode)) {
    Descriptor direct(::open(path.c_str(), O_WRONLY | O_CLOEXEC));
    if (direct.get() < 0) return cannot("write to", path, errno);
    return Sink(std::move(direct), path);
  }
  // A rename would replace a symbolic link, so write beside what it points to (which need not exist yet).
  std::error_code error;
  const auto target = std::filesystem::weakly_canonical(path, error);
  if (error) return cannot("write to", path, error.value());
  auto made = create_beside(target);
  if (!made) return std::unexpected(made.error());
  auto& [file, temporary] = *made;
  Sink sink(std::move(file), path);
  sink.target_ = target.string();
  sink.temporary_ = std::move(temporary);
  if (exists && ::fchmod(sink.descriptor_.get(), status.st_mode & 07777U) != 0) {
    return cannot("keep the permissions of", path, errno);
  }
  return sink;
}

bool Sink::is_terminal() const {
  return ::isatty(descriptor_.get()) == 1;
}

std::unexpected<host::Error> Sink::failed(int number, std::string_view doing) {
  reader_gone_ = number == EPIPE;
  error_ = cannot(doing, name_, number).error();
  return std::unexpected(*error_);
}

host::Result<void> Sink::write_out(std::string_view text) {
  if (sharer_ != nullptr && !text.empty()) sharer_->before_write(text);
  while (!text.empty()) {
    const ssize_t written = ::write(descriptor_.get(), text.data(), text.size());
    if (written > 0) {
      text.remove_prefix(static_cast<std::size_t>(written));
    } else if (written == 0) {
      return failed(EIO, "write to");
    } else if (errno == EAGAIN) {  // someone shares the descriptor and made it non-blocking
      pollfd ready{descriptor_.get(), POLLOUT, 0};
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
  // Before the rename, so that a crash of the machine leaves the old file or the new one.
  if (!temporary_.empty() && ::fsync(descriptor_.get()) != 0) return failed(errno, "write to");
  if (const int number = descriptor_.close(); number != 0) return failed(number, "close");
  error_ = cannot("write to", name_, EBADF).error();
  if (temporary_.empty()) return {};
  if (::rename(temporary_.c_str(), target_.c_str()) != 0) return failed(errno, "replace");
  temporary_.clear();
  return {};
}

}  // namespace gantry::report
