// System calls that fail as they do on another file system, or on a disk that breaks: in a child process of the test,
// by a seccomp filter.
#pragma once

#include <linux/audit.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cstddef>
#include <functional>

namespace paper {

/// The call fails with `error` if all bits of `bits` are set in its argument number `argument`.
struct Refused {
  unsigned call = 0;
  unsigned argument = 0;
  unsigned bits = 0;
  unsigned error = 0;
};

/// What `body` returns in a child in which the call is refused; -1: it did not end by itself. No assertions inside.
inline int where_refused(const Refused& refused, const std::function<int()>& body) {
  const pid_t child = ::fork();
  if (child == 0) {
    const auto low_half = static_cast<unsigned>(offsetof(seccomp_data, args) + refused.argument * sizeof(__u64));
    std::array<sock_filter, 7> program{
        sock_filter BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(seccomp_data, nr)),
        sock_filter BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, refused.call, 0, 4),
        sock_filter BPF_STMT(BPF_LD | BPF_W | BPF_ABS, low_half),
        sock_filter BPF_STMT(BPF_ALU | BPF_AND | BPF_K, refused.bits),
        sock_filter BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, refused.bits, 0, 1),
        sock_filter BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ERRNO | refused.error),
        sock_filter BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW),
    };
    const sock_fprog filter{static_cast<unsigned short>(program.size()), program.data()};
    if (::prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0) ::_exit(99);
    if (::prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &filter) != 0) ::_exit(99);
    ::_exit(body());
  }
  int status = 0;
  if (child < 0 || ::waitpid(child, &status, 0) != child || !WIFEXITED(status)) return -1;
  return WEXITSTATUS(status);
}

}  // namespace paper
