// What belongs to the process, and what tasks are to leave as they found it: working directory, umask, environment,
// locale, what signals do, timers. Threads and descriptors count only if they become ever more: libraries begin a few
// when they are first used, and keep them.
#pragma once

#include <sys/types.h>

#include <array>
#include <csignal>
#include <cstdint>
#include <locale>
#include <string>
#include <string_view>
#include <vector>

namespace gantry::worker {

/// How many there are of something.
class Growth {
 public:
  /// A look found so many. True: they became more at each of the last looks, and many more in all.
  [[nodiscard]] bool grew_too_much(std::uint64_t now);
  [[nodiscard]] std::uint64_t first() const { return first_; }

 private:
  std::uint64_t first_ = 0;  ///< 0: no look yet
  std::uint64_t last_ = 0;
  unsigned in_a_row_ = 0;
};

class ProcessState {
 public:
  /// As it is now.
  ProcessState();

  /// What is otherwise than at the last call, or than at first: "the working directory: /a → /b, the umask: …". Empty:
  /// nothing. Timers are stopped; all else stays as it is.
  [[nodiscard]] std::string changes();

 private:
  static constexpr int signals = 32;  ///< the standard ones, by number

  void look_at_directory(std::string& changed);
  void look_at_environment(std::string& changed);
  void look_at_locale(std::string& changed);
  void look_at_signals(std::string& changed);
  void look_at_numbers(std::string& changed);

  dev_t device_ = 0;
  ino_t folder_ = 0;
  std::string path_;
  mode_t umask_;
  std::vector<std::string> environment_;
  std::string c_locale_;
  std::locale locale_;
  std::array<struct sigaction, signals> actions_{};
  Growth threads_;
  Growth descriptors_;
};

}  // namespace gantry::worker
