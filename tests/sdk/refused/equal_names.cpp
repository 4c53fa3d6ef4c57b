// clang-format off
#include <gantry/plugin.hpp>

static int add(int a, int b) { return a + b; }
// error: call to non-'constexpr' function 'void gantry::sdk1::detail::two_parameters_have_the_same_name()'
GANTRY_PLUGIN("bad", "1", gantry::function<add>("add", {"a", "a"}));
