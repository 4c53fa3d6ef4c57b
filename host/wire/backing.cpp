#include "wire/backing.hpp"

#include <sys/mman.h>

#include <algorithm>
#include <cerrno>

#include "wire/descriptor.hpp"

#ifndef MADV_POPULATE_WRITE
#define MADV_POPULATE_WRITE 23
#endif

namespace gantry::wire {
namespace {

constexpr std::uint64_t first_step = 16ull * 1024;

bool lacks_memory(int error) {
  return error == EFAULT || error == ENOMEM || error == EHWPOISON;
}

}  // namespace

host::Result<void> Backing::extend(std::uint64_t until) {
  const std::uint64_t target = std::min(size_, std::max({until, 2 * ready_, first_step}));
  while (::madvise(base_ + ready_, target - ready_, MADV_POPULATE_WRITE) != 0) {
    if (errno == EINTR) continue;
    if (lacks_memory(errno)) return host::fail(host::ErrorKind::infrastructure, errno_text("making shared memory"));
    break;  // this kernel cannot: they come when they are written to
  }
  ready_ = target == size_ ? ~std::uint64_t{0} : target;
  return {};
}

}  // namespace gantry::wire
