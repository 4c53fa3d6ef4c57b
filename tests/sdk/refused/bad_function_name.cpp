// clang-format off
#include <gantry/plugin.hpp>

static int add(int a, int b) { return a + b; }
// error: a_name_must_be_lower_case_letters_digits_and_underscores_and_begin_with_a_letter()
GANTRY_PLUGIN("bad", "1", gantry::function<add>("add-up", {"a", "b"}));
