// The host itself is killed or stopped: in a process of its own, with this one looking on.
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <poll.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <catch2/catch.hpp>
#include <cerrno>
#include <csignal>
#include <cstddef>
#include <vector>

#include "crew_fixture.hpp"

using namespace pool_test;

namespace {

// Waits for a child, at most so long. True: it has ended.
bool ended(pid_t child, std::chrono::milliseconds at_most, int* status) {
  const auto until = std::chrono::steady_clock::now() + at_most;
  while (::waitpid(child, status, WNOHANG) != child) {
    if (std::chrono::steady_clock::now() > until) return false;
    ::poll(nullptr, 0, 2);
  }
  return true;
}

// Orphans of the host come to this process.
class Adoption {
 public:
  Adoption() { ::prctl(PR_SET_CHILD_SUBREAPER, 1); }
  Adoption(const Adoption&) = delete;
  Adoption& operator=(const Adoption&) = delete;
  ~Adoption() { ::prctl(PR_SET_CHILD_SUBREAPER, 0); }
};

struct Pipe {
  Pipe() { REQUIRE(::pipe(ends.data()) == 0); }
  Pipe(const Pipe&) = delete;
  Pipe& operator=(const Pipe&) = delete;
  ~Pipe() {
    ::close(ends[0]);
    ::close(ends[1]);
  }
  std::array<int, 2> ends{};
};

}  // namespace

TEST_CASE("no worker outlives a host that is killed") {
  const NothingLeft check;
  const Adoption adoption;
  const Pipe pipe;
  const pid_t host = ::fork();
  REQUIRE(host >= 0);
  if (host == 0) {
    Run run(3);
    run.pool().prestart(3);
    run.act(0, {{Act::spin, 0}});
    run.act(1, {{Act::sleep, 0}});
    run.await<event::Ready>(3);
    const std::vector<int> workers = Holdings::now().children;
    if (::write(pipe.ends[1], workers.data(), 3 * sizeof(int)) != 3 * sizeof(int)) ::_exit(1);
    while (true) ::pause();
  }
  std::array<int, 3> workers{};
  REQUIRE(::read(pipe.ends[0], workers.data(), sizeof workers) == sizeof workers);
  for (const int worker : workers) REQUIRE(alive(worker));
  ::kill(host, SIGKILL);
  int status = 0;
  REQUIRE(ended(host, 5s, &status));
  for (const int worker : workers) {
    CHECK(ended(worker, 1s, &status));
    CHECK((WIFSIGNALED(status) && WTERMSIG(status) == SIGKILL));
  }
  // Each was ended by a process that it started for that, whose parent it was.
  for (const int helper : Holdings::now().children) CHECK(ended(helper, 1s, &status));
}

TEST_CASE("deaths are noticed where the kernel has no pidfds") {
  const NothingLeft check;
  const pid_t host = ::fork();
  REQUIRE(host >= 0);
  if (host == 0) {
    const std::array<sock_filter, 4> filter{{BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(seccomp_data, nr)),
                                             BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, SYS_pidfd_open, 0, 1),
                                             BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ERRNO | ENOSYS),
                                             BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW)}};
    const sock_fprog program{filter.size(), const_cast<sock_filter*>(filter.data())};
    if (::prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0 || ::prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &program) != 0) {
      ::_exit(3);
    }
    if (::syscall(SYS_pidfd_open, ::getpid(), 0) != -1 || errno != ENOSYS) ::_exit(4);
    {
      Run run;
      run.act(0, {{Act::square, 1}, {Act::segfault, 0}});
      run.await<event::Lost>();
      const Death death = run.of<event::Lost>().front().death;
      if (death.how != Death::How::signalled || death.code != SIGSEGV || run.values().size() != 1) ::_exit(2);
      run.act(0, {{Act::square, 2}});
      run.await<event::Closed>();
    }
    ::_exit(Holdings::now().children.empty() ? 42 : 1);
  }
  int status = 0;
  REQUIRE(ended(host, 30s, &status));
  CHECK(WIFEXITED(status));
  CHECK(WEXITSTATUS(status) == 42);
}

TEST_CASE("a host that stood still does not take its workers' tasks for late") {
  const NothingLeft check;
  const Pipe pipe;
  const pid_t host = ::fork();
  REQUIRE(host >= 0);
  if (host == 0) {
    {
      Run run;
      run.act(0, std::vector<Todo>(20, {Act::nap, 100}), 500ms);
      run.await<event::Ready>();
      if (::write(pipe.ends[1], "r", 1) != 1) ::_exit(1);
      run.await_until([&] { return !run.of<event::Closed>().empty() || !run.of<event::Lost>().empty(); });
      if (!run.of<event::Lost>().empty() || run.values().size() != 20) ::_exit(2);
    }
    ::_exit(42);
  }
  char ready = 0;
  REQUIRE(::read(pipe.ends[0], &ready, 1) == 1);
  for (int i = 0; i < 2; ++i) {
    ::kill(host, SIGSTOP);
    ::poll(nullptr, 0, 700);  // longer than the limit
    ::kill(host, SIGCONT);
    ::poll(nullptr, 0, 100);
  }
  int status = 0;
  REQUIRE(ended(host, 30s, &status));
  CHECK(WIFEXITED(status));
  CHECK(WEXITSTATUS(status) == 42);
}
