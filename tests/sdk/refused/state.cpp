// clang-format off
// A state that nobody makes, of another type than is made, and a begin that cannot be one.
#include <gantry/plugin.hpp>

struct Pool {};
struct Other {};
static Pool open(const std::string&) { return {}; }
static Pool again(gantry::State<Pool> pool) { return *pool; }
static Pool look(std::string_view) { return {}; }
static int use(gantry::State<Other>) { return 1; }
// error: static assertion failed: give one name for each parameter of the function (Context& has none)
constexpr auto nameless = gantry::worker<open>();
// error: static assertion failed: the function that makes the state cannot take it
constexpr auto circular = gantry::worker<again>();
// error: parameter 1 of look, std::string_view
constexpr auto views = gantry::worker<look>({"text"});
// The table is evaluated twice, so g++ says it twice:
// error: call to non-'constexpr' function 'void gantry::sdk1::detail::a_function_takes_a_State_that_the_plugin_does_not_make_with_gantry_worker()'
// error: call to non-'constexpr' function 'void gantry::sdk1::detail::a_function_takes_a_State_that_the_plugin_does_not_make_with_gantry_worker()'
GANTRY_PLUGIN("bad", "1", gantry::worker<open>({"path"}), gantry::function<use>("use"));
