// A pipeline file as written: checked for form and keys, not yet for types. Every value keeps its mark.
#pragma once

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "config/diagnostic.hpp"
#include "signature/mode.hpp"
#include "signature/node.hpp"
#include "signature/type.hpp"

namespace gantry::config {

using signature::Node;

template <class T>
struct Marked {
  T value{};
  Mark mark;
};

struct PluginUse {
  std::string name;                   ///< as written: "primes" or "./libx.so"
  std::filesystem::path path;         ///< absolute, if a path was written; else empty: look on the plugin path
  std::optional<std::string> sha256;  ///< lower-case hex
  Mark mark;
  std::vector<Node::Entry> config;  ///< key → tree, references unresolved
};

/// Where the values of a bound name come from.
struct Source {
  enum class Kind : std::uint8_t { range, chunks, values, groups, files, reference };
  Kind kind = Kind::reference;
  Mark mark;
  /// range: from, to [, step]; chunks: from, to, size; groups: n. Scalars, maybe references; not yet read as numbers.
  std::vector<Node> numbers;
  /// values: a list, or a reference to a param; files: a pattern or a list of them; reference: the scalar "$step…"
  Node values;
  std::vector<Source> inner;  ///< groups: exactly one
};

struct Binding {
  std::string name;
  Mark mark;
  Source source;
  bool broken = false;  ///< its source was refused (and reported); `source` is an empty stand-in, as like as can be
};

enum class RetryOn : std::uint8_t { crash = 1, timeout = 2, error = 4 };

struct Step {
  Marked<std::string> id;    ///< empty: missing (and reported)
  Marked<std::string> call;  ///< "plugin.function", form checked; empty: missing or refused
  std::vector<Binding> each;
  bool zip = false;               ///< `each` holds what `zip:` said
  std::vector<Node::Entry> args;  ///< parameter name → tree, references unresolved
  std::vector<Marked<std::string>> needs;
  std::optional<std::chrono::nanoseconds> timeout;
  std::optional<std::uint32_t> retries;
  std::optional<std::uint8_t> retry_on;  ///< bits of RetryOn
  bool idempotent = true;
  std::optional<std::uint64_t> chunk;  ///< ≥ 1
  std::optional<bool> output;
  Mark retries_mark;  ///< of what these three say, if they do
  Mark chunk_mark;
  Mark output_mark;
  Mark mark;
  bool broken = false;  ///< its id, call, args or each was refused (and reported): expect follow-up errors of it
};

/// An entry of `shared`: its type as written, and where its first content comes from. One of values, each and size at
/// most; a counter has `start`.
struct Shared {
  std::string name;
  Mark mark;
  signature::Type type;        ///< queue<T>, counter, array<T>
  Mark type_mark;              ///< of `queue`, `counter` or `array`
  std::optional<Node> values;  ///< a list, or a reference to a param; of a counter: where it starts
  std::optional<Source> each;  ///< range, chunks or values
  std::optional<Node> size;    ///< of an array of zeros
  bool broken = false;         ///< refused (and reported)
};

struct Run {
  std::optional<std::uint32_t> workers;  ///< nothing: auto
  std::optional<std::chrono::nanoseconds> timeout;
  std::optional<std::chrono::nanoseconds> deadline;
  std::optional<std::chrono::nanoseconds> grace;  ///< for running tasks, after SIGTERM
  std::optional<std::uint32_t> retries;
  std::optional<std::uint64_t> seed;
  std::optional<host::Mode> mode;
};

struct Config {
  std::filesystem::path folder;        ///< of the file, absolute: what relative paths mean
  std::filesystem::path given_folder;  ///< the same as it was given, and so what tasks are told; "": the current one
  std::vector<PluginUse> plugins;
  std::vector<Node::Entry> params;  ///< `--set` applied; `$$` already a dollar, no references: the text as it is meant
  std::vector<Shared> shared;
  Run run;
  std::vector<Step> steps;
};

/// `--set name=text`: replaces a param's text.
struct Override {
  std::string name;
  std::string text;
};

/// A value written on the command line: text that begins with `[`, `{`, `"` or `'` is YAML, a word for null is null,
/// all other stands for itself. Marks point into a new source called `name`; nothing is returned only if there are
/// diagnostics.
[[nodiscard]] std::optional<Node> read_value(std::string name, const std::string& text, Sources& sources,
                                             Diagnostics& diagnostics);

/// Reads a pipeline's text. Everything wrong is in `diagnostics`; what could be read is returned all the same, so that
/// later stages can report their errors in the same pass. `sources` gets the text (as source 0, so it must be empty)
/// and the overrides. Overrides are read by read_value.
/// `folder` is the file's, "" the current one.
[[nodiscard]] Config read(std::string name, std::string text, const std::filesystem::path& folder,
                          const std::vector<Override>& overrides, Sources& sources, Diagnostics& diagnostics);

/// The file's text: a regular file (or "-": stdin), at most 16 MiB.
[[nodiscard]] host::Result<std::string> load(const std::filesystem::path& file);

}  // namespace gantry::config
