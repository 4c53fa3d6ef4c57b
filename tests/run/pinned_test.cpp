// Pinned values and open files from outside: right answers wherever tasks run and whoever dies, objects destroyed once
// and in order, and what cannot be made again told as it is.
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <catch2/catch.hpp>
#include <csignal>
#include <nlohmann/json.hpp>
#include <random>
#include <sstream>
#include <thread>

#include "run/command.hpp"

namespace {

using namespace gantry::tests;
using nlohmann::json;

const char* const kModes[] = {"process", "thread"};

Ended run_text(const std::string& text, std::vector<std::string> flags, const Folder& folder) {
  folder.write("p.yaml", text);
  std::vector<std::string> words{"run", "p.yaml", "--plugin-path", GANTRY_BUILD "/tests/plugins", "--progress", "none"};
  words.insert(words.end(), flags.begin(), flags.end());
  return command_line(words, folder.path());
}

Ended run_steps(const std::string& steps, std::vector<std::string> flags) {
  const Folder folder;
  return run_text("gantry: 1\nplugins: [holder, unruly]\nsteps:\n" + steps, std::move(flags), folder);
}

Ended run_session(const Folder& folder, std::vector<std::string> flags) {
  std::vector<std::string> words{"run",   GANTRY_SOURCE "/configs/session.yaml",       "--progress", "none",
                                 "--set", "files=" + (folder.path() / "base").string()};
  words.insert(words.end(), flags.begin(), flags.end());
  return command_line(words);
}

/// What plain arithmetic makes of configs/session.yaml.
std::uint64_t session_total() {
  std::uint64_t total = 0;
  for (std::uint64_t step = 7; step < 15; step += 2) {
    for (std::uint64_t id = 0; id < 2500; ++id) total += id % 1000 * step % 1000;
  }
  return total;
}

std::vector<std::string> lines_of(const std::string& text) {
  std::vector<std::string> lines;
  std::istringstream from(text);
  for (std::string line; std::getline(from, line);) lines.push_back(line);
  return lines;
}

}  // namespace

TEST_CASE("session: ten thousand queries of four databases give their answer, for any number of workers or threads") {
  std::string digest;
  for (const char* mode : kModes) {
    for (const char* workers : {"1", "2", "4", "8"}) {
      INFO(mode << ", " << workers);
      const Folder folder;
      const Ended text = run_session(folder, {"-j", workers, "--mode", mode});
      INFO(text.err);
      CHECK(text.code == 0);
      CHECK(text.out == "total = " + std::to_string(session_total()) + "\n");
      const Ended digested = run_session(folder, {"-j", workers, "--mode", mode, "-o", "digest"});
      CHECK(digested.code == 0);
      if (digest.empty()) digest = digested.out;
      CHECK(digested.out == digest);
    }
  }
}

TEST_CASE("session: workers that die in the middle are made up for, databases and all") {
  const std::string steps = R"(
  - id: databases
    call: session.open
    each: {step: {range: [7, 15, 2]}}
    args: {path: "base-${step}.db", rows: 1000, step: $step}
  - id: areas
    call: session.number
    each: {database: $databases, id: {range: [0, 2500]}}
    args: {session: $database, sql: "SELECT area FROM shape WHERE id = ? % 1000", values: [$id]}
    output: false
  - id: deaths
    call: unruly.task
    each: {_area: $areas}
    args: {n: $index, bad: 5000, how: segfaults, until: 1}
    retries: 1
    output: false
  - id: more
    call: unruly.task
    each: {_area: $areas}
    args: {n: $index, bad: 1200, how: exits, until: 1}
    retries: 1
    output: false
  - id: total
    call: std.sum
    args: {values: $areas}
)";
  std::string digest;
  for (const char* workers : {"1", "2", "4"}) {
    INFO(workers << " workers");
    const Folder folder;
    const std::string text = "gantry: 1\nplugins: [session, unruly, std]\nsteps:" + steps;
    folder.write("p.yaml", text);
    std::vector<std::string> words{
        "run", "p.yaml", "--plugin-path", GANTRY_BUILD "/tests/plugins:" GANTRY_BUILD "/plugins", "--progress", "none",
        "-j",  workers,  "--timing"};
    const Ended ended = command_line(words, folder.path());
    INFO(ended.err);
    CHECK(ended.code == 0);
    CHECK(ended.out == "total = " + std::to_string(session_total()) + "\n");
    CHECK(ended.err.find("2 workers lost") != std::string::npos);
    words.insert(words.end(), {"-o", "digest"});
    const Ended digested = command_line(words, folder.path());
    if (digest.empty()) digest = digested.out;
    CHECK(digested.out == digest);
    CHECK(digested.out.starts_with("databases 4 ok 0 error 0 skipped 0 not-run xxh3:"));
  }
}

