#include "worker/host_watch.hpp"

#include <poll.h>
#include <sched.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <atomic>
#include <csignal>
#include <cstddef>
#include <cstdint>
#include <utility>

#include "wire/descriptor.hpp"
#include "worker/descendants.hpp"

namespace gantry::worker {
namespace {

constexpr std::size_t stack_size = 64UL * 1024;

/// The end of a new stack; null: there is no memory.
void* new_stack() {
  void* stack = ::mmap(nullptr, stack_size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_STACK, -1, 0);
  return stack == MAP_FAILED ? nullptr : static_cast<std::byte*>(stack) + stack_size;
}

/// A number on its way to another thread or process.
void* packed(int number) {
  return reinterpret_cast<void*>(static_cast<std::intptr_t>(number));  // NOLINT(performance-no-int-to-ptr): no address
}
int unpacked(void* number) {
  return static_cast<int>(reinterpret_cast<std::intptr_t>(number));
}

long close_all(unsigned first, unsigned last) {
  return ::syscall(SYS_close_range, first, last, 0U);
}

// In a process of its own, with the worker's memory: the worker goes first, since its tasks may do anything once what
// they wait for is gone. Its group, of which this is one, goes last.
int end_all(void* worker) {
  const int leader = unpacked(worker);
  close_all(3, ~0U);  // a task may have taken the last descriptor
  ::kill(leader, SIGKILL);
  kill_descendants();
  if (::getpgrp() == leader) ::kill(0, SIGKILL);
  ::_exit(0);
}

// Runs on a thread that the C library does not know: for one that it knows, it would make each malloc take a lock, and
// each copy of a shared_ptr three times as long, in plugins that have no threads. It shares errno with the first
// thread, so it makes no call that can fail before the host is gone.
int wait_for_end(void* descriptor) {
  pollfd host{unpacked(descriptor), POLLIN, 0};
  while (::syscall(SYS_ppoll, &host, 1, nullptr, nullptr, 0) != 1) continue;
  end_with_host();
}

// The same with descriptors of its own: whoever stops, freezes or traces the process makes the call above look its
// descriptor up again, and tasks may have closed it or opened another file in its place. Nothing else stays open here:
// a channel that a task closed is closed.
int wait_apart(void* descriptor) {
  const auto host = static_cast<unsigned>(unpacked(descriptor));
  if (host > 0) close_all(0, host - 1);
  close_all(host + 1, ~0U);
  return wait_for_end(descriptor);
}

/// Signals are for the other threads. Where the kernel cannot close all (before 5.9), the descriptors are shared.
bool start_thread(wire::Descriptor host) {
  void* stack = new_stack();
  if (stack == nullptr) return false;
  sigset_t all;
  sigset_t former;
  sigfillset(&all);
  ::sigprocmask(SIG_SETMASK, &all, &former);
  constexpr int flags = CLONE_VM | CLONE_FS | CLONE_SIGHAND | CLONE_THREAD | CLONE_SYSVSEM;
  const bool apart = close_all(~0U, ~0U) == 0;
  const int thread = apart ? ::clone(&wait_apart, stack, flags, packed(host.get()))
                           : ::clone(&wait_for_end, stack, flags | CLONE_FILES, packed(host.get()));
  ::sigprocmask(SIG_SETMASK, &former, nullptr);
  if (thread >= 0 && !apart) static_cast<void>(host.release());
  return thread >= 0;
}

}  // namespace

// Its parent's death would kill this process before it could end what it started; now it only wakes it, if it is
// stopped. Should the host be gone already, the thread hears of it at once.
void watch_host() {
  wire::Descriptor host(static_cast<int>(::syscall(SYS_pidfd_open, ::getppid(), 0)));
  if (host && start_thread(std::move(host))) ::prctl(PR_SET_PDEATHSIG, SIGCONT);
}

// Whoever comes second waits for what the first one does: two that kill would kill each other.
void end_with_host() {
  static std::atomic_flag begun;
  const bool is_first = !begun.test_and_set();
  void* stack = is_first ? new_stack() : nullptr;
  const bool others_do_it =
      !is_first || (stack != nullptr && ::clone(&end_all, stack, CLONE_VM | SIGCHLD, packed(::getpid())) > 0);
  if (others_do_it) {
    for (;;) ::syscall(SYS_ppoll, nullptr, 0, nullptr, nullptr, 0);
  }
  kill_descendants();
  if (::getpgrp() == ::getpid()) ::kill(0, SIGKILL);
  ::_exit(1);
}

}  // namespace gantry::worker
