// A plugin whose file is replaced while it runs, by one of its own tasks: NUMBER tells which file was loaded.
#include <fcntl.h>
#include <unistd.h>
#include <gantry/plugin.hpp>

#include <cstdint>
#include <fstream>
#include <iterator>
#include <string>

namespace {

constexpr const char* own = "libedition.so";
constexpr const char* other = "libother.so";

std::string read(const char* path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

/// What becomes of libedition.so in the working directory; the process then ends, so that another one loads it.
[[noreturn]] void replace(const std::string& how) {
  if (how == "renamed_over") ::rename(other, own);
  if (how == "removed") ::unlink(own);
  if (how == "moved_away") ::rename(own, "elsewhere.so");
  if (how == "same_bytes") {
    std::ofstream("copy.so", std::ios::binary) << read(own);
    ::rename("copy.so", own);
  }
  if (how == "rewritten") {
    const std::string bytes = read(other);  // read before: this very code may be gone after the first write
    const int file = ::open(own, O_WRONLY);
    const auto written = ::write(file, bytes.data(), bytes.size());
    ::_exit(written == static_cast<ssize_t>(bytes.size()) ? 9 : 8);
  }
  ::_exit(9);
}

std::uint64_t number(gantry::Context& context, std::uint64_t index, const std::string& how) {
  if (index == 3 && context.attempt() == 1) replace(how);
  return NUMBER * 1000 + index;
}

}  // namespace

GANTRY_PLUGIN("edition", "1.0.0", gantry::thread_safe(gantry::function<number>("number", {"index", "how"})));
