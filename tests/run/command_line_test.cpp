// The command line: verbs, flags, precedence, formats, exit codes.
#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>

#include "run/command.hpp"

namespace {

using namespace gantry::tests;

const std::string kUnruly = GANTRY_BUILD "/tests/plugins";
const std::string kConfigs = GANTRY_SOURCE "/configs/";

}  // namespace

TEST_CASE("a file with five errors shows five, in one pass, with exit code 3 and nothing run") {
  const Folder folder;
  folder.write("five.yaml",
               "gantry: 1\n"
               "plugins: [primes, std]\n"
               "steps:\n"
               "  - id: a\n"
               "    call: primes.cuont\n"
               "  - id: b\n"
               "    call: primes.count\n"
               "    args: {low: 1, hihg: 2}\n"
               "  - id: c\n"
               "    call: primes.nth\n"
               "    args: {n: -5}\n"
               "    timout: 3s\n"
               "  - id: d\n"
               "    call: std.sum\n"
               "    args: {values: $nothing}\n");
  for (const char* verb : {"check", "run"}) {
    const Ended ended = command_line({verb, "five.yaml"}, folder.path());
    INFO(ended.err);
    CHECK(ended.code == 3);
    CHECK(ended.out.empty());
    std::size_t errors = 0;
    for (std::size_t at = 0; (at = ended.err.find(": error[E", at)) != std::string::npos; ++at) ++errors;
    CHECK(errors == 5);
    for (const char* place :
         {"five.yaml:5:11: ", "five.yaml:8:20: ", "five.yaml:11:15: ", "five.yaml:12:5: ", "five.yaml:15:20: "}) {
      CHECK(ended.err.find(place) != std::string::npos);
    }
  }
}

TEST_CASE("every error of usage is 2, and help is 0") {
  const std::vector<std::vector<std::string>> wrong = {
      {},
      {"fly"},
      {"run"},
      {"run", "x.yaml", "--wings"},
      {"run", "x.yaml", "-j", "0"},
      {"run", "x.yaml", "-j", "many"},
      {"run", "x.yaml", "--timeout", "5"},
      {"run", "x.yaml", "--seed", "-1"},
      {"run", "x.yaml", "-o", "xml"},
      {"run", kConfigs + "primes.yaml", "--set", "low"},
      {"run", kConfigs + "squares.yaml", "--order", "done", "-o", "json"},
      {"call", "primes"},
      {"call", "primes.nth", "20"},
      {"call", "primes.nth", "n=20", "n=21"},
  };
  for (const auto& words : wrong) {
    const Ended ended = command_line(words);
    INFO((words.empty() ? "(nothing)" : words.back()) << "\n" << ended.err);
    CHECK(ended.code == 2);
    CHECK_FALSE(ended.err.empty());
    CHECK(ended.out.empty());
  }
  for (const char* verb : {"run", "check", "plan", "inspect", "call", "scale", "version"}) {
    const Ended ended = command_line({verb, "--help"});
    CHECK(ended.code == 0);
    CHECK(ended.out.find("gantry " + std::string(verb)) != std::string::npos);
  }
}

TEST_CASE("a pipeline that cannot be read is 3 and says why") {
  const std::pair<const char*, const char*> rows[] = {
      {"none.yaml", "none.yaml"}, {"/dev/null", "/dev/null"}, {".", "directory"}};
  for (const auto& [file, part] : rows) {
    const Ended ended = command_line({"run", file}, "/");
    INFO(file << ": " << ended.err);
    CHECK(ended.code == 3);
    CHECK(ended.err.find(part) != std::string::npos);
  }
}

TEST_CASE("call runs one task and prints its bare value") {
  const Folder folder;
  folder.write("points.json", R"([{"x": 1.5, "tags": [1]}, {"x": 2.5, "tags": []}])");
  struct Row {
    std::vector<std::string> words;
    int code;
    std::string out;
  };
  const Row rows[] = {
      {{"call", "primes.count", "low=100000000", "high=100001000"}, 0, "54\n"},
      {{"call", "std.sum", "values=[1, 2, 3]"}, 0, "6\n"},
      {{"call", "std.sum", "values=[1.5, 2]"}, 0, "3.5\n"},
      {{"call", "unruly.mean", "points=@points.json"}, 0, "2\n"},
      {{"call", "unruly.shift", "point={x: 1, tags: [7]}"}, 0, "{\"x\":2,\"tags\":[7]}\n"},
      {{"call", "unruly.text", "value=costs $5 and more"}, 0, "\"costs $5 and more\"\n"},
      {{"call", "unruly.text", "value=$params.x"}, 0, "\"$params.x\"\n"},
      {{"call", "unruly.small", "x=300"}, 3, ""},
      {{"call", "unruly.nothing"}, 3, ""},
      {{"call", "nothing.at"}, 4, ""},
      {{"call", "unruly.task", "n=1", "bad=1", "how=fails"}, 1, ""},
  };
  for (const Row& row : rows) {
    std::vector<std::string> words = row.words;
    words.insert(words.end(), {"--plugin-path", kUnruly});
    const Ended ended = command_line(words, folder.path());
    INFO(row.words.back() << "\n" << ended.err);
    CHECK(ended.code == row.code);
    CHECK(ended.out == row.out);
    CHECK(ended.err.empty() == (row.code == 0));
  }
}

