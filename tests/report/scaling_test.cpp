// Scaling reports as text, JSON and sentences, from synthetic measurements.
#include "report/scaling.hpp"

#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>

#include "report/scaling_forms.hpp"
#include "report/scaling_table.hpp"
#include "scaling_paper.hpp"

namespace {

using namespace gantry::report;
using scaling_paper::example;

/// As measured, but with other times.
Scaling timed(const std::vector<std::pair<unsigned, std::vector<double>>>& sizes, unsigned cpus) {
  Scaling scaling;
  scaling.cpus = cpus;
  for (const auto& [workers, seconds] : sizes) scaling.sizes.push_back({workers, seconds, {}});
  fit(scaling);
  return scaling;
}

}  // namespace

TEST_CASE("medians, speed-up and efficiency") {
  const Scaling scaling = timed({{2, {4.0, 2.0, 3.0}}, {4, {2.0, 1.0}}, {8, {1.0}}}, 8);
  CHECK(scaling.sizes[0].median() == 3.0);
  CHECK(scaling.sizes[0].fastest() == 2.0);
  CHECK(scaling.sizes[0].slowest() == 4.0);
  CHECK(scaling.sizes[1].median() == 1.5);
  CHECK(scaling.speedup(scaling.sizes[0]) == 1.0);
  CHECK(scaling.speedup(scaling.sizes[1]) == 2.0);
  CHECK(scaling.speedup(scaling.sizes[2]) == 3.0);
  CHECK(scaling.efficiency(scaling.sizes[1]) == 1.0);
  CHECK(scaling.efficiency(scaling.sizes[2]) == 0.75);
}

TEST_CASE("the text is exact") {
  CHECK(scaling_text(example()) ==
        "sums.yaml: 3 runs at each size, 2 CPUs\n"
        "\n"
        "workers   median  fastest  slowest  speed-up  efficiency\n"
        "      1  3.000 s  2.900 s  3.100 s      1.00     100.0 %\n"
        "      2  1.600 s  1.500 s  1.700 s      1.88      93.8 %\n"
        "      4  1.500 s  1.400 s  1.600 s      2.00      50.0 %\n"
        "\n"
        "Where the workers' time went, of workers × time:\n"
        "workers  start  compute  queue   idle\n"
        "      1  1.0 %   98.0 %  1.0 %  0.0 %\n"
        "      2  1.9 %   94.1 %  0.9 %  3.1 %\n"
        "      4  2.7 %   93.5 %  0.5 %  3.3 %\n" +
            std::string(kWorkersNote) +
            "\n\n"
            "Where the host's time went, of the time:\n"
            "workers  start  encode  decode  order wait    wait\n"
            "      1  1.0 %   0.3 %   0.7 %       0.0 %  98.0 %\n"
            "      2  1.9 %   0.6 %   1.3 %       6.2 %  90.0 %\n"
            "      4  2.7 %   0.7 %   1.3 %      13.3 %  82.0 %\n" +
            std::string(kHostNote) +
            "\n\n"
            "Speed-up and efficiency are against 1 worker.\n"
            "Serial fraction s = 0.0627 ± 0.0435 (standard error): Amdahl's law (1967), T(n) = T1 (s + (1 - s)/n), "
            "fitted to 6 runs at 1 and 2 workers.\n"
            "At most 16 times as fast, however many workers. Within one standard error: 9.42 to 52.2 times.\n"
            "The fit leaves out 4 workers: more than the 2 CPUs.\n");
}

TEST_CASE("shares add up to 100.0 %, and their seconds to the mean time") {
  const Scaling scaling = example();
  for (const ScaleSize& size : scaling.sizes) {
    double mean = 0;
    for (const double seconds : size.seconds) mean += seconds / static_cast<double>(size.seconds.size());
    for (const auto& shares : {host_shares(size), worker_shares(size)}) {
      const double whole = shares.size() == 5 ? mean : mean * size.workers;
      double seconds = 0;
      unsigned tenths = 0;
      for (const Share& share : shares) {
        seconds += share.seconds;
        tenths += share.tenths;
      }
      CHECK(seconds == Approx(whole));
      CHECK(tenths == 1000);
    }
  }
  ScaleSize thirds{1, {3.0}, {}};
  thirds.spent.workers.start = thirds.spent.workers.compute = thirds.spent.workers.queue = std::chrono::seconds(1);
  const auto shares = worker_shares(thirds);
  CHECK(shares[0].tenths == 334);
  CHECK(shares[1].tenths == 333);
  CHECK(shares[2].tenths == 333);
  CHECK(shares[3].tenths == 0);
}

