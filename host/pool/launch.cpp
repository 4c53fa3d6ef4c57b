#include "pool/launch.hpp"

#include <fcntl.h>
#include <linux/close_range.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <csignal>
#include <exception>
#include <system_error>

#define BOOST_PROCESS_USE_STD_FS
#define BOOST_POSIX_HAS_VFORK 1  // it looks for a standard of before 2008, which alone had vfork; glibc has it still
#include <boost/process/args.hpp>
#include <boost/process/child.hpp>
#include <boost/process/error.hpp>
#include <boost/process/exe.hpp>
#include <boost/process/extend.hpp>
#include <boost/process/posix.hpp>

namespace gantry::pool {
namespace {

namespace bp = boost::process;

// By vfork: fork would copy the page tables of a host that shares memory with each of its workers, and have it pay a
// page fault for each page that it writes to next. The calling thread stands still until the exec, the others go on.
// TSan makes a fork of a vfork, whose child cannot tell of an exec that failed; the analyser finds fault with Boost.
#if defined(__SANITIZE_THREAD__) || defined(__clang_analyzer__)
struct HowToFork : bp::extend::handler {};
constexpr HowToFork how_to_fork;
#else
constexpr auto& how_to_fork = bp::posix::use_vfork;
#endif

// Everything below runs between vfork and exec, in the memory of a process that has several threads: only
// async-signal-safe calls, and nothing is written to.
void reset_signals() {
  struct sigaction normal{};
  normal.sa_handler = SIG_DFL;
  for (int number = 1; number < NSIG; ++number) ::sigaction(number, &normal, nullptr);
  sigset_t none;
  sigemptyset(&none);
  ::sigprocmask(SIG_SETMASK, &none, nullptr);
}

void set_limits(const rlimit* mark) {
  const rlimit no_core{0, 0};  // a core of gigabytes would delay the news of the death
  ::setrlimit(RLIMIT_CORE, &no_core);
  if (mark != nullptr) ::setrlimit(RLIMIT_LOCKS, mark);
}

// Marks instead of closing: where Boost has a pipe, by which it hears of a failed exec, it must last until then.
void close_rest_on_exec() {
  if (::syscall(SYS_close_range, static_cast<unsigned>(first_free_descriptor), ~0U, CLOSE_RANGE_CLOEXEC) == 0) return;
  for (int number = first_free_descriptor; number < 65536; ++number) {  // kernels before 5.11
    const int flags = ::fcntl(number, F_GETFD);
    if (flags >= 0) ::fcntl(number, F_SETFD, flags | FD_CLOEXEC);
  }
}

// Decides how the child is started; see the header. Boost copies it freely: it refers to what the caller owns.
struct Policy : bp::extend::handler {
  std::array<int, first_free_descriptor> source{};
  char** environment = nullptr;
  const rlimit* mark = nullptr;
  pid_t parent = -1;
  const char** failed_phase = nullptr;

  template <class Executor>
  void on_setup(Executor& executor) const {
    executor.env = environment;
  }

  template <class Executor>
  void on_exec_setup(Executor&) const {
    reset_signals();
    ::setpgid(0, 0);
    ::prctl(PR_SET_PDEATHSIG, SIGKILL);
    if (::getppid() != parent) ::_exit(127);  // the host died before the line above
    for (int number = 0; number < first_free_descriptor; ++number) {
      if (::dup2(source[static_cast<std::size_t>(number)], number) < 0) ::_exit(127);
    }
    close_rest_on_exec();
    set_limits(mark);
  }

  template <class Executor>
  void on_fork_error(Executor&, const std::error_code&) const {
    *failed_phase = "fork";
  }

  // Boost polls once for the child that could not exec, often too early: it would stay a zombie.
  template <class Executor>
  void on_error(Executor& executor, const std::error_code&) const {
    if (executor.pid > 0) {
      *failed_phase = "exec";
      while (::waitpid(executor.pid, nullptr, 0) < 0 && errno == EINTR) continue;
    }
  }
};

}  // namespace

Launched launch(const std::filesystem::path& program, const std::vector<std::string>& environment,
                std::array<int, first_free_descriptor> source, const std::optional<rlimit>& mark) {
  try {
    std::vector<std::string> texts = environment;
    std::vector<char*> entries;
    entries.reserve(texts.size() + 1);
    for (std::string& text : texts) entries.push_back(text.data());
    entries.push_back(nullptr);

    const char* phase = "";
    Policy policy;
    policy.source = source;
    policy.environment = entries.data();
    policy.mark = mark ? &*mark : nullptr;
    policy.parent = ::getpid();
    policy.failed_phase = &phase;
    std::error_code error;
    bp::child child(bp::exe = program.string(), how_to_fork, policy, error);
    if (error) return {-1, error.value(), phase};
    const pid_t pid = child.id();
    // By fork Boost needs a pipe, and tells nobody when it gets none: there is no error, and no child either.
    if (pid <= 0) return {-1, EMFILE, "pipe"};
    child.detach();  // Boost must never wait for it: that would take the status away
    return {pid, 0, {}};
  } catch (const std::exception& exception) {
    return {-1, ENOMEM, exception.what()};
  }
}

}  // namespace gantry::pool
