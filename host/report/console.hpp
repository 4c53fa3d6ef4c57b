// Standard error, and the terminal that it may share with the results: one owner of what stands on the terminal's last
// line. Everybody who writes to either goes through it, so that a status line (a progress bar) is taken away before
// anything else is written there, and comes back after.
#pragma once

#include <atomic>
#include <cstddef>
#include <functional>
#include <optional>
#include <string>
#include <string_view>

#include "report/sink.hpp"
#include "report/terminal.hpp"

namespace gantry::report {

/// Used by one thread, leave() aside. What cannot be written to standard error is dropped: nobody can be told.
class Console final : public Sharer {
 public:
  /// Writes to a descriptor of the caller's (it is duplicated), which is a terminal of this kind.
  Console(int descriptor, const Terminal& terminal);
  /// Takes the status line away.
  ~Console();
  Console(const Console&) = delete;
  Console& operator=(const Console&) = delete;

  /// The terminal with its present width.
  [[nodiscard]] Terminal terminal() const;
  /// If `results` are written to the same terminal (a dumb one, too), no line of either is inside one of the other, and
  /// the status line makes way. The console outlives the sink.
  void share(Sink& results);

  /// Whole lines, each with its end, seen at once.
  void say(std::string_view lines);
  /// Whole lines, each with its end, seen with the next refresh(), say() or clear().
  void add(std::string_view lines);
  /// What is to stand on the last line from the next refresh() on: one line in at most the columns that it is asked
  /// for. Asked again whenever it is drawn, since the terminal may be another size by then.
  using Status = std::function<std::string(std::size_t columns)>;
  void set_status(Status status);
  /// Writes what add() and set_status() left, and puts back a status line that was in the way. Cheap if nothing is to
  /// be done.
  void refresh();
  /// Writes what add() left, and takes the status line away for good.
  void clear();

  /// Takes the status line away, for a signal handler that ends the process: one write(2), and nothing else.
  void leave() noexcept;

  /// Told by a sink that shares the terminal.
  void before_write(std::string_view text) override;

 private:
  void write();
  void put(std::string_view text);

  std::optional<Sink> sink_;
  int descriptor_;
  Terminal terminal_;
  std::string lines_;                ///< to be written
  Status status_;                    ///< none: no status line
  bool is_new_ = false;              ///< the status was set since it was drawn
  std::atomic<bool> drawn_ = false;  ///< the cursor stands behind a status line
  bool inside_ = false;              ///< the cursor stands behind an unfinished line of the results
};

}  // namespace gantry::report