TEST_CASE("JSON has every number") {
  Scaling scaling = example();
  scaling.file = "a \"b\"\n\xff.yaml";
  const auto json = nlohmann::json::parse(scaling_json(scaling));
  CHECK(json["version"] == 1);
  CHECK(json["file"] == "a \"b\"\n\xef\xbf\xbd.yaml");
  CHECK(json["cpus"] == 2);
  CHECK(json["repeats"] == 3);
  REQUIRE(json["sizes"].size() == 3);
  const auto& two = json["sizes"][1];
  CHECK(two["workers"] == 2);
  CHECK(two["seconds"] == nlohmann::json({1.6, 1.5, 1.7}));
  CHECK(two["median"] == 1.6);
  CHECK(two["speedup"] == Approx(1.875));
  CHECK(two["efficiency"] == Approx(0.9375));
  CHECK(two["host"].size() == 5);
  CHECK(two["host"]["order_wait"] == Approx(0.1));
  CHECK(two["host"]["wait"] == Approx(1.44));
  CHECK(two["workers_time"].size() == 4);
  CHECK(two["workers_time"]["compute"] == Approx(3.01));
  CHECK(json["fit"]["serial_fraction"] == scaling.fit->serial_fraction);
  CHECK(json["fit"]["standard_error"] == *scaling.fit->standard_error);
  CHECK(json["fit"]["sizes"] == nlohmann::json({1, 2}));
  CHECK(nlohmann::json::parse(scaling_json(timed({{3, {1.0}}}, 8)))["fit"].is_null());
  CHECK(nlohmann::json::parse(scaling_json(timed({{1, {1.0}}, {2, {0.5}}}, 8)))["fit"]["standard_error"].is_null());
}

TEST_CASE("a fit keeps to the CPUs if it can") {
  using Sizes = std::vector<unsigned>;
  const auto used = [](const Sizes& sizes, unsigned cpus) {
    std::vector<ScaleSize> all;
    for (const unsigned size : sizes) all.push_back({size, {1.0}, {}});
    return sizes_to_fit(all, cpus);
  };
  CHECK(used({1, 2, 4, 8}, 4) == Sizes{1, 2, 4});
  CHECK(used({1, 2, 4, 8}, 16) == Sizes{1, 2, 4, 8});
  CHECK(used({1, 4, 8}, 2) == Sizes{1, 4, 8});
  CHECK(used({4}, 2) == Sizes{4});
}

TEST_CASE("what was found is said in plain words") {
  const auto said = [](const Scaling& scaling) {
    std::string all;
    for (const std::string& sentence : findings(scaling)) all += sentence + "\n";
    return all;
  };
  const auto has = [&said](const Scaling& scaling, const std::string& part) {
    const std::string all = said(scaling);
    INFO(all);
    CHECK(all.find(part) != std::string::npos);
  };
  has(timed({{1, {10.0}}, {2, {5.4}}, {4, {3.1}}}, 4),
      "Serial fraction s = 0.0800 ± 0.0000 (standard error): Amdahl's law (1967), T(n) = T1 (s + (1 - s)/n), fitted to "
      "3 runs at 1, 2 and 4 workers.\nAt most 12.5 times as fast, however many workers.\n");
  has(timed({{1, {10.0, 9.0}}, {2, {5.1, 4.8}}}, 4), "times, or more without a limit.\n");
  has(timed({{1, {10.0}}, {2, {4.9}}}, 4), "No serial part shows: these runs set no limit to the speed-up.\n");
  has(timed({{1, {10.0}}, {2, {10.1}}}, 4), "More workers do not make it faster.\n");
  has(timed({{1, {10.0}}, {2, {6.0}}}, 4), "Two runs leave no error to see: use more --repeats.\n");
  has(timed({{4, {10.0, 9.0}}}, 4),
      "Speed-up and efficiency are against 4 workers.\nNo serial fraction was fitted: a fit needs at least two "
      "sizes.\n");
  has(timed({{1, {10.0}}, {4, {6.0}}, {8, {6.0}}}, 2),
      "The fit had to use sizes beyond the 2 CPUs, so it is no measure of the pipeline.\n");
  has(timed({{1, {9.0}}, {2, {5.0}}, {4, {5.0}}, {8, {5.0}}}, 3),
      "The fit leaves out 4 and 8 workers: more than the 3 CPUs.\n");
}

TEST_CASE("sizes over the CPUs are warned of") {
  CHECK(warnings({1, 2}, 2).empty());
  CHECK(warnings({1, 4, 2, 8}, 2) ==
        std::vector<std::string>{"4 workers share 2 CPUs: tasks that compute get no faster beyond 2 workers, and their "
                                 "compute time includes waiting for a CPU.",
                                 "8 workers share 2 CPUs: tasks that compute get no faster beyond 2 workers, and their "
                                 "compute time includes waiting for a CPU."});
  CHECK(warnings({2}, 1) ==
        std::vector<std::string>{"2 workers share 1 CPU: tasks that compute get no faster beyond 1 worker, and their "
                                 "compute time includes waiting for a CPU."});
}
