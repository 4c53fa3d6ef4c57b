#include "signals.hpp"

#include <sys/signalfd.h>
#include <unistd.h>

namespace gantry::host {

Signals::Signals() {
  sigset_t wanted;
  sigemptyset(&wanted);
  sigaddset(&wanted, SIGINT);
  sigaddset(&wanted, SIGTERM);
  pthread_sigmask(SIG_BLOCK, &wanted, &mask_before_);
  struct sigaction ignore{};
  ignore.sa_handler = SIG_IGN;
  sigaction(SIGPIPE, &ignore, &pipe_before_);
  descriptor_ = wire::Descriptor(signalfd(-1, &wanted, SFD_NONBLOCK | SFD_CLOEXEC));
}

Signals::~Signals() {
  poll();  // what is still pending was meant for the run that ends here
  pthread_sigmask(SIG_SETMASK, &mask_before_, nullptr);
  sigaction(SIGPIPE, &pipe_before_, nullptr);
}

void Signals::poll() {
  signalfd_siginfo came{};
  while (descriptor_ && read(descriptor_.get(), &came, sizeof came) == static_cast<ssize_t>(sizeof came)) {
    if (first_ == 0) first_ = static_cast<int>(came.ssi_signo);
    ++count_;
  }
}

}  // namespace gantry::host
