// Runs a program as a user would: words in, stdout, stderr and exit code out, under an outside time limit.
#pragma once

#include <sys/types.h>

#include <chrono>
#include <filesystem>
#include <string>
#include <vector>

namespace gantry::tests {

struct Ended {
  int code = -1;  ///< exit code, or 128 + signal
  std::string out;
  std::string err;
  std::chrono::milliseconds took{0};
};

struct Command {
  std::vector<std::string> words;
  std::filesystem::path folder = ".";
  std::string out_to;      ///< stdout goes to this file instead
  bool is_unread = false;  ///< nobody reads stdout: the other end of the pipe is closed
  std::string in_from;     ///< stdin comes from this file instead of /dev/null
  std::chrono::seconds limit{60};
  std::vector<std::string> environment;  ///< "NAME=value", added
};

/// Runs it to the end; past the limit its process group is killed and the test fails.
[[nodiscard]] Ended run(const Command& command);
/// `gantry WORDS…` from the build under test.
[[nodiscard]] Ended command_line(std::vector<std::string> words, const std::filesystem::path& folder = ".");

/// A started program whose end is awaited later.
class Started {
 public:
  explicit Started(const Command& command);
  ~Started();
  Started(const Started&) = delete;
  Started& operator=(const Started&) = delete;
  [[nodiscard]] pid_t pid() const { return pid_; }
  void signal(int number) const;
  /// The same signal once more, as late as a hand would: two at once count as one.
  void signal_again(int number) const;
  /// Blocks until stderr + stdout hold `text`, or the limit is over (false).
  [[nodiscard]] bool says(const std::string& text);
  /// The same, for so long at most.
  [[nodiscard]] bool says(const std::string& text, std::chrono::milliseconds at_most);
  /// Asks gantry by SIGUSR1 what it runs, again and again, until it says `text`, or the limit is over (false). Its
  /// workers must be there: from then on it has a handler for the signal.
  [[nodiscard]] bool runs(const std::string& text);
  [[nodiscard]] Ended wait();

 private:
  bool pump(std::chrono::milliseconds at_most);
  Command command_;
  pid_t pid_ = -1;
  int out_ = -1;
  int err_ = -1;
  std::chrono::steady_clock::time_point began_;
  Ended ended_;
};

/// Process IDs whose executable's name is gantry-worker and whose ancestor (or group) is not checked: all on this
/// machine that were started with `marker` in their environment.
[[nodiscard]] std::vector<pid_t> workers_marked(const std::string& marker);

/// An empty folder of its own, removed at the end.
class Folder {
 public:
  Folder();
  ~Folder();
  Folder(const Folder&) = delete;
  Folder& operator=(const Folder&) = delete;
  [[nodiscard]] const std::filesystem::path& path() const { return path_; }
  /// Writes a file into it and returns its path.
  std::filesystem::path write(const std::string& name, const std::string& text) const;

 private:
  std::filesystem::path path_;
};

[[nodiscard]] std::string read_file(const std::filesystem::path& file);

}  // namespace gantry::tests
