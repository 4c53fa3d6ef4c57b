// Two plugins that were built against SDKs of different layout work side by side in one worker.
#include <catch2/catch.hpp>

#include "run/command.hpp"

namespace {

using namespace gantry::tests;

constexpr const char* kSource = R"(#include <gantry/plugin.hpp>
struct Pair {
  std::uint64_t count = 0;
  std::string text;
  template <class Archive>
  void serialize(Archive& archive) { archive(cereal::make_nvp("count", count), cereal::make_nvp("text", text)); }
};
static std::vector<Pair> twice(std::vector<Pair> pairs) {
  for (Pair& pair : pairs) pair = {2 * pair.count, pair.text + pair.text};
  return pairs;
}
GANTRY_PLUGIN(NAME, "1.0.0", gantry::function<twice>("twice", {"pairs"}, "Twice of everything."));
)";

constexpr const char* kPipeline = R"(gantry: 1
plugins: [./libone.so, ./libother.so]
steps:
  - id: a
    call: one.twice
    each: {n: {range: [0, 50]}}
    args: {pairs: [{count: $n, text: ab}]}
  - id: b
    call: other.twice
    each: {pairs: $a}
    args: {pairs: $pairs}
  - id: c
    call: one.twice
    each: {pairs: $b}
    args: {pairs: $pairs}
)";

}  // namespace

TEST_CASE("plugins of two SDK layouts pass values to each other in one worker") {
  const Folder folder;
  folder.write("pairs.cpp", kSource);
  folder.write("pairs.yaml", kPipeline);
  Command build;
  build.words = {
      "/bin/sh", "-c",
      "set -e; cp -r " GANTRY_SOURCE
      "/sdk/include other; cd other/gantry/detail\n"
      "sed -i 's/^struct Scratch {/struct Scratch { double elsewhere[100] = {};/' run.hpp\n"
      "sed -i 's/constinit std::atomic<std::uintptr_t> order{0}/constinit std::atomic<unsigned> order{0}/' visit.hpp\n"
      "grep -q elsewhere run.hpp; grep -q 'unsigned> order' visit.hpp; cd ../../..\n"
      "g++ -std=c++23 -shared -fPIC -DNAME='\"one\"' -I " GANTRY_SOURCE
      "/sdk/include pairs.cpp -o libone.so\n"
      "g++ -std=c++23 -shared -fPIC -DNAME='\"other\"' -I other pairs.cpp -o libother.so\n"};
  build.folder = folder.path();
  const Ended built = run(build);
  INFO(built.err);
  REQUIRE(built.code == 0);
  for (const char* workers : {"1", "2"}) {
    const Ended ended = command_line({"run", "pairs.yaml", "-j", workers}, folder.path());
    INFO(ended.err);
    CHECK(ended.code == 0);
    CHECK(ended.out.find("c[49] = [{\"count\":392,\"text\":\"abababababababab\"}]\n") != std::string::npos);
  }
}
