// Parts of the pool that need no process: CPUs of cgroups, the loading protocol.
#include <unistd.h>

#include <catch2/catch.hpp>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <map>

#include "pool/cpus.hpp"
#include "pool/loading.hpp"

namespace {

namespace fs = std::filesystem;
using namespace gantry;
using namespace std::chrono_literals;

// A root folder with these files, gone with its owner.
class Root {
 public:
  explicit Root(const std::map<std::string, std::string>& files) {
    std::string name = (fs::temp_directory_path() / "gantry-cpus-XXXXXX").string();
    REQUIRE(::mkdtemp(name.data()) != nullptr);
    path_ = name;
    for (const auto& [file, text] : files) {
      fs::create_directories((path_ / file).parent_path());
      std::ofstream(path_ / file) << text << '\n';
    }
  }
  Root(const Root&) = delete;
  Root& operator=(const Root&) = delete;
  ~Root() { fs::remove_all(path_); }

  [[nodiscard]] const fs::path& path() const { return path_; }

 private:
  fs::path path_;
};

signature::Plugin plugin(const std::string& name) {
  return {name, "1.0.0", "", "/lib" + name + ".so", {}, {}, {}};
}

}  // namespace

TEST_CASE("CPUs that a cgroup allows") {
  struct Case {
    const char* name;
    std::map<std::string, std::string> files;
    std::optional<unsigned> cpus;
  };
  const std::string v2 = "sys/fs/cgroup/";
  const std::vector<Case> cases{
      {"nothing there", {}, {}},
      {"v2, no quota", {{"proc/self/cgroup", "0::/a"}, {v2 + "a/cpu.max", "max 100000"}}, {}},
      {"v2, rounded up", {{"proc/self/cgroup", "0::/a"}, {v2 + "a/cpu.max", "150000 100000"}}, 2},
      {"v2, exact", {{"proc/self/cgroup", "0::/a"}, {v2 + "a/cpu.max", "300000 100000"}}, 3},
      {"v2, less than one", {{"proc/self/cgroup", "0::/a"}, {v2 + "a/cpu.max", "10000 100000"}}, 1},
      {"v2, the parent allows less",
       {{"proc/self/cgroup", "0::/a/b"}, {v2 + "a/b/cpu.max", "800000 100000"}, {v2 + "a/cpu.max", "200000 100000"}},
       2},
      {"v2, the child allows less",
       {{"proc/self/cgroup", "0::/a/b"}, {v2 + "a/b/cpu.max", "100000 100000"}, {v2 + "a/cpu.max", "200000 100000"}},
       1},
      {"v2, in a container that sees only its own",
       {{"proc/self/cgroup", "0::/x/y"}, {v2 + "cpu.max", "400000 100000"}},
       4},
      {"v2 beside v1", {{"proc/self/cgroup", "1:cpu:/\n0::/a"}, {v2 + "unified/a/cpu.max", "200000 100000"}}, 2},
      {"v1",
       {{"proc/self/cgroup", "4:cpu,cpuacct:/a"},
        {v2 + "cpu,cpuacct/a/cpu.cfs_quota_us", "250000"},
        {v2 + "cpu,cpuacct/a/cpu.cfs_period_us", "100000"}},
       3},
      {"v1, mounted as cpu",
       {{"proc/self/cgroup", "4:cpuacct,cpu:/"},
        {v2 + "cpu/cpu.cfs_quota_us", "500000"},
        {v2 + "cpu/cpu.cfs_period_us", "100000"}},
       5},
      {"v1, no quota",
       {{"proc/self/cgroup", "4:cpu:/"}, {v2 + "cpu/cpu.cfs_quota_us", "-1"}, {v2 + "cpu/cpu.cfs_period_us", "100000"}},
       {}},
      {"v1, another controller", {{"proc/self/cgroup", "4:cpuset:/"}, {v2 + "cpuset/cpu.cfs_quota_us", "100"}}, {}},
      {"not a number", {{"proc/self/cgroup", "0::/a"}, {v2 + "a/cpu.max", "many 100000"}}, {}},
      {"a period of nothing", {{"proc/self/cgroup", "0::/a"}, {v2 + "a/cpu.max", "100000 0"}}, {}},
  };
  for (const Case& each : cases) {
    INFO(each.name);
    const Root root(each.files);
    CHECK(pool::quota_cpus(root.path()) == each.cpus);
  }
  CHECK(pool::usable_cpus() >= 1);
  CHECK(pool::usable_cpus() <= pool::affinity_cpus());
}

