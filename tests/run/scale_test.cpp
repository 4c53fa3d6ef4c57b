// `gantry scale` from outside.
#include <catch2/catch.hpp>
#include <csignal>
#include <nlohmann/json.hpp>
#include <sstream>
#include <thread>

#include "pool/cpus.hpp"
#include "run/command.hpp"

namespace {

using namespace gantry::tests;

const std::string kUnruly = GANTRY_BUILD "/tests/plugins";

const std::string kSums =
    "gantry: 1\nplugins: [numbers]\nsteps:\n  - id: sums\n    call: numbers.sum_below\n"
    "    each: {_copy: {range: [0, 4]}}\n    args: {n: 200000}\n";

double sum(const nlohmann::json& parts) {
  double all = 0;
  for (const auto& part : parts) all += part.get<double>();
  return all;
}

std::string unruly_step(const std::string& text) {
  return "gantry: 1\nplugins: [unruly]\nsteps:\n  - id: a\n    " + text + "\n";
}

}  // namespace

TEST_CASE("scale prints a table for each thing it measured") {
  const Folder folder;
  folder.write("sums.yaml", kSums);
  const Ended ended = command_line({"scale", "sums.yaml", "--workers", "2,1", "--repeats", "1"}, folder.path());
  INFO(ended.out << ended.err);
  CHECK(ended.code == 0);
  CHECK(ended.out.starts_with("sums.yaml: 1 run at each size, "));
  std::vector<std::string> beginnings;  // of the lines: the first word
  std::istringstream lines(ended.out);
  for (std::string line, word; std::getline(lines, line);) {
    std::istringstream words(line);
    if (words >> word) beginnings.push_back(word);
  }
  REQUIRE(beginnings.size() >= 16);
  CHECK(std::vector<std::string>(beginnings.begin(), beginnings.begin() + 16) ==
        std::vector<std::string>{"sums.yaml:", "workers", "1", "2", "Where", "workers", "1", "2", "start:", "Where",
                                 "workers", "1", "2", "start:", "Speed-up", "Serial"});
  CHECK(ended.err.empty() == (gantry::pool::usable_cpus() >= 2));
}

TEST_CASE("scale's parts of time add up to the times") {
  const Folder folder;
  folder.write("sums.yaml", kSums);
  const Ended ended =
      command_line({"scale", "sums.yaml", "--workers", "1,3", "--repeats", "2", "-o", "json"}, folder.path());
  INFO(ended.out << ended.err);
  REQUIRE(ended.code == 0);
  const auto json = nlohmann::json::parse(ended.out);
  CHECK(json["file"] == "sums.yaml");
  CHECK(json["cpus"] == gantry::pool::usable_cpus());
  CHECK(json["repeats"] == 2);
  REQUIRE(json["sizes"].size() == 2);
  for (const auto& size : json["sizes"]) {
    REQUIRE(size["seconds"].size() == 2);
    const double mean = sum(size["seconds"]) / 2;
    CHECK(sum(size["host"]) == Approx(mean).epsilon(1e-6));
    CHECK(sum(size["workers_time"]) == Approx(mean * size["workers"].get<double>()).epsilon(1e-6));
    for (const char* part : {"start", "encode", "decode"}) CHECK(size["host"][part] > 0.0);
    // On a busy machine an earlier task may be awaited whenever the host sleeps, and a lease be all computing.
    CHECK(size["host"]["wait"].get<double>() + size["host"]["order_wait"].get<double>() > 0.0);
    for (const char* part : {"start", "compute"}) CHECK(size["workers_time"][part] > 0.0);
    CHECK(size["workers_time"]["queue"] >= 0.0);
  }
}

TEST_CASE("scale writes its chart and its page into a file") {
  const Folder folder;
  folder.write("sums.yaml", kSums);
  for (const auto& [form, start] : {std::pair{"svg", "<svg "}, std::pair{"html", "<!DOCTYPE html>"}}) {
    const Ended ended = command_line({"scale", "sums.yaml", "--workers", "1,2", "--repeats", "1", "-o", form,
                                      "--output-file", "scale.out", "--set", "unused=1"},
                                     folder.path());
    CHECK(ended.code == 3);  // --set is heard: the file has no such param
    const Ended good = command_line(
        {"scale", "sums.yaml", "--workers", "1,2", "--repeats", "1", "-o", form, "--output-file", "scale.out"},
        folder.path());
    INFO(good.err);
    CHECK(good.code == 0);
    CHECK(good.out.empty());
    CHECK(read_file(folder.path() / "scale.out").starts_with(start));
  }
}

TEST_CASE("scale without --workers takes 1, 2 and so on to the CPUs") {
  const Folder folder;
  folder.write("sums.yaml", kSums);
  const Ended ended = command_line({"scale", "sums.yaml", "--repeats", "1", "-o", "json"}, folder.path());
  REQUIRE(ended.code == 0);
  const auto sizes = nlohmann::json::parse(ended.out)["sizes"];
  CHECK(sizes[0]["workers"] == 1);
  CHECK(sizes[1]["workers"] == 2);
  CHECK(sizes.back()["workers"] == std::max(2U, gantry::pool::usable_cpus()));
}

