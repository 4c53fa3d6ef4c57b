// A task that tries to get at the process that started its worker: what each way gave, a line each.
#include <fcntl.h>
#include <sys/ptrace.h>
#include <sys/uio.h>
#include <sys/wait.h>
#include <unistd.h>
#include <gantry/plugin.hpp>

#include <cerrno>
#include <cstring>
#include <string>
#include <vector>

namespace {

std::string outcome(const char* way, bool done) {
  return std::string(way) + (done ? " works" : std::string(" fails with ") + ::strerrorname_np(errno));
}

std::vector<std::string> pry() {
  const pid_t host = ::getppid();
  const std::string folder = "/proc/" + std::to_string(host);
  std::vector<std::string> all;
  std::uint64_t word = 0;
  const iovec own{&word, sizeof word};
  // Where this program has its own word, the host has nothing, or something else: EFAULT would be a way in too.
  const iovec theirs{&word, sizeof word};
  all.push_back(outcome("reading its memory", ::process_vm_readv(host, &own, 1, &theirs, 1, 0) >= 0));
  all.push_back(outcome("writing its memory", ::process_vm_writev(host, &own, 1, &theirs, 1, 0) >= 0));
  for (const char* file : {"mem", "maps", "environ", "fd/0"}) {
    const int opened = ::open((folder + "/" + file).c_str(), O_RDONLY | O_CLOEXEC);
    all.push_back(outcome(file, opened >= 0));
    if (opened >= 0) ::close(opened);
  }
  const bool traced = ::ptrace(PTRACE_ATTACH, host, nullptr, nullptr) == 0;
  all.push_back(outcome("tracing it", traced));
  if (traced) {
    ::waitpid(host, nullptr, __WALL);
    ::ptrace(PTRACE_DETACH, host, nullptr, nullptr);
  }
  return all;
}

}  // namespace

GANTRY_PLUGIN("intruder", "1.0.0", gantry::function<pry>("pry", {}, "What can be had of the host."));
