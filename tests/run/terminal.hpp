// A run watched on a real terminal: a pseudo-terminal that the program believes in, and what a person would see on it.
#pragma once

#include <sys/types.h>

#include <chrono>
#include <cstddef>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "run/command.hpp"

namespace gantry::tests {

/// What a terminal of so many columns shows of the bytes that it gets. It knows carriage return, line feed, "erase to
/// the end of the line" and colours, and wraps as xterm does; whatever else comes is a fault, and so is a byte that is
/// no UTF-8. It never scrolls: all lines stay.
class Shown {
 public:
  explicit Shown(std::size_t columns) : columns_(columns), lines_(1) {}
  void feed(std::string_view bytes);
  void resize(std::size_t columns) { columns_ = columns; }

  /// From the top to where the cursor is.
  [[nodiscard]] std::vector<std::string> lines() const;
  [[nodiscard]] const std::vector<std::string>& faults() const { return faults_; }
  /// Each state in which the cursor's line stood when the program had written it to its end: progress bars.
  [[nodiscard]] const std::vector<std::string>& passing() const { return passing_; }
  /// The cursor is at the beginning of an empty line: a shell's prompt would stand well.
  [[nodiscard]] bool is_clean() const { return column_ == 0 && lines_.back().empty(); }

 private:
  using Line = std::vector<std::string>;  ///< a code point a column

  void put(std::string_view point);
  void line_feed();
  void control(char letter);
  [[nodiscard]] std::size_t sequence(std::string_view bytes);
  void fault(std::string_view what, std::string_view bytes);

  std::size_t columns_;
  std::vector<Line> lines_;
  std::size_t column_ = 0;
  std::string pending_;  ///< the beginning of something that is not complete
  std::vector<std::string> faults_;
  std::vector<std::string> passing_;
};

/// A program on a terminal of its own, which is its stdin, stdout and stderr. Command::out_to is not used.
class Watched {
 public:
  Watched(Command command, unsigned short columns);
  ~Watched();
  Watched(const Watched&) = delete;
  Watched& operator=(const Watched&) = delete;

  [[nodiscard]] const Shown& shown() const { return shown_; }
  /// All bytes so far.
  [[nodiscard]] const std::string& bytes() const { return bytes_; }
  void type(std::string_view keys) const;
  void resize(unsigned short columns);
  /// Reads until `is` holds; false: the program ended, or its time limit is over.
  [[nodiscard]] bool until(const std::function<bool(const Shown&)>& is);
  /// Reads to the end: the exit code, or 128 + signal.
  [[nodiscard]] int wait();

 private:
  [[nodiscard]] bool read_some();
  [[nodiscard]] bool is_over() const { return std::chrono::steady_clock::now() - began_ > command_.limit; }

  Command command_;
  Shown shown_;
  std::string bytes_;
  int terminal_ = -1;
  pid_t pid_ = -1;
  std::chrono::steady_clock::time_point began_;
};

}  // namespace gantry::tests
