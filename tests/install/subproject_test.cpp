// gantry as a part of a larger project forces nothing on it.
#include <catch2/catch.hpp>

#include "install/outside.hpp"
#include "run/command.hpp"

namespace {

using namespace gantry::tests;

// The parent's own settings, looked at again behind add_subdirectory, and what it links of gantry.
constexpr const char* kParent = R"(cmake_minimum_required(VERSION 3.25)
project(parent VERSION 9.9 LANGUAGES CXX C)
add_subdirectory(${GANTRY} gantry)
foreach(variable CMAKE_BUILD_TYPE CMAKE_CXX_STANDARD CMAKE_CXX_EXTENSIONS CMAKE_C_STANDARD CMAKE_CXX_COMPILER_LAUNCHER
    CMAKE_C_COMPILER_LAUNCHER CMAKE_RUNTIME_OUTPUT_DIRECTORY CMAKE_LIBRARY_OUTPUT_DIRECTORY
    CMAKE_POSITION_INDEPENDENT_CODE CMAKE_EXPORT_COMPILE_COMMANDS GANTRY_CCACHE)
  if(NOT "${${variable}}" STREQUAL "")
    message(FATAL_ERROR "${variable} is ${${variable}}")
  endif()
endforeach()
foreach(property COMPILE_OPTIONS COMPILE_DEFINITIONS LINK_OPTIONS TESTS)
  get_directory_property(value ${property})
  if(value)
    message(FATAL_ERROR "${property} of the parent's folder: ${value}")
  endif()
endforeach()
foreach(target gantry-tests gantry-plugins test-run plugin-std)
  if(TARGET ${target})
    message(FATAL_ERROR "the target ${target} was not asked for")
  endif()
endforeach()
gantry_add_plugin(odd odd.cpp)
file(WRITE ${CMAKE_BINARY_DIR}/embeds.cpp "int main() {}\n")
add_executable(embeds EXCLUDE_FROM_ALL ${CMAKE_BINARY_DIR}/embeds.cpp)
target_link_libraries(embeds PRIVATE gantry::host)
install(FILES odd.cpp DESTINATION share)
)";

}  // namespace

TEST_CASE("as a part of a larger project gantry decides nothing for it") {
  const Folder folder;
  folder.write("CMakeLists.txt", kParent);
  folder.write("odd.cpp", kOdd);
  shell("cmake -S . -B build -G Ninja -DGANTRY=" GANTRY_SOURCE, folder.path());
  const std::string rules = read_file(folder.path() / "build/build.ninja");
  CHECK(rules.find("-Wconversion") == std::string::npos);
  CHECK(rules.find("ccache") == std::string::npos);
  shell("cmake --build build --target odd", folder.path());
  shell("cmake -DCMAKE_INSTALL_PREFIX=$PWD/prefix -P build/cmake_install.cmake", folder.path());
  CHECK(shell("find prefix -type f", folder.path()) == "prefix/share/odd.cpp\n");
  CHECK(command_line({"call", "./build/libodd.so.odd", "value=4"}, folder.path()).out == "false\n");
}
