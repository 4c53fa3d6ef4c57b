#include "worker/prints.hpp"

#include <sys/ioctl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>

namespace gantry::worker {

Prints::Prints(int pipe) : pipe_(pipe) {
  struct stat status{};
  if (::fstat(pipe_, &status) != 0 || !S_ISFIFO(status.st_mode)) pipe_ = -1;
}

std::string Prints::take() {
  std::fflush(stdout);
  if (pipe_ < 0) return {};
  int waiting = 0;
  if (::ioctl(pipe_, FIONREAD, &waiting) != 0 || waiting <= 0) return {};
  std::string text(static_cast<std::size_t>(waiting), '\0');
  ssize_t count = -1;
  do {
    count = ::read(pipe_, text.data(), text.size());
  } while (count < 0 && errno == EINTR);
  text.resize(count > 0 ? static_cast<std::size_t>(count) : 0);  // 0: the host was quicker
  return text;
}

}  // namespace gantry::worker
