// Tasks that write where they must not: over the memory that their worker shares with the host.
#include <gantry/plugin.hpp>

#include <cstdint>
#include <cstdio>
#include <cstring>
#include <random>
#include <string>

namespace {

enum class What : std::uint8_t { zeros, ones, random };

void fill(std::uint64_t begin, std::uint64_t end, What what) {
  auto* const bytes = reinterpret_cast<unsigned char*>(begin);
  if (what != What::random) {
    std::memset(bytes, what == What::zeros ? 0 : 0xFF, end - begin);
    return;
  }
  std::mt19937_64 random(std::random_device{}());
  for (std::uint64_t at = 0; at + sizeof(std::uint64_t) <= end - begin; at += sizeof(std::uint64_t)) {
    const std::uint64_t word = random();
    std::memcpy(bytes + at, &word, sizeof word);
  }
}

/// Over all writable memory files of this process whose name has `name` in it.
void scribble(const std::string& name, What what) {
  std::FILE* const maps = std::fopen("/proc/self/maps", "re");
  if (maps == nullptr) return;
  char line[4096];
  while (std::fgets(line, sizeof line, maps) != nullptr) {
    unsigned long long begin = 0;
    unsigned long long end = 0;
    char rights[5] = {};
    if (std::sscanf(line, "%llx-%llx %4s", &begin, &end, rights) != 3) continue;
    if (rights[1] == 'w' && std::strstr(line, ("/memfd:gantry-" + name).c_str()) != nullptr) fill(begin, end, what);
  }
  std::fclose(maps);
}

bool is_bad(std::uint64_t n, std::uint64_t every) {
  return n % every == every / 2;
}

/// n; every so many tasks scribble first. `where`: part of a name of a memory file; "": all.
std::uint64_t one(std::uint64_t n, std::uint64_t every, What what, const std::string& where) {
  if (is_bad(n, every)) scribble(where, what);
  return n;
}

/// The same as text, and later: its value is there already.
std::string text(std::uint64_t n, std::uint64_t every, What what) {
  if (is_bad(n, every)) scribble("", what);
  return "value " + std::to_string(n);
}

/// The same by functions whose results have a fixed size, which are called many times at once.
std::uint64_t zeros(std::uint64_t n, std::uint64_t every) {
  if (is_bad(n, every)) scribble("", What::zeros);
  return n;
}

std::uint64_t words(std::uint64_t n, std::uint64_t every) {
  if (is_bad(n, every)) scribble("", What::random);
  return n;
}

/// Scribbles the first time that a process comes by, and leaves a file there.
std::uint64_t once(std::uint64_t n, std::uint64_t bad, const std::string& file) {
  if (n != bad) return n;
  if (std::FILE* const seen = std::fopen(file.c_str(), "re")) {
    std::fclose(seen);
    return n;
  }
  if (std::FILE* const made = std::fopen(file.c_str(), "we")) std::fclose(made);
  scribble("", What::random);
  return n;
}

/// Scribbles, and then dies of it.
std::uint64_t dies(std::uint64_t n, std::uint64_t bad) {
  if (n != bad) return n;
  scribble("", What::zeros);
  __builtin_trap();
}

}  // namespace

GANTRY_PLUGIN("scribbler", "1.0.0", gantry::function<one>("one", {"n", "every", "what", "where"}),
              gantry::function<text>("text", {"n", "every", "what"}), gantry::function<zeros>("zeros", {"n", "every"}),
              gantry::function<words>("words", {"n", "every"}), gantry::function<once>("once", {"n", "bad", "file"}),
              gantry::function<dies>("dies", {"n", "bad"}));
