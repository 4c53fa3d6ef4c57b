// What the plugin liar can be told to do: shared by the plugin and by tests that tell it.
#pragma once

#include <cstdint>

namespace liar {

/// First argument of liar.act; the second is `value`. Acts that end give value * value.
enum class Act : std::uint64_t {
  square,
  segfault,
  abort,
  divide,        ///< SIGFPE
  exit_now,      ///< _exit(value)
  exit_quickly,  ///< quick_exit(value)
  kill_self,     ///< SIGKILL
  spin,
  sleep,      ///< for ever
  stop_self,  ///< SIGSTOP
  close_all,  ///< all descriptors, then sleeps
  print,      ///< "printed by VALUE\n"
  print_and_sleep,
  print_and_abort,  ///< 12 lines, "line 1" to "line 12"
  flood,            ///< value bytes without a line end
  log,              ///< a warning, "logged by VALUE"
  fail,             ///< kind "liar", "task VALUE failed"
  leave_child,      ///< forks a child that sleeps for ever, and prints "child PID\n"
  leave_daemon,     ///< the same, in a session of its own
  nap,              ///< sleeps value milliseconds
  leave_hidden,     ///< the same as leave_daemon, as another program, with an empty environment
};

}  // namespace liar
