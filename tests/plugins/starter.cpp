// Tasks that start programs, and programs that mean to outlive everybody.
#include <fcntl.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>
#include <gantry/plugin.hpp>

#include <array>
#include <csignal>
#include <cstdlib>
#include <string>

namespace {

enum class How : std::uint8_t { waits, background, daemon, keeps_starting, own_group, no_signal, stops };

/// Becomes /bin/sleep of that word, known by nothing else.
[[noreturn]] void sleep_alone(const std::string& word) {
  ::clearenv();
  for (int number = 0; number < 64; ++number) ::close(number);
  ::open("/dev/null", O_RDWR);
  if (::chdir("/") != 0) ::_exit(1);
  ::execl("/bin/sleep", "sleep", word.c_str(), nullptr);
  ::_exit(1);
}

/// As a daemon goes away: to a session of its own, and without a parent.
void start_daemon(const std::string& word) {
  const pid_t child = ::fork();
  if (child == 0) {
    ::setsid();
    if (::fork() == 0) sleep_alone(word);
    ::_exit(0);
  }
  ::waitpid(child, nullptr, 0);
}

/// Runs until it is ended; `word` is how long sleep is to sleep.
gantry::Result<std::uint64_t> run(gantry::Context& context, How how, const std::string& word) {
  const auto shell = [](const std::string& text) {
    if (std::system(text.c_str()) != 0) ::_exit(1);
  };
  switch (how) {
    case How::waits:
      context.log(gantry::Level::info, "under way");
      shell("sleep " + word);
      break;
    case How::background:
      shell("sleep " + word + " &");
      break;
    case How::daemon:
      start_daemon(word);
      break;
    case How::keeps_starting:
      shell("setsid sh -c 'while :; do sleep 0.01; done; : " + word + "' >/dev/null 2>&1 &");
      start_daemon(word);
      break;
    case How::own_group:
      if (::setpgid(0, ::getpgid(::getppid())) != 0) ::_exit(1);
      start_daemon(word);
      break;
    case How::no_signal:
      ::prctl(PR_SET_PDEATHSIG, 0);
      start_daemon(word);
      break;
    case How::stops:
      start_daemon(word);
      context.log(gantry::Level::info, "under way");
      std::raise(SIGSTOP);
      break;
  }
  context.log(gantry::Level::info, "under way");
  for (;;) ::pause();
}

/// Whether a program that belongs to root would run as root.
bool may_gain_privileges() {
  return ::prctl(PR_GET_NO_NEW_PRIVS, 0, 0, 0, 0) == 0;
}

}  // namespace

GANTRY_PLUGIN("starter", "1.0.0", gantry::thread_safe(gantry::function<run>("run", {"how", "word"}, "Never ends.")),
              gantry::thread_safe(gantry::function<may_gain_privileges>("may_gain_privileges", {},
                                                                        "Whether it could gain privileges.")));
