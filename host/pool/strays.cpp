#include "pool/strays.hpp"

#include <poll.h>
#include <sys/prctl.h>
#include <sys/wait.h>

#include <algorithm>
#include <chrono>
#include <optional>

#include "pool/children.hpp"
#include "pool/handle.hpp"

namespace gantry::pool {

Strays::Strays(int number) : mark_(number) {
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

bool Strays::sweep(std::span<const Living> workers) {
  bool any = false;
  for (const pid_t child : children()) {
    if (std::ranges::find(workers, child, &Living::pid) != workers.end()) continue;
    const Handle process(child);  // before it is looked at: what is looked at is what is killed
    const std::optional<Mark::Origin> origin = mark_.origin_of(child);
    if (!origin || (origin->worker && std::ranges::find(workers, *origin->worker, &Living::mark) != workers.end()))
      continue;
    if (!process.kill()) continue;  // one that took on another user's rights is beyond ours
    static_cast<void>(process.reap(WNOHANG));
    any = true;
  }
  return any;
}

}  // namespace gantry::pool
