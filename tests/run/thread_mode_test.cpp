// Thread mode from outside: the results of process mode, and what a death among tasks that share a process does.
#include <signal.h>
#include <unistd.h>

#include <catch2/catch.hpp>
#include <set>
#include <string>
#include <thread>

#include "run/command.hpp"

namespace {

using namespace gantry::tests;

constexpr const char* kPlugins = GANTRY_BUILD "/tests/plugins";

/// Twelve tasks, of which 0 to 3 are together in the process when number 2 does its deed.
std::string twelve(const std::string& how, int until) {
  return "gantry: 1\nplugins: [unruly]\nrun: {mode: thread}\nsteps:\n  - id: s\n    call: unruly.together\n    chunk: "
         "1\n"
         "    each: {n: {range: [0, 12]}}\n    args: {n: $n, bad: 2, how: " +
         how + ", until: " + std::to_string(until) + "}\n";
}

Ended run_text(const std::string& text, std::vector<std::string> flags,
               const std::vector<std::string>& environment = {}) {
  const Folder folder;
  folder.write("p.yaml", text);
  Command command;
  command.words = {(GANTRY_BUILD "/bin/gantry"), "run", "p.yaml", "--plugin-path", kPlugins, "--progress", "none"};
  command.words.insert(command.words.end(), flags.begin(), flags.end());
  command.folder = folder.path();
  command.environment = environment;
  return run(command);
}

/// The lines of twelve(); `told(i)` is what stands behind s[i].
template <class Told>
std::string lines(Told told) {
  std::string text;
  for (int i = 0; i < 12; ++i) text += "s[" + std::to_string(i) + "] " + told(i) + "\n";
  return text;
}

std::string value(int i) {
  return "= " + std::to_string(i);
}

/// A pipeline of configs/, some of them made smaller.
struct Config {
  const char* name;
  std::vector<std::string> sets;
};

std::string digest(const Config& config, const std::string& mode, const std::string& workers) {
  std::vector<std::string> words{
      "run",  std::string(GANTRY_SOURCE "/configs/") + config.name + ".yaml", "-o", "digest", "--mode", mode, "-j",
      workers};
  for (const std::string& set : config.sets) words.insert(words.end(), {"--set", set});
  const Ended ended = command_line(words);
  INFO(config.name << ", " << mode << ", " << workers << "\n" << ended.err);
  CHECK(ended.code == 0);
  return ended.out;
}

std::size_t workers_after(const std::string& marker, std::size_t wanted, std::chrono::milliseconds limit) {
  const auto until = std::chrono::steady_clock::now() + limit;
  while (workers_marked(marker).size() != wanted && std::chrono::steady_clock::now() < until) {
    std::this_thread::sleep_for(std::chrono::milliseconds(5));
  }
  return workers_marked(marker).size();
}

/// Four threads that nap, to be started with `marker` in their environment.
Command napping(double seconds, const Folder& folder, const std::string& marker) {
  folder.write("p.yaml",
               "gantry: 1\nplugins: [sleepy]\nrun: {mode: thread, workers: 4}\nsteps:\n  - id: naps\n"
               "    call: sleepy.sleep\n    each: {_n: {range: [0, 400]}}\n    args: {seconds: " +
                   std::to_string(seconds) + "}\n");
  Command command;
  command.words = {(GANTRY_BUILD "/bin/gantry"), "run", "p.yaml", "--progress", "none"};
  command.folder = folder.path();
  command.environment = {marker};
  return command;
}

}  // namespace

TEST_CASE("the results of thread mode are those of process mode, for any number of threads") {
  const Config configs[] = {{"primes", {"high=100100000"}},
                            {"perfect", {}},
                            {"squares", {"end=2000000"}},
                            {"square_sum", {}},
                            {"pi", {}},
                            {"integrate", {}},
                            {"nth_prime", {}},
                            {"sum_range", {}},
                            {"sort", {"parts=8"}},
                            {"forest", {"trees=20", "samples=500"}},
                            {"checksum", {}},
                            {"wordcount", {}},
                            {"count_to", {}},
                            {"sleepy", {}}};
  for (const Config& config : configs) {
    const std::string expected = digest(config, "process", "2");
    for (const char* workers : {"1", "2", "4", "8"}) CHECK(digest(config, "thread", workers) == expected);
  }
}

TEST_CASE("threads are workers of one process") {
  const Folder folder;
  const std::string marker = "GANTRY_TEST_MARK=threads-" + std::to_string(getpid());
  Started host(napping(0.2, folder, marker));
  REQUIRE(host.says("naps[3] = 0.2"));
  CHECK(workers_marked(marker).size() == 1);
  host.signal(SIGKILL);
  CHECK(workers_after(marker, 0, std::chrono::seconds{1}) == 0);  // nothing outlives the host
}

