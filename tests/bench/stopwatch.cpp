// Runs a command and measures it from outside: as light as fork and exec can be, so that a run of few milliseconds is
// measured and not the one who measures. Prints one line of JSON, then all that the command wrote to stdout:
//   {"seconds": start to end, "first": start to its first byte on stdout (0: none), "peak_kib": most memory, "status":
//   0}
// Memory is VmHWM of that process alone (not its children's), looked at every millisecond: with --peak only.
#include <fcntl.h>
#include <poll.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <string>
#include <string_view>

namespace {

using Clock = std::chrono::steady_clock;

double seconds_since(Clock::time_point began) {
  return std::chrono::duration<double>(Clock::now() - began).count();
}

[[noreturn]] void die(const char* what) {
  std::fprintf(stderr, "bench-stopwatch: %s: %s\n", what, std::strerror(errno));
  std::exit(2);
}

/// The process's high-water mark of resident memory, in KiB; 0 once it has none.
long peak_of(pid_t process) {
  std::array<char, 4096> text{};
  const int file = open(("/proc/" + std::to_string(process) + "/status").c_str(), O_RDONLY | O_CLOEXEC);
  if (file < 0) return 0;
  const ssize_t size = read(file, text.data(), text.size() - 1);
  close(file);
  const char* line = size > 0 ? std::strstr(text.data(), "VmHWM:") : nullptr;
  return line == nullptr ? 0 : std::strtol(line + std::strlen("VmHWM:"), nullptr, 10);
}

struct Seen {
  std::string text;    ///< of the command's stdout
  double first = 0;    ///< when its first byte came
  double seconds = 0;  ///< when the command had ended
  long peak_kib = 0;
  int status = 0;  ///< as the shell would say it
};

/// Reads what is there; false at its end.
bool take(int from, Clock::time_point began, Seen& seen) {
  std::array<char, 65536> block{};
  const ssize_t size = read(from, block.data(), block.size());
  if (size < 0) return errno == EINTR || errno == EAGAIN;
  if (size > 0 && seen.text.empty()) seen.first = seconds_since(began);
  seen.text.append(block.data(), static_cast<std::size_t>(size));
  return size > 0;
}

Seen watch(pid_t process, int out, Clock::time_point began, bool peak) {
  Seen seen;
  pollfd ready{out, POLLIN, 0};
  for (bool more = true; more;) {
    const int polled = poll(&ready, 1, peak ? 1 : -1);
    if (peak) seen.peak_kib = std::max(seen.peak_kib, peak_of(process));
    if (polled > 0) more = take(out, began, seen);
  }
  int status = 0;
  while (waitpid(process, &status, 0) < 0) {
    if (errno != EINTR) die("waitpid");
  }
  seen.seconds = seconds_since(began);
  seen.status = WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
  return seen;
}

}  // namespace

int main(int argc, char** argv) {
  const bool peak = argc > 1 && std::string_view(argv[1]) == "--peak";
  char** command = argv + (peak ? 2 : 1);
  if (argc < (peak ? 3 : 2)) {
    std::fprintf(stderr, "usage: bench-stopwatch [--peak] COMMAND [ARGUMENT…]\n");
    return 2;
  }
  std::array<int, 2> pipe_ends{};
  if (pipe2(pipe_ends.data(), O_CLOEXEC) != 0) die("pipe");
  posix_spawn_file_actions_t actions;
  posix_spawn_file_actions_init(&actions);
  posix_spawn_file_actions_adddup2(&actions, pipe_ends[1], STDOUT_FILENO);
  pid_t process = 0;
  const auto began = Clock::now();
  errno = posix_spawnp(&process, command[0], &actions, nullptr, command, environ);
  if (errno != 0) die(command[0]);
  posix_spawn_file_actions_destroy(&actions);
  close(pipe_ends[1]);
  const Seen seen = watch(process, pipe_ends[0], began, peak);
  std::printf("{\"seconds\": %.9f, \"first\": %.9f, \"peak_kib\": %ld, \"status\": %d}\n", seen.seconds, seen.first,
              seen.peak_kib, seen.status);
  std::fwrite(seen.text.data(), 1, seen.text.size(), stdout);
}
