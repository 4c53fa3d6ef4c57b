// How a run ends from outside: ^C, kill -9, a reader that goes away, a full disk. No worker is ever left.
#include <signal.h>
#include <unistd.h>

#include <catch2/catch.hpp>
#include <set>
#include <thread>

#include "run/command.hpp"

namespace {

using namespace gantry::tests;
namespace fs = std::filesystem;
using Clock = std::chrono::steady_clock;

constexpr const char* kNaps = R"(gantry: 1
plugins: [sleepy]
steps:
  - id: naps
    call: sleepy.sleep
    each: {_n: {range: [0, 400]}}
    args: {seconds: 0.2}
)";

std::set<fs::path> names_in(const fs::path& folder) {
  std::set<fs::path> names;
  std::error_code gone;
  for (const auto& entry : fs::directory_iterator(folder, gone)) names.insert(entry.path());
  return names;
}

/// Names in the folder that hold the word: others use it too.
std::set<fs::path> names_with(const std::string& word, const fs::path& folder) {
  std::set<fs::path> names = names_in(folder);
  std::erase_if(names, [&](const fs::path& name) { return name.filename().string().find(word) == std::string::npos; });
  return names;
}

/// Waits until so many workers with the marker live, at most `limit`; the last count seen.
std::size_t await_workers(const std::string& marker, std::size_t wanted, std::chrono::milliseconds limit) {
  const auto until = Clock::now() + limit;
  std::size_t count = workers_marked(marker).size();
  while (count != wanted && Clock::now() < until) {
    std::this_thread::yield();
    count = workers_marked(marker).size();
  }
  return count;
}

Command napping(const Folder& folder, const std::string& marker) {
  Command command;
  command.words = {GANTRY_BUILD "/bin/gantry", "run", folder.write("naps.yaml", kNaps).string(), "-j", "4"};
  command.folder = folder.path();
  command.environment = {marker};
  return command;
}

}  // namespace

TEST_CASE("kill -9 of the host: within a second no worker is left, and no file or shared memory") {
  const Folder folder;
  const std::string marker = "GANTRY_TEST_MARK=killed-" + std::to_string(getpid());
  const auto shared_before = names_with("gantry", "/dev/shm");
  const Folder temporary;  // of this host alone: other tests come and go in the common one
  {
    Command command = napping(folder, marker);
    command.environment.push_back("TMPDIR=" + temporary.path().string());
    Started host(command);
    REQUIRE(await_workers(marker, 4, std::chrono::seconds{10}) == 4);
    host.signal(SIGKILL);
    CHECK(await_workers(marker, 0, std::chrono::seconds{1}) == 0);
  }
  CHECK(names_with("gantry", "/dev/shm") == shared_before);
  CHECK(names_in(temporary.path()).empty());
}

TEST_CASE("^C once drains: what runs ends, the rest is not run, 130") {
  const Folder folder;
  const std::string marker = "GANTRY_TEST_MARK=drained-" + std::to_string(getpid());
  Started host(napping(folder, marker));
  REQUIRE(host.says("naps[0] = 0.2"));
  host.signal(SIGINT);
  const Ended ended = host.wait();
  CHECK(ended.code == 130);
  CHECK(ended.out.find("…399] ! not-run: the run was interrupted\n") != std::string::npos);
  CHECK(ended.out.find("interrupted:") == std::string::npos);  // what ran has ended
  CHECK(ended.err.find("gantry: no more tasks start; ") != std::string::npos);
  CHECK(await_workers(marker, 0, std::chrono::seconds{1}) == 0);
}

TEST_CASE("^C twice kills at once, SIGTERM is 143") {
  const Folder folder;
  const std::string marker = "GANTRY_TEST_MARK=twice-" + std::to_string(getpid());
  Command command = napping(folder, marker);
  folder.write("naps.yaml", std::string(kNaps).replace(std::string(kNaps).find("0.2"), 3, "30 "));
  SECTION("two SIGINT") {
    Started host(command);
    REQUIRE(await_workers(marker, 4, std::chrono::seconds{10}) == 4);
    host.signal(SIGINT);
    REQUIRE(host.says("again"));
    host.signal_again(SIGINT);
    const Ended ended = host.wait();
    CHECK(ended.code == 130);
    CHECK(ended.took < std::chrono::seconds{15});
  }
  SECTION("SIGTERM, then SIGINT") {
    Started host(command);
    REQUIRE(await_workers(marker, 4, std::chrono::seconds{10}) == 4);
    host.signal(SIGTERM);
    REQUIRE(host.says("again"));
    host.signal(SIGINT);
    CHECK(host.wait().code == 143);
  }
  CHECK(await_workers(marker, 0, std::chrono::seconds{1}) == 0);
}