TEST_CASE("workers are killed at random: every task finds its box again") {
  const auto seed = std::random_device{}();
  INFO("seed " << seed);
  std::mt19937 random(seed);
  const Folder folder;
  folder.write("p.yaml",
               "gantry: 1\nplugins: [holder]\nsteps:\n"
               "  - {id: boxes, call: holder.make, each: {n: {range: [0, 5]}}, args: {name: \"box ${n}\"}}\n"
               "  - {id: labels, call: holder.label, each: {box: $boxes}, args: {box: $box}}\n"
               "  - {id: names, call: holder.name, each: {box: $boxes, _n: {range: [0, 60]}}, args: {box: $box, "
               "nap_ms: 4}}\n"
               "  - {id: reads, call: holder.read, each: {label: $labels, _n: {range: [0, 40]}}, args: {label: "
               "$label}}\n");
  const std::string marker = "GANTRY_TEST_PINNED=" + std::to_string(::getpid());
  Command command{{GANTRY_BUILD "/bin/gantry", "run", "p.yaml", "--plugin-path", GANTRY_BUILD "/tests/plugins", "-j",
                   "3", "--progress", "none", "--retries", "100000", "-o", "json"},
                  folder.path(),
                  "",
                  false,
                  "",
                  std::chrono::seconds{120},
                  {marker}};
  Started started(command);
  std::atomic<int> kills = 0;
  std::jthread killer([&](const std::stop_token& stop) {
    while (!stop.stop_requested() && kills < 12) {
      std::this_thread::sleep_for(std::chrono::milliseconds(20 + random() % 30));
      const auto workers = workers_marked(marker);
      if (!workers.empty() && ::kill(workers[random() % workers.size()], SIGKILL) == 0) ++kills;
    }
  });
  const Ended ended = started.wait();
  killer.request_stop();
  killer.join();
  INFO(kills.load() << " kills, stderr: " << ended.err);
  REQUIRE(ended.code == 0);
  CHECK(kills > 3);
  const json steps = json::parse(ended.out).at("steps");
  REQUIRE(steps.at("names").size() == 5 * 60);
  REQUIRE(steps.at("reads").size() == 5 * 40);
  for (std::size_t i = 0; i < 300; ++i) CHECK(steps.at("names")[i] == "box " + std::to_string(i / 60));
  for (std::size_t i = 0; i < 200; ++i) CHECK(steps.at("reads")[i] == "label of box " + std::to_string(i / 40));
}

TEST_CASE("an object is destroyed once, after its last user and what was made from it, by the thread that made it") {
  for (const char* mode : kModes) {
    for (const char* workers : {"1", "3"}) {
      INFO(mode << ", " << workers);
      const Folder folder;
      const std::string diary = (folder.path() / "diary").string();
      const Ended ended = run_text(
          "gantry: 1\nplugins: [holder]\nsteps:\n"
          "  - {id: boxes, call: holder.make, each: {n: {range: [0, 4]}}, args: {path: " +
              diary +
              ", name: \"box ${n}\"}}\n"
              "  - {id: labels, call: holder.label, each: {box: $boxes}, args: {box: $box}}\n"
              "  - {id: alone, call: holder.make, args: {path: " +
              diary +
              ", name: alone}, output: false}\n"
              "  - {id: both, call: holder.both, zip: {label: $labels, box: $boxes}, args: {label: $label, box: "
              "$box}}\n"
              "  - {id: naps, call: holder.name, each: {box: $boxes}, args: {box: $box, nap_ms: 3}}\n"
              "  - {id: third, call: holder.name, args: {box: $boxes.3}}\n",
          {"-j", workers, "--mode", mode}, folder);
      INFO(ended.err);
      CHECK(ended.code == 0);
      CHECK(ended.out ==
            "both[0] = \"label\"\nnaps[0] = \"box 0\"\nboth[1] = \"label\"\nnaps[1] = \"box 1\"\nboth[2] = \"label\"\n"
            "naps[2] = \"box 2\"\nboth[3] = \"label\"\nnaps[3] = \"box 3\"\nthird = \"box 3\"\n");
      CHECK(ended.err.find("still kept") == std::string::npos);
      const auto lines = lines_of(read_file(diary));
      CHECK(lines.size() == 4 * 3 + 2);
      const auto at = [&](const std::string& line) { return std::ranges::find(lines, line) - lines.begin(); };
      const auto count = static_cast<std::ptrdiff_t>(lines.size());
      for (int n = 0; n < 4; ++n) {
        const std::string box = "box " + std::to_string(n);
        CHECK(at("make " + box) < at("end label of " + box));
        CHECK(at("end label of " + box) < at("end " + box));
        CHECK(at("end " + box) < count);
      }
      CHECK(at("end alone") < count);
    }
  }
}

