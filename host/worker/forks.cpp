#include "worker/forks.hpp"

#include <pthread.h>
#include <sys/mman.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <csignal>

namespace gantry::worker {
namespace {

/// Of the calling thread, which is the only one that a child has.
thread_local std::array<std::span<std::byte>, 2> guarded;

/// What the plugin had for SIGSEGV; written in a child alone.
struct sigaction former_action{};

bool is_guarded(const void* address) {
  const auto* byte = static_cast<const std::byte*>(address);
  return std::ranges::any_of(
      guarded, [&](std::span<std::byte> each) { return byte >= each.data() && byte < each.data() + each.size(); });
}

// Any other fault is the plugin's own: it comes again, to what was there before.
void on_fault(int number, siginfo_t* info, void* /*context*/) {
  if (is_guarded(info->si_addr)) end_child("a task");
  ::sigaction(number, &former_action, nullptr);
}

// Only calls that are safe in the child of a process with several threads. The places of the shared memory are taken,
// so that the child's own memory never comes to lie there.
void become_child() {
  *original_process = 0;
  bool any = false;
  for (const std::span<std::byte> each : guarded) {
    if (each.empty()) continue;
    constexpr int flags = MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE | MAP_FIXED;
    any = ::mmap(each.data(), each.size(), PROT_NONE, flags, -1, 0) != MAP_FAILED || any;
  }
  if (!any) return;
  struct sigaction action{};
  action.sa_sigaction = &on_fault;
  action.sa_flags = SA_SIGINFO | SA_ONSTACK;
  ::sigaction(SIGSEGV, &action, &former_action);
}

}  // namespace

// A kernel before 4.14 cannot wipe: there the handler does it, for all that fork by the function of that name.
void watch_forks() {
  const auto size = static_cast<std::size_t>(::sysconf(_SC_PAGESIZE));
  void* page = ::mmap(nullptr, size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  if (page != MAP_FAILED) {
    static_cast<void>(::madvise(page, size, MADV_WIPEONFORK));
    auto* word = static_cast<volatile std::uint32_t*>(page);
    *word = 1;
    original_process = word;
  }
  static_cast<void>(::pthread_atfork(nullptr, nullptr, &become_child));
}

// Not by stdio, whose buffers are copies of the parent's.
void end_child(std::string_view who) {
  constexpr std::string_view begin = "gantry-worker: ";
  constexpr std::string_view end = " forked, and its child came back: end it with _exit\n";
  std::array<char, 128> line{};
  char* at = std::ranges::copy(begin, line.data()).out;
  at = std::ranges::copy(who.substr(0, line.size() - begin.size() - end.size()), at).out;
  at = std::ranges::copy(end, at).out;
  [[maybe_unused]] const ssize_t written =
      ::write(STDERR_FILENO, line.data(), static_cast<std::size_t>(at - line.data()));
  ::_exit(1);
}

ForkGuard::ForkGuard(std::span<std::byte> channel, std::span<std::byte> window) {
  guarded = {channel, window};
  for (const std::span<std::byte> each : guarded) static_cast<void>(::madvise(each.data(), each.size(), MADV_DONTFORK));
}

ForkGuard::~ForkGuard() {
  guarded = {};
}

}  // namespace gantry::worker
