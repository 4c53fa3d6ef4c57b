// Starting a process: what it needs, and what becomes of one that cannot run.
#include "pool/launch.hpp"

#include <fcntl.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <catch2/catch.hpp>
#include <cerrno>
#include <string>

#include "wire/descriptor.hpp"

namespace {

using gantry::wire::Descriptor;

/// While it lives, the process gets no descriptor beyond so many.
class DescriptorLimit {
 public:
  explicit DescriptorLimit(rlim_t most) {
    REQUIRE(::getrlimit(RLIMIT_NOFILE, &before_) == 0);
    rlimit now = before_;
    now.rlim_cur = most;
    REQUIRE(::setrlimit(RLIMIT_NOFILE, &now) == 0);
  }
  DescriptorLimit(const DescriptorLimit&) = delete;
  DescriptorLimit& operator=(const DescriptorLimit&) = delete;
  ~DescriptorLimit() { ::setrlimit(RLIMIT_NOFILE, &before_); }

 private:
  rlimit before_{};
};

}  // namespace

// UBSan looks at memory through a pipe of its own, and takes every object for a wrong one where it gets none. TSan has
// the launch by fork, which needs a pipe.
#if !defined(__SANITIZE_ADDRESS__) && !defined(__SANITIZE_THREAD__)
TEST_CASE("a launch needs no descriptors besides those that it is given") {
  const Descriptor input(::open("/dev/null", O_RDWR | O_CLOEXEC));
  const Descriptor source(::fcntl(input.get(), F_DUPFD_CLOEXEC, gantry::pool::first_free_descriptor));
  REQUIRE(source);
  const int number = source.get();
  const DescriptorLimit limit(static_cast<rlim_t>(number) + 1);
  const auto launched = gantry::pool::launch("/bin/true", {}, {number, number, number, number, number});
  CHECK(launched.error == 0);
  REQUIRE(launched.pid > 0);
  CHECK(::waitpid(launched.pid, nullptr, 0) == launched.pid);
}
#endif

TEST_CASE("a launch of what cannot be executed is an error, and no child") {
  const Descriptor input(::open("/dev/null", O_RDWR | O_CLOEXEC));
  const Descriptor source(::fcntl(input.get(), F_DUPFD_CLOEXEC, gantry::pool::first_free_descriptor));
  REQUIRE(source);
  const int number = source.get();
  for (const char* program : {"/bin/there is none", "/dev/null"}) {
    INFO(program);
    const auto launched = gantry::pool::launch(program, {}, {number, number, number, number, number});
    CHECK(launched.pid == -1);
    CHECK(launched.error == (std::string(program) == "/dev/null" ? EACCES : ENOENT));
    CHECK(launched.phase == "exec");
    CHECK(::waitpid(-1, nullptr, WNOHANG) == -1);
  }
}
