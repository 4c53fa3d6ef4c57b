// Where output goes: a descriptor, or a file that is there whole or not at all. Every write, flush and close is
// checked; the first failure is kept, and everything after it fails with it.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <string_view>

#include "report/descriptor.hpp"
#include "report/output_file.hpp"
#include "signature/error.hpp"

namespace gantry::report {

/// Who else writes where a sink does.
class Sharer {
 public:
  /// The sink is about to write this text, which is not empty.
  virtual void before_write(std::string_view text) = 0;

 protected:
  ~Sharer() = default;
};

/// Used by one thread. SIGPIPE must be ignored in the process, so that a reader who went away is an error and no death.
class Sink {
 public:
  /// Writes to a descriptor of the caller's (it is duplicated); `name` is how messages call it: "standard output".
  [[nodiscard]] static host::Result<Sink> to_descriptor(int descriptor, std::string name);
  /// Writes to a file that close() puts in the place of `path`: until then `path` is as it was. A symbolic link is
  /// followed. "-", /dev/stdout and their like are the descriptor that they name; another device or pipe is written
  /// directly, and a named pipe that nobody reads is waited for, after `waits` was called.
  [[nodiscard]] static host::Result<Sink> to_file(const std::string& path, const std::function<void()>& waits = {});

  /// From now on flush() keeps a line that is not complete (one that fills the buffer is written all the same), and
  /// `sharer`, which outlives the sink, is told of each write.
  void share(Sharer& sharer) { sharer_ = &sharer; }
  [[nodiscard]] int descriptor() const { return file_ ? file_->descriptor() : descriptor_.get(); }
  [[nodiscard]] bool is_terminal() const;

  /// Without close() the file that was written is gone, and buffered text of a descriptor is dropped.
  ~Sink();
  Sink(Sink&& other) noexcept;
  Sink& operator=(Sink&&) = delete;

  [[nodiscard]] host::Result<void> write(std::string_view text);
  [[nodiscard]] host::Result<void> flush();
  [[nodiscard]] bool pending() const { return !buffer_.empty(); }  ///< something is to be flushed
  /// Flushes, closes, and puts the file in its place. Nothing is written after it.
  [[nodiscard]] host::Result<void> close();
  /// The reader of the pipe went away (EPIPE): the command line then ends quietly with 141.
  [[nodiscard]] bool reader_gone() const { return reader_gone_; }

 private:
  Sink(Descriptor descriptor, std::string name);
  [[nodiscard]] host::Result<void> write_all();
  [[nodiscard]] host::Result<void> write_out(std::string_view text);
  [[nodiscard]] std::unexpected<host::Error> failed(int number, std::string_view doing);

  Descriptor descriptor_;
  std::string name_;
  std::optional<OutputFile> file_;  ///< instead of the descriptor
  std::string buffer_;
  Sharer* sharer_ = nullptr;
  std::optional<host::Error> error_;
  bool reader_gone_ = false;
};

}  // namespace gantry::report
