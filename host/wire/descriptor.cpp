#include "wire/descriptor.hpp"

#include <fcntl.h>
#include <fmt/core.h>
#include <sys/eventfd.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>

#ifndef MFD_NOEXEC_SEAL
#define MFD_NOEXEC_SEAL 0x0008U
#endif

namespace gantry::wire {
namespace {

std::unexpected<host::Error> failed(const char* call) {
  return host::fail(host::ErrorKind::infrastructure, errno_text(call));
}

std::string size_text(std::uint64_t bytes) {
  const std::uint64_t begun = bytes % 1024 == 0 ? 0 : 1;
  return begun == 0 || bytes > std::uint64_t{1024} * 1024 ? fmt::format("{} KiB", bytes / 1024 + begun)
                                                          : fmt::format("{} bytes", bytes);
}

/// A file of `size` bytes that could not be had: which limit it was, and what there is.
std::unexpected<host::Error> no_memory_file(int error, std::uint64_t size) {
  if (error == EFBIG) {
    if (auto allowed = check_file_size_limit(size); !allowed) return std::unexpected(std::move(allowed).error());
  }
  return host::fail(
      host::ErrorKind::infrastructure,
      fmt::format("there is no room for a memory file of {}: {} (memory files count as shared memory: see "
                  "free, and the limits of the container or machine)",
                  size_text(size), std::strerror(error)));
}

host::Result<Descriptor> unsealed_memory(const char* name, std::uint64_t size) {
  Descriptor file(::memfd_create(name, MFD_CLOEXEC | MFD_ALLOW_SEALING | MFD_NOEXEC_SEAL));
  if (!file && errno == EINVAL) file = Descriptor(::memfd_create(name, MFD_CLOEXEC | MFD_ALLOW_SEALING));  // before 6.3
  if (!file) return failed("memfd_create");
  if (::ftruncate(file.get(), static_cast<off_t>(size)) != 0) return no_memory_file(errno, size);
  return file;
}

host::Result<Descriptor> seal(Descriptor file) {
  if (::fcntl(file.get(), F_ADD_SEALS, F_SEAL_SHRINK | F_SEAL_GROW | F_SEAL_SEAL) != 0) {
    return failed("sealing shared memory");
  }
  return file;
}

}  // namespace

std::string errno_text(const char* call) {
  const int number = errno;
  return fmt::format("{}: {}", call, std::strerror(number));
}

Descriptor& Descriptor::operator=(Descriptor&& other) noexcept {
  if (this != &other) {
    if (number_ >= 0) ::close(number_);
    number_ = std::exchange(other.number_, -1);
  }
  return *this;
}

Descriptor::~Descriptor() {
  if (number_ >= 0) ::close(number_);
}

Mapping& Mapping::operator=(Mapping&& other) noexcept {
  if (this != &other) {
    if (base_ != nullptr) ::munmap(base_, size_);
    base_ = std::exchange(other.base_, nullptr);
    size_ = std::exchange(other.size_, 0);
  }
  return *this;
}

Mapping::~Mapping() {
  if (base_ != nullptr) ::munmap(base_, size_);
}

bool read_at(int file, std::uint64_t offset, std::span<std::byte> to) {
  while (!to.empty()) {
    const ssize_t count = ::pread(file, to.data(), to.size(), static_cast<off_t>(offset));
    if (count < 0 && errno == EINTR) continue;
    if (count <= 0) return false;
    to = to.subspan(static_cast<std::size_t>(count));
    offset += static_cast<std::uint64_t>(count);
  }
  return true;
}

host::Result<Descriptor> sealed_memory(const char* name, std::uint64_t size) {
  auto file = unsealed_memory(name, size);
  if (!file) return file;
  // Allocated now: a page that cannot be had is an error here, not a SIGBUS later.
  if (size > 0) {
    if (const int error = ::posix_fallocate(file->get(), 0, static_cast<off_t>(size)); error != 0) {
      return no_memory_file(error, size);
    }
  }
  return seal(*std::move(file));
}

host::Result<Descriptor> lazy_memory(const char* name, std::uint64_t size) {
  auto file = unsealed_memory(name, size);
  return file ? seal(*std::move(file)) : std::move(file);
}

host::Result<Descriptor> read_only(int file) {
  Descriptor copy(::open(fmt::format("/proc/self/fd/{}", file).c_str(), O_RDONLY | O_CLOEXEC));
  if (!copy) return failed("opening shared memory again");
  return copy;
}

host::Result<Mapping> map(const Descriptor& file, std::uint64_t size, Access access) {
  struct stat status{};
  if (::fstat(file.get(), &status) != 0) return failed("fstat of shared memory");
  if (static_cast<std::uint64_t>(status.st_size) < size) {
    return host::fail(host::ErrorKind::infrastructure,
                      fmt::format("shared memory has {} bytes instead of {}", status.st_size, size));
  }
  if (size == 0) return Mapping();
  const int protection = access == Access::write ? PROT_READ | PROT_WRITE : PROT_READ;
  const int flags = MAP_SHARED | (access == Access::read_whole ? MAP_POPULATE : 0);
  void* base = ::mmap(nullptr, size, protection, flags, file.get(), 0);
  if (base == MAP_FAILED) return failed("mmap of shared memory");
  return Mapping(static_cast<std::byte*>(base), size);
}

host::Result<Descriptor> event_descriptor() {
  Descriptor bell(::eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK));
  if (!bell) return failed("eventfd");
  return bell;
}

host::Result<std::pair<Descriptor, Descriptor>> socket_pair() {
  int ends[2] = {-1, -1};
  if (::socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends) != 0) return failed("socketpair");
  return std::pair(Descriptor(ends[0]), Descriptor(ends[1]));
}

host::Result<void> check_file_size_limit(std::uint64_t size) {
  rlimit limit{};
  if (::getrlimit(RLIMIT_FSIZE, &limit) != 0 || limit.rlim_cur == RLIM_INFINITY || size <= limit.rlim_cur) return {};
  return host::fail(
      host::ErrorKind::infrastructure,
      fmt::format("the file size limit (ulimit -f) is {}, and gantry needs a memory file of {}: raise the "
                  "limit, or lift it (ulimit -f unlimited)",
                  size_text(limit.rlim_cur), size_text(size)));
}

void raise_descriptor_limit() {
  rlimit limit{};
  if (::getrlimit(RLIMIT_NOFILE, &limit) != 0) return;
  limit.rlim_cur = limit.rlim_max;
  ::setrlimit(RLIMIT_NOFILE, &limit);
}

}  // namespace gantry::wire
