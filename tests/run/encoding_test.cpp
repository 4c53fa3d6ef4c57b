// Types whose fields cannot be told, or cannot be written: refused when the plugin is loaded, or one failed task in a
// worker that lives on.
#include <catch2/catch.hpp>

#include <algorithm>
#include <set>

#include "run/command.hpp"

namespace {

using namespace gantry::tests;

void build(const Folder& folder, const std::string& name, const std::string& source) {
  folder.write(name + ".cpp", source);
  Command command;
  command.words = {
      "/bin/sh", "-c",
      "exec g++ -std=c++23 -shared -fPIC -I " GANTRY_SOURCE "/sdk/include " + name + ".cpp -o lib" + name + ".so"};
  command.folder = folder.path();
  const Ended built = run(command);
  INFO(built.err);
  REQUIRE(built.code == 0);
}

constexpr const char* kRecursive = R"(#include <gantry/plugin.hpp>
struct Tree {
  int value = 0;
  std::vector<Tree> children;
  template <class A> void serialize(A& a) { a(CEREAL_NVP(value), CEREAL_NVP(children)); }
};
static int depth(const Tree&) { return 1; }
GANTRY_PLUGIN("forest", "1.0.0", gantry::function<depth>("depth", {"tree"}));
)";

constexpr const char* kMoody = R"(#include <gantry/plugin.hpp>
#include <unistd.h>
using u64 = std::uint64_t;
/// n decides what serialize does.
struct Moody {
  u64 n = 0;
  u64 pid = 0;
  double half = 0;
  template <class A> void serialize(A& a) {
    a(CEREAL_NVP(n), CEREAL_NVP(pid));
    if (n == 3) throw std::runtime_error("three");
    if (n == 5) return;
    if (n == 7) a(cereal::make_nvp("half", n)); else a(CEREAL_NVP(half));
  }
};
static std::vector<Moody> moody(u64 n) {
  std::vector<Moody> all(n == 3 ? 50'000 : 2);  // more than fits the room: the last of them throws
  for (Moody& one : all) one.pid = static_cast<u64>(getpid());
  all.back().n = n;
  return all;
}
GANTRY_PLUGIN("moody", "1.0.0", gantry::function<moody>("moody", {"n"}));
)";

}  // namespace

TEST_CASE("a struct that contains itself is refused when its plugin is loaded, by name") {
  const Folder folder;
  build(folder, "forest", kRecursive);
  folder.write("p.yaml",
               "gantry: 1\nplugins: [./libforest.so]\nsteps:\n  - {id: a, call: forest.depth, args: {tree: 1}}\n");
  for (const char* verb : {"check", "run"}) {
    const Ended ended = command_line({verb, "p.yaml"}, folder.path());
    CHECK(ended.code == 4);
    CHECK(ended.out.empty());
    CHECK(
        ended.err.find("error[E0511]: plugin ./libforest.so: function depth: Tree contains itself; its signature would "
                       "never end\n") != std::string::npos);
  }
}

TEST_CASE("a result that cannot be written fails its task alone, and the worker lives") {
  const Folder folder;
  build(folder, "moody", kMoody);
  folder.write("p.yaml",
               "gantry: 1\nplugins: [./libmoody.so]\nsteps:\n  - id: m\n    call: moody.moody\n"
               "    each: {n: {range: [0, 40]}}\n    args: {n: $n}\n");
  const Ended ended = command_line({"run", "p.yaml", "-j", "1"}, folder.path());
  INFO(ended.err);
  CHECK(ended.code == 1);
  const std::string visited = "serialize of Moody visited ";
  CHECK(ended.out.find("\nm[3] ! encode: the result, after the field `pid` of Moody: three\n") != std::string::npos);
  CHECK(ended.out.find("\nm[5] ! encode: the result, after the field `pid` of Moody: " + visited +
                       "2 fields, but its signature has 3; it must always visit the same ones\n") != std::string::npos);
  CHECK(
      ended.out.find("\nm[7] ! encode: the result, after the field `half` of Moody: " + visited +
                     "the field `half: long unsigned int` where its signature has `half: double`; it must always visit "
                     "the same ones\n") != std::string::npos);
  CHECK(std::ranges::count(ended.out, '\n') == 40);
  std::set<std::string> processes;
  std::size_t values = 0;
  for (std::size_t at = 0; (at = ended.out.find("\"pid\":", at)) != std::string::npos; ++at, ++values)
    processes.insert(ended.out.substr(at, ended.out.find(',', at) - at));
  CHECK(values == 2 * 37);
  CHECK(processes.size() == 1);
}
