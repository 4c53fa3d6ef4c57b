// clang-format off
#include <gantry/plugin.hpp>

struct S { int x = 0; int member(int y) { return x + y; } };
// error: static assertion failed: gantry::function takes a function, a static member function or a lambda without captures; for an overloaded one use gantry::pick
GANTRY_PLUGIN("bad", "1", gantry::function<&S::member>("member", {"y"}));
// error: static assertion failed: gantry::function takes a function, a static member function or a lambda without captures; for an overloaded one use gantry::pick
constexpr auto generic = gantry::function<[](auto x) { return x; }>("generic", {"x"});
