// Real workers that die: what is told of it, who is blamed, what is saved, who replaces them.
#include <algorithm>
#include <array>
#include <catch2/catch.hpp>
#include <csignal>
#include <cstdlib>
#include <fstream>
#include <iterator>
#include <string>
#include <system_error>

#include <sys/wait.h>
#include <unistd.h>

#include "crew_fixture.hpp"

using namespace pool_test;

namespace {

struct Case {
  const char* name;
  Todo todo;
  Death::How how;
  int code;
  const char* sentence;
};

std::vector<int> children() {
  return Holdings::now().children;
}

// 'T': stopped; 'S': sleeps; 'Z': has ended; 0: there is no such process.
char state_of(int process) {
  std::ifstream file("/proc/" + std::to_string(process) + "/stat");
  const std::string text{std::istreambuf_iterator<char>(file), {}};
  const std::size_t name_end = text.rfind(") ");
  return name_end == std::string::npos ? '\0' : text.at(name_end + 2);
}

bool has_descriptors(int process) {
  std::error_code gone;
  return fs::directory_iterator("/proc/" + std::to_string(process) + "/fd", gone) != fs::directory_iterator();
}

}  // namespace

TEST_CASE("each way to die is told exactly, and only its task is lost") {
  const NothingLeft check;
  const auto row = GENERATE(
      Case{"segfault", {Act::segfault, 0}, Death::How::signalled, SIGSEGV, "killed by SIGSEGV"},
      Case{"abort", {Act::abort, 0}, Death::How::signalled, SIGABRT, "killed by SIGABRT"},
      Case{"divide", {Act::divide, 0}, Death::How::signalled, SIGFPE, "killed by SIGFPE"},
      Case{"_exit(0)", {Act::exit_now, 0}, Death::How::exited, 0, "exited with status 0 in the middle of a task"},
      Case{"_exit(9)", {Act::exit_now, 9}, Death::How::exited, 9, "exited with status 9 in the middle of a task"},
      Case{"quick_exit(0)",
           {Act::exit_quickly, 0},
           Death::How::exited,
           0,
           "exited with status 0 in the middle of a task"},
      Case{"kill -9", {Act::kill_self, 0}, Death::How::signalled, SIGKILL, "killed by SIGKILL"},
      Case{"closes all", {Act::close_all, 0}, Death::How::protocol, SIGKILL, "killed: it closed its channel"});
  DYNAMIC_SECTION(row.name) {
    Run run;
    std::vector<Todo> todo(10, {Act::square, 5});
    todo[6] = row.todo;
    const Lease lease = run.act(0, todo);
    const Lease behind = run.act(0, {{Act::square, 8}});
    run.await<event::Lost>();
    const event::Lost lost = run.of<event::Lost>().front();
    CHECK(lost.worker == WorkerIndex{0});
    CHECK(lost.lease == lease.id);
    REQUIRE(lost.running.has_value());
    CHECK(*lost.running == 6);
    CHECK(lost.death.how == row.how);
    CHECK(lost.death.code == row.code);
    CHECK(lost.death.sentence == row.sentence);
    CHECK(lost.death.tasks_run == 6);
    // The six before it were finished: reported, or saved from the window; a liar's window is not believed.
    if (row.how != Death::How::protocol) {
      CHECK(run.values().size() == 6);
      for (const auto& [index, value] : run.values()) CHECK((index < 6 && value == u64_bytes(25)));
    }
    CHECK(run.of<event::Closed>().empty());  // both leases are void

    run.await<event::Ready>(2);
    run.act(0, {{Act::square, 11}});
    run.await_task(behind.first + 1);
    CHECK(run.values().at(behind.first + 1) == u64_bytes(121));
    CHECK(run.of<event::Lost>().size() == 1);
  }
}

// What waits in the kernel when a process is stopped looks its descriptors up again when it goes on.
TEST_CASE("a worker that closed all and was stopped does not take its host for dead") {
  const NothingLeft check;
  Run run;
  run.act(0, {{Act::square, 5}});
  run.await<event::Closed>();
  const std::vector<int> workers = children();
  REQUIRE(workers.size() == 1);
  run.act(0, {{Act::close_all, 0}});
  while (has_descriptors(workers.front())) ::usleep(100);
  REQUIRE(::kill(workers.front(), SIGSTOP) == 0);
  while (state_of(workers.front()) == 'S') ::usleep(100);  // or it was killed for its channel meanwhile
  REQUIRE(::kill(workers.front(), SIGCONT) == 0);
  run.await<event::Lost>();
  CHECK(run.of<event::Lost>().front().death.sentence == "killed: it closed its channel");
}

