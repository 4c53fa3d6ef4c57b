#include "pool/handle.hpp"

#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>

namespace gantry::pool {
namespace {

constexpr auto kPidfdType = static_cast<idtype_t>(3);  // P_PIDFD, which older headers do not name

}  // namespace

std::string signal_name(int number) {
  const char* name = ::sigabbrev_np(number);
  return name != nullptr ? std::string("SIG") + name : "signal " + std::to_string(number);
}

std::string Ending::name() const {
  if (how == How::unknown) return "unknown cause";
  if (how == How::exited) return "status " + std::to_string(code);
  return signal_name(code);
}

// Close-on-exec by itself.
Handle::Handle(pid_t pid) : pid_(pid), pidfd_(static_cast<int>(::syscall(SYS_pidfd_open, pid, 0))) {}

bool Handle::kill() const {
  if (pid_ <= 0) return false;
  if (pidfd_) return ::syscall(SYS_pidfd_send_signal, pidfd_.get(), SIGKILL, nullptr, 0) == 0;
  return ::kill(pid_, SIGKILL) == 0;
}

bool Handle::look(siginfo_t& status, int options) const {
  int result = -1;
  do {
    status = {};
    result = pidfd_ ? ::waitid(kPidfdType, static_cast<id_t>(pidfd_.get()), &status, options)
                    : ::waitid(P_PID, static_cast<id_t>(pid_), &status, options);
  } while (result != 0 && errno == EINTR);
  return result == 0;
}

std::optional<Ending> Handle::reap(int options) const {
  siginfo_t status{};
  if (!look(status, WEXITED | options) || status.si_pid == 0) return std::nullopt;
  if (status.si_code == CLD_EXITED) return Ending{Ending::How::exited, status.si_status};
  return Ending{Ending::How::signalled, status.si_status};  // CLD_KILLED, CLD_DUMPED
}

}  // namespace gantry::pool
