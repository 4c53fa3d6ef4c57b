// clang-format off
// One bad function a line: each gives the error that stands above it, and no other.
#include <gantry/plugin.hpp>

namespace bad {
struct Box { int x = 0; };
// error: parameter 1 of bad::f1, gantry::sdk1::Pinned<bad::Box>, cannot be sent to another process: an object that stays in its worker is the whole result of a function. Return gantry::Pinned<T>, or a gantry::Result of it, and take gantry::Ref<T>.
static void f1(gantry::Pinned<Box>) {}
// error: the result of bad::f2, gantry::sdk1::Ref<bad::Box>, cannot be sent to another process: it refers to an object in the worker that runs the task. Take it as a parameter of its own, gantry::Ref<T>, and return what is found there.
static gantry::Ref<Box> f2() { return {}; }
// error: parameter 2 of bad::f3, std::vector<gantry::sdk1::Ref<const bad::Box> >, cannot be sent to another process: inside it, gantry::sdk1::Ref<const bad::Box>: it refers to an object in the worker that runs the task. Take it as a parameter of its own, gantry::Ref<T>, and return what is found there.
static void f3(int, const std::vector<gantry::Ref<const Box>>&) {}
// error: the result of bad::f4, std::optional<gantry::sdk1::Pinned<bad::Box> >, cannot be sent to another process: inside it, gantry::sdk1::Pinned<bad::Box>: an object that stays in its worker is the whole result of a function. Return gantry::Pinned<T>, or a gantry::Result of it, and take gantry::Ref<T>.
static std::optional<gantry::Pinned<Box>> f4() { return {}; }
// error: the result of bad::f5, std::map<std::string, gantry::sdk1::Fd>, cannot be sent to another process: inside it, gantry::sdk1::Fd: the kernel passes an open file on only by itself. Take gantry::Fd as a parameter of its own, or return one.
static std::map<std::string, gantry::Fd> f5() { return {}; }
// error: parameter 1 of bad::f6, gantry::sdk1::Ref<bad::Box>&, cannot be sent to another process: it refers to an object in the worker that runs the task. Take it as a parameter of its own, gantry::Ref<T>, and return what is found there.
static void f6(gantry::Ref<Box>&) {}
// error: parameter 1 of bad::f7, gantry::sdk1::Queue<gantry::sdk1::Fd>, cannot be sent to another process: inside it, gantry::sdk1::Fd: the kernel passes an open file on only by itself. Take gantry::Fd as a parameter of its own, or return one.
static void f7(gantry::Queue<gantry::Fd>&) {}
struct Wrong { int x = 0; };
// error: the result of bad::f8, gantry::sdk1::Pinned<bad::Wrong>, cannot be sent to another process: inside it, bad::Wrong: its name gives none for signatures. Give it one: template <> struct gantry::pinned<T> { static constexpr const char* name = \"model\"; }.
static gantry::Pinned<Wrong> f8();
struct Holder {
  gantry::Fd file;
  template <class A> void serialize(A& a) { a(CEREAL_NVP(file)); }
};
// error: a member of type gantry::sdk1::Fd, cannot be sent to another process: the kernel passes an open file on only by itself. Take gantry::Fd as a parameter of its own, or return one.
static void f9(Holder) {}
}  // namespace bad

template <>
struct gantry::pinned<bad::Wrong> {
  static constexpr const char* name = "Not A Name";
};
static gantry::Pinned<bad::Wrong> bad::f8() { return bad::Wrong{}; }

GANTRY_PLUGIN("bad", "1", gantry::function<bad::f1>("f1", {"a"}), gantry::function<bad::f2>("f2"), gantry::function<bad::f3>("f3", {"a", "b"}),
              gantry::function<bad::f4>("f4"), gantry::function<bad::f5>("f5"), gantry::function<bad::f6>("f6", {"a"}),
              gantry::function<bad::f7>("f7", {"a"}), gantry::function<bad::f8>("f8"), gantry::function<bad::f9>("f9", {"a"}));
