// Symbols that the dynamic linker gives one definition in a whole process, whatever library they are in
// (STB_GNU_UNIQUE: g++ makes them of variables of inline functions, inline variables and static members of templates).
// Two plugins that define the same one would share a variable that each believes to be its own.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "signature/error.hpp"

namespace gantry::worker {

/// The unique symbols that a shared library defines, in the order of its symbol table. Left out are those of the
/// standard library, which all plugins of a worker share anyway. Empty if the library's dynamic section makes no sense:
/// then the dynamic linker refuses it.
[[nodiscard]] std::vector<std::string> unique_symbols_of(int file);

/// Those of all plugins that one process has loaded.
class UniqueSymbols {
 public:
  /// Before the library is loaded: none of its symbols may be known yet. The error's sentence reads after "plugin X: ",
  /// names both libraries and the symbol, and says what to do; then nothing of the library is noted.
  [[nodiscard]] host::Result<void> add(const std::string& path, int file);

 private:
  std::map<std::string, std::string> owner_;  ///< symbol → path of the library
};

}  // namespace gantry::worker
