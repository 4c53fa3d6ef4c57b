// Files that are no plugin, or not for this gantry: each is refused with its own sentence and exit code 4. Plugins that
// were built outside the tree, by g++ or gcc alone, run.
#include <catch2/catch.hpp>

#include "run/command.hpp"

namespace {

using namespace gantry::tests;
namespace fs = std::filesystem;

constexpr const char* kPlain = R"(#include "gantry/abi.h"
#include <string.h>
static gantry_status sum(gantry_call *call) {
  uint64_t count, total = 0, value, i;
  memcpy(&count, call->arguments, 8);
  for (i = 0; i < count; ++i) {
    memcpy(&value, (const char *)call->arguments + 8 + 8 * i, 8);
    total += value;
  }
  memcpy(call->room, &total, 8);
  call->result_size = 8;
  return GANTRY_OK;
}
static const gantry_function entry = {
    .struct_size = sizeof entry, .name = "sum", .doc = "In C.", .signature = "(values: [u64]) -> u64", .run = sum};
static const gantry_function *const entries[] = {&entry};
const gantry_descriptor gantry_plugin = {
    {GANTRY_MAGIC, GANTRY_ABI_MAJOR, GANTRY_ABI_MINOR, GANTRY_WIRE, sizeof gantry_plugin}, "plain", "1.0.0", "", 1, entries};
)";

void shell(const Folder& folder, const std::string& line) {
  Command command;
  command.words = {"/bin/sh", "-c", line};
  command.folder = folder.path();
  const Ended ended = run(command);
  INFO(line << "\n" << ended.err);
  REQUIRE(ended.code == 0);
}

std::string pipeline(const std::string& file) {
  return "gantry: 1\nplugins: [" + file + "]\nsteps:\n  - id: a\n    call: x.f\n";
}

}  // namespace

TEST_CASE("each file that is no plugin is refused with its own sentence, and exit code 4") {
  const Folder folder;
  const std::string here = folder.path().string() + "/";
  const std::string bad = GANTRY_BUILD "/tests/plugins/libbad_";
  folder.write("libtext.so", "hello text\n");
  folder.write("libempty.so", "");
  fs::create_directory(folder.path() / "libfolder.so");
  shell(folder, "head -c 5000 " GANTRY_BUILD "/plugins/libprimes.so > libcut.so; mkfifo libpipe.so");
  const std::pair<std::string, std::string> rows[] = {
      {here + "libnone.so", here + "libnone.so does not exist"},
      {here + "libtext.so", here + "libtext.so is not a shared library (it begins with \"hello text\")"},
      {here + "libempty.so", here + "libempty.so is empty"},
      {here + "libfolder.so", here + "libfolder.so is a directory, not a shared library"},
      {here + "libpipe.so", here + "libpipe.so is a named pipe, not a shared library"},
      {here + "libcut.so", here + "libcut.so is cut short: it has 5000 bytes, its headers say at least "},
      {bad + "no_symbol.so", bad + "no_symbol.so is a shared library, but no plugin: it does not export gantry_plugin; "
                                   "define it with GANTRY_PLUGIN"},
      {bad + "magic.so",
       "its gantry_plugin begins with 0x31415926 instead of 0x59544e47: define it with GANTRY_PLUGIN "
       "or as a gantry_descriptor"},
      {bad + "major.so", "it was built for plugin ABI 7, this gantry has 1: build it again with this gantry's SDK"},
      {bad + "wire.so", "it was built for wire version 9, this gantry has 1: build it again with this gantry's SDK"},
      {bad + "aborts.so", "the worker died while loading it: SIGABRT"},
  };
  for (const auto& [file, sentence] : rows) {
    folder.write("p.yaml", pipeline(file));
    const Ended ended = command_line({"run", "p.yaml"}, folder.path());
    INFO(file << "\n" << ended.err);
    CHECK(ended.code == 4);
    CHECK(ended.out.empty());
    CHECK(ended.err.starts_with("p.yaml:2:11: error[E0511]: plugin " + file + ": " + sentence));
    CHECK(ended.err.find("error[", 30) == std::string::npos);  // one sentence: what follows from it is not told
  }
}

TEST_CASE("a plugin that is not on the path is named, with the nearest, and exit code 4") {
  const Folder folder;
  folder.write("p.yaml", "gantry: 1\nplugins: [prims]\nsteps:\n  - id: a\n    call: prims.count\n");
  const Ended ended = command_line({"check", "p.yaml"}, folder.path());
  INFO(ended.err);
  CHECK(ended.code == 4);
  CHECK(ended.err.find("p.yaml:2:11: error[E0510]: there is no libprims.so on the plugin path\n") != std::string::npos);
  CHECK(ended.err.find("help: did you mean `primes`?\n") != std::string::npos);
}

TEST_CASE("a plugin in C, built by gcc alone, loads and runs") {
  const Folder folder;
  folder.write("plain.c", kPlain);
  shell(folder, "gcc -std=c11 -shared -fPIC -I " GANTRY_SOURCE "/sdk/include plain.c -o libplain.so");
  const Ended ended = command_line({"call", "./libplain.so.sum", "values=[1, 2, 39]"}, folder.path());
  INFO(ended.err);
  CHECK(ended.code == 0);
  CHECK(ended.out == "42\n");
}

TEST_CASE("a file that is not the one whose SHA-256 is given is refused") {
  const Folder folder;
  const std::string file = GANTRY_BUILD "/plugins/libnumbers.so";
  folder.write("p.yaml", "gantry: 1\nplugins: [{path: " + file + ", sha256: " + std::string(64, '0') +
                             "}]\nsteps:\n  - id: a\n    call: numbers.square\n    args: {x: 3}\n");
  const Ended changed = command_line({"run", "p.yaml"}, folder.path());
  CHECK(changed.code == 4);
  CHECK(changed.err.find("error[E0512]") != std::string::npos);
  shell(folder, "sed -i \"s/0\\{64\\}/$(sha256sum " + file + " | cut -c1-64)/\" p.yaml");
  const Ended same = command_line({"run", "p.yaml"}, folder.path());
  INFO(same.err);
  CHECK(same.out == "a = 9\n");
}
