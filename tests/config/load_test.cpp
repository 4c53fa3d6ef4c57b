// Files that are pipelines, and those that cannot be.
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <catch2/catch.hpp>
#include <cstdlib>
#include <filesystem>
#include <fstream>

#include "config/config.hpp"

namespace gantry::config::test {
namespace {

namespace fs = std::filesystem;

/// A folder of its own, removed at the end.
class Folder {
 public:
  Folder() {
    std::string name = (fs::temp_directory_path() / "gantry-load-XXXXXX").string();
    REQUIRE(mkdtemp(name.data()) != nullptr);
    path_ = name;
  }
  ~Folder() {
    std::error_code ignored;
    fs::remove_all(path_, ignored);
  }
  Folder(const Folder&) = delete;
  Folder& operator=(const Folder&) = delete;

  [[nodiscard]] fs::path operator/(const char* name) const { return path_ / name; }

 private:
  fs::path path_;
};

void write(const fs::path& file, const std::string& text) {
  std::ofstream(file, std::ios::binary) << text;
}

/// Standard input from a file, until the end of the scope.
class Redirect {
 public:
  explicit Redirect(int from) : saved_(dup(STDIN_FILENO)) { dup2(from, STDIN_FILENO); }
  ~Redirect() {
    dup2(saved_, STDIN_FILENO);
    close(saved_);
  }
  Redirect(const Redirect&) = delete;
  Redirect& operator=(const Redirect&) = delete;

 private:
  int saved_;
};

}  // namespace

TEST_CASE("a regular file is loaded whole") {
  const Folder folder;
  const std::string text(200'000, 'x');
  write(folder / "p.yaml", text);
  CHECK(load(folder / "p.yaml") == text);
  write(folder / "empty.yaml", "");
  CHECK(load(folder / "empty.yaml") == "");
  fs::create_symlink(folder / "p.yaml", folder / "link.yaml");
  CHECK(load(folder / "link.yaml") == text);
}

TEST_CASE("what is no regular file is refused in a sentence") {
  const Folder folder;
  REQUIRE(mkfifo((folder / "fifo").c_str(), 0600) == 0);
  write(folder / "large", "");
  fs::resize_file(folder / "large", (16U << 20U) + 1);
  write(folder / "largest", "");
  fs::resize_file(folder / "largest", 16U << 20U);
  struct Row {
    fs::path file;
    std::string sentence;
  };
  const std::string stream = "; to read a pipeline from a stream, write - and redirect it to standard input";
  const std::vector<Row> rows{
      {folder / "none", "there is no such file; give the path of a pipeline file, or - for standard input"},
      {folder / "none/p.yaml", "there is no such file; give the path of a pipeline file, or - for standard input"},
      {folder / "large/p.yaml", "cannot be opened: Not a directory"},
      {folder / ".", "is a directory; give the path of a pipeline file"},
      {folder / "fifo", "is a FIFO" + stream},
      {"/dev/zero", "is a device" + stream},
      {folder / "large", "is larger than the 16 MiB that a pipeline may have"},
      {"", "there is no such file; give the path of a pipeline file, or - for standard input"},
  };
  for (const Row& row : rows) {
    CAPTURE(row.file.string());
    const auto text = load(row.file);
    REQUIRE_FALSE(text);
    CHECK(text.error().sentence == row.sentence);
    CHECK(text.error().where == row.file.string());
    CHECK(text.error().kind == host::ErrorKind::pipeline);
  }
  CHECK(load(folder / "largest")->size() == 16U << 20U);
}

TEST_CASE("standard input, also of a pipe, is written -") {
  const Folder folder;
  write(folder / "p.yaml", "gantry: 1\n");
  const int file = open((folder / "p.yaml").c_str(), O_RDONLY | O_CLOEXEC);
  REQUIRE(file >= 0);
  {
    const Redirect redirect(file);
    CHECK(load("-") == "gantry: 1\n");
  }
  close(file);
  int ends[2];
  REQUIRE(pipe2(ends, O_CLOEXEC) == 0);
  REQUIRE(::write(ends[1], "steps", 5) == 5);
  close(ends[1]);
  {
    const Redirect redirect(ends[0]);
    CHECK(load("-") == "steps");
    CHECK(load("-") == "");
  }
  close(ends[0]);
}

}  // namespace gantry::config::test
