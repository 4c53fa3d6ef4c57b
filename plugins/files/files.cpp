// files: what is in files, told in a line.
#include <openssl/err.h>
#include <openssl/evp.h>

#include <array>
#include <memory>
#include <span>
#include <string>
#include <string_view>

#include <gantry/plugin.hpp>

#include "common/file.hpp"

namespace {

struct Freed {
  void operator()(EVP_MD_CTX* context) const { EVP_MD_CTX_free(context); }
};

std::string hexadecimal(std::span<const unsigned char> bytes) {
  constexpr std::string_view digits = "0123456789abcdef";
  std::string text;
  text.reserve(2 * bytes.size());
  for (const unsigned char byte : bytes) {
    text += digits[byte >> 4U];
    text += digits[byte & 15U];
  }
  return text;
}

auto refused() {
  const char* reason = ERR_reason_error_string(ERR_get_error());
  return gantry::fail("openssl",
                      std::string("OpenSSL gives no SHA-256: ") + (reason != nullptr ? reason : "no reason"));
}

gantry::Result<std::string> sha256(const std::string& path) {
  const auto file = common::File::open(path);
  if (!file) return std::unexpected(file.error());
  const std::unique_ptr<EVP_MD_CTX, Freed> context(EVP_MD_CTX_new());
  if (!context || EVP_DigestInit_ex(context.get(), EVP_sha256(), nullptr) != 1) return refused();
  if (file->size() > common::block_size) file->read_ahead();
  std::array<unsigned char, common::block_size> block;  // the same memory for each task: the thread's stack
  for (;;) {
    const auto bytes = file->read(block);
    if (!bytes) return std::unexpected(bytes.error());
    if (bytes->empty()) break;
    if (EVP_DigestUpdate(context.get(), bytes->data(), bytes->size()) != 1) return refused();
  }
  std::array<unsigned char, EVP_MAX_MD_SIZE> digest;
  unsigned int size = 0;
  if (EVP_DigestFinal_ex(context.get(), digest.data(), &size) != 1) return refused();
  return hexadecimal(std::span(digest).first(size));
}

gantry::Result<gantry::u64> size(const std::string& path) {
  const auto file = common::File::open(path);
  if (!file) return std::unexpected(file.error());
  return file->size();
}

}  // namespace

GANTRY_PLUGIN("files", "1.0.0",
              gantry::thread_safe(gantry::function<sha256>("sha256", {"path"},
                                                           "The SHA-256 of a file's bytes, as sha256sum.")),
              gantry::thread_safe(gantry::function<size>("size", {"path"}, "How many bytes a file has.")));
