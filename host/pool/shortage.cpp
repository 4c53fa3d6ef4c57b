#include "pool/shortage.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/resource.h>

#include <cerrno>
#include <vector>

#include "wire/descriptor.hpp"

namespace gantry::pool {
namespace {

// While a worker process is started: what makes its channel, both ends of the pipe of its prints, and copies of what
// becomes its own descriptors. One whose threads are workers has a door for them besides.
std::size_t needed_by(host::Mode mode) {
  return mode == host::Mode::thread ? 12 : 11;
}

}  // namespace

std::optional<std::string> lack_of_descriptors(host::Mode mode) {
  const std::size_t needed = needed_by(mode);
  std::vector<wire::Descriptor> had;
  while (had.size() < needed) {
    wire::Descriptor one(::fcntl(STDIN_FILENO, F_DUPFD_CLOEXEC, 0));
    if (!one) break;
    had.push_back(std::move(one));
  }
  rlimit limit{};
  if (had.size() == needed || errno != EMFILE || ::getrlimit(RLIMIT_NOFILE, &limit) != 0) return std::nullopt;
  return fmt::format(
      "a worker takes {} descriptors to start, and of the {} that this process may have, {} {} free: allow it {} "
      "(ulimit -n)",
      needed, limit.rlim_cur, had.size(), had.size() == 1 ? "is" : "are", limit.rlim_cur + needed - had.size());
}

}  // namespace gantry::pool