TEST_CASE("what a worker is sent before its death is told is void, and not run by the next one") {
  const NothingLeft check;
  Run run;
  run.act(0, {{Act::square, 5}});
  run.await<event::Closed>();
  const std::vector<int> workers = children();
  REQUIRE(workers.size() == 1);
  REQUIRE(::kill(workers.front(), SIGKILL) == 0);
  siginfo_t info{};
  REQUIRE(::waitid(P_PID, static_cast<id_t>(workers.front()), &info, WEXITED | WNOWAIT) == 0);
  // So much goes through the socket: it is now found out that nobody is there.
  run.act(0, std::vector<Todo>(5000, {Act::square, 6}));
  const Lease late = run.act(0, {{Act::square, 7}});
  run.await<event::Lost>();
  run.await<event::Ready>(2);
  run.act(0, {{Act::square, 8}});
  run.await_task(late.first + 1);
  CHECK(run.values().size() == 2);
  CHECK(!run.values().contains(late.first));
  CHECK(run.of<event::Lost>().size() == 1);
}

TEST_CASE("the death of one worker does not touch another") {
  const NothingLeft check;
  Run run(2);
  run.act(0, {{Act::nap, 100}, {Act::segfault, 0}});
  run.act(1, std::vector<Todo>(10, {Act::nap, 50}));
  run.await<event::Closed>();
  run.await<event::Lost>();
  CHECK(run.of<event::Lost>().size() == 1);
  CHECK(run.of<event::Lost>().front().worker == WorkerIndex{0});
  std::size_t of_second = 0;
  for (const auto& [index, value] : run.values()) of_second += index >= 2;
  CHECK(of_second == 10);
}

TEST_CASE("a death tells the first and the last lines that the process printed") {
  const NothingLeft check;
  Run run;
  run.act(0, {{Act::print_and_abort, 0}});
  run.await<event::Lost>();
  const auto lines = run.of<event::Lost>().front().death.last_lines;
  CHECK(lines == std::vector<std::string>{"line 1", "line 2", "line 3", "… 2 lines left out …", "line 6", "line 7",
                                          "line 8", "line 9", "line 10", "line 11", "line 12"});
  const event::Printed print = run.of<event::Printed>().front();
  CHECK(print.first == 0);
  CHECK(print.count == 1);
  CHECK(print.step == StepIndex{3});
}

TEST_CASE("a task over its limit is killed, spinning, sleeping or stopped") {
  const NothingLeft check;
  const auto act = GENERATE(Act::spin, Act::sleep, Act::stop_self);
  Run run;
  run.act(0, {{Act::nap, 100}, {act, 0}, {Act::square, 1}}, 300ms);
  run.await<event::Ready>();
  const auto before = std::chrono::steady_clock::now();
  run.await<event::Lost>();
  const event::Lost lost = run.of<event::Lost>().front();
  CHECK(lost.death.how == Death::How::timed_out);
  CHECK(lost.death.sentence == "killed: it ran longer than its time limit of 300 ms");
  REQUIRE(lost.running.has_value());
  CHECK(*lost.running == 1);
  CHECK(run.values().size() == 1);
  CHECK(std::chrono::steady_clock::now() - before >= 300ms);
}

TEST_CASE("a limit is of one task, not of the chunk") {
  const NothingLeft check;
  Run run;
  run.act(0, std::vector<Todo>(8, {Act::nap, 60}), 400ms);
  run.await<event::Closed>();
  CHECK(run.values().size() == 8);
  CHECK(run.of<event::Lost>().empty());
}

TEST_CASE("a worker that is killed while idle is replaced") {
  const NothingLeft check;
  Run run;
  run.act(0, {{Act::square, 2}});
  run.await<event::Closed>();
  const std::vector<int> before = children();
  REQUIRE(before.size() == 1);
  ::kill(before.front(), SIGKILL);
  run.await<event::Ready>(2);
  const event::Lost lost = run.of<event::Lost>().front();
  CHECK(lost.lease == LeaseId{0});
  CHECK_FALSE(lost.running.has_value());
  CHECK(lost.death.sentence == "killed by SIGKILL");
  CHECK(lost.death.tasks_run == 1);
  CHECK(children() != before);
  run.act(0, {{Act::square, 3}});
  run.await<event::Closed>(2);
  CHECK(run.values().at(1) == u64_bytes(9));
}

TEST_CASE("workers that only die break the pool instead of running for ever") {
  const NothingLeft check;
  Run run;
  run.pool().prestart(1);
  for (std::size_t death = 1; death <= 5; ++death) {
    run.await<event::Ready>(death);
    for (const int child : children()) ::kill(child, SIGTERM);
    run.await<event::Lost>(death);
  }
  run.await<event::Broken>();
  CHECK(run.of<event::Broken>().front().error.sentence ==
        "5 workers died within 10 s without completing a task, the last one killed by SIGTERM");
  Chunk chunk;
  chunk.lease.worker = WorkerIndex{0};
  chunk.lease.count = 1;
  CHECK_FALSE(run.pool().start(chunk));
}

