#include "pool/strays.hpp"

#include <algorithm>
#include <cerrno>
#include <charconv>
#include <chrono>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <system_error>

#include <poll.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

namespace gantry::pool {
namespace {

namespace fs = std::filesystem;

std::vector<pid_t> children() {
  std::vector<pid_t> all;
  std::error_code error;
  for (const fs::directory_entry& thread : fs::directory_iterator("/proc/self/task", error)) {
    std::ifstream file(thread.path() / "children");  // absent without CONFIG_PROC_CHILDREN: groups alone are swept
    all.insert(all.end(), std::istream_iterator<pid_t>(file), {});
  }
  return all;
}

}  // namespace

Strays::Strays()
    : prefix_("GANTRY_HOST=" + std::to_string(::getpid()) + "." +
              std::to_string(std::chrono::steady_clock::now().time_since_epoch().count()) + ".") {
  int adopting = 0;
  ::prctl(PR_GET_CHILD_SUBREAPER, &adopting);
  adopted_before_ = adopting != 0;
  ::prctl(PR_SET_CHILD_SUBREAPER, 1);
  // A parent may have left SIGCHLD ignored: the kernel would then throw every exit status away.
  if (::sigaction(SIGCHLD, nullptr, &former_) == 0 &&
      (former_.sa_handler == SIG_IGN || (former_.sa_flags & SA_NOCLDWAIT) != 0)) {
    struct sigaction normal{};
    normal.sa_handler = SIG_DFL;
    restore_signal_ = ::sigaction(SIGCHLD, &normal, nullptr) == 0;
  }
}

Strays::~Strays() {
  const auto until = std::chrono::steady_clock::now() + std::chrono::seconds(2);
  while (sweep({}) && std::chrono::steady_clock::now() < until) ::poll(nullptr, 0, 1);
  if (!adopted_before_) ::prctl(PR_SET_CHILD_SUBREAPER, 0);
  if (restore_signal_) ::sigaction(SIGCHLD, &former_, nullptr);
}

void Strays::orphaned(pid_t group) {
  groups_.push_back(group);
}

void Strays::reused(pid_t group) {
  std::erase(groups_, group);
}

std::string Strays::mark(std::uint64_t life) const {
  return prefix_ + std::to_string(life);
}

bool Strays::sweep(std::span<const Living> workers) {
  const bool groups = sweep_groups();
  const bool marked = sweep_marked(workers);
  return groups || marked;
}

bool Strays::sweep_groups() {
  std::erase_if(groups_, [](pid_t group) {
    while (true) {
      const pid_t reaped = ::waitpid(-group, nullptr, WNOHANG);
      if (reaped > 0 || (reaped < 0 && errno == EINTR)) continue;
      if (reaped < 0) return true;  // no child in it
      ::kill(-group, SIGKILL);
      return false;
    }
  });
  return !groups_.empty();
}

// A zombie has no environment any more, so a marked process is found only while it lives.
std::optional<std::uint64_t> Strays::life_of(pid_t pid) const {
  std::ifstream file("/proc/" + std::to_string(pid) + "/environ", std::ios::binary);
  for (std::string entry; std::getline(file, entry, '\0');) {
    if (!entry.starts_with(prefix_)) continue;
    std::uint64_t life = 0;
    const char* end = entry.data() + entry.size();
    if (std::from_chars(entry.data() + prefix_.size(), end, life).ptr == end) return life;
  }
  return std::nullopt;
}

bool Strays::sweep_marked(std::span<const Living> workers) {
  bool left = false;
  for (const pid_t child : children()) {
    if (std::ranges::find(workers, child, &Living::pid) != workers.end()) continue;
    const std::optional<std::uint64_t> life = life_of(child);
    if (!life || std::ranges::find(workers, *life, &Living::life) != workers.end()) continue;
    // Its own children come to us when it is gone: they are found by the next sweep.
    ::kill(child, SIGKILL);
    left = true;
    dying_.push_back(child);
  }
  std::erase_if(dying_, [](pid_t child) { return ::waitpid(child, nullptr, WNOHANG) != 0; });
  return left || !dying_.empty();
}

}  // namespace gantry::pool
