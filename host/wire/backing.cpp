#include "wire/backing.hpp"

#include <sys/mman.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstdint>

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
  return make_pages(std::max({until, 2 * ready_, first_step}));
}

// Whole pages: the kernel refuses an address inside of one, just as it refuses advice that it does not know.
host::Result<void> Backing::make_pages(std::uint64_t until) {
  const auto page = static_cast<std::uint64_t>(::sysconf(_SC_PAGESIZE));
  const std::uint64_t before = reinterpret_cast<std::uintptr_t>(base_) % page;  // bytes of the page that base_ is in
  const std::uint64_t from = (before + ready_) / page * page;
  const std::uint64_t to = (before + std::min(until, size_) + page - 1) / page * page;
  while (::madvise(base_ - before + from, to - from, MADV_POPULATE_WRITE) != 0) {
    if (errno == EINTR) continue;
    if (lacks_memory(errno)) return host::fail(host::ErrorKind::infrastructure, errno_text("making shared memory"));
    break;  // this kernel cannot: they come when they are written to
  }
  ready_ = to - before >= size_ ? ~std::uint64_t{0} : to - before;
  return {};
}

}  // namespace gantry::wire
