// Real libraries, loaded: built by hand in one line, in C, from two SDKs; what they export and what they run at load.
#include <dlfcn.h>

#include <algorithm>
#include <catch2/catch.hpp>

#include "sdk/compiler.hpp"
#include "sdk/harness.hpp"

namespace {

using harness::Bytes;
using harness::Caller;
using harness::packed;
using u64 = std::uint64_t;

/// Never closed: plugins stay loaded, as in a worker.
const gantry_descriptor& load(const std::string& path, int flags = RTLD_NOW | RTLD_LOCAL) {
  void* const library = dlopen(path.c_str(), flags);
  if (library == nullptr) throw std::runtime_error(dlerror());
  const auto* descriptor = static_cast<const gantry_descriptor*>(dlsym(library, "gantry_plugin"));
  if (descriptor == nullptr) throw std::runtime_error(path + " has no gantry_plugin");
  return *descriptor;
}

void build(const std::string& command) {
  const compiler::Outcome outcome = compiler::shell(command);
  INFO(command << '\n' << outcome.output);
  REQUIRE(outcome.status == 0);
}

/// The `nth` block of a language in sdk/README.md.
std::string block(std::string_view language, int nth = 0) {
  const std::string readme = compiler::read(GANTRY_SOURCE "/sdk/README.md");
  const std::string opening = "```" + std::string(language) + '\n';
  std::size_t begin = readme.find(opening);
  for (; nth > 0; --nth) begin = readme.find(opening, begin + 1);
  if (begin == std::string::npos) throw std::runtime_error("no such block in the README");
  begin += opening.size();
  return readme.substr(begin, readme.find("```", begin) - begin);
}

constexpr const char* list_plugin = R"cpp(
#include <gantry/plugin.hpp>
  struct Pair {
    std::uint64_t a = 0;
    std::string b;
    template <class A>
    void serialize(A& x) {
      x(CEREAL_NVP(a), CEREAL_NVP(b));
    }
  };
  enum class Kind : std::uint8_t { one, two };
  static std::vector<Pair> twice(const std::vector<Pair>& in) {
    std::vector<Pair> out = in;
    for (Pair& pair : out) {
      pair.a *= 2;
      pair.b += pair.b;
    }
    return out;
  }
  static Kind other(Kind kind) {
    return kind == Kind::one ? Kind::two : Kind::one;
  }
  GANTRY_PLUGIN("lists", "1", gantry::function<twice>("twice", {"in"}), gantry::function<other>("other", {"kind"}));
)cpp";

Bytes one_pair(u64 a, std::string_view b) {
  Bytes bytes = packed(u64{1}, a, static_cast<u64>(b.size()));
  for (const char c : b) bytes.push_back(static_cast<std::byte>(c));
  return bytes;
}

}  // namespace

TEST_CASE("the README's plugin builds with one line and runs") {
  const compiler::Folder folder;
  const std::string source = folder.write("odd.cpp", block("cpp"));
  build("g++ -std=c++23 -O2 -shared -fPIC" + compiler::include + source + " -o " + (folder / "libodd.so"));
  const gantry_descriptor& plugin = load(folder / "libodd.so");
  CHECK(std::string(plugin.name) == "odd");
  const gantry_function* count = harness::find(plugin, "count");
  REQUIRE(count != nullptr);
  CHECK(harness::signature(*count) == "(low: u64, high: u64 = 100) -> u64");
  Caller caller;
  CHECK(caller.run(*count, packed(u64{0}, u64{11})).as<u64>() == 5);
}

TEST_CASE("static constructors: no code runs at load but that of <iostream>") {
  const compiler::Folder folder;
  const std::string library = folder / "libodd.so";
  build("g++ -std=c++23 -O2 -shared -fPIC" + compiler::include + folder.write("odd.cpp", block("cpp")) + " -o " +
        library);
  // Two entries of 8 bytes: the compiler's own frame_dummy, and one constructor, which calls one function.
  CHECK_THAT(compiler::shell("readelf -SW " + library + " | grep INIT_ARRAY").output, Catch::Contains(" 000010 "));
  const compiler::Outcome calls = compiler::shell("objdump -dC --no-show-raw-insn " + library +
                                                  " | sed -n '/^[0-9a-f]* <_GLOBAL__sub_I/,/^$/p' | grep -w call");
  CHECK_THAT(calls.output, Catch::Contains("std::ios_base::Init::Init()"));
  CHECK(std::count(calls.output.begin(), calls.output.end(), '\n') == 1);
}

TEST_CASE("a library built with one line shows nothing of the SDK") {
  const compiler::Folder folder;
  const std::string library = folder / "liblists.so";
  build("g++ -std=c++23 -shared -fPIC" + compiler::include + folder.write("lists.cpp", list_plugin) + " -o " + library);
  const compiler::Outcome symbols = compiler::shell("nm -DC --defined-only " + library);
  CHECK(symbols.status == 0);
  CHECK_THAT(symbols.output, Catch::Contains(" gantry_plugin"));
  CHECK_THAT(symbols.output, !Catch::Contains("gantry::"));
}