TEST_CASE("what is left at the end of a run that was interrupted is destroyed, and told") {
  for (const char* mode : kModes) {
    INFO(mode);
    const Folder folder;
    const std::string diary = (folder.path() / "diary").string();
    folder.write("p.yaml",
                 "gantry: 1\nplugins: [holder]\nrun: {workers: 2}\nsteps:\n"
                 "  - {id: box, call: holder.make, args: {path: " +
                     diary +
                     "}}\n"
                     "  - {id: names, call: holder.name, each: {_n: {range: [0, 1000]}}, args: {box: $box, "
                     "nap_ms: 10}}\n");
    Started started({{GANTRY_BUILD "/bin/gantry", "run", "p.yaml", "--plugin-path", GANTRY_BUILD "/tests/plugins",
                      "--progress", "none", "--mode", mode},
                     folder.path(),
                     "",
                     false,
                     "",
                     std::chrono::seconds{30},
                     {}});
    REQUIRE(started.says("names[1] = "));
    started.signal(SIGINT);
    const Ended ended = started.wait();
    INFO(ended.err);
    CHECK(ended.code == 130);
    CHECK(ended.err.find("1 pinned value was still kept at the end: box (holder.box)") != std::string::npos);
    CHECK(lines_of(read_file(diary)) == std::vector<std::string>{"make box", "end box"});
  }
}

TEST_CASE("tasks that change a value run in order, readers before and after them as the file says") {
  for (const char* mode : kModes) {
    for (const char* workers : {"1", "4"}) {
      INFO(mode << ", " << workers);
      const Ended ended = run_steps(
          "  - {id: box, call: holder.make}\n"
          "  - {id: before, call: holder.added, args: {box: $box}}\n"
          "  - {id: first, call: holder.add, each: {n: {range: [0, 40]}}, args: {box: $box, value: $n}, output: "
          "false}\n"
          "  - {id: between, call: holder.added, args: {box: $box}}\n"
          "  - {id: second, call: holder.add, each: {n: {range: [40, 45]}}, args: {box: $box, value: $n}}\n"
          "  - {id: after, call: holder.added, args: {box: $box}}\n",
          {"-j", workers, "--mode", mode, "--retries", "3"});
      INFO(ended.err);
      CHECK(ended.code == 0);
      std::string numbers;
      for (int i = 0; i < 40; ++i) numbers += (i == 0 ? "" : ",") + std::to_string(i);
      CHECK(ended.out ==
            "before = []\nbetween = [" + numbers +
                "]\nsecond[0] = 41\nsecond[1] = 42\nsecond[2] = 43\nsecond[3] = 44\nsecond[4] = 45\nafter = "
                "[" +
                numbers + ",40,41,42,43,44]\n");
    }
  }
}

TEST_CASE("a value that dies after it was changed is lost with all who need it, and says so") {
  for (const char* workers : {"1", "3"}) {
    const Ended ended = run_steps(
        "  - {id: box, call: holder.make}\n"
        "  - {id: puts, call: holder.add, each: {n: {range: [0, 5]}}, args: {box: $box, value: $n, bad: 2}}\n"
        "  - {id: after, call: holder.added, args: {box: $box}}\n"
        "  - {id: other, call: unruly.task, args: {n: 1, bad: 2}}\n",
        {"-j", workers, "--retries", "5"});
    INFO(workers << " workers\n" << ended.err);
    CHECK(ended.code == 1);
    CHECK(ended.out ==
          "puts[0] = 1\nputs[1] = 2\nputs[2] ! crash: killed by SIGKILL\n"
          "puts[3] ! lost: box was lost with its worker after a task had changed it, so it cannot be made again\n"
          "puts[4] ! lost: box was lost with its worker after a task had changed it, so it cannot be made again\n"
          "after ! lost: box was lost with its worker after a task had changed it, so it cannot be made again\n"
          "other = 1\n");
    CHECK(ended.err.find("1 pinned value died with 1 worker, not destroyed") != std::string::npos);
  }
}

