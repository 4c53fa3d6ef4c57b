#include "pool/sha256.hpp"

#include <fmt/format.h>
#include <openssl/sha.h>  // the incremental functions of 1.1: EVP would pull all of libcrypto in
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstddef>
#include <vector>

namespace gantry::pool {

std::optional<std::string> sha256_of(int file) {
  SHA256_CTX state;
  SHA256_Init(&state);
  std::vector<std::byte> piece(1U << 16);
  off_t offset = 0;
  for (;;) {
    const ssize_t count = ::pread(file, piece.data(), piece.size(), offset);
    if (count < 0 && errno == EINTR) continue;
    if (count < 0) return std::nullopt;
    if (count == 0) break;
    SHA256_Update(&state, piece.data(), static_cast<std::size_t>(count));
    offset += count;
  }
  std::array<unsigned char, SHA256_DIGEST_LENGTH> digest{};
  SHA256_Final(digest.data(), &state);
  std::string text;
  for (const unsigned char byte : digest) text += fmt::format("{:02x}", byte);
  return text;
}

}  // namespace gantry::pool
