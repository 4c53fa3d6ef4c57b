// What tasks print: descriptors 1 and 2 are one pipe, whose reading end this process also holds. After a batch of tasks
// it is emptied, so that the text can be told as the batch's; text of a batch that blocks on a full pipe is the host's
// to take.
#pragma once

#include <string>

namespace gantry::worker {

class Prints {
 public:
  /// `pipe`: the reading end, non-blocking; borrowed. If it is no pipe, nothing is captured.
  explicit Prints(int pipe);
  /// Nothing is captured: stdio's buffer is emptied, the pipe is the host's to read.
  [[nodiscard]] static Prints none() { return Prints(-1); }

  /// Empties stdio's buffer and the pipe. Empty: nothing was printed.
  [[nodiscard]] std::string take();

 private:
  int pipe_;
};

}  // namespace gantry::worker
