#include "signature/file_identity.hpp"

#include <sys/stat.h>

namespace gantry::signature {
namespace {

FileIdentity identity(const struct stat& status) {
  constexpr std::int64_t second = 1'000'000'000;
  return {status.st_dev, status.st_ino, static_cast<std::uint64_t>(status.st_size),
          static_cast<std::uint64_t>(status.st_mtim.tv_sec * second + status.st_mtim.tv_nsec)};
}

}  // namespace

std::optional<FileIdentity> identity_of(int file) {
  struct stat status{};
  if (::fstat(file, &status) != 0) return std::nullopt;
  return identity(status);
}

std::optional<FileIdentity> identity_at(const std::string& path) {
  struct stat status{};
  if (::stat(path.c_str(), &status) != 0) return std::nullopt;
  return identity(status);
}

}  // namespace gantry::signature
