// A plugin that includes a header with a variable, as authors build one by hand: g++ makes the variable a symbol that
// is unique in a process. NAME is the plugin's, LAYOUT the version of the header that it was built with.
#include <gantry/plugin.hpp>

#include <cstdint>
#include <string>

namespace library {

struct Settings {
#if LAYOUT == 2
  std::string title = "a title that is too long to lie inside the string";
#endif
  std::uint64_t rows = 10;
  std::uint64_t columns = 3;
};

inline Settings& settings() {
  static Settings shared;
  return shared;
}

}  // namespace library

static std::uint64_t cells(std::uint64_t index) {
  return library::settings().rows * library::settings().columns + index;
}

/// Changes what the header keeps: nobody else's values may change with it.
static std::uint64_t widen(std::uint64_t columns) {
  library::settings().columns = columns;
  return library::settings().rows * columns;
}

GANTRY_PLUGIN(NAME, "1.0.0", gantry::function<cells>("cells", {"index"}),
              gantry::function<widen>("widen", {"columns"}));
