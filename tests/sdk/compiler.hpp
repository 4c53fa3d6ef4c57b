// The compiler as an author calls it, and a folder for what it makes.
#pragma once

#include <array>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <memory>
#include <stdexcept>
#include <string>
#include <string_view>

namespace compiler {

struct Outcome {
  int status = -1;     ///< as of wait(); 0 is good
  std::string output;  ///< stdout and stderr
};

/// Runs a shell command in the C locale.
inline Outcome shell(const std::string& command) {
  const std::unique_ptr<FILE, int (*)(FILE*)> pipe(
      popen(("LC_ALL=C; export LC_ALL; { " + command + "; } 2>&1").c_str(), "r"), [](FILE*) { return 0; });
  if (!pipe) throw std::runtime_error("no shell for: " + command);
  Outcome outcome;
  std::array<char, 4096> buffer{};
  for (std::size_t size = 0; (size = std::fread(buffer.data(), 1, buffer.size(), pipe.get())) > 0;) {
    outcome.output.append(buffer.data(), size);
  }
  outcome.status = pclose(pipe.get());
  return outcome;
}

/// A temporary folder, removed in the end.
class Folder {
 public:
  Folder() {
    std::string name = (std::filesystem::temp_directory_path() / "gantry-sdk-XXXXXX").string();
    if (mkdtemp(name.data()) == nullptr) throw std::runtime_error("no temporary folder " + name);
    path_ = name;
  }
  ~Folder() {
    std::error_code ignored;
    std::filesystem::remove_all(path_, ignored);
  }
  Folder(const Folder&) = delete;
  Folder& operator=(const Folder&) = delete;

  [[nodiscard]] std::string operator/(std::string_view name) const { return (path_ / name).string(); }
  /// Writes a file and gives its path.
  std::string write(std::string_view name, std::string_view text) const {
    std::ofstream(path_ / name) << text;
    return *this / name;
  }

 private:
  std::filesystem::path path_;
};

inline std::string read(const std::string& path) {
  std::ifstream file(path);
  if (!file) throw std::runtime_error("cannot read " + path);
  return {std::istreambuf_iterator<char>(file), {}};
}

inline const std::string include = " -I " GANTRY_SOURCE "/sdk/include ";

}  // namespace compiler
