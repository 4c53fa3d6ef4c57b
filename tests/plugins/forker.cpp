// Tasks that fork: what their children do besides ending with _exit, as they should.
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>
#include <gantry/plugin.hpp>

#include <cstdlib>
#include <stdexcept>
#include <string>
#include <vector>

namespace {

enum class How : std::uint8_t { returns, fails, throws, exec_fails, exits, talks, sleeps, leaves, syscall };

constexpr std::uint64_t wrong =
    1'000'000;  // what a value is if it is a child's, or if the child did not end as it ought

/// n, if the child ended with that status.
std::uint64_t parents_value(pid_t child, int status, std::uint64_t n) {
  int found = 0;
  if (child < 0 || ::waitpid(child, &found, 0) != child) return wrong + n;
  return WIFEXITED(found) && WEXITSTATUS(found) == status ? n : wrong + n;
}

gantry::Result<std::uint64_t> childs_way(gantry::Context& context, std::uint64_t n, How how) {
  switch (how) {
    case How::fails:
    case How::syscall:
      return gantry::fail("the child fails");
    case How::throws:
      throw std::runtime_error("the child throws");
    case How::exec_fails:
      ::execlp("no-such-tool", "no-such-tool", nullptr);
      break;
    case How::exits:
      std::exit(1);
    case How::talks:
      context.log(gantry::Level::warning, "the child logs");
      context.progress(0.5, "the child works");
      if (context.cancelled()) ::_exit(2);
      break;
    case How::sleeps:
      ::sleep(600);
      break;
    default:
      break;
  }
  return wrong + n;
}

/// `syscall`: no handler of forks runs.
gantry::Result<std::uint64_t> task(gantry::Context& context, std::uint64_t n, How how) {
  const pid_t child = how == How::syscall ? static_cast<pid_t>(::syscall(SYS_clone, SIGCHLD, 0, 0, 0, 0)) : ::fork();
  if (child == 0) return childs_way(context, n, how);
  return how == How::sleeps || how == How::leaves ? n : parents_value(child, 1, n);
}

/// Without a context: called for many tasks at once.
std::uint64_t tool(std::uint64_t n) {
  const pid_t child = ::fork();
  if (child == 0) return wrong + n;
  return parents_value(child, 1, n);
}

/// A result that is sent while the function holds it.
std::vector<std::uint64_t> list(std::uint64_t n, std::uint64_t size) {
  const pid_t child = ::fork();
  if (child == 0) return std::vector<std::uint64_t>(size, wrong);
  return std::vector<std::uint64_t>(size, parents_value(child, 1, n));
}

/// The child asks the host.
std::uint64_t ask(std::uint64_t n, gantry::Counter& counter, gantry::Queue<std::uint64_t>& queue) {
  const pid_t child = ::fork();
  if (child == 0) {
    counter.add(1);
    queue.put(n);
    return static_cast<std::uint64_t>(counter.load());
  }
  counter.add(1);
  return parents_value(child, 1, n);
}

std::int64_t total(const gantry::Counter& counter) {
  return counter.load();
}

}  // namespace

GANTRY_PLUGIN("forker", "1.0.0",
              gantry::thread_safe(gantry::function<task>("task", {"n", "how"}, "n; its child does as it is told.")),
              gantry::thread_safe(gantry::function<tool>("tool", {"n"}, "n; its child returns.")),
              gantry::thread_safe(gantry::function<list>("list", {"n", "size"}, "n so often; its child returns.")),
              gantry::thread_safe(gantry::function<ask>("ask", {"n", "counter", "queue"},
                                                        "n; its child asks the host.")),
              gantry::thread_safe(gantry::function<total>("total", {"counter"}, "The counter.")));