TEST_CASE("what ran when the run was ended is told as interrupted, never as not run, and its time on stderr alone") {
  const Folder folder;
  const std::string marker = "GANTRY_TEST_MARK=cut-" + std::to_string(getpid());
  Command command = napping(folder, marker);
  folder.write("naps.yaml", std::string(kNaps).replace(std::string(kNaps).find("0.2"), 3, "30 "));
  const char* why = "the run was interrupted";
  int code = 130;
  int ran = 4;
  const auto runs = [&marker](Started& host) {
    return await_workers(marker, 4, std::chrono::seconds{30}) == 4 && host.runs("naps[3] (for");
  };
  const auto checked = [&](const Ended& ended) {
    CHECK(ended.code == code);
    std::string expected;
    for (int i = 0; i < ran; ++i)
      expected += "naps[" + std::to_string(i) + "] ! interrupted: the run was ended while it ran\n";
    CHECK(ended.out == expected + "naps[" + std::to_string(ran) + "…399] ! not-run: " + why + "\n");
    CHECK(ended.err.find("400 tasks: 0 ok, " + std::to_string(ran) + " error") != std::string::npos);
    CHECK(ended.err.find(", attempt 1: it had run for ") != std::string::npos);
  };
  SECTION("by a second signal") {
    Started host(command);
    REQUIRE(runs(host));
    host.signal(SIGINT);
    REQUIRE(host.says("no more tasks start; waits for naps["));
    host.signal_again(SIGINT);
    checked(host.wait());
  }
  SECTION("when the grace of SIGTERM is over") {
    code = 143;
    command.words.insert(command.words.end(), {"--grace", "100ms"});
    Started host(command);
    REQUIRE(runs(host));
    host.signal(SIGTERM);
    checked(host.wait());
  }
  SECTION("by its deadline") {
    code = 6;
    why = "the run's deadline came first";
    ran = 1;  // the worker that told the catalog is there when the deadline begins to run
    command.words.back() = "1";
    command.words.insert(command.words.end(), {"--deadline", "500ms"});
    checked(run(command));
  }
  SECTION("as JSON, which is whole") {
    command.words.back() = "1";
    command.words.insert(command.words.end(), {"-o", "json", "--deadline", "500ms"});
    const Ended ended = run(command);
    CHECK(ended.code == 6);
    CHECK(ended.out.starts_with(R"({"version": 1, "steps": {"naps": [null]}, "failed": [{"id": "naps[0]")"));
    CHECK(ended.out.ends_with(
        R"({"id": "naps[1]", "step": "naps", "index": 1, "count": 399, "status": "not-run", "kind": "not-run", "message": "the run's deadline came first"}]})"
        "\n"));
  }
  CHECK(await_workers(marker, 0, std::chrono::seconds{1}) == 0);
}

TEST_CASE("a run that cannot go on tells what has ended, in order, and its output is whole") {
  const Folder folder;
  const std::string marker = "GANTRY_TEST_MARK=broken-" + std::to_string(getpid());
  const fs::path program = folder.path() / "gantry-worker";
  fs::copy_file(GANTRY_BUILD "/bin/gantry-worker", program);
  Command command = napping(folder, marker);
  command.words.back() = "1";
  command.environment.push_back("GANTRY_WORKER=" + program.string());
  std::string expected;
  SECTION("text") {
    expected = "…399] ! not-run: the run could not go on\n";
  }
  SECTION("json") {
    command.words.insert(command.words.end(), {"-o", "json"});
    expected = R"("status": "not-run", "kind": "not-run", "message": "the run could not go on"}]})"
               "\n";
  }
  SECTION("ndjson") {
    command.words.insert(command.words.end(), {"-o", "ndjson"});
    expected = R"("status": "not-run", "kind": "not-run", "message": "the run could not go on"})"
               "\n";
  }
  Started host(command);
  REQUIRE(host.says("0.2"));
  const auto workers = workers_marked(marker);
  REQUIRE(workers.size() == 1);
  fs::remove(program);  // so that it cannot be replaced
  kill(workers.front(), SIGKILL);
  const Ended ended = host.wait();
  INFO(ended.out << ended.err);
  CHECK(ended.code == 5);
  CHECK(ended.out.ends_with(expected));
  CHECK(ended.err.find("gantry: error: ") != std::string::npos);
  CHECK(ended.err.find("gantry-worker") != std::string::npos);
}

