// clang-format off
// One bad function a line: each gives the error that stands above it, and no other.
#include <gantry/plugin.hpp>

namespace bad {
// error: parameter 1 of bad::f1, gantry::sdk1::Queue<int*>, cannot be sent to another process: inside it, int*: a pointer means nothing in another process. Pass the value itself, or a std::vector or std::optional of it.
static void f1(gantry::Queue<int*>&) {}
// error: parameter 2 of bad::f2, gantry::sdk1::Array<bool>, cannot be sent to another process: inside it, bool: a shared array is of numbers, to which can be added. Use an integer or a float, or a gantry::Queue.
static void f2(int, gantry::Array<bool>&) {}
// error: parameter 1 of bad::f3, std::vector<gantry::sdk1::Counter>, cannot be sent to another process: inside it, gantry::sdk1::Counter: the host keeps it, and a task only sees it. Take it as a parameter of its own: gantry::Queue<T>&, gantry::Counter& or gantry::Array<T>&.
static void f3(std::vector<gantry::Counter>) {}
// error: the result of bad::f4, gantry::sdk1::Counter, cannot be sent to another process: the host keeps it, and a task only sees it. Take it as a parameter of its own: gantry::Queue<T>&, gantry::Counter& or gantry::Array<T>&.
static gantry::Counter f4() { return {}; }
// error: parameter 1 of bad::f5, gantry::sdk1::Queue<gantry::sdk1::Counter>, cannot be sent to another process: inside it, gantry::sdk1::Counter: the host keeps it, and a task only sees it. Take it as a parameter of its own: gantry::Queue<T>&, gantry::Counter& or gantry::Array<T>&.
static void f5(gantry::Queue<gantry::Counter>&) {}
}  // namespace bad

GANTRY_PLUGIN("bad", "1", gantry::function<bad::f1>("f1", {"a"}), gantry::function<bad::f2>("f2", {"a", "b"}),
              gantry::function<bad::f3>("f3", {"a"}), gantry::function<bad::f4>("f4"), gantry::function<bad::f5>("f5", {"a"}));