TEST_CASE("^C drains the threads, twice kills them") {
  const Folder folder;
  const std::string marker = "GANTRY_TEST_MARK=drained-threads-" + std::to_string(getpid());
  Started host(napping(0.3, folder, marker));
  REQUIRE(host.says("naps[3] = 0.3"));
  host.signal(SIGINT);
  REQUIRE(host.says("no more tasks start"));
  SECTION("once") {}
  SECTION("twice") {
    host.signal_again(SIGINT);
  }
  const Ended ended = host.wait();
  CHECK(ended.code == 130);
  CHECK(ended.out.find("…399] ! not-run: the run was interrupted\n") != std::string::npos);
  CHECK(workers_after(marker, 0, std::chrono::seconds{1}) == 0);
}

TEST_CASE("a crash takes all tasks that run in the process, and each says so") {
  struct Row {
    const char* how;
    const char* told;
  };
  const Row rows[] = {{"segfaults", "killed by SIGSEGV"},
                      {"aborts", "killed by SIGABRT"},
                      {"exits_9", "exited with status 9 in the middle of a task"}};
  for (const Row& row : rows) {
    const Ended ended = run_text(twelve(row.how, 9), {"-j", "4"});
    INFO(row.how << "\n" << ended.err);
    CHECK(ended.code == 1);
    const std::string shared = std::string("! crash: ") + row.told +
                               ", with other tasks running in the same process: which one was at fault is not known";
    CHECK(ended.out == lines([&](int i) { return i < 4 ? shared : value(i); }));
    CHECK(ended.err.find("it ran together with 3 others: --retries 1 runs each of them again, alone") !=
          std::string::npos);
  }
}

TEST_CASE("retries run the suspects alone and find the guilty one") {
  for (const char* workers : {"4", "8"}) {
    const Ended ended = run_text(twelve("segfaults", 9), {"-j", workers, "--retries", "1"});
    INFO(workers << "\n" << ended.err);
    CHECK(ended.code == 1);
    CHECK(ended.out == lines([](int i) { return i == 2 ? "! crash: killed by SIGSEGV" : value(i); }));
    CHECK(ended.err.find("12 tasks: 11 ok, 1 error") != std::string::npos);
  }
}

TEST_CASE("a crash that does not come again costs nothing but a retry") {
  const Ended ended = run_text(twelve("exits", 1), {"-j", "4", "--retries", "1"});
  INFO(ended.err);
  CHECK(ended.code == 0);
  CHECK(ended.out == lines(value));
}

TEST_CASE("tasks that may not start twice are not retried for another's fault") {
  const Ended ended = run_text(twelve("segfaults", 1) + "    idempotent: false\n", {"-j", "4", "--retries", "3"});
  INFO(ended.err);
  CHECK(ended.code == 1);
  CHECK(ended.err.find("12 tasks: 8 ok, 4 errors") != std::string::npos);
}

TEST_CASE("a time-out takes the others along: it is a timeout, they are told whose") {
  const std::string text =
      "gantry: 1\nplugins: [unruly, sleepy]\nsteps:\n"
      "  - {id: calm, call: sleepy.sleep, args: {seconds: 1.5}}\n"
      "  - {id: late, call: unruly.together, args: {n: 7, bad: 7, how: hangs, width: 1}, timeout: 300ms}\n";
  SECTION("without retries") {
    const Ended ended = run_text(text, {"--mode", "thread", "-j", "2"});
    INFO(ended.err);
    CHECK(ended.code == 1);
    CHECK(ended.out ==
          "calm ! crash: its process was killed because late ran longer than its time limit of 300 ms\n"
          "late ! timeout: it ran longer than its time limit of 300 ms\n");
  }
  SECTION("the victim starts again") {
    const Ended ended = run_text(text, {"--mode", "thread", "-j", "2", "--retries", "1"});
    INFO(ended.err);
    CHECK(ended.code == 1);
    CHECK(ended.out ==
          "calm = 1.5\n"
          "late ! timeout: it ran longer than its time limit of 300 ms\n");
  }
}

TEST_CASE("prints of threads come to stderr whole and of no task, logs are a task's, stdout has neither") {
  const Ended prints = run_text(twelve("prints", 9), {"-j", "4"});
  CHECK(prints.code == 0);
  CHECK(prints.out == lines(value));
  CHECK(prints.err == "worker 0 | hello from s[2]\n");
  const Ended logs = run_text(twelve("logs", 9), {"-j", "4"});
  CHECK(logs.out == lines(value));
  CHECK(logs.err == "s[2] | warning: careful\n");
}