TEST_CASE("a step of 2^63 - 1 tasks that is skipped, or not run, is told at once in every format") {
  const Folder folder;
  folder.write("skipped.yaml", R"(gantry: 1
plugins: [numbers, std]
steps:
  - {id: a, output: false, call: std.sum, args: {values: [18446744073709551615, 1]}}
  - {id: b, call: numbers.square, needs: [a], each: {x: {range: [0, 9223372036854775807]}}, args: {x: $x}}
)");
  folder.write("many.yaml", R"(gantry: 1
plugins: [numbers]
steps:
  - {id: b, call: numbers.square, each: {x: {range: [0, 9223372036854775807]}}, args: {x: $x}}
)");
  struct Row {
    std::string format;
    std::string told;  ///< behind "b[", or in place of it
  };
  const std::vector<Row> rows{
      {"text", "…9223372036854775806] ! "}, {"csv", "…9223372036854775806],"}, {"json", R"("count": 922337203)"},
      {"ndjson", R"("count": 922337203)"},  {"digest", " 922337203"},          {"none", ""}};
  for (const Row& row : rows) {
    const Ended skipped = command_line({"run", "skipped.yaml", "-o", row.format}, folder.path());
    INFO(row.format << skipped.err);
    CHECK(skipped.code == 1);
    CHECK(skipped.out.find(row.told) != std::string::npos);
    CHECK(skipped.err.find("9223372036854775808 tasks: 0 ok, 1 error, 9223372036854775807 skipped\n") !=
          std::string::npos);
    const Ended not_run =
        command_line({"run", "many.yaml", "-j", "1", "-o", row.format, "--deadline", "50ms"}, folder.path());
    CHECK(not_run.code == 6);
    CHECK(not_run.out.find(row.told) != std::string::npos);
  }
}

TEST_CASE("a full disk on stdout is an error with a message") {
  for (const char* format : {"text", "json", "ndjson", "digest"}) {
    Command command;
    command.words = {GANTRY_BUILD "/bin/gantry", "run", GANTRY_SOURCE "/configs/square_sum.yaml", "-o", format};
    command.out_to = "/dev/full";
    const Ended ended = run(command);
    INFO(format << ": " << ended.err);
    CHECK(ended.code == 5);
    CHECK(ended.err.find("No space left on device") != std::string::npos);
  }
}

TEST_CASE("a reader that goes away ends the run quietly with 141") {
  Command command;
  command.words = {"/bin/bash", "-c",
                   GANTRY_BUILD "/bin/gantry run " GANTRY_SOURCE
                                "/configs/squares.yaml | head -n 1; echo ${PIPESTATUS[0]}"};
  const Ended ended = run(command);
  CHECK(ended.out == "squares[0] = 1\n141\n");
  CHECK(ended.err.empty());
}

TEST_CASE("a deadline ends the run with 6, and every task has its outcome") {
  const Folder folder;
  folder.write("naps.yaml", kNaps);
  const Ended ended =
      gantry::tests::command_line({"run", "naps.yaml", "-j", "2", "--deadline", "700ms"}, folder.path());
  CHECK(ended.code == 6);
  CHECK(ended.out.find("…399] ! not-run: the run's deadline came first\n") != std::string::npos);
}

TEST_CASE("an output file is written whole or not at all") {
  const Folder folder;
  const std::string file = (folder.path() / "out.txt").string();
  SECTION("whole") {
    const Ended ended =
        gantry::tests::command_line({"run", GANTRY_SOURCE "/configs/square_sum.yaml", "--output-file", file});
    CHECK(ended.code == 0);
    CHECK(ended.out.empty());
    CHECK(read_file(file) == "sums[0] = 5500\nsums[1] = 33000\n");
  }
  SECTION("no such folder") {
    const Ended ended = gantry::tests::command_line(
        {"run", GANTRY_SOURCE "/configs/square_sum.yaml", "--output-file", folder.path() / "none" / "out.txt"});
    CHECK(ended.code == 5);
    CHECK(ended.err.find("none/out.txt") != std::string::npos);
  }
}
