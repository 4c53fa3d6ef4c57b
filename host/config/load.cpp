#include <fcntl.h>
#include <fmt/format.h>
#include <poll.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <system_error>

#include "config/config.hpp"
#include "config/raw_text.hpp"

namespace gantry::config {
namespace {

/// Closes what it opened; standard input it leaves alone.
class Input {
 public:
  explicit Input(const std::filesystem::path& file)
      : owned_(file != "-"),
        descriptor_(owned_ ? open(file.c_str(), O_RDONLY | O_NONBLOCK | O_CLOEXEC | O_NOCTTY) : STDIN_FILENO) {}
  Input(const Input&) = delete;
  Input& operator=(const Input&) = delete;
  ~Input() {
    if (owned_ && descriptor_ >= 0) close(descriptor_);
  }
  [[nodiscard]] bool owned() const { return owned_; }
  [[nodiscard]] int descriptor() const { return descriptor_; }

 private:
  bool owned_;
  int descriptor_;
};

std::string reason(int error) {
  return std::generic_category().message(error);
}

/// What a file is that is not a regular one.
std::string_view kind_of(mode_t mode) {
  if (S_ISDIR(mode)) return "a directory";
  if (S_ISFIFO(mode)) return "a FIFO";
  if (S_ISSOCK(mode)) return "a socket";
  return S_ISCHR(mode) || S_ISBLK(mode) ? "a device" : "not a regular file";
}

std::unexpected<host::Error> refuse(std::string sentence, const std::filesystem::path& file) {
  return host::fail(host::ErrorKind::pipeline, std::move(sentence), file.string());
}

host::Result<void> check_kind(const Input& input, const std::filesystem::path& file) {
  // Where it was closed when the program began, something stands in its place that cannot be read.
  const int flags = fcntl(input.descriptor(), F_GETFL);
  if (flags < 0 || (flags & O_ACCMODE) == O_WRONLY) return refuse("standard input is closed", file);
  struct stat status{};
  if (fstat(input.descriptor(), &status) != 0)
    return refuse(fmt::format("cannot be looked at: {}", reason(errno)), file);
  if (input.owned() && !S_ISREG(status.st_mode)) {
    const bool stream = S_ISFIFO(status.st_mode) || S_ISCHR(status.st_mode);
    return refuse(fmt::format("is {}; {}", kind_of(status.st_mode),
                              stream ? "to read a pipeline from a stream, write - and redirect it to standard input"
                                     : "give the path of a pipeline file"),
                  file);
  }
  return {};
}

/// Reads to the end, or one byte past the cap.
host::Result<std::string> read_all(const Input& input, const std::filesystem::path& file) {
  std::string text;
  for (;;) {
    constexpr std::size_t step = std::size_t{64} << 10;
    const std::size_t size = text.size();
    text.resize(size + step);
    const ssize_t count = ::read(input.descriptor(), text.data() + size, step);
    text.resize(size + static_cast<std::size_t>(count > 0 ? count : 0));
    if (count == 0) return text;
    if (count < 0 && errno == EAGAIN) {
      pollfd wait{input.descriptor(), POLLIN, 0};
      poll(&wait, 1, -1);
    } else if (count < 0 && errno != EINTR) {
      return refuse(fmt::format("cannot be read: {}", reason(errno)), file);
    }
    if (text.size() > largest_file) return refuse("is larger than the 16 MiB that a pipeline may have", file);
  }
}

}  // namespace

host::Result<std::string> load(const std::filesystem::path& file) {
  const Input input(file);
  if (input.descriptor() < 0) {
    if (errno == ENOENT)
      return refuse("there is no such file; give the path of a pipeline file, or - for standard input", file);
    return refuse(fmt::format("cannot be opened: {}", reason(errno)), file);
  }
  if (auto kind = check_kind(input, file); !kind) return std::unexpected(std::move(kind.error()));
  return read_all(input, file);
}

}  // namespace gantry::config