TEST_CASE("an error of one task leaves the others alone") {
  const Ended ended = run_text(twelve("throws", 9), {"-j", "4"});
  INFO(ended.err);
  CHECK(ended.out == lines([](int i) { return i == 2 ? "! exception: thrown by the task" : value(i); }));
}

TEST_CASE("a plugin's state is one for all threads, and ends once, behind all of their tasks") {
  const Folder folder;
  const std::string diary = (folder.path() / "diary").string();
  const std::string head = "gantry: 1\nplugins: [std, {name: keeper, config: {file: " + diary + "}}]\nsteps:\n";
  std::string notes = "open\nclose\n";
  SECTION("in order") {
    const Ended ended = run_text(head +
                                     "  - {id: v, call: keeper.visit, chunk: 1, each: {_i: {range: [0, 64]}}}\n"
                                     "  - {id: sum, call: std.sum, args: {values: $v}}\n",
                                 {"--mode", "thread", "-j", "4"});
    INFO(ended.err);
    CHECK(ended.out.ends_with("sum = 2080\n"));  // 1 + … + 64
  }
  SECTION("with tasks that are cancelled at the deadline") {
    const Ended ended =
        run_text(head + "  - {id: w, call: keeper.wait, each: {_i: {range: [0, 4]}}, args: {seconds: 30}}\n",
                 {"--mode", "thread", "-j", "4", "--deadline", "300ms"});
    INFO(ended.err);
    CHECK(ended.code == 6);
    notes = "open\ncancelled\ncancelled\ncancelled\ncancelled\nclose\n";
  }
  CHECK(read_file(diary) == notes);
}

TEST_CASE("the mode: flag before environment before file before process, and unsafe functions are refused") {
  struct Row {
    std::string file;
    std::vector<std::string> environment;
    std::vector<std::string> flags;
    bool in_threads;
  };
  const Row rows[] = {
      {"", {}, {}, false},
      {"run: {mode: thread}\n", {}, {}, true},
      {"run: {mode: thread}\n", {"GANTRY_MODE=process"}, {}, false},
      {"run: {mode: process}\n", {"GANTRY_MODE=thread"}, {}, true},
      {"run: {mode: process}\n", {"GANTRY_MODE=process"}, {"--mode", "thread"}, true},
      {"run: {mode: thread}\n", {"GANTRY_MODE=thread"}, {"--mode", "process"}, false},
  };
  for (const Row& row : rows) {
    const std::string text =
        "gantry: 1\nplugins: [unruly]\n" + row.file + "steps: [{id: a, call: unruly.small, args: {x: 1}}]\n";
    for (const char* verb : {"run", "check"}) {
      const Folder folder;
      folder.write("p.yaml", text);
      Command command;
      command.words = {(GANTRY_BUILD "/bin/gantry"), verb, "p.yaml", "--plugin-path", kPlugins};
      command.words.insert(command.words.end(), row.flags.begin(), row.flags.end());
      command.folder = folder.path();
      command.environment = row.environment;
      const Ended ended = run(command);
      INFO(verb << " " << text << ended.err);
      CHECK(ended.code == (row.in_threads ? 3 : 0));
      const bool refused =
          ended.err.find("error[E0506]: unruly.small is not declared thread-safe") != std::string::npos;
      CHECK(refused == row.in_threads);
    }
  }
}

TEST_CASE("scale compares numbers of threads") {
  const Ended ended = command_line({"scale", (GANTRY_SOURCE "/configs/primes.yaml"), "--set", "high=100100000",
                                    "--mode", "thread", "--workers", "1,2", "--repeats", "1"});
  INFO(ended.err);
  CHECK(ended.code == 0);
  CHECK(ended.out.find("compute") != std::string::npos);
}

TEST_CASE("many short tasks on many threads, again and again") {
  const std::string text =
      "gantry: 1\nplugins: [numbers]\nsteps: [{id: s, call: numbers.square, each: {x: {range: [0, 200000]}}, args: {x: "
      "$x}}]\n";
  std::set<std::string> digests;
  for (int i = 0; i < 5; ++i) {
    const Ended ended = run_text(text, {"--mode", "thread", "-j", "16", "-o", "digest"});
    INFO(ended.err);
    CHECK(ended.code == 0);
    digests.insert(ended.out);
  }
  CHECK(digests.size() == 1);
}