TEST_CASE("a value that is not made twice, or cannot be, is lost with its worker, and so are its later users") {
  struct Row {
    const char* make;
    const char* why;
  };
  const Row rows[] = {
      {"{id: box, call: holder.make, idempotent: false}", "box was lost with its worker, and box may not run twice"},
      {"{id: box, call: holder.make_once}",
       "box was lost with its worker, and making it again failed: holder: only once"},
  };
  for (const Row& row : rows) {
    INFO(row.make);
    const Ended ended = run_steps(std::string("  - ") + row.make +
                                      "\n  - {id: looks, call: holder.look, each: {n: {range: [0, 4]}}, "
                                      "args: {box: $box, index: $n, bad: 1}}\n",
                                  {"-j", "1"});
    INFO(ended.err);
    CHECK(ended.code == 1);
    CHECK(ended.out == std::string("looks[0] = 3\nlooks[1] ! crash: killed by SIGKILL\nlooks[2] ! lost: ") + row.why +
                           "\nlooks[3] ! lost: " + row.why + "\n");
  }
}

TEST_CASE("a thread-safe value is used by several threads at once, another by its own alone") {
  const Ended ended = run_steps(
      "  - {id: tally, call: holder.tally}\n"
      "  - {id: met, call: holder.meet, each: {_n: {range: [0, 3]}}, args: {tally: $tally, wanted: 3}}\n"
      "  - {id: box, call: holder.make}\n"
      "  - {id: names, call: holder.name, each: {_n: {range: [0, 20]}}, args: {box: $box}, output: false}\n",
      {"-j", "3", "--mode", "thread"});
  INFO(ended.err);
  CHECK(ended.code == 0);
  CHECK(ended.out == "met[0] = 3\nmet[1] = 3\nmet[2] = 3\n");
}

TEST_CASE("a function that gives no object or no file has no value, and its worker goes on") {
  const Ended ended = run_steps(
      "  - {id: box, call: holder.make_nothing}\n  - {id: name, call: holder.name, args: {box: $box}}\n"
      "  - {id: file, call: holder.no_file}\n  - {id: text, call: holder.read_file, args: {file: $file}}\n",
      {"-j", "1", "--timing"});
  INFO(ended.err);
  CHECK(ended.code == 1);
  CHECK(ended.out == "name ! skipped: box has no value\ntext ! skipped: file has no value\n");
  CHECK(ended.err.find("result: the function returned a gantry::Pinned without an object") != std::string::npos);
  CHECK(ended.err.find("result: the function returned a gantry::Fd without a descriptor") != std::string::npos);
  CHECK(ended.err.find("0 workers lost") != std::string::npos);
}

TEST_CASE("open files go to any worker, many at a time, and none is left") {
  std::string expected;
  for (int i = 0; i < 300; ++i) expected += "texts[" + std::to_string(i) + "] = \"text " + std::to_string(i) + "\"\n";
  for (int i = 0; i < 200; ++i) expected += "again[" + std::to_string(i) + "] = \"7\"\n";
  for (const char* mode : kModes) {
    for (const char* workers : {"1", "4"}) {
      INFO(mode << ", " << workers);
      const Ended ended = run_steps(
          "  - {id: files, call: holder.text_file, each: {n: {range: [0, 300]}}, args: {text: \"text ${n}\"}}\n"
          "  - {id: texts, call: holder.read_file, each: {file: $files}, args: {file: $file}}\n"
          "  - {id: again, call: holder.read_file, each: {_n: {range: [0, 200]}}, args: {file: $files.7, index: 5}}\n",
          {"-j", workers, "--mode", mode});
      INFO(ended.err);
      CHECK(ended.code == 0);
      CHECK((ended.out == expected));
    }
  }
  const Ended counted = run_steps(
      "  - {id: before, call: holder.descriptors}\n"
      "  - {id: files, call: holder.text_file, each: {n: {range: [0, 50]}}, args: {text: \"text ${n}\"}, needs: "
      "[before]}\n"
      "  - {id: texts, call: holder.read_file, each: {file: $files}, args: {file: $file}, output: false}\n"
      "  - {id: after, call: holder.descriptors, needs: [texts]}\n",
      {"-j", "1"});
  INFO(counted.err);
  REQUIRE(counted.code == 0);
  const auto lines = lines_of(counted.out);
  REQUIRE(lines.size() == 2);
  CHECK(lines[0].substr(lines[0].find('=')) == lines[1].substr(lines[1].find('=')));
}

TEST_CASE("an open file outlives the worker that gave it") {
  const Ended ended = run_steps(
      "  - {id: file, call: holder.text_file, args: {text: still here}}\n"
      "  - {id: crash, call: unruly.task, args: {n: 1, bad: 1, how: segfaults, until: 1}, retries: 1, needs: [fence]}\n"
      "  - {id: fence, call: holder.read_file, args: {file: $file}}\n"
      "  - {id: text, call: holder.read_file, args: {file: $file}, needs: [crash]}\n",
      {"-j", "1"});
  INFO(ended.err);
  CHECK(ended.code == 0);
  CHECK(ended.out == "crash = 1\nfence = \"still here\"\ntext = \"still here\"\n");
}