TEST_CASE("plugins of two SDK layouts run in one process") {
  const compiler::Folder folder;
  build("cp -r " GANTRY_SOURCE "/sdk/include " + (folder / "other"));
  // The other SDK keeps its archives elsewhere and the order of fields in another width.
  build("cd " + (folder / "other/gantry/detail") +
        " && sed -i 's/^struct Scratch {/struct Scratch { double elsewhere[100] = {};/' run.hpp"
        " && sed -i 's/constinit std::atomic<std::uintptr_t> order{0}/constinit std::atomic<unsigned> order{0}/' "
        "visit.hpp"
        " && grep -q elsewhere run.hpp && grep -q 'unsigned> order' visit.hpp");
  const std::string source = folder.write("lists.cpp", list_plugin);
  build("g++ -std=c++23 -shared -fPIC" + compiler::include + source + " -o " + (folder / "libone.so"));
  build("g++ -std=c++23 -O2 -shared -fPIC -I " + (folder / "other") + ' ' + source + " -o " + (folder / "libother.so"));
  for (const int scope : {RTLD_LOCAL, RTLD_GLOBAL}) {
    const gantry_descriptor& one = load(folder / "libone.so", RTLD_NOW | scope);
    const gantry_descriptor& other = load(folder / "libother.so", RTLD_NOW | scope);
    REQUIRE(&one != &other);
    Caller for_one;
    Caller for_other;
    for (u64 round = 0; round < 10; ++round) {
      const Bytes arguments = one_pair(round, "ab");
      CHECK(for_one.run(*harness::find(one, "twice"), arguments).result == one_pair(2 * round, "abab"));
      CHECK(for_other.run(*harness::find(other, "twice"), arguments).result == one_pair(2 * round, "abab"));
      CHECK(for_other.run(*harness::find(other, "other"), packed(std::uint32_t{1})).as<std::uint32_t>() == 0);
    }
  }
}

TEST_CASE("the README's plugin in C builds, loads and sums") {
  const compiler::Folder folder;
  const std::string library = folder / "libcsum.so";
  build("gcc -std=c11 -O2 -Wall -Wextra -Wpedantic -Werror -shared -fPIC -fvisibility=hidden" + compiler::include +
        folder.write("csum.c", block("c")) + " -o " + library);
  const gantry_descriptor& plugin = load(library);
  const gantry_function* sum = harness::find(plugin, "sum");
  REQUIRE(sum != nullptr);
  CHECK(harness::signature(*sum) == "(values: [u64]) -> u64");
  Caller caller;
  CHECK(caller.run(*sum, packed(u64{3}, u64{10}, u64{20}, u64{30})).as<u64>() == 60);
  const harness::Told told = caller.run(*sum, packed(u64{3}, u64{10}));
  CHECK(told.status == GANTRY_FAILED);
  CHECK(told.kind == "decode");
  const compiler::Outcome symbols = compiler::shell("nm -D --defined-only " + library);
  CHECK(symbols.output.ends_with(" gantry_plugin\n"));
  CHECK(std::count(symbols.output.begin(), symbols.output.end(), '\n') == 1);
}

TEST_CASE("the edge is clean in every C and C++") {
  const compiler::Folder folder;
  const std::string source = folder.write("edge", "#include <gantry/abi.h>\n");
  for (const char* call :
       {"gcc -x c -std=c11", "gcc -x c -std=c17", "gcc -x c -std=c2x", "g++ -x c++ -std=c++11", "g++ -x c++ -std=c++14",
        "g++ -x c++ -std=c++17", "g++ -x c++ -std=c++20", "g++ -x c++ -std=c++23"}) {
    std::string command = call;
    command.append(" -Wall -Wextra -Wpedantic -Werror -fsyntax-only").append(compiler::include).append(source);
    build(command);
  }
}

TEST_CASE("built by gantry_add_plugin, a library exports one symbol") {
  for (const std::string name : {"numbers", "primes", "sleepy", "montecarlo", "std"}) {
    const std::string library = GANTRY_BUILD "/plugins/lib" + name + ".so";
    INFO(library);
    const compiler::Outcome symbols = compiler::shell("nm -D --defined-only " + library);
    CHECK(symbols.status == 0);
    CHECK(symbols.output.ends_with(" gantry_plugin\n"));
    CHECK(std::count(symbols.output.begin(), symbols.output.end(), '\n') == 1);
  }
}

TEST_CASE("an author outside this tree finds gantry by find_package") {
  const compiler::Folder folder;
  build("cmake --install " GANTRY_BUILD " --component sdk --prefix " + (folder / "prefix"));
  folder.write("odd.cpp", block("cpp"));
  folder.write(
      "CMakeLists.txt",
      "cmake_minimum_required(VERSION 3.25)\nproject(outside LANGUAGES CXX)\nfind_package(gantry 1.0 REQUIRED)\n" +
          block("cmake"));
  build("cmake -S " + (folder / "") + " -B " + (folder / "build") +
        " -G Ninja -DCMAKE_PREFIX_PATH=" + (folder / "prefix") + " && cmake --build " + (folder / "build"));
  CHECK(std::string(load(folder / "build/libodd.so").version) == "1.0.0");
}
