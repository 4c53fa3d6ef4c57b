#include "pool/process.hpp"

#include <cerrno>
#include <csignal>
#include <cstring>
#include <string>
#include <utility>

#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

namespace gantry::pool {
namespace {

constexpr auto kPidfdType = static_cast<idtype_t>(3);  // P_PIDFD, which older headers do not name

// Close-on-exec by itself. ENOSYS on kernels before 5.3 and under some tools: the caller polls instead.
int open_pidfd(pid_t pid) {
  return static_cast<int>(::syscall(SYS_pidfd_open, pid, 0));
}

Ending ending_of(const siginfo_t& status) {
  if (status.si_code == CLD_EXITED) return {Ending::How::exited, status.si_status};
  return {Ending::How::signalled, status.si_status};  // CLD_KILLED, CLD_DUMPED
}

}  // namespace

std::string Ending::name() const {
  if (how == How::unknown) return "unknown cause";
  if (how == How::exited) return "status " + std::to_string(code);
  const char* name = ::sigabbrev_np(code);
  return name != nullptr ? std::string("SIG") + name : "signal " + std::to_string(code);
}

Process::Process(pid_t pid) : pid_(pid), pidfd_(open_pidfd(pid)) {}

Process::Process(Process&& other) noexcept : pid_(std::exchange(other.pid_, -1)), pidfd_(std::move(other.pidfd_)) {}

Process& Process::operator=(Process&& other) noexcept {
  if (this != &other) {
    end();
    pid_ = std::exchange(other.pid_, -1);
    pidfd_ = std::move(other.pidfd_);
  }
  return *this;
}

Process::~Process() {
  end();
}

void Process::kill() const {
  if (pid_ <= 0) return;
  ::kill(-pid_, SIGKILL);
  ::kill(pid_, SIGKILL);  // in case a task moved the worker to another group
}

std::optional<Ending> Process::reap() {
  if (pid_ <= 0) return std::nullopt;
  siginfo_t status{};
  const int seen = ::waitid(P_PID, static_cast<id_t>(pid_), &status, WEXITED | WNOHANG | WNOWAIT);
  if (seen == 0 && status.si_pid == 0) return std::nullopt;  // alive
  if (seen == 0) ::kill(-pid_, SIGKILL);  // the dead leader's ID still stands for its group and for nothing else
  const std::optional<Ending> ending = collect(WNOHANG);
  pid_ = -1;
  return ending ? ending : Ending{};
}

std::optional<Ending> Process::collect(int options) {
  siginfo_t status{};
  int result = -1;
  do {
    result = pidfd_ ? ::waitid(kPidfdType, static_cast<id_t>(pidfd_.get()), &status, WEXITED | options)
                    : ::waitid(P_PID, static_cast<id_t>(pid_), &status, WEXITED | options);
  } while (result != 0 && errno == EINTR);
  if (result != 0 || status.si_pid == 0) return std::nullopt;
  return ending_of(status);
}

void Process::end() {
  if (pid_ <= 0) return;
  kill();
  static_cast<void>(collect(0));
  pid_ = -1;
  pidfd_ = {};
}

}  // namespace gantry::pool
