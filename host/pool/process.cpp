#include "pool/process.hpp"

#include <sys/wait.h>

#include <csignal>
#include <utility>

namespace gantry::pool {

Process::Process(pid_t pid) : child_(pid) {}

Process::Process(Process&& other) noexcept
    : child_(std::move(other.child_)), owned_(std::exchange(other.owned_, false)) {}

Process& Process::operator=(Process&& other) noexcept {
  if (this != &other) {
    end();
    child_ = std::move(other.child_);
    owned_ = std::exchange(other.owned_, false);
  }
  return *this;
}

Process::~Process() {
  end();
}

// A group has no handle but its leader's number, which stands for it as long as the leader is not reaped, be it dead or
// alive. (Should another thread of this program reap our child in this very moment, that certainty is gone.)
void Process::kill() const {
  siginfo_t status{};
  if (!owned_ || !child_.look(status, WEXITED | WNOHANG | WNOWAIT)) return;
  ::kill(-child_.pid(), SIGKILL);
  child_.kill();  // in case a task moved the worker to another group
}

std::optional<int> Process::stopped_by() const {
  siginfo_t status{};
  if (!owned_ || !child_.look(status, WSTOPPED | WNOHANG | WNOWAIT) || status.si_pid == 0) return std::nullopt;
  return status.si_status;
}

std::optional<Ending> Process::reap() {
  if (!owned_) return std::nullopt;
  siginfo_t status{};
  const bool is_child = child_.look(status, WEXITED | WNOHANG | WNOWAIT);
  if (is_child && status.si_pid == 0) return std::nullopt;  // alive
  if (is_child) ::kill(-child_.pid(), SIGKILL);  // the dead leader's ID still stands for its group and for nothing else
  owned_ = false;
  return is_child ? child_.reap(WNOHANG).value_or(Ending{}) : Ending{};
}

void Process::end() {
  if (!owned_) return;
  kill();
  static_cast<void>(child_.reap(0));
  owned_ = false;
  child_ = {};
}

}  // namespace gantry::pool
