// Workers that do not come up: deaths while loading, and what a start takes.
#include <fcntl.h>
#include <gantry/abi.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <catch2/catch.hpp>
#include <cerrno>
#include <csignal>
#include <cstddef>
#include <string>
#include <vector>

#include "crew_fixture.hpp"
#include "wire/descriptor.hpp"

using namespace pool_test;

namespace {

bool warns(const Run& run, const std::string& text) {
  for (const auto& each : run.of<event::Printed>()) {
    if (each.level == GANTRY_LOG_WARNING && each.text.find(text) != std::string::npos) return true;
  }
  return false;
}

/// While it lives, so many descriptors can be had, and no more.
class FreeDescriptors {
 public:
  explicit FreeDescriptors(std::size_t count) {
    std::vector<gantry::wire::Descriptor> had;
    for (std::size_t i = 0; i <= count; ++i) had.emplace_back(::fcntl(0, F_DUPFD_CLOEXEC, 0));
    REQUIRE(::getrlimit(RLIMIT_NOFILE, &before_) == 0);
    rlimit now = before_;
    now.rlim_cur = static_cast<rlim_t>(had.back().get());
    REQUIRE(::setrlimit(RLIMIT_NOFILE, &now) == 0);
  }
  FreeDescriptors(const FreeDescriptors&) = delete;
  FreeDescriptors& operator=(const FreeDescriptors&) = delete;
  ~FreeDescriptors() { ::setrlimit(RLIMIT_NOFILE, &before_); }

 private:
  rlimit before_{};
};

}  // namespace

TEST_CASE("a worker that dies once while it loads is started again, and nobody is refused") {
  const NothingLeft check;
  const std::string how = GENERATE("killed first", "killed often", "exits first");
  DYNAMIC_SECTION(how) {
    const Variable variable("GANTRY_FAKE_WORKER", how);
    Run run(1, {liar_plugin()}, self());
    const auto offer = run.pool().catalog();
    if (!offer) FAIL(offer.error().sentence);
    CHECK(offer->refusals.empty());
    CHECK(offer->catalog.plugins.size() == 1);
  }
}

TEST_CASE("a worker at work is not lost because others die while they load") {
  const NothingLeft check;
  const Variable variable("GANTRY_FAKE_WORKER", "exits later");
  Run run(2, {liar_plugin()}, self());
  run.act(0, {{Act::square, 1}});  // the fake worker never comes back from it
  run.await<event::Ready>();
  run.pool().prestart(2);
  run.await_until([&] { return warns(run, "workers die one after another, the last one exited with status 7"); });
  CHECK(run.of<event::Broken>().empty());
  CHECK(run.of<event::Lost>().empty());
}

// UBSan looks at memory through a pipe of its own, and takes every object for a wrong one where it gets none.
#if !defined(__SANITIZE_ADDRESS__) && !defined(__SANITIZE_THREAD__)
TEST_CASE("too few descriptors for one worker: the number that it takes, and it is the right one") {
  const NothingLeft check;
  const auto mode = GENERATE(gantry::host::Mode::process, gantry::host::Mode::thread);
  std::string sentence;
  std::size_t enough = 0;
  for (std::size_t count = 8; count < 40 && enough == 0; ++count) {
    Run run(1, mode);
    const auto before = std::chrono::steady_clock::now();
    const FreeDescriptors limit(count);
    const auto offer = run.pool().catalog();
    if (offer) {
      enough = count;
      continue;
    }
    sentence = offer.error().sentence;
    CHECK(offer.error().kind == gantry::host::ErrorKind::infrastructure);
    CHECK(std::chrono::steady_clock::now() - before < 10s);  // and not after half a minute
  }
  const std::string expected =
      "no worker can be started: a worker takes " + std::to_string(enough) + " descriptors to start, and of the ";
  CHECK(sentence.substr(0, expected.size()) == expected);
  CHECK(sentence.find(", " + std::to_string(enough - 1) + " are free: allow it ") != std::string::npos);
}
#endif

TEST_CASE("workers that cannot be watched are tried ever more rarely, and that is told") {
  const NothingLeft check;
  const pid_t host = ::fork();
  REQUIRE(host >= 0);
  if (host == 0) {
    {
      Run run;
      const std::array<sock_filter, 4> filter{{BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(seccomp_data, nr)),
                                               BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, SYS_epoll_ctl, 0, 1),
                                               BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ERRNO | ENOSPC),
                                               BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW)}};
      const sock_fprog program{filter.size(), const_cast<sock_filter*>(filter.data())};
      if (::prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0 ||
          ::prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &program) != 0) {
        ::_exit(3);
      }
      run.pool().prestart(1);
      run.await_until([&] {
        return warns(run, "no worker can be started yet, which is tried again: epoll_ctl: No space left on device");
      });
    }
    ::_exit(Holdings::now().children.empty() ? 42 : 1);
  }
  int status = 0;
  REQUIRE(::waitpid(host, &status, 0) == host);
  CHECK(WIFEXITED(status));
  CHECK(WEXITSTATUS(status) == 42);
}

TEST_CASE("a worker that was stopped is told of, killed if it does not go on, and its task is excused once") {
  const NothingLeft check;
  Run run;
  const Lease lease = run.act(0, {{Act::square, 2}, {Act::stop_self, 0}});
  run.await_until([&] { return warns(run, "worker 0 was stopped by SIGSTOP"); });
  for (const auto& each : run.of<event::Printed>()) {
    CHECK(each.text == "worker 0 was stopped by SIGSTOP: if it does not go on within 5 s, it is killed and replaced");
    CHECK(each.step == StepIndex{3});
    CHECK(each.first == 1);
    CHECK(each.count == 1);
  }
  run.await<event::Lost>();
  const event::Lost lost = run.of<event::Lost>().front();
  CHECK(lost.lease == lease.id);
  CHECK(lost.running == 1);
  CHECK(lost.excused);
  CHECK(lost.death.sentence == "killed: it was stopped by SIGSTOP, and did not go on within 5 s");
  CHECK(run.values().size() == 1);
  run.await<event::Ready>(2);
  CHECK(run.of<event::Broken>().empty());
}

TEST_CASE("a worker that goes on after it was stopped loses nothing") {
  const NothingLeft check;
  Run run;
  run.act(0, {{Act::stop_self, 3}});
  run.await_until([&] { return warns(run, "worker 0 was stopped by SIGSTOP"); });
  for (const int child : Holdings::now().children) ::kill(child, SIGCONT);
  run.await<event::Closed>();
  CHECK(run.values().at(0) == u64_bytes(9));
  CHECK(run.of<event::Lost>().empty());
}
