// clang-format off
#include <gantry/plugin.hpp>

static int add(int a, int b) { return a + b; }
// error: the_doc_of_a_function_is_one_line()
GANTRY_PLUGIN("bad", "1", gantry::function<add>("add", {"a", "b"}, "one\ntwo"));
