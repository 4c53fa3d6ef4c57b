// What `cmake --install` installs, used as a stranger would: moved elsewhere, through a symbolic link, without an
// environment; and the CMake package that is in the prefix and in the build folder.
#include <algorithm>
#include <catch2/catch.hpp>
#include <filesystem>

#include "install/outside.hpp"
#include "run/command.hpp"
#include "support/page.hpp"

namespace {

using namespace gantry::tests;
namespace fs = std::filesystem;

/// Everything that was installed, in a prefix that was moved after that.
struct Prefix {
  Prefix() {
    shell("cmake --install " GANTRY_BUILD " --prefix " + (folder.path() / "first").string(), folder.path());
    fs::create_directory(folder.path() / "opt");
    fs::rename(folder.path() / "first", path);
  }
  Folder folder;
  fs::path path = folder.path() / "opt" / "gantry";
  [[nodiscard]] std::string operator/(const std::string& name) const { return (path / name).string(); }
};

/// Configures and builds a project of an author, and asks its plugin by an installed gantry.
void build_outside(const std::string& package, const std::string& gantry) {
  const Folder folder;
  folder.write("odd.cpp", kOdd);
  folder.write(
      "CMakeLists.txt",
      "cmake_minimum_required(VERSION 3.25)\nproject(outside LANGUAGES CXX)\n"
      "find_package(gantry 1.0 REQUIRED)\ngantry_add_plugin(odd odd.cpp)\n"
      "get_target_property(links gantry::sdk INTERFACE_LINK_LIBRARIES)\n"
      "if(NOT links STREQUAL cereal::cereal)\n  message(FATAL_ERROR \"gantry::sdk links ${links}\")\nendif()\n");
  shell("cmake -S . -B build -G Ninja -DCMAKE_PREFIX_PATH=" + package + " && cmake --build build", folder.path());
  CHECK(shell("env -i " + gantry + " call ./build/libodd.so.odd value=3", folder.path()) == "true\n");
}

}  // namespace

TEST_CASE("an installation works wherever it is moved, without an environment") {
  const Prefix prefix;
  const std::string readme = read_file(prefix / "share/doc/gantry/README.md");
  const Folder folder;
  folder.write("shapes.cpp", fenced(readme, "cpp"));
  folder.write("shapes.yaml", fenced(readme, "yaml"));
  shell("g++ -std=c++23 -O2 -shared -fPIC -I " + (prefix / "include") + " shapes.cpp -o libshapes.so", folder.path());
  CHECK(shell("env -i " + (prefix / "bin/gantry") + " run shapes.yaml", folder.path()) == fenced(readme, "text"));

  fs::create_symlink(prefix / "bin/gantry", folder.path() / "linked");
  CHECK(shell("env -i ./linked run shapes.yaml", folder.path()) == fenced(readme, "text"));
  CHECK(shell("env -i ./linked run " + (prefix / "share/gantry/configs/primes.yaml"), folder.path()) ==
        "total = 54208\n");
}

TEST_CASE("an installation holds programs, every plugin, pipelines, pages and the SDK") {
  const Prefix prefix;
  for (const char* name : {"bin/gantry", "bin/gantry-worker", "include/gantry/plugin.hpp", "include/gantry/abi.h",
                           "share/doc/gantry/README.md", "share/doc/gantry/sdk/README.md"}) {
    CHECK(fs::exists(prefix / name));
  }
  for (const auto& entry : fs::directory_iterator(GANTRY_SOURCE "/configs")) {
    CHECK(fs::exists(prefix / ("share/gantry/configs/" + entry.path().filename().string())));
  }
  for (const auto& entry : fs::directory_iterator(GANTRY_SOURCE "/plugins")) {
    const std::string name = entry.path().filename().string();
    if (!fs::exists(entry.path() / (name + ".cpp"))) continue;
    CHECK(fs::exists(prefix / (GANTRY_LIBRARIES "/gantry/plugins/lib" + name + ".so")));
  }
#ifndef GANTRY_SANITIZED  // whose builds have debug information
  // What is installed knows no folder of the build.
  CHECK(shell("grep -rlF " GANTRY_BUILD " " + prefix.path.string() + " || true", prefix.path).empty());
#endif
}

TEST_CASE("authors find the package in a prefix and in the build folder") {
  const Prefix prefix;
  build_outside(prefix.path.string(), prefix / "bin/gantry");
  build_outside(GANTRY_BUILD, prefix / "bin/gantry");
}

TEST_CASE("the way to the plugins follows the layout that was configured") {
  const Folder folder;
  shell("cmake -S " GANTRY_SOURCE
        " -B build -G Ninja -DGANTRY_TESTS=OFF -DCMAKE_INSTALL_PREFIX=/usr "
        "-DCMAKE_INSTALL_LIBDIR=lib/x86_64-linux-gnu",
        folder.path());
  CHECK(read_file(folder.path() / "build/plugins/cmake_install.cmake")
            .find("${CMAKE_INSTALL_PREFIX}/lib/x86_64-linux-gnu/gantry/plugins") != std::string::npos);
  CHECK(read_file(folder.path() / "build/compile_commands.json")
            .find(R"(GANTRY_PLUGINS_FROM_PROGRAMS=\\\"../lib/x86_64-linux-gnu/gantry/plugins\\\")") !=
        std::string::npos);
}
