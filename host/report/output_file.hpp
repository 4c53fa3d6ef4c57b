// A file that is there whole or not at all. It is written without a name where the file system can (O_TMPFILE):
// whatever ends the program then leaves nothing. Elsewhere, and for the moment in which an older file is replaced, it
// is called
// ".NAME.gantry-N" beside its target, locked as long as somebody writes it: what a program that was killed left there
// is cleared by the next one that writes the same target.
#pragma once

#include <filesystem>
#include <string>

#include "report/descriptor.hpp"
#include "signature/error.hpp"

namespace gantry::report {

class OutputFile {
 public:
  /// Begins a file that is to become `target`, whose folder exists; the target is as it was until commit().
  [[nodiscard]] static host::Result<OutputFile> create(std::filesystem::path target);
  /// Without commit() nothing is left.
  ~OutputFile();
  OutputFile(OutputFile&& other) noexcept;
  OutputFile& operator=(OutputFile&&) = delete;

  [[nodiscard]] int descriptor() const { return file_.get(); }
  /// Puts the file in its place. Its bytes are on the disk before, so that a crash of the machine leaves the old file
  /// or the new one.
  [[nodiscard]] host::Result<void> commit();

 private:
  OutputFile(std::filesystem::path target, Descriptor file, std::string name);
  [[nodiscard]] std::string path_of_descriptor() const;
  [[nodiscard]] host::Result<void> give_name();

  std::filesystem::path target_;
  Descriptor file_;
  std::string name_;  ///< that it has now; empty: none
};

}  // namespace gantry::report
