// A folder of its own for tests of files, removed at the end.
#pragma once

#include <cstdlib>

#include <catch2/catch.hpp>
#include <filesystem>
#include <fstream>
#include <string>
#include <system_error>

namespace gantry::test {

class Tree {
 public:
  Tree() {
    std::string pattern = (std::filesystem::temp_directory_path() / "gantry-tree-XXXXXX").string();
    REQUIRE(mkdtemp(pattern.data()) != nullptr);
    root_ = pattern;
  }
  Tree(const Tree&) = delete;
  Tree& operator=(const Tree&) = delete;
  ~Tree() {
    std::error_code ignored;
    std::filesystem::remove_all(root_, ignored);
  }

  [[nodiscard]] const std::filesystem::path& root() const { return root_; }
  /// An empty file, and the folders that it is in.
  void file(const std::string& path) const {
    std::filesystem::create_directories((root_ / path).parent_path());
    REQUIRE(std::ofstream(root_ / path).good());
  }
  void link(const std::string& to, const std::string& path) const { std::filesystem::create_symlink(to, root_ / path); }

 private:
  std::filesystem::path root_;
};

}  // namespace gantry::test
