// Owners of descriptors and mappings, and the few kinds of descriptor that a channel is made of. All are
// close-on-exec. Errors are infrastructure errors that name the call and errno's text.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <utility>

#include "signature/error.hpp"

namespace gantry::wire {

/// Owns a file descriptor.
class Descriptor {
 public:
  Descriptor() = default;
  explicit Descriptor(int number) : number_(number) {}
  Descriptor(Descriptor&& other) noexcept : number_(std::exchange(other.number_, -1)) {}
  Descriptor& operator=(Descriptor&& other) noexcept;
  Descriptor(const Descriptor&) = delete;
  Descriptor& operator=(const Descriptor&) = delete;
  ~Descriptor();

  [[nodiscard]] int get() const { return number_; }  ///< still owned here; -1: none
  [[nodiscard]] int release() { return std::exchange(number_, -1); }
  [[nodiscard]] explicit operator bool() const { return number_ >= 0; }

 private:
  int number_ = -1;
};

/// Owns a shared mapping of a whole file.
class Mapping {
 public:
  Mapping() = default;
  Mapping(std::byte* base, std::size_t size) : base_(base), size_(size) {}
  Mapping(Mapping&& other) noexcept
      : base_(std::exchange(other.base_, nullptr)), size_(std::exchange(other.size_, 0)) {}
  Mapping& operator=(Mapping&& other) noexcept;
  Mapping(const Mapping&) = delete;
  Mapping& operator=(const Mapping&) = delete;
  ~Mapping();

  [[nodiscard]] std::byte* data() const { return base_; }
  [[nodiscard]] std::size_t size() const { return size_; }

 private:
  std::byte* base_ = nullptr;
  std::size_t size_ = 0;
};

enum class Access : std::uint8_t {
  read,
  read_whole,  ///< all of it, soon: its pages are mapped at once, not by a fault each
  write
};

/// Anonymous shared memory of exactly `size` bytes, zeroed, its pages allocated, sealed so that nobody can change its
/// size: a peer cannot take the pages away from under us.
[[nodiscard]] host::Result<Descriptor> sealed_memory(const char* name, std::uint64_t size);
/// The same, but its pages are taken as they are written to: for what may be large and is written by us alone.
[[nodiscard]] host::Result<Descriptor> lazy_memory(const char* name, std::uint64_t size);
/// Another descriptor of the file, through which nobody can write to it.
[[nodiscard]] host::Result<Descriptor> read_only(int file);
/// Maps `size` bytes; refuses a file that is shorter.
[[nodiscard]] host::Result<Mapping> map(const Descriptor& file, std::uint64_t size, Access access);
/// A non-blocking eventfd.
[[nodiscard]] host::Result<Descriptor> event_descriptor();
/// Both ends of a stream socket.
[[nodiscard]] host::Result<std::pair<Descriptor, Descriptor>> socket_pair();

/// Whether a memory file of so many bytes may be made, as far as the limit of file sizes (ulimit -f) goes: waiting does
/// not change it.
[[nodiscard]] host::Result<void> check_file_size_limit(std::uint64_t size);
/// Reads exactly `to`, from `offset` on; false: the file has no such bytes, or cannot be read.
[[nodiscard]] bool read_at(int file, std::uint64_t offset, std::span<std::byte> to);

/// Lets this process have as many descriptors as the system allows it, not only as many as is usual; so may the
/// processes that it starts from now on. Best effort.
void raise_descriptor_limit();

/// "memfd_create: Too many open files".
[[nodiscard]] std::string errno_text(const char* call);

}  // namespace gantry::wire
