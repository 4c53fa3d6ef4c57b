// clang-format off
// Fewer and more names than parameters; the Context has none.
#include <gantry/plugin.hpp>

static int add(int a, int b) { return a + b; }
static int alone(gantry::Context&) { return 1; }
// error: static assertion failed: give one name for each parameter of the function (Context& has none)
GANTRY_PLUGIN("bad", "1", gantry::function<add>("add", {"a"}));
// error: static assertion failed: give one name for each parameter of the function (Context& has none)
constexpr auto more = gantry::function<add>("add", {"a", "b", "c"});
// error: static assertion failed: give one name for each parameter of the function (Context& has none)
constexpr auto context = gantry::function<alone>("alone", {"context"});
