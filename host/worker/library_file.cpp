#include "worker/library_file.hpp"

#include <elf.h>
#include <fcntl.h>
#include <fmt/core.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstdint>
#include <cstring>
#include <optional>
#include <span>
#include <string_view>

#include "wire/descriptor.hpp"

namespace gantry::worker {
namespace {

#if defined(__x86_64__)
constexpr std::uint16_t this_machine = EM_X86_64;
#elif defined(__aarch64__)
constexpr std::uint16_t this_machine = EM_AARCH64;
#elif defined(__riscv)
constexpr std::uint16_t this_machine = EM_RISCV;
#else
#error "add the ELF number of this machine"
#endif

std::string machine_name(std::uint16_t machine) {
  switch (machine) {
    case EM_X86_64:
      return "x86-64";
    case EM_386:
      return "x86 (32 bit)";
    case EM_AARCH64:
      return "aarch64";
    case EM_ARM:
      return "arm (32 bit)";
    case EM_RISCV:
      return "riscv";
    case EM_PPC64:
      return "ppc64";
    case EM_S390:
      return "s390";
    default:
      return fmt::format("ELF machine {}", machine);
  }
}

std::string_view kind_name(mode_t mode) {
  if (S_ISDIR(mode)) return "a directory";
  if (S_ISFIFO(mode)) return "a named pipe";
  if (S_ISSOCK(mode)) return "a socket";
  if (S_ISCHR(mode) || S_ISBLK(mode)) return "a device";
  return "no regular file";
}

std::unexpected<host::Error> refuse(const std::string& path, std::string_view what) {
  return host::fail(host::ErrorKind::plugin, fmt::format("{} {}", path, what), path);
}

/// "it begins with "#!/bin/sh"": the first characters, what is not printable as dots.
std::string beginning(std::span<const std::byte> bytes) {
  std::string shown;
  for (const std::byte byte : bytes.first(std::min<std::size_t>(bytes.size(), 16))) {
    const auto c = std::to_integer<char>(byte);
    if (c == '\n') break;
    shown += c >= ' ' && c <= '~' ? c : '.';
  }
  return shown;
}

std::string_view type_name(std::uint16_t type) {
  switch (type) {
    case ET_REL:
      return "an object file: link it with -shared";
    case ET_EXEC:
      return "a program: link it with -shared";
    case ET_CORE:
      return "a core dump";
    default:
      return "of an unknown ELF type";
  }
}

/// Largest end of anything that the headers place in the file; nothing: the program headers themselves are not there.
std::optional<std::uint64_t> promised_size(int file, const Elf64_Ehdr& header, std::uint64_t size) {
  const std::uint64_t table = header.e_phoff + std::uint64_t{header.e_phnum} * sizeof(Elf64_Phdr);
  if (header.e_phentsize != sizeof(Elf64_Phdr) || header.e_phoff > size || table > size) return std::nullopt;
  std::uint64_t end = table;
  if (header.e_shoff != 0) {
    const std::uint64_t sections = std::uint64_t{header.e_shnum} * header.e_shentsize;
    end = std::max(end, header.e_shoff > UINT64_MAX - sections ? UINT64_MAX : header.e_shoff + sections);
  }
  for (std::uint64_t i = 0; i < header.e_phnum; ++i) {
    Elf64_Phdr part{};
    if (!wire::read_at(file, header.e_phoff + i * sizeof part, std::as_writable_bytes(std::span(&part, 1)))) {
      return std::nullopt;
    }
    end = std::max(end, part.p_offset > UINT64_MAX - part.p_filesz ? UINT64_MAX : part.p_offset + part.p_filesz);
  }
  return end;
}

host::Result<void> check_header(const std::string& path, int file, const Elf64_Ehdr& header, std::uint64_t size) {
  if (header.e_ident[EI_CLASS] != ELFCLASS64) {
    return refuse(path, fmt::format("is a 32-bit library ({}); gantry-worker is 64-bit: build it for {}",
                                    machine_name(header.e_machine), machine_name(this_machine)));
  }
  if (header.e_ident[EI_DATA] != ELFDATA2LSB || header.e_machine != this_machine) {
    return refuse(path, fmt::format("is built for {}; this machine is {}", machine_name(header.e_machine),
                                    machine_name(this_machine)));
  }
  if (header.e_type != ET_DYN) {
    return refuse(path, fmt::format("is not a shared library, but {}", type_name(header.e_type)));
  }
  const auto promised = promised_size(file, header, size);
  if (!promised || *promised == UINT64_MAX) {
    return refuse(path, "is damaged: its ELF headers make no sense; copy or build it again");
  }
  if (*promised > size) {
    return refuse(
        path, fmt::format("is cut short: it has {} bytes, its headers say at least {}; copy or build it again", size,
                          *promised));
  }
  return {};
}

}  // namespace

host::Result<LibraryFile> open_library_file(const std::string& path) {
  wire::Descriptor file(::open(path.c_str(), O_RDONLY | O_NONBLOCK | O_CLOEXEC | O_NOCTTY));
  if (!file) {
    if (errno == ENOENT) return refuse(path, "does not exist");
    if (errno == ENXIO) return refuse(path, "is a socket, not a shared library");
    return refuse(path, fmt::format("cannot be opened: {}", std::strerror(errno)));
  }
  return check_library_file(path, std::move(file));
}

host::Result<LibraryFile> check_library_file(const std::string& path, wire::Descriptor file) {
  struct stat status{};
  const auto identity = signature::identity_of(file.get());
  if (!identity || ::fstat(file.get(), &status) != 0) {
    return refuse(path, fmt::format("cannot be read: {}", std::strerror(errno)));
  }
  if (!S_ISREG(status.st_mode)) {
    return refuse(path, fmt::format("is {}, not a shared library", kind_name(status.st_mode)));
  }
  const auto size = static_cast<std::uint64_t>(status.st_size);
  if (size == 0) return refuse(path, "is empty");

  std::array<std::byte, sizeof(Elf64_Ehdr)> bytes{};
  const std::span<std::byte> start(bytes.data(), std::min<std::uint64_t>(size, bytes.size()));
  if (!wire::read_at(file.get(), 0, start)) return refuse(path, "cannot be read to its end");
  if (size < SELFMAG || std::memcmp(bytes.data(), ELFMAG, SELFMAG) != 0) {
    return refuse(path, fmt::format("is not a shared library (it begins with \"{}\")", beginning(start)));
  }
  if (size < bytes.size()) {
    return refuse(
        path, fmt::format("is cut short: it has {} bytes, its headers say at least {}; copy or build it again", size,
                          bytes.size()));
  }
  Elf64_Ehdr header{};
  std::memcpy(&header, bytes.data(), sizeof header);
  if (auto good = check_header(path, file.get(), header, size); !good) return std::unexpected(std::move(good).error());
  return LibraryFile{std::move(file), *identity};
}

}  // namespace gantry::worker
