// The plugin files against sha256sum, and what it says of files that cannot be read.
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <atomic>
#include <catch2/catch.hpp>
#include <filesystem>
#include <nlohmann/json.hpp>
#include <string>
#include <thread>

#include "run/command.hpp"
#include "run/outcome.hpp"

namespace {

using namespace gantry::tests;
using Json = nlohmann::json;

/// Bytes that repeat with a period of 251.
std::string bytes(std::size_t size) {
  std::string made(size, '\0');
  for (std::size_t i = 0; i < size; ++i) made[i] = static_cast<char>(i % 251);
  return made;
}

std::string sum(const std::string& path) {
  Command command;
  command.words = {"/bin/sh", "-c", "sha256sum <\"$0\"", path};
  return run(command).out.substr(0, 64);
}

/// A pipeline of one task for each path.
std::string over(const Json& paths, const std::string& function) {
  std::string escaped;  // `$` begins a reference
  for (const char letter : paths.dump()) escaped += letter == '$' ? "$$" : std::string(1, letter);
  return "gantry: 1\nplugins: [files]\nsteps:\n  - id: told\n    call: files." + function +
         "\n    each: {path: {values: " + escaped + "}}\n    args: {path: $path}\n";
}

}  // namespace

TEST_CASE("files.sha256 and files.size give what sha256sum and stat give, whatever the size and the name") {
  const Folder folder;
  struct Row {
    const char* name;
    std::size_t size;
  };
  constexpr std::size_t block = 128 << 10;  // what is read at once
  const Row rows[] = {
      {"empty", 0},
      {"one", 1},
      {"under", block - 1},
      {"block", block},
      {"over", block + 1},
      {"large", 5 * block + 17},
      {"-n", 55},
      {"with space", 56},
      {"line\nbreak", 63},
      {"quote\"'`", 64},
      {"back\\slash", 65},
      {"$HOME ${x} $$", 119},
      {"größe 漢字 🚀", 120},
      {"*?[a]", 1000},
      {"tab\tand\x01", 4096},
      {".hidden", 100},
  };
  Json paths = Json::array();
  Json sums = Json::array();
  Json sizes = Json::array();
  for (const Row& row : rows) {
    const std::string path = folder.write(row.name, bytes(row.size));
    paths.push_back(path);
    sums.push_back(sum(path));
    sizes.push_back(row.size);
  }
  for (const auto& [function, expected] : {std::pair{"sha256", sums}, std::pair{"size", sizes}}) {
    const auto file = folder.write("all.yaml", over(paths, function));
    const Ended ended = command_line({"run", file, "-o", "json", "-j", "2"});
    INFO(ended.err);
    REQUIRE(ended.code == 0);
    CHECK(Json::parse(ended.out)["steps"]["told"] == expected);
  }
}

TEST_CASE("files: what cannot be read is an error that names the path and the reason") {
  const Folder folder;
  const std::string path = folder.path() / "it";
  struct Row {
    const char* made_by;
    std::string error;
    bool for_root = true;
  };
  const Row rows[] = {
      {"true", "cannot open \"@\": No such file or directory"},
      {"mkdir it", "\"@\" is a directory"},
      {"mkfifo it", "\"@\" is no regular file"},
      {"ln -s /dev/null it", "\"@\" is no regular file"},
      {"ln -s it it", "cannot open \"@\": Too many levels of symbolic links"},
      {"touch it; chmod 0 it", "cannot open \"@\": Permission denied", false},
  };
  for (const Row& row : rows) {
    if (!row.for_root && geteuid() == 0) continue;
    INFO(row.made_by);
    std::filesystem::remove_all(path);
    (void)shell(row.made_by, folder.path());
    std::string expected = row.error;
    expected.replace(expected.find('@'), 1, path);
    for (const char* function : {"files.sha256", "files.size", "text.count_words"}) {
      CHECK(outcome({function, "path=" + path}) == "file: " + expected);
    }
  }
  const std::string below = folder.write("plain", "").string() + "/x";
  CHECK(outcome({"files.sha256", "path=" + below}) == "file: cannot open \"" + below + "\": Not a directory");
  CHECK(outcome({"files.sha256", R"(path="a\0b")"}) == "file: a path holds no zero byte");
}

TEST_CASE("files.sha256: a file that is cut short and grows while it is read kills nothing") {
  const Folder folder;
  const std::string path = folder.write("restless", "");
  std::atomic<bool> done = false;
  std::thread restless([&] {
    const int descriptor = open(path.c_str(), O_WRONLY | O_CLOEXEC);
    while (!done) {
      for (const off_t size : {off_t{32} << 20, off_t{0}}) {
        if (ftruncate(descriptor, size) != 0) done = true;
        std::this_thread::sleep_for(std::chrono::milliseconds(2));
      }
    }
    close(descriptor);
  });
  const auto file = folder.write("all.yaml", over(Json(std::vector<std::string>(20, path)), "sha256"));
  const Ended ended = command_line({"run", file, "-o", "json", "-j", "2"});
  done = true;
  restless.join();
  INFO(ended.err);
  CHECK(ended.code == 0);
}
