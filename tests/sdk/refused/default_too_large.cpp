// clang-format off
#include <gantry/plugin.hpp>

static void f(std::uint8_t) {}
// error: default_value_does_not_fit_its_parameter()
GANTRY_PLUGIN("bad", "1", gantry::function<f>("f", {"a = 256"}));