// The pool hears of the death before it takes the spawner's answer: the new worker is there and nobody's yet.
TEST_CASE("a worker that is being started outlives the death of another") {
  const NothingLeft check;
  Run run(2);
  run.act(0, {{Act::square, 2}});
  run.await<event::Closed>();
  const std::vector<int> before = children();
  REQUIRE(before.size() == 1);
  ::kill(before.front(), SIGKILL);
  siginfo_t gone{};
  REQUIRE(::waitid(P_PID, static_cast<id_t>(before.front()), &gone, WEXITED | WNOWAIT) == 0);
  run.pool().prestart(2);
  // No event is taken until the new one has become the worker's program.
  std::vector<int> started;
  const auto runs = [](int child) {
    std::string name;
    std::ifstream("/proc/" + std::to_string(child) + "/comm") >> name;
    return name == "gantry-worker";
  };
  for (const auto until = std::chrono::steady_clock::now() + 30s; std::chrono::steady_clock::now() < until;) {
    started = children();
    std::erase(started, before.front());
    if (started.size() == 1 && runs(started.front())) break;
  }
  REQUIRE(started.size() == 1);
  run.await<event::Ready>(3);
  const std::vector<int> after = children();
  CHECK(std::ranges::find(after, started.front()) != after.end());
  CHECK(after.size() == 2);
  CHECK(run.of<event::Lost>().size() == 1);
}

TEST_CASE("children that a task leaves behind end with their worker") {
  const NothingLeft check;
  const auto act = GENERATE(Act::leave_child, Act::leave_daemon, Act::leave_hidden);
  const bool dies = GENERATE(true, false);
  Run run;
  run.act(0, {{act, 0}});
  run.await<event::Printed>();
  const std::string text = run.printed();
  REQUIRE(text.rfind("child ", 0) == 0);
  const int child = std::atoi(text.c_str() + 6);
  REQUIRE(alive(child));
  if (dies) {
    run.act(0, {{Act::segfault, 0}});
    run.await<event::Lost>();
    run.await_until([&] { return !alive(child); });
  } else {
    run.await<event::Closed>();
    run.end();
  }
  CHECK_FALSE(alive(child));
}

TEST_CASE("children of this program that no worker started are let alone") {
  class Child {
   public:
    explicit Child(bool orphan) {
      std::array<int, 2> ends{};
      REQUIRE(::pipe(ends.data()) == 0);
      const pid_t parent = ::fork();
      if (parent == 0) {
        const pid_t own = orphan ? ::fork() : 0;
        const pid_t told = ::getpid();
        if (own == 0 && ::write(ends[1], &told, sizeof told) != sizeof told) ::_exit(1);
        if (own > 0) ::_exit(0);
        while (true) ::pause();
      }
      REQUIRE(::read(ends[0], &pid, sizeof pid) == sizeof pid);
      if (orphan) ::waitpid(parent, nullptr, 0);
      for (const int end : ends) ::close(end);
    }
    Child(const Child&) = delete;
    Child& operator=(const Child&) = delete;
    ~Child() {
      ::kill(pid, SIGKILL);
      ::waitpid(pid, nullptr, 0);
    }
    pid_t pid = 0;
  };
  const NothingLeft check;
  const Child before(false);
  {
    Run run(2);
    run.act(0, {{Act::square, 2}});
    run.await<event::Closed>();
    const Child meanwhile(false);
    const Child orphan(true);  // adopted by this program, as what tasks leave behind is
    run.act(0, {{Act::leave_daemon, 0}, {Act::segfault, 0}});
    run.await<event::Lost>();
    run.act(1, {{Act::square, 3}});
    run.await<event::Closed>(2);
    run.end();
    CHECK(alive(meanwhile.pid));
    CHECK(alive(orphan.pid));
  }
  CHECK(alive(before.pid));
}

TEST_CASE("a pool can go at any moment") {
  const NothingLeft check;
  const auto phase = GENERATE(0, 1, 2, 3, 4);
  Run run(2);
  if (phase == 0) run.pool().prestart(2);  // while workers are being started
  if (phase >= 1) {
    run.act(0, std::vector<Todo>(10, {phase == 4 ? Act::flood : Act::spin, 1 << 30}));
    run.act(1, {{phase == 3 ? Act::leave_daemon : Act::square, 2}});
  }
  if (phase >= 2) run.await<event::Closed>();
  const auto before = std::chrono::steady_clock::now();
  run.end();
  CHECK(std::chrono::steady_clock::now() - before < 5s);
}
