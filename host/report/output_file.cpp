#include "report/output_file.hpp"

#include <fcntl.h>
#include <fmt/core.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <utility>

namespace gantry::report {
namespace {

constexpr unsigned kMostNames = 1000;      // of one target at once: one for each program that writes it
constexpr std::size_t kLongestStem = 200;  // of a name that gets more letters: file systems allow 255 bytes
constexpr mode_t kAllThatUmaskAllows = 0666;

std::string name_beside(const std::filesystem::path& target, unsigned number) {
  const std::string stem = target.filename().string().substr(0, kLongestStem);
  return (target.parent_path() / fmt::format(".{}.gantry-{}", stem, number)).string();
}

bool has_name(int file, const std::string& name) {
  struct stat own{};
  struct stat there{};
  return ::fstat(file, &own) == 0 && ::lstat(name.c_str(), &there) == 0 && own.st_dev == there.st_dev &&
         own.st_ino == there.st_ino;
}

/// Whoever writes a file holds its lock; on file systems without locks all seem to be written.
bool lock(int file) {
  return ::flock(file, LOCK_EX | LOCK_NB) == 0;
}

/// Removes what a program that was killed left under this name. False: somebody writes it, or it is none of ours.
bool clear(const std::string& name) {
  const Descriptor left(::open(name.c_str(), O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC));
  struct stat status{};
  if (left.get() < 0 || ::fstat(left.get(), &status) != 0 || !S_ISREG(status.st_mode)) return false;
  return lock(left.get()) && has_name(left.get(), name) && ::unlink(name.c_str()) == 0;
}

/// The first name beside the target that `take` (which sets errno) can have, or an errno.
template <class Take>
int take_name(const std::filesystem::path& target, std::string& name, Take take) {
  for (unsigned number = 0; number < kMostNames; ++number) {
    name = name_beside(target, number);
    if (take(name)) return 0;
    if (errno != EEXIST) return errno;
    if (clear(name) && take(name)) return 0;
  }
  return EEXIST;
}

}  // namespace

OutputFile::OutputFile(std::filesystem::path target, Descriptor file, std::string name)
    : target_(std::move(target)), file_(std::move(file)), name_(std::move(name)) {}

OutputFile::OutputFile(OutputFile&& other) noexcept
    : target_(std::move(other.target_)), file_(std::move(other.file_)), name_(std::exchange(other.name_, {})) {}

OutputFile::~OutputFile() {
  if (!name_.empty()) ::unlink(name_.c_str());
}

host::Result<OutputFile> OutputFile::create(std::filesystem::path target) {
  static_cast<void>(clear(name_beside(target, 0)));
  const std::string folder = target.parent_path().empty() ? "." : target.parent_path().string();
  Descriptor nameless(::open(folder.c_str(), O_TMPFILE | O_WRONLY | O_CLOEXEC, kAllThatUmaskAllows));
  if (nameless.get() >= 0) {
    OutputFile file(target, std::move(nameless), {});
    if (::access(file.path_of_descriptor().c_str(), F_OK) == 0) return file;  // or nothing could give it a name
  }
  Descriptor named;
  std::string name;
  const int error = take_name(target, name, [&named](const std::string& wanted) {
    named = Descriptor(::open(wanted.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, kAllThatUmaskAllows));
    if (named.get() < 0) return false;
    static_cast<void>(lock(named.get()));
    if (has_name(named.get(), wanted)) return true;
    errno = EEXIST;  // before it was locked it looked like what a killed program left, and was cleared
    return false;
  });
  if (error != 0) return cannot("create a temporary file for", target.string(), error);
  return OutputFile(std::move(target), std::move(named), std::move(name));
}

std::string OutputFile::path_of_descriptor() const {
  return fmt::format("/proc/self/fd/{}", file_.get());
}

host::Result<void> OutputFile::commit() {
  if (::fsync(file_.get()) != 0) return cannot("write to", target_.string(), errno);
  if (name_.empty()) {
    const std::string source = path_of_descriptor();
    const bool is_new = ::linkat(AT_FDCWD, source.c_str(), AT_FDCWD, target_.c_str(), AT_SYMLINK_FOLLOW) == 0;
    if (!is_new && errno != EEXIST) return cannot("write to", target_.string(), errno);
    if (!is_new) {
      if (auto named = give_name(); !named) return named;
    }
  }
  if (const int number = file_.close(); number != 0) return cannot("close", target_.string(), number);
  if (name_.empty()) return {};
  if (::rename(name_.c_str(), target_.c_str()) != 0) return cannot("replace", target_.string(), errno);
  name_.clear();
  return {};
}

// A link never takes the place of a file; a rename does.
host::Result<void> OutputFile::give_name() {
  static_cast<void>(lock(file_.get()));
  const std::string source = path_of_descriptor();
  std::string name;
  const int error = take_name(target_, name, [&source](const std::string& wanted) {
    return ::linkat(AT_FDCWD, source.c_str(), AT_FDCWD, wanted.c_str(), AT_SYMLINK_FOLLOW) == 0;
  });
  if (error != 0) return cannot("replace", target_.string(), error);
  name_ = std::move(name);
  return {};
}

}  // namespace gantry::report
