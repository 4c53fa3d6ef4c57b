// Starting a process when there is nothing left to start it with.
#include "pool/launch.hpp"

#include <fcntl.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <catch2/catch.hpp>
#include <cerrno>

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

// UBSan looks at memory through a pipe of its own, and takes every object for a wrong one where it gets none.
#if !defined(__SANITIZE_ADDRESS__)
TEST_CASE("a launch for which descriptors have run out is an error, and no child") {
  // Two are needed, for the pipe by which a failed exec is heard of.
  const Descriptor input(::open("/dev/null", O_RDWR | O_CLOEXEC));
  const Descriptor source(::fcntl(input.get(), F_DUPFD_CLOEXEC, gantry::pool::first_free_descriptor));
  REQUIRE(source);
  const Descriptor next(::fcntl(input.get(), F_DUPFD_CLOEXEC, 0));
  REQUIRE(next);
  for (const rlim_t left : {0U, 1U}) {
    INFO(left << " descriptors left");
    const DescriptorLimit limit(static_cast<rlim_t>(next.get()) + 1 + left);
    const int number = source.get();
    const auto launched = gantry::pool::launch("/bin/true", {}, {number, number, number, number, number});
    CHECK(launched.pid == -1);
    CHECK(launched.error == EMFILE);
    CHECK(launched.phase == "pipe");
    CHECK(::waitpid(-1, nullptr, WNOHANG) == -1);
  }
}
#endif
