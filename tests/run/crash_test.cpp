// One task of forty misbehaves: it alone fails, with a reason, and the others keep their values and their order.
#include <catch2/catch.hpp>

#include "run/command.hpp"

namespace {

using namespace gantry::tests;

std::string forty(const std::string& how, const std::string& more) {
  return "gantry: 1\nplugins: [unruly]\nsteps:\n  - id: s\n    call: unruly.task\n    each: {n: {range: [0, 40]}}\n"
         "    args: {n: $n, bad: 3, how: " +
         how + (more.starts_with(",") ? more.substr(0, more.find('\n')) : "") + "}\n" +
         (more.find('\n') != std::string::npos ? more.substr(more.find('\n') + 1) : "");
}

std::string expected(const std::string& third) {
  std::string text;
  for (int i = 0; i < 40; ++i)
    text += "s[" + std::to_string(i) + "] " + (i == 3 ? third : "= " + std::to_string(i)) + "\n";
  return text;
}

Ended run_forty(const std::string& how, const std::string& more, std::vector<std::string> flags) {
  const Folder folder;
  folder.write("forty.yaml", forty(how, more));
  std::vector<std::string> words{"run",        "forty.yaml", "--plugin-path", GANTRY_BUILD "/tests/plugins",
                                 "--progress", "none"};
  words.insert(words.end(), flags.begin(), flags.end());
  return gantry::tests::command_line(words, folder.path());
}

struct Row {
  const char* how;
  const char* third;    ///< what stands for s[3] on stdout
  const char* summary;  ///< part of the summary on stderr
};

}  // namespace

TEST_CASE("one of forty tasks ends badly: 39 values in order and one reason") {
  const Row rows[] = {
      {"exits", "! crash: exited with status 0 in the middle of a task", "exited with status 0"},
      {"exits_9", "! crash: exited with status 9 in the middle of a task", "exited with status 9"},
      {"segfaults", "! crash: killed by SIGSEGV", "killed by SIGSEGV"},
      {"aborts", "! crash: killed by SIGABRT", "| about to abort"},
      {"throws", "! exception: thrown by the task", "unruly.task on worker"},
      {"throws_int", "! exception: an exception of type int, which is no std::exception", "unruly.task on worker"},
      {"fails", "! unruly: says no", "unruly.task on worker"},
  };
  for (const Row& row : rows) {
    for (const char* workers : {"1", "4"}) {
      INFO(row.how << " with " << workers << " workers");
      const Ended ended = run_forty(row.how, "", {"-j", workers});
      INFO(ended.err);
      CHECK(ended.code == 1);
      CHECK(ended.out == expected(row.third));
      CHECK(ended.err.find("40 tasks: 39 ok, 1 error") != std::string::npos);
      CHECK(ended.err.find("s[3] ! ") != std::string::npos);
      CHECK(ended.err.find(row.summary) != std::string::npos);
    }
  }
}

TEST_CASE("the summary of a crash names task, plugin, worker, how it ended and how many tasks it had run") {
  const Ended ended = run_forty("segfaults", "", {"-j", "1"});
  INFO(ended.err);
  for (const char* part : {"s[3] ! crash", "unruly.task", "libunruly.so 1.0.0", "on worker 0", "attempt 1",
                           "killed by SIGSEGV", "after 3 tasks of this process"}) {
    CHECK(ended.err.find(part) != std::string::npos);
  }
}

TEST_CASE("a crash on the first attempt only, with retries: forty values") {
  for (const char* how : {"exits", "segfaults"}) {
    const Ended ended = run_forty(how, ", until: 1\n    retries: 2\n", {"-j", "2"});
    INFO(ended.err);
    CHECK(ended.code == 0);
    CHECK(ended.out == expected("= 3"));
  }
}

TEST_CASE("retries are counted, and not used by what may not start twice") {
  const Ended twice = run_forty("segfaults", "\n    retries: 2\n", {"-j", "2"});
  CHECK(twice.code == 1);
  CHECK(twice.err.find("attempt 3") != std::string::npos);
  const Ended once = run_forty("segfaults", ", until: 1\n    retries: 2\n    idempotent: false\n", {"-j", "2"});
  CHECK(once.code == 1);
  CHECK(once.out == expected("! crash: killed by SIGSEGV"));
  const Ended errors = run_forty("fails", ", until: 2\n    retries: 2\n    retry_on: [error]\n", {"-j", "2"});
  CHECK(errors.code == 0);
  CHECK(errors.out == expected("= 3"));
}

TEST_CASE("a task over its time limit fails alone, as timeout") {
  const Ended ended = run_forty("hangs", "\n    timeout: 300ms\n", {"-j", "2"});
  INFO(ended.err);
  CHECK(ended.code == 1);
  CHECK(ended.out == expected("! timeout: it ran longer than its time limit of 300 ms"));
  CHECK(ended.took < std::chrono::seconds{20});
}

TEST_CASE("a time limit of centuries is none, by processes and by threads") {
  for (const char* mode : {"process", "thread"}) {
    INFO(mode);
    const Folder folder;
    folder.write("p.yaml",
                 "gantry: 1\nplugins: [sleepy]\nsteps:\n"
                 "  - {id: s, call: sleepy.sleep, each: {_i: {range: [0, 2]}}, args: {seconds: 0.4}}\n");
    const Ended ended = gantry::tests::command_line(
        {"run", "p.yaml", "--timeout", "9223372036s", "-j", "1", "--mode", mode, "--progress", "none"}, folder.path());
    INFO(ended.err);
    CHECK(ended.code == 0);
    CHECK(ended.out == "s[0] = 0.4\ns[1] = 0.4\n");
  }
}

TEST_CASE("what tasks print is shown on stderr with the task's ID, and never on stdout") {
  const Ended printed = run_forty("prints", "", {"-j", "2"});
  CHECK(printed.code == 0);
  CHECK(printed.out == expected("= 3"));
  CHECK(printed.err == "s[3] | hello from s[3]\n");
  const Ended logged = run_forty("logs", "", {"-j", "2"});
  CHECK(logged.out == expected("= 3"));
  CHECK(logged.err == "s[3] | warning: careful\n");
}

TEST_CASE("users of a failed task are skipped, with its name") {
  const Folder folder;
  folder.write("users.yaml",
               forty("segfaults", "") +
                   "  - id: u\n    call: unruly.real\n    each: {n: {values: [1, 2]}}\n    args: {x: $n}\n"
                   "    needs: [s]\n"
                   "  - id: t\n    call: unruly.task\n    each: {n: $s}\n    args: {n: $n, bad: 99}\n");
  const Ended ended = gantry::tests::command_line(
      {"run", "users.yaml", "-j", "2", "--plugin-path", GANTRY_BUILD "/tests/plugins", "-o", "ndjson"}, folder.path());
  INFO(ended.err);
  CHECK(ended.code == 1);
  CHECK(ended.out.find(R"({"id": "t[3]", "step": "t", "index": 3, "status": "skipped", "kind": "skipped", )"
                       R"("message": "s[3] has no value"})") != std::string::npos);
  CHECK(ended.out.find(R"({"id": "u[0]", "step": "u", "index": 0, "count": 2, "status": "skipped")") !=
        std::string::npos);
  CHECK(ended.out.find(R"({"id": "t[4]", "step": "t", "index": 4, "status": "ok", "value": 4})") != std::string::npos);
}
