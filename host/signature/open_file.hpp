// An open file that a task gave as its result: the kernel passes it from process to process, nobody copies it.
#pragma once

namespace gantry::signature {

class OpenFile {
 public:
  OpenFile() = default;
  OpenFile(const OpenFile&) = delete;
  OpenFile& operator=(const OpenFile&) = delete;
  virtual ~OpenFile() = default;

  /// Borrowed: open as long as this lives.
  [[nodiscard]] virtual int descriptor() const = 0;
};

}  // namespace gantry::signature
