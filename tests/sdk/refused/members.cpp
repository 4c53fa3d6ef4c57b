// clang-format off
// What only shows when a struct's serialize is walked.
#include <memory>
#include <gantry/plugin.hpp>

struct Pointing {
  std::shared_ptr<int> p;
  // error: a member of type std::shared_ptr<int>, cannot be sent to another process: sharing ends at the edge of a process.
  template <class A> void serialize(A& a) { a(CEREAL_NVP(p)); }
};
struct Nameless {
  int x = 0;
  // error: static assertion failed: a field of a struct has no name: write a(CEREAL_NVP(x)) or a(cereal::make_nvp("x", x)), not a(x)
  template <class A> void serialize(A& a) { a(x); }
};
struct Constant {
  const int x = 0;
  // error: static assertion failed: a const member cannot be read back: leave out the const, or the member
  template <class A> void serialize(A& a) { a(CEREAL_NVP(x)); }
};
static void f(const Pointing&, const Nameless&, const Constant&) {}
GANTRY_PLUGIN("bad", "1", gantry::function<f>("f", {"a", "b", "c"}));
