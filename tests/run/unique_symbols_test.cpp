// Plugins that include one header with a variable in it: either each has its own, or they do not share a worker.
#include <catch2/catch.hpp>

#include "run/command.hpp"

namespace {

using namespace gantry::tests;

constexpr const char* kPlugins = GANTRY_BUILD "/tests/plugins/lib";

Ended run_both(const std::string& one, const std::string& other, const std::string& mode) {
  const Folder folder;
  folder.write("p.yaml", "gantry: 1\nplugins: [" + std::string(kPlugins) + one + ".so, " + kPlugins + other +
                             ".so]\nsteps:\n"
                             "  - {id: changed, call: " +
                             other +
                             ".widen, args: {columns: 7}}\n"
                             "  - {id: own, call: " +
                             one +
                             ".cells, args: {index: 0}, needs: [changed]}\n"
                             "  - {id: others, call: " +
                             other + ".cells, args: {index: 0}, needs: [own]}\n");
  return command_line({"run", "p.yaml", "-j", "1", "--mode", mode}, folder.path());
}

}  // namespace

TEST_CASE("two plugins that define one unique symbol are refused by name") {
  const std::pair<const char*, const char*> rows[] = {{"area_one", "area_other"}, {"area_one", "area_same"}};
  for (const auto& [one, other] : rows) {
    INFO(one << " and " << other);
    const Ended ended = run_both(one, other, "process");
    INFO(ended.err);
    CHECK(ended.code == 4);
    CHECK(ended.out.empty());
    const std::string file = std::string(kPlugins) + other + ".so";
    CHECK(ended.err.find("error[E0511]: plugin " + file + ": " + file + " and " + kPlugins + one +
                         ".so both define library::settings()::shared as a symbol that is unique in a process, so "
                         "that one would use the other's variable; build either with -fno-gnu-unique "
                         "(gantry_add_plugin does)") != std::string::npos);
  }
}

TEST_CASE("without unique symbols, each plugin has the variable of its own header") {
  const Ended ended = run_both("area_own", "area_alone", "process");
  INFO(ended.err);
  CHECK(ended.code == 0);
  CHECK(ended.out == "changed = 70\nown = 30\nothers = 70\n");
}

TEST_CASE("a plugin with unique symbols that no other one has runs beside others") {
  const Ended ended = run_both("area_one", "area_alone", "process");
  INFO(ended.err);
  CHECK(ended.code == 0);
  CHECK(ended.out == "changed = 70\nown = 30\nothers = 70\n");
}
