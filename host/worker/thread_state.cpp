#include "worker/thread_state.hpp"

#include <fmt/core.h>
#include <locale.h>
#include <pthread.h>
#include <string.h>

#include <cstdint>
#include <string_view>

namespace gantry::worker {
namespace {

/// The part of it that is a mode; the rest tells what computations met.
std::uint64_t mode_of(const std::fenv_t& state) {
#if defined(__x86_64__)
  constexpr std::uint32_t flags = 0x3F;
  return (std::uint64_t{state.__control_word} << 32U) | (state.__mxcsr & ~flags);
#elif defined(__aarch64__)
  return state.__fpcr;
#else
  return static_cast<std::uint64_t>(std::fegetround());
#endif
}

std::string_view rounding_name(int mode) {
  switch (mode) {
    case FE_TONEAREST:
      return "to nearest";
    case FE_UPWARD:
      return "upward";
    case FE_DOWNWARD:
      return "downward";
    case FE_TOWARDZERO:
      return "towards zero";
    default:
      return "another";
  }
}

sigset_t blocked_now() {
  sigset_t now;
  sigemptyset(&now);
  ::pthread_sigmask(SIG_SETMASK, nullptr, &now);
  return now;
}

void add(std::string& to, std::string_view what) {
  if (!to.empty()) to += ", ";
  to += what;
}

}  // namespace

ThreadState::ThreadState() : floating_{}, blocked_(blocked_now()), locale_(::uselocale(locale_t{})) {
  std::fegetenv(&floating_);
}

std::string ThreadState::restore() {
  std::string changed;
  std::fenv_t floating{};
  std::fegetenv(&floating);
  if (mode_of(floating) != mode_of(floating_)) {
    const int rounding = std::fegetround();
    std::fesetenv(&floating_);
    const int before = std::fegetround();
    if (rounding != before) {
      add(changed, fmt::format("the rounding mode: {} → {}", rounding_name(before), rounding_name(rounding)));
    } else {
      add(changed, "the floating-point mode: flush to zero, or exceptions");
    }
  }
  const sigset_t blocked = blocked_now();
  for (int number = 1; number < NSIG; ++number) {
    const bool is = sigismember(&blocked, number) == 1;
    if (is == (sigismember(&blocked_, number) == 1)) continue;
    ::pthread_sigmask(SIG_SETMASK, &blocked_, nullptr);
    const char* name = ::sigabbrev_np(number);
    add(changed, fmt::format("the signal mask: {}{} is {}", name == nullptr ? "signal " : "SIG",
                             name == nullptr ? std::to_string(number) : name, is ? "blocked" : "let through"));
    break;
  }
  if (::uselocale(locale_t{}) != locale_) {
    ::uselocale(locale_);
    add(changed, "the locale of the thread");
  }
  return changed;
}

}  // namespace gantry::worker
