// What a verb may be told: its flags and words, as one table that the parser, the help and the README's test read.
#pragma once

#include <span>
#include <string>
#include <string_view>

#include "cli/arguments.hpp"

namespace gantry::cli {

/// One flag. Its text is read by the function that reads the same from the file, wherever there is one.
struct Option {
  std::string_view names;  ///< "-j,--workers"
  std::string_view value;  ///< "N|auto"; empty: a switch, which has no value
  std::string_view doc;
  const char* variable = nullptr;  ///< of the environment, read if the flag is not given
  bool repeats = false;            ///< each one counts; else the last one does
  /// Error: "\"007\" is not a whole number from 0 to 2^64 - 1"; the caller says whose text it was.
  host::Result<void> (*read)(const std::string& text, Arguments& to) = nullptr;
};

/// A word without a flag.
struct Positional {
  std::string_view name;
  std::string_view doc;
  bool required = true;
};

struct VerbUsage {
  Verb verb;
  std::string_view name;
  std::string_view doc;
  Positional target;  ///< no name: none
  Positional words;   ///< any number of them; no name: none
  std::span<const Option* const> options;
};

/// In the order of the help.
[[nodiscard]] std::span<const VerbUsage> verbs();
[[nodiscard]] const VerbUsage* find_verb(std::string_view name);

/// "--workers" of "-j,--workers".
[[nodiscard]] std::string_view long_name(const Option& option);

}  // namespace gantry::cli
