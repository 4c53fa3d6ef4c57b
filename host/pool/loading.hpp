// How far a worker has come with loading its plugins, told from its messages. Pure: no I/O, no clock.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "signature/catalog.hpp"
#include "signature/error.hpp"
#include "wire/message.hpp"

namespace gantry::pool {

class Loading {
 public:
  /// A worker was asked to load so many files.
  explicit Loading(std::size_t files) : answers_(files) {}

  /// Takes the next message. An error says how the worker broke the protocol.
  [[nodiscard]] host::Result<void> accept(wire::WorkerMessage message);

  [[nodiscard]] bool greeted() const { return greeted_; }  ///< it said Hello
  [[nodiscard]] bool answered() const;                     ///< for all files
  [[nodiscard]] bool ready() const { return ready_; }
  /// Position of the plugin that begins, or is to begin next: nothing before answered(), or when all have begun.
  [[nodiscard]] std::optional<std::size_t> beginning() const;
  /// The plugin that could not begin, and why.
  struct Failure {
    std::size_t position = 0;
    std::string sentence;
  };
  [[nodiscard]] const std::optional<Failure>& failure() const { return failure_; }
  /// Position of the file that it is busy with: the first without an answer; nothing before Hello or after the last.
  [[nodiscard]] std::optional<std::size_t> busy_with() const;
  /// What it said of a file, if it did.
  [[nodiscard]] const signature::Plugin* loaded(std::size_t position) const;
  [[nodiscard]] const std::string* refused(std::size_t position) const;

 private:
  struct Answer {
    std::optional<signature::Plugin> loaded;
    std::optional<std::string> refused;
    bool has_begun = false;
  };

  /// The place for the answer about a file, if it has none yet.
  [[nodiscard]] host::Result<Answer*> unanswered(std::uint32_t position);

  [[nodiscard]] host::Result<void> begun(std::uint32_t position);

  std::vector<Answer> answers_;
  std::optional<Failure> failure_;
  bool greeted_ = false;
  bool ready_ = false;
};

/// Do both offer the same under the same entries? (Build stamps and docs may differ.)
[[nodiscard]] bool same_offer(const signature::Plugin& left, const signature::Plugin& right);

}  // namespace gantry::pool