TEST_CASE("inspect lists functions with types, defaults and docs, as text and as JSON") {
  const Ended text = command_line({"inspect", "unruly", "--plugin-path", kUnruly});
  CHECK(text.code == 0);
  const Ended configured = command_line({"inspect", "keeper", "--plugin-path", kUnruly});
  CHECK(configured.out.find("  configuration (file: str = \"\", how: (") != std::string::npos);
  CHECK(text.out.find("unruly 1.0.0  " + kUnruly + "/libunruly.so\n") == 0);
  CHECK(text.out.find("  shift(point: {x: f64, tags: [u8]}, by: f64 = 1.0) -> {x: f64, tags: [u8]}\n") !=
        std::string::npos);
  const Ended json = command_line({"inspect", "-o", "json"});
  const auto all = nlohmann::json::parse(json.out);
  CHECK(all["plugins"].size() == 12);
  CHECK(all["plugins"][0]["name"] == "files");
  CHECK(all["refused"].empty());
}

TEST_CASE("flags win over the environment, which wins over the file") {
  const Folder folder;
  folder.write("seeded.yaml",
               "gantry: 1\nplugins: [montecarlo]\nrun: {seed: 1}\nsteps:\n  - id: a\n    call: montecarlo.pi\n"
               "    args: {samples: 1000}\n");
  const auto value = [&](std::vector<std::string> flags, std::vector<std::string> environment) {
    Command command;
    command.words = {GANTRY_BUILD "/bin/gantry", "run", "seeded.yaml"};
    command.words.insert(command.words.end(), flags.begin(), flags.end());
    command.environment = std::move(environment);
    command.folder = folder.path();
    const Ended ended = run(command);
    CHECK(ended.code == 0);
    return ended.out;
  };
  const std::string one = value({}, {});
  const std::string two = value({"--seed", "2"}, {});
  CHECK(one != two);
  CHECK(value({}, {"GANTRY_SEED=2"}) == two);
  CHECK(value({"--seed", "1"}, {"GANTRY_SEED=2"}) == one);
  CHECK(value({}, {}) == one);
}

TEST_CASE("formats: the same results as text, JSON, NDJSON, CSV") {
  const std::string file = kConfigs + "square_sum.yaml";
  CHECK(command_line({"run", file, "-o", "json"}).out ==
        "{\"version\": 1, \"steps\": {\"sums\": [5500, 33000]}, \"failed\": []}\n");
  CHECK(command_line({"run", file, "-o", "ndjson"}).out ==
        "{\"id\": \"sums[0]\", \"step\": \"sums\", \"index\": 0, \"status\": \"ok\", \"value\": 5500}\n"
        "{\"id\": \"sums[1]\", \"step\": \"sums\", \"index\": 1, \"status\": \"ok\", \"value\": 33000}\n");
  CHECK(command_line({"run", file, "-o", "none"}).out.empty());
  const Ended csv = command_line({"run", file, "-o", "csv"});
  CHECK(csv.code == 0);
  CHECK(csv.out.find("5500") != std::string::npos);
  const Ended done = command_line({"run", kConfigs + "sleepy.yaml", "--order", "done", "-j", "10"});
  CHECK(done.code == 0);
  CHECK(done.out.starts_with("naps[0] = 0.1\n"));
}

TEST_CASE("a pipeline comes from stdin too, and the text is the file's") {
  Command command;
  command.words = {"/bin/sh", "-c",
                   "cat " GANTRY_SOURCE "/configs/square_sum.yaml | " GANTRY_BUILD "/bin/gantry run -"};
  CHECK(run(command).out == "sums[0] = 5500\nsums[1] = 33000\n");
}
