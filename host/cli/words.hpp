// The words of a command line, told apart: which are flags, which are their values, and which stand for themselves.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "cli/option.hpp"

namespace gantry::cli {

struct Words {
  bool wants_help = false;  ///< -h or --help: nothing else counts
  std::vector<std::string> positionals;
  std::map<const Option*, std::vector<std::string>> flags;  ///< their values in order; "" for a switch
};

/// "--name value", "--name=value", "-n value", "-nvalue"; behind "--" nothing is a flag. Errors: a flag that the verb
/// does not have, one without its value, a switch with one, too many or too few words.
[[nodiscard]] host::Result<Words> tell_apart(const VerbUsage& verb, const std::vector<std::string>& words);

}  // namespace gantry::cli
