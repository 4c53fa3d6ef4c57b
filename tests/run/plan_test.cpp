// `gantry plan` from outside: what it says of real pipelines, and of whom each setting comes from.
#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>

#include "run/command.hpp"

namespace {

using namespace gantry::tests;
using nlohmann::json;

const std::string configs = GANTRY_SOURCE "/configs/";

json planned(std::vector<std::string> words, std::vector<std::string> environment = {}) {
  Command command;
  command.words = {GANTRY_BUILD "/bin/gantry", "plan", "--format", "json"};
  command.words.insert(command.words.end(), words.begin(), words.end());
  command.environment = std::move(environment);
  const Ended ended = run(command);
  INFO(ended.err);
  REQUIRE(ended.code == 0);
  CHECK(ended.err.empty());
  return json::parse(ended.out);
}

/// "2 --workers".
std::string said(const json& plan, const std::string& group, const std::string& name) {
  const json& setting = plan[group][name];
  return setting["value"].get<std::string>() + " " + setting["from"].get<std::string>();
}

}  // namespace

TEST_CASE("every config has a plan in every form") {
  std::size_t configs_seen = 0;
  for (const auto& entry : std::filesystem::directory_iterator(configs)) {
    if (entry.path().extension() != ".yaml") continue;
    ++configs_seen;
    for (const char* format : {"text", "json", "dot", "mermaid"}) {
      const Ended ended = command_line({"plan", entry.path().string(), "--format", format});
      INFO(entry.path() << "\n" << ended.err);
      CHECK(ended.code == 0);
      CHECK_FALSE(ended.out.empty());
    }
  }
  CHECK(configs_seen >= 17);
}

TEST_CASE("each setting says whose it is: flag before environment before file before default") {
  const Folder folder;
  const std::string file = folder.write("p.yaml",
                                        "gantry: 1\nplugins: [primes]\nparams: {low: 10, high: 20}\n"
                                        "run: {workers: 3, timeout: 90s, retries: 1, seed: 5}\n"
                                        "steps:\n  - {id: a, call: primes.count, retries: 4, timeout: 1.5s,\n"
                                        "     args: {low: $params.low, high: $params.high}}\n");
  const json plain = planned({file});
  CHECK(said(plain, "settings", "workers") == "3 file");
  CHECK(said(plain, "settings", "mode") == "process default");
  CHECK(said(plain, "settings", "timeout") == "90 s file");
  CHECK(said(plain, "settings", "deadline") == "none default");
  CHECK(said(plain, "settings", "grace") == "10 s default");
  CHECK(said(plain, "settings", "retries") == "1 file");
  CHECK(said(plain, "settings", "seed") == "5 file");
  CHECK(said(plain, "params", "low") == "10 file");
  CHECK(plain["steps"][0]["settings"] == json::parse(R"({"timeout": {"value": "1.5 s", "from": "file"},
                                                         "retries": {"value": "4", "from": "file"}})"));
  const json said_so =
      planned({file, "-j", "2", "--deadline", "2h", "--set", "low=7", "--seed", "6", "--mode", "thread"},
              {"GANTRY_GRACE=1s", "GANTRY_RETRIES=9", "GANTRY_SEED=8", "GANTRY_TIMEOUT=3m"});
  CHECK(said(said_so, "settings", "workers") == "2 --workers");
  CHECK(said(said_so, "settings", "mode") == "thread --mode");
  CHECK(said(said_so, "settings", "timeout") == "180 s GANTRY_TIMEOUT");
  CHECK(said(said_so, "settings", "deadline") == "7200 s --deadline");
  CHECK(said(said_so, "settings", "grace") == "1 s GANTRY_GRACE");
  CHECK(said(said_so, "settings", "retries") == "9 GANTRY_RETRIES");
  CHECK(said(said_so, "settings", "seed") == "6 --seed");
  CHECK(said(said_so, "params", "low") == "7 --set");
  CHECK(said(said_so, "params", "high") == "20 file");
}

TEST_CASE("a plan counts tasks, names edges, sizes memory and says where pinned values keep their users") {
  const json primes = planned({configs + "primes.yaml"});
  CHECK(primes["tasks"] == 201);
  CHECK(primes["steps"][0]["kept_bytes"] == 1600);
  CHECK(primes["steps"][1]["edges"] ==
        json::parse(R"([{"from": "counts", "kind": "keep", "element": null, "within": false}])"));
  const json session = planned({configs + "session.yaml"});
  CHECK(session["steps"][0]["settings"]["chunk"] == json::parse(R"({"value": "1", "from": "plan"})"));
  CHECK(session["steps"][1]["notes"] ==
        json::array({"each task runs in the worker that has its value of databases (pinned)"}));
}

TEST_CASE("a plan of what is wrong is what check says of it") {
  const Folder folder;
  const std::string file =
      folder.write("p.yaml", "gantry: 1\nplugins: [primes]\nsteps:\n  - {id: a, call: primes.cuont}\n");
  const Ended planned = command_line({"plan", file});
  const Ended checked = command_line({"check", file});
  CHECK(planned.code == 3);
  CHECK(planned.out.empty());
  CHECK(planned.err == checked.err);
  CHECK(command_line({"plan", file, "--format", "svg"}).code == 2);
  CHECK(command_line({"plan", folder.path() / "none.yaml"}).code == 3);
}