TEST_CASE("loading: the order of messages") {
  pool::Loading loading(2);
  CHECK_FALSE(loading.busy_with());
  CHECK(loading.accept(wire::Loaded{0, plugin("a")}).error().sentence == "it did not say hello first");
  REQUIRE(loading.accept(wire::Hello{}));
  CHECK(loading.accept(wire::Hello{}).error().sentence == "it said hello twice");
  CHECK(loading.busy_with() == 0U);
  REQUIRE(loading.accept(wire::Refused{0, "no"}));
  CHECK(loading.accept(wire::Loaded{0, plugin("a")}).error().sentence == "it answered twice for one plugin");
  CHECK(loading.accept(wire::Loaded{2, plugin("a")}).error().sentence ==
        "it answered for a plugin that it was not asked about");
  CHECK(loading.accept(wire::ReadyToRun{}).error().sentence ==
        "it said that it was ready before it had answered for all plugins");
  CHECK(loading.busy_with() == 1U);
  REQUIRE(loading.accept(wire::Loaded{1, plugin("b")}));
  CHECK_FALSE(loading.busy_with());
  CHECK_FALSE(loading.ready());
  REQUIRE(loading.accept(wire::ReadyToRun{}));
  CHECK(loading.ready());
  CHECK(*loading.refused(0) == "no");
  CHECK(loading.loaded(0) == nullptr);
  CHECK(loading.loaded(1)->name == "b");
  CHECK(loading.accept(wire::ReadyToRun{}).error().sentence == "it sent a message after it was ready");
}

TEST_CASE("loading: plugins begin once all are loaded, each once, and then the worker is ready") {
  signature::Plugin keeper = plugin("keeper");
  keeper.begin.emplace();
  pool::Loading loading(3);
  REQUIRE(loading.accept(wire::Hello{}));
  REQUIRE(loading.accept(wire::Loaded{0, plugin("plain")}));
  REQUIRE(loading.accept(wire::Loaded{1, keeper}));
  CHECK_FALSE(loading.answered());
  CHECK_FALSE(loading.beginning());
  CHECK(loading.accept(wire::Begun{1}).error().sentence == "a plugin began before it had answered for all plugins");
  REQUIRE(loading.accept(wire::Loaded{2, keeper}));
  CHECK(loading.answered());
  CHECK(loading.beginning() == 1U);
  CHECK(loading.accept(wire::ReadyToRun{}).error().sentence ==
        "it said that it was ready before all plugins had begun");
  for (const std::uint32_t none : {0U, 3U}) {
    CHECK(loading.accept(wire::Begun{none}).error().sentence ==
          "it says of a plugin that has no begin that it has begun");
  }
  REQUIRE(loading.accept(wire::Begun{1}));
  CHECK(loading.accept(wire::Begun{1}).error().sentence == "it said twice that a plugin has begun");
  CHECK(loading.beginning() == 2U);
  CHECK_FALSE(loading.failure());
  REQUIRE(loading.accept(wire::NotBegun{2, "no file"}));
  REQUIRE(loading.failure());
  CHECK(loading.failure()->position == 2);
  CHECK(loading.failure()->sentence == "no file");
  CHECK_FALSE(loading.beginning());
  CHECK_FALSE(loading.ready());
}

TEST_CASE("the same offer is the same functions, whatever was built when") {
  const signature::Plugin one = plugin("a");
  signature::Plugin other = one;
  other.build = "another compiler";
  CHECK(pool::same_offer(one, other));
  other.functions.push_back({"f", "", {}, 0, 0});
  CHECK_FALSE(pool::same_offer(one, other));
  signature::Plugin third = other;
  third.functions.front().signature.parameters.push_back({"x", {}, {}});
  CHECK_FALSE(pool::same_offer(other, third));
}