TEST_CASE("what scale cannot do is said in one sentence") {
  const Folder folder;
  folder.write("sums.yaml", kSums);
  folder.write("typo.yaml", unruly_step("call: unruly.tsak"));
  folder.write("missing.yaml", "gantry: 1\nplugins: [nothing]\nsteps:\n  - id: a\n    call: nothing.at\n");
  folder.write("fails.yaml", unruly_step("call: unruly.task\n    args: {n: 1, bad: 1, how: fails}"));
  folder.write("differs.yaml", unruly_step("call: unruly.process"));
  folder.write("late.yaml",
               unruly_step("call: unruly.task\n    args: {n: 1, bad: 1, how: hangs}") + "run: {deadline: 300ms}\n");
  struct Row {
    std::vector<std::string> words;
    int code;
    std::string part;  ///< of stderr
  };
  const Row rows[] = {
      {{"sums.yaml", "--workers", "0"}, 2, "--workers: \"0\" is not a whole number from 1 to 1024\n"},
      {{"sums.yaml", "--workers", "1,two"}, 2, "--workers: \"two\" is not a whole number from 1 to 1024\n"},
      {{"sums.yaml", "--workers", "1,2,1025"}, 2, "--workers: \"1025\" is not a whole number from 1 to"},
      {{"sums.yaml", "--workers", "1,,2"}, 2, "--workers: \"\" is not a whole number from 1 to 1024\n"},
      {{"sums.yaml", "--workers", "4,2,4"}, 2, "--workers: \"4\" is there twice\n"},
      {{"sums.yaml", "--repeats", "0"}, 2, "--repeats: \"0\" is not a whole number from 1 to 1000\n"},
      {{"sums.yaml", "--mode", "fork"}, 2, "--mode: \"fork\" is not process or thread\n"},
      {{"sums.yaml", "-o", "png"}, 2, "--output: "},
      {{"sums.yaml", "--set", "n"}, 2, "--set: \"n\" is not of the form name=value\n"},
      {{"-"}, 2, "gantry: error: -: the pipeline is read again for every run: write it to a file\n"},
      {{"none.yaml"}, 3, "gantry: error: none.yaml: there is no such file; "},
      {{"typo.yaml"}, 3, "typo.yaml:5:11: error[E0502]: unruly has no function `tsak`\n"},
      {{"missing.yaml"}, 4, "missing.yaml:2:11: error[E0510]: "},
      {{"fails.yaml", "--workers", "1,2"},
       1,
       "gantry: error: run 1 of 6, with 1 worker: tasks ended without a value, so its time is not compared\n"},
      {{"differs.yaml", "--workers", "2,1"},
       1,
       "gantry: error: run 2 of 6, with 1 worker: its results differ from those of run 1: a 1 ok 0 error "},
      {{"late.yaml"}, 6, "with 1 worker: the run's deadline came before its end, so there are no times to compare\n"},
      {{"sums.yaml", "--workers", "1,2", "--repeats", "1", "--output-file", "no/folder"}, 5, "gantry: error: "},
  };
  for (const Row& row : rows) {
    std::vector<std::string> words{"scale"};
    words.insert(words.end(), row.words.begin(), row.words.end());
    words.insert(words.end(), {"--plugin-path", kUnruly});
    const Ended ended = command_line(words, folder.path());
    INFO(row.part << "\n" << ended.err);
    CHECK(ended.code == row.code);
    CHECK(ended.out.empty());
    CHECK(ended.err.find(row.part) != std::string::npos);
  }
}

TEST_CASE("errors of a pipeline are those that run prints") {
  const Folder folder;
  folder.write("typo.yaml", unruly_step("call: unruly.tsak"));
  for (const char* form : {"text", "json"}) {
    const auto told = [&](const char* verb) {
      return command_line({verb, "typo.yaml", "--plugin-path", kUnruly, "--diagnostics", form}, folder.path()).err;
    };
    CHECK(told("scale") == told("run"));
  }
}

TEST_CASE("an interrupted scale ends at once with 130 and nothing on stdout") {
  const Folder folder;
  folder.write("hangs.yaml", unruly_step("call: unruly.task\n    args: {n: 1, bad: 1, how: hangs}"));
  Command command;
  const std::string program = GANTRY_BUILD "/bin/gantry";
  command.words = {program, "scale", "hangs.yaml", "--workers", "1,1024", "--plugin-path", kUnruly};
  command.folder = folder.path();
  Started started(command);
  REQUIRE(started.says("1024 workers share"));
  std::this_thread::sleep_for(std::chrono::milliseconds(500));  // into the first run
  started.signal(SIGINT);
  const Ended ended = started.wait();
  INFO(ended.err);
  CHECK(ended.code == 130);
  CHECK(ended.out.empty());
}
