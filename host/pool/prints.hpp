// What one worker prints: the pipe behind its descriptors 1 and 2, and its last lines. The worker reads the pipe
// itself after each batch and reports it as logs; the host reads it only when a task prints and does not end, and
// after death. Used by the pool's thread.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "signature/error.hpp"
#include "wire/descriptor.hpp"

namespace gantry::pool {

class Prints {
 public:
  struct Made;

  /// Makes the pipe. Reading never blocks; the worker blocks when the pipe is full.
  [[nodiscard]] static host::Result<Made> make();

  [[nodiscard]] int descriptor() const { return out_.get(); }  ///< to poll for POLLIN
  /// Bytes that are waiting.
  [[nodiscard]] std::uint64_t waiting() const;
  /// So many that the worker may soon block.
  [[nodiscard]] bool crowded() const;
  /// Takes what is waiting (at most 1 MiB a call), and remembers its end.
  [[nodiscard]] std::string drain();
  /// Remembers text that came as a log.
  void note(std::string_view text);
  /// What was remembered so far is of tasks that ended: the next text is the beginning of what another prints.
  void begin();
  /// The last 10 lines, without line ends; or, if more came since begin(), the first 3 of those (a sanitizer says there
  /// what is wrong), a line that counts what was left out, and the last 7. At most 4 KiB of either.
  [[nodiscard]] std::vector<std::string> last_lines() const;

 private:
  explicit Prints(wire::Descriptor out) : out_(std::move(out)) {}

  wire::Descriptor out_;
  std::string tail_;
  std::string head_;             ///< of what came since begin()
  std::uint64_t line_ends_ = 0;  ///< since begin()
};

/// `in` and `out` are for the worker (to write prints to, to read them back from); close them in the host once it runs.
struct Prints::Made {
  Prints prints;
  wire::Descriptor in;
  wire::Descriptor out;
};

}  // namespace gantry::pool
