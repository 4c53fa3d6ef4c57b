// Diagnostics as a good compiler's: what, where, the line with a caret, notes and help; all of a file in one pass.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "signature/node.hpp"

namespace gantry::config {

using signature::Mark;

/// The texts that marks point into: the pipeline file is source 0, "--set low" and the like follow.
class Sources {
 public:
  /// Returns the id for marks into this text; `name` is what is shown before `:line:column`.
  std::uint32_t add(std::string name, std::string text);
  [[nodiscard]] const std::string& name(std::uint32_t source) const;
  [[nodiscard]] std::string_view text(std::uint32_t source) const;
  [[nodiscard]] std::string_view line(Mark mark) const;  ///< the source line without its end; empty if there is none

 private:
  struct Source {
    std::string name;
    std::string text;
    std::vector<std::size_t> line_starts;
  };
  std::vector<Source> sources_;
};

struct Note {
  std::string text;
  Mark mark;  ///< line 0: no place
};

struct Diagnostic {
  std::string code;  ///< "E0301"
  Mark mark;
  std::string sentence;
  std::vector<Note> notes;
  std::string help;  ///< empty: none
};

/// Collects; nothing is thrown, nothing printed. Keeps the first `most`, so that a hostile file cannot fill the memory,
/// and counts the others.
class Diagnostics {
 public:
  static constexpr std::size_t most = 1000;

  void report(Diagnostic diagnostic);
  [[nodiscard]] bool empty() const { return all_.empty(); }
  [[nodiscard]] std::size_t size() const { return all_.size() + beyond_; }  ///< of all that were reported
  [[nodiscard]] std::size_t beyond() const { return beyond_; }              ///< reported, but not kept
  /// In order of source, line, column; equal ones once.
  [[nodiscard]] std::vector<Diagnostic> sorted() const;

 private:
  std::vector<Diagnostic> all_;
  std::size_t beyond_ = 0;
};

/// "pipeline.yaml:9:17: error[E0301]: …" + source line + caret + notes + help, for each; ends with a line break.
/// Without a place (line 0): "pipeline.yaml: error[E0111]: …". Lines over 160 code points are cut around the caret;
/// control characters are shown as pictures.
[[nodiscard]] std::string render(const Diagnostics& diagnostics, const Sources& sources);
/// {"version": 1, "errors": [{"code", "file", "line", "column", "message", "notes": […], "help"}]}
/// and a line break; a note has "message" and, if it has a place, "file", "line", "column". "omitted" counts the errors
/// beyond the first thousand, if there are any.
[[nodiscard]] std::string render_json(const Diagnostics& diagnostics, const Sources& sources);

/// The candidate nearest to `name` (restricted Damerau-Levenshtein distance, at most a third of its length + 1), or "".
[[nodiscard]] std::string nearest(std::string_view name, const std::vector<std::string>& candidates);

}  // namespace gantry::config
