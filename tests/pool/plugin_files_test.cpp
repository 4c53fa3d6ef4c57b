// What PluginFiles says of a file after each thing that can happen to it.
#include <fcntl.h>
#include <sys/stat.h>

#include <catch2/catch.hpp>
#include <fstream>
#include <functional>
#include <iterator>

#include "crew_fixture.hpp"
#include "pool/plugin_files.hpp"
#include "pool/sha256.hpp"

namespace {

using namespace pool_test;
using gantry::pool::PluginFiles;
using gantry::signature::identity_at;

constexpr const char* kBytes = "the bytes that were loaded";
constexpr const char* kWritten =
    "the plugin was written to during the run (replace one by renaming another over it): start the run again";

void write(const fs::path& file, const std::string& bytes) {
  std::ofstream(file, std::ios::binary) << bytes;
}

/// Other bytes of the same length, and the old time: only a look at the bytes can tell.
void write_and_set_back(const fs::path& file) {
  struct stat before{};
  REQUIRE(::stat(file.c_str(), &before) == 0);
  write(file, "the bytes that nobody knew");
  const timespec times[] = {before.st_atim, before.st_mtim};
  REQUIRE(::utimensat(AT_FDCWD, file.c_str(), times, 0) == 0);
  REQUIRE(identity_at(file)->modified_ns == static_cast<std::uint64_t>(before.st_mtim.tv_sec) * 1'000'000'000 +
                                                static_cast<std::uint64_t>(before.st_mtim.tv_nsec));
}

std::string bytes_of(const gantry::wire::Descriptor& file) {
  std::string bytes(100, '\0');
  const ssize_t count = ::pread(file.get(), bytes.data(), bytes.size(), 0);
  bytes.resize(count < 0 ? 0 : static_cast<std::size_t>(count));
  return bytes;
}

struct Row {
  const char* what;
  std::function<void(const fs::path&)> happens;
  bool moved;         ///< the path leads elsewhere
  const char* check;  ///< the sentence of check(), or ""
};

}  // namespace

TEST_CASE("what happens to a plugin's file is told apart") {
  const Row rows[] = {
      {"nothing", [](const fs::path&) {}, false, ""},
      {"renamed over",
       [](const fs::path& file) {
         write(file.string() + ".new", "others");
         fs::rename(file.string() + ".new", file);
       },
       true, ""},
      {"removed", [](const fs::path& file) { fs::remove(file); }, true, ""},
      {"moved away", [](const fs::path& file) { fs::rename(file, file.string() + ".old"); }, true, ""},
      {"another mode", [](const fs::path& file) { ::chmod(file.c_str(), 0700); }, false, ""},
      {"a second name", [](const fs::path& file) { fs::create_hard_link(file, file.string() + ".too"); }, false, ""},
      {"appended to", [](const fs::path& file) { std::ofstream(file, std::ios::app) << "!"; }, false, kWritten},
      {"cut short", [](const fs::path& file) { fs::resize_file(file, 3); }, false, kWritten},
      {"written to, and its time set back", write_and_set_back, false, kWritten},
  };
  for (const Row& row : rows) {
    INFO(row.what);
    const Folder folder;
    const fs::path file = folder.path() / "libx.so";
    write(file, kBytes);
    PluginFiles files;
    REQUIRE(files.hold(3, file.string(), *identity_at(file), {}));
    REQUIRE(files.check());
    row.happens(file);
    const auto moved = files.moved(3);
    REQUIRE(moved);
    CHECK(moved->has_value() == row.moved);
    if (*moved) CHECK(bytes_of(**moved) == kBytes);
    const auto same = files.check();
    CHECK((same ? "" : same.error().sentence) == row.check);
    if (!same) CHECK(same.error().where == file.string());
  }
}

TEST_CASE("a file that is another one than the worker loaded, or than was pinned, is not held") {
  const Folder folder;
  const fs::path file = folder.path() / "libx.so";
  write(file, kBytes);
  const auto identity = *identity_at(file);
  const gantry::wire::Descriptor opened(::open(file.c_str(), O_RDONLY | O_CLOEXEC));
  const auto sha256 = gantry::pool::sha256_of(opened.get());
  CHECK(PluginFiles().hold(0, file.string(), identity, sha256));
  const auto other = PluginFiles().hold(0, file.string(), identity, std::string(64, '0'));
  REQUIRE(!other);
  CHECK(other.error().sentence == "the plugin is not the file that the pipeline names any more: start the run again");
  write(file, "others");
  const auto replaced = PluginFiles().hold(0, file.string(), identity, {});
  REQUIRE(!replaced);
  CHECK(replaced.error().sentence == "the plugin was replaced while it was loaded: start the run again");
}

TEST_CASE("another worker's file matches when it is the very one that is held") {
  const Folder folder;
  const fs::path file = folder.path() / "libx.so";
  write(file, kBytes);
  const auto identity = *identity_at(file);
  PluginFiles files;
  CHECK(files.matches(0, identity));  // nothing to compare with
  REQUIRE(files.hold(0, file.string(), identity, {}));
  CHECK(files.matches(0, identity));
  write(file.string() + ".new", kBytes);
  CHECK(!files.matches(0, *identity_at(file.string() + ".new")));
}
