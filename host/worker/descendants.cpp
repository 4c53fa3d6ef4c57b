#include "worker/descendants.hpp"

#include <fcntl.h>
#include <poll.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <array>
#include <charconv>
#include <csignal>
#include <cstdint>
#include <cstring>
#include <string_view>

#include "wire/mark.hpp"

namespace gantry::worker {
namespace {

constexpr int most_rounds = 2000;
constexpr int clean_rounds = 3;  // one that forks and ends at once may be missed by any one of them

/// Of this process; 0: none. Written once, while there is one thread.
rlim_t own_mark = 0;

struct Directory {
  explicit Directory(int number) : descriptor(number) {}
  Directory(const Directory&) = delete;
  Directory& operator=(const Directory&) = delete;
  ~Directory() {
    if (descriptor >= 0) ::close(descriptor);
  }
  int descriptor;
};

constexpr std::size_t text_size = 4096;

/// The beginning of a file of /proc; empty if it cannot be read.
std::string_view read_text(int process, const char* name, std::array<char, text_size>& to) {
  const Directory file(::openat(process, name, O_RDONLY | O_CLOEXEC));
  if (file.descriptor < 0) return {};
  const ssize_t size = ::read(file.descriptor, to.data(), to.size());
  return {to.data(), size > 0 ? static_cast<std::size_t>(size) : 0};
}

/// "Max file locks            4611686018427387903  4611686018427387903  locks".
bool is_marked(int process) {
  std::array<char, text_size> room;
  std::string_view text = read_text(process, "limits", room);
  constexpr std::string_view name = "Max file locks";
  const auto found = text.find(name);
  if (found == std::string_view::npos) return false;
  text.remove_prefix(found + name.size());
  text.remove_prefix(std::min(text.find_first_not_of(' '), text.size()));
  rlim_t limit = 0;
  std::from_chars(text.data(), text.data() + text.size(), limit);
  return limit == own_mark;
}

/// It has ended, and waits for its parent: "1234 (name) Z 1 …".
bool has_ended(int process) {
  std::array<char, text_size> room;
  const std::string_view text = read_text(process, "stat", room);
  const auto name_end = text.rfind(") ");
  if (name_end == std::string_view::npos || name_end + 2 >= text.size()) return true;
  const char state = text[name_end + 2];
  return state == 'Z' || state == 'X';
}

/// Kills the process of this entry of /proc if it is one, and bears the mark. By the directory, which stands for the
/// process, not for its number.
bool kill_marked(int all, const char* name) {
  if (*name < '1' || *name > '9') return false;
  pid_t pid = 0;
  std::from_chars(name, name + std::strlen(name), pid);
  if (pid == ::getpid()) return false;
  const Directory process(::openat(all, name, O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  if (process.descriptor < 0 || !is_marked(process.descriptor) || has_ended(process.descriptor)) return false;
  return ::syscall(SYS_pidfd_send_signal, process.descriptor, SIGKILL, nullptr, 0) == 0 || ::kill(pid, SIGKILL) == 0;
}

/// As the kernel writes it; <dirent.h> would take memory.
struct Entry {
  std::uint64_t file;
  std::int64_t offset;
  std::uint16_t size;
  std::uint8_t type;
  char name[1];
};

/// True: at least one was killed.
bool kill_all_marked() {
  const Directory all(::open("/proc", O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  if (all.descriptor < 0) return false;
  bool any = false;
  alignas(Entry) std::array<char, text_size> room;
  for (;;) {
    const long size = ::syscall(SYS_getdents64, all.descriptor, room.data(), room.size());
    if (size <= 0) return any;
    for (long at = 0; at < size;) {
      const auto* entry = reinterpret_cast<const Entry*>(room.data() + at);
      any = kill_marked(all.descriptor, entry->name) || any;
      at += entry->size;
    }
  }
}

}  // namespace

void know_descendants() {
  rlimit limit{};
  if (::getrlimit(RLIMIT_LOCKS, &limit) == 0 && wire::is_mark(limit.rlim_cur)) own_mark = limit.rlim_cur;
}

void kill_descendants() {
  if (own_mark == 0) return;
  int clean = 0;
  for (int round = 0; round < most_rounds && clean < clean_rounds; ++round) {
    clean = kill_all_marked() ? 0 : clean + 1;
    ::poll(nullptr, 0, 1);
  }
}

}  // namespace gantry::worker
