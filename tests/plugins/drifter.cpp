// Tasks that do not leave their process as they found it, and one that tells how it found it.
#include <sys/stat.h>
#include <unistd.h>
#include <gantry/plugin.hpp>

#include <cfenv>
#include <clocale>
#include <csignal>
#include <cstdlib>
#include <locale>
#include <sstream>
#include <string>
#if defined(__SSE__)
#include <xmmintrin.h>
#endif

namespace {

enum class How : std::uint8_t {
  nothing,
  directory,
  umask,
  environment,
  locale,
  cpp_locale,
  handler,
  timer,
  rounding,
  flushing,
  mask
};

/// A number in a locale of its own.
struct Commas : std::numpunct<char> {
  char do_decimal_point() const override { return ','; }
};

void block(int number) {
  sigset_t set;
  sigemptyset(&set);
  sigaddset(&set, number);
  ::pthread_sigmask(SIG_BLOCK, &set, nullptr);
}

void drift(How how, std::uint64_t n) {
  switch (how) {
    case How::nothing:
      break;
    case How::directory:
      if (::chdir(n % 2 == 0 ? "/usr" : "/") != 0) ::_exit(1);
      break;
    case How::umask:
      ::umask(0123);
      break;
    case How::environment:
      ::setenv("DRIFTER", "here", 1);
      break;
    case How::locale:
      std::setlocale(LC_ALL, "C.UTF-8");
      break;
    case How::cpp_locale:
      std::locale::global(std::locale(std::locale::classic(), new Commas));
      break;
    case How::handler:
      std::signal(SIGPIPE, SIG_IGN);
      break;
    case How::timer:
      ::alarm(600);
      break;
    case How::rounding:
      std::fesetround(FE_UPWARD);
      break;
    case How::flushing:
#if defined(__SSE__)
      _mm_setcsr(_mm_getcsr() | 0x8040U);
#else
      std::fesetround(FE_DOWNWARD);
#endif
      break;
    case How::mask:
      block(SIGUSR1);
      break;
  }
}

/// n; the task `bad` drifts, or all of them if there is no such task.
std::uint64_t change(std::uint64_t n, How how, std::uint64_t bad, std::uint64_t tasks) {
  if (n == bad || bad >= tasks) drift(how, n);
  return n;
}

/// All that drift() changes.
std::string state() {
  std::ostringstream text;
  char path[4096];
  text << (::getcwd(path, sizeof path) != nullptr ? path : "?");
  const mode_t mask = ::umask(0);
  ::umask(mask);
  const char* variable = std::getenv("DRIFTER");
  sigset_t blocked;
  ::pthread_sigmask(SIG_BLOCK, nullptr, &blocked);
  struct sigaction action{};
  ::sigaction(SIGPIPE, nullptr, &action);
  volatile double tiny = 1e-310;
  text << " umask " << mask << " variable " << (variable == nullptr ? "none" : variable) << " locale "
       << std::setlocale(LC_ALL, nullptr) << " decimal "
       << std::use_facet<std::numpunct<char>>(std::locale()).decimal_point() << " ignored "
       << (action.sa_handler == SIG_IGN) << " alarm " << ::alarm(0) << " rounding " << std::fegetround() << " tiny "
       << (tiny * 1.0 > 0) << " blocked " << sigismember(&blocked, SIGUSR1);
  return text.str();
}

struct Box {
  std::uint64_t number = 0;
};

gantry::Pinned<Box> pack(std::uint64_t n) {
  drift(How::directory, n);
  return gantry::Pinned<Box>(Box{n});
}

std::uint64_t unpack(gantry::Ref<const Box> box) {
  return box->number;
}

}  // namespace

GANTRY_PLUGIN("drifter", "1.0.0",
              gantry::thread_safe(gantry::function<change>("change", {"n", "how", "bad", "tasks = 8"}, "n.")),
              gantry::thread_safe(gantry::function<state>("state", {}, "What the process is like.")),
              gantry::function<pack>("pack", {"n"}, "n in a box; from somewhere else."),
              gantry::function<unpack>("unpack", {"box"}, "n."));
