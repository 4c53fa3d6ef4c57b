// The scripts that install, build and test, against package managers and tests that are not there for real.
#include <catch2/catch.hpp>
#include <filesystem>
#include <regex>

#include "install/outside.hpp"
#include "run/command.hpp"

namespace {

using namespace gantry::tests;
namespace fs = std::filesystem;

/// Programs that stand in front of the machine's own in PATH.
struct Machine {
  void program(const std::string& name, const std::string& body) const {
    fs::permissions(folder.write("bin/" + name, "#!/bin/sh\n" + body + "\n"), fs::perms::owner_all);
  }
  Machine() { fs::create_directory(folder.path() / "bin"); }
  /// Sources packages.sh as the scripts do, and asks for the packages cmake and absent.
  [[nodiscard]] Command command() const {
    Command command;
    command.words = {"/bin/bash", "-c",
                     "set -euo pipefail; PATH=" + (folder.path() / "bin").string() +
                         ":$PATH; . " GANTRY_SOURCE
                         "/host/packages.sh; install_missing cmake absent; echo went on >&2"};
    command.folder = folder.path();
    return command;
  }
  Folder folder;
};

// dpkg-query answers for what it knows, and fails when it does not know all.
constexpr const char* kKnowsCmake = "echo 'installed cmake'; echo 'dpkg-query: no packages found' >&2; exit 1";
constexpr const char* kKnowsBoth = "echo 'installed cmake'; echo 'installed absent'";
constexpr const char* kAnyone = "echo 1000";
constexpr const char* kRoot = "echo 0";
// No program of that name: the machine's own must not be found either.
constexpr const char* kNone = "";

/// Without the lines that only a slow machine makes it print.
std::string without_progress(const std::string& text) {
  return std::regex_replace(text, std::regex("[A-Z][a-zA-Z ]*: [0-9]+ s: [^\n]*\n"), "");
}

struct Row {
  const char* what;
  const char* dpkg;
  const char* id;
  const char* sudo;
  const char* cache;  ///< apt-cache: whether the lists know the packages
  const char* apt;
  int code;
  std::string err;
};

}  // namespace

TEST_CASE("missing packages are installed, or a sentence names them") {
  const std::string lists = "Fetching the lists of Debian packages\n";
  const std::string help = "help: as root, run: apt-get update && apt-get install absent\n";
  const std::string gave_up = "error: these Debian packages could not be installed (messages above): absent\n" + help;
  const std::string as_root = "Missing Debian packages are installed as root: absent\n";
  const std::vector<Row> rows{
      {"nothing is missing: nobody is called", kKnowsBoth, kAnyone, kNone, "exit 9", "exit 9", 0, "went on\n"},
      {"root, and lists that know it", kKnowsCmake, kRoot, kNone, "exit 0", "exit 0", 0,
       as_root + "Installing\nwent on\n"},
      {"root, without lists", kKnowsCmake, kRoot, kNone, "exit 100", "exit 0", 0,
       as_root + lists + "Installing\nwent on\n"},
      {"with sudo", kKnowsCmake, kAnyone, "shift 0; exec \"$@\"", "exit 0", "exit 0", 0,
       "Missing Debian packages are installed with sudo: absent\nInstalling\nwent on\n"},
      {"old lists: fetched, and once more", kKnowsCmake, kRoot, kNone, "exit 0",
       "case \"$*\" in *update*) touch new ;; *) [ -e new ] || { echo no such file; exit 100; } ;; esac", 0,
       as_root +
           "Installing\nno such file\nerror: Installing: failed with exit code 100; what it printed is above\n"
           "Once more, with new lists of packages:\n" +
           lists + "Installing\nwent on\n"},
      {"lists that cannot be fetched, packages that can", kKnowsCmake, kRoot, kNone, "exit 100",
       "case \"$*\" in *update*) echo no network; exit 100 ;; esac", 0,
       as_root + lists +
           "no network\nerror: Fetching the lists of Debian packages: failed with exit code 100; what it printed is "
           "above\nInstalling\nwent on\n"},
      {"root, without a network", kKnowsCmake, kRoot, kNone, "exit 100", "echo no network; exit 100", 1,
       as_root + lists +
           "no network\nerror: Fetching the lists of Debian packages: failed with exit code 100; what it printed is "
           "above\nInstalling\nno network\nerror: Installing: failed with exit code 100; what it printed is above\n" +
           gave_up},
  };
  for (const Row& row : rows) {
    const Machine machine;
    machine.program("dpkg-query", row.dpkg);
    machine.program("id", row.id);
    if (*row.sudo != '\0') machine.program("sudo", row.sudo);
    machine.program("apt-cache", row.cache);
    machine.program("apt-get", row.apt);
    const Ended ended = run(machine.command());
    INFO(row.what);
    CHECK(ended.code == row.code);
    CHECK(without_progress(ended.err) == row.err);
    CHECK(ended.out.empty());
  }
}

TEST_CASE("without root and sudo, and without apt-get, the packages are named") {
  const Machine machine;
  // Nothing but these is in PATH, for the machine that runs this may have sudo.
  for (const char* name : {"bash", "sed", "tr", "dirname", "mktemp", "rm", "tail", "grep"}) {
    machine.program(name, "exec /usr/bin/" + std::string(name) + " \"$@\"");
  }
  machine.program("dpkg-query", kKnowsCmake);
  machine.program("id", kAnyone);
  Command command;
  command.words = {"/bin/bash", "-c",
                   "set -euo pipefail; PATH=$PWD/bin; . " GANTRY_SOURCE
                   "/host/packages.sh; install_missing cmake absent"};
  command.folder = machine.folder.path();
  const Ended without = run(command);
  CHECK(without.code == 1);
  CHECK(
      without.err ==
      "error: these Debian 12 packages, or what they are called here, are missing, and there is no apt-get: absent\n");
  machine.program("apt-get", "exit 9");
  const Ended refused = run(command);
  CHECK(refused.code == 1);
  CHECK(refused.err ==
        "error: these Debian packages are missing, and neither root nor sudo is at hand: absent\n"
        "help: as root, run: apt-get update && apt-get install absent\n");
}

TEST_CASE("a long installation says every ten seconds where it is") {
  const Machine machine;
  machine.program("dpkg-query", kKnowsCmake);
  machine.program("id", kRoot);
  machine.program("apt-cache", "exit 0");
  machine.program("apt-get", "echo Unpacking absent; while [ ! -e told ]; do sleep 0.1; done");
  Started started(machine.command());
  CHECK(started.says(" s: Unpacking absent\n"));
  machine.folder.write("told", "");
  CHECK(started.wait().code == 0);
}

TEST_CASE("a failed test is run a second time, alone, and told when it passes then") {
  const Folder folder;
  const auto tests = [&](const std::string& arguments, const std::string& rerun) {
    Command command;
    command.words = {"/bin/bash", "-c", GANTRY_SOURCE "/tests/ctest.sh " + folder.path().string() + arguments};
    command.environment = {"GANTRY_RERUN=" + rerun};
    command.folder = folder.path();
    std::error_code ignored;
    fs::remove(folder.path() / "ran", ignored);
    return run(command);
  };
  const std::string good = "add_test(\"room: good\" /bin/true)\n";
  const std::string odd = "add_test(\"room: odd [x] (1)\" /bin/sh -c \"test -e ran || { touch ran; exit 1; }\")\n";
  folder.write("CTestTestfile.cmake", good + odd);
  CHECK(tests("", "OFF").code != 0);
  const Ended green = tests("", "ON");
  CHECK(green.code == 0);
  CHECK(green.out.ends_with("\nflaky: room: odd [x] (1)\n"));
  CHECK(read_file(folder.path() / "flaky") == "flaky: room: odd [x] (1)\n");
  CHECK(tests(" -R good", "ON").code == 0);
  CHECK(!fs::exists(folder.path() / "flaky"));
  CHECK(tests(" -R nothing", "ON").code != 0);

  folder.write("CTestTestfile.cmake", good + odd + "add_test(\"room: bad\" /bin/false)\n");
  const Ended red = tests("", "ON");
  CHECK(red.code != 0);
  CHECK(red.out.ends_with("\nflaky: room: odd [x] (1)\n"));
}

TEST_CASE("the gate lints all that a push changed, and who includes a changed header") {
  const Machine machine;
  machine.program("dpkg-query", "for word; do echo \"installed $word\"; done");
  machine.program("clang-format-19", "exit 0");
  machine.program("clang-tidy-19", "for word; do last=$word; done; echo $last >>linted");
  for (const char* compiler : {"gcc", "g++"}) machine.program(compiler, "cat >/dev/null");
  const auto gate = [&](const std::string& arguments) {
    Command command;
    command.words = {"/bin/bash", "-c",
                     "PATH=$PWD/bin:$PATH; cd tree && rm -f linted && tests/gate.sh" + arguments +
                         " >&2; sort linted | tr '\\n' ' '"};
    command.folder = machine.folder.path();
    const Ended ended = run(command);
    INFO(ended.err);
    CHECK(ended.err.find(" through clang-tidy ") != std::string::npos);
    return ended.out;
  };
  const fs::path tree = machine.folder.path() / "tree";
  for (const char* folder : {"tests", "host/base", "sdk/include/gantry", "plugins", "build"}) {
    fs::create_directories(tree / folder);
  }
  fs::copy(GANTRY_SOURCE "/tests/gate.sh", tree / "tests");
  fs::copy(GANTRY_SOURCE "/host/packages.sh", tree / "host");
  std::string commands;
  for (const char* name : {"old", "one", "two", "user"}) {
    commands += "\"file\": \"" + (tree / "host/base" / (std::string(name) + ".cpp")).string() + "\"\n";
  }
  machine.folder.write("tree/build/compile_commands.json", commands);
  const std::string git = "git -c user.name=a -c user.email=a@b ";
  const auto commit = [&](const std::string& name, const std::string& text, const std::string& date) {
    machine.folder.write("tree/host/base/" + name, text);
    shell("git init -q . && git add host tests && GIT_COMMITTER_DATE='" + date + "' " + git + "commit -q -m '" + name +
              "'",
          tree);
  };
  commit("deep.hpp", "#pragma once\n", "2026-01-01T10:00:00Z");
  commit("shallow.hpp", "#include \"base/deep.hpp\"\n", "2026-01-01T10:00:00Z");
  commit("user.cpp", "#include \"base/shallow.hpp\"\n", "2026-01-01T10:00:00Z");
  commit("old.cpp", "// old\n", "2026-01-02T10:00:00Z");
  commit("one.cpp", "// one\n", "2026-01-03T10:00:00Z");
  commit("deep.hpp", "#pragma once\n\n", "2026-01-03T11:00:00Z");
  commit("two.cpp", "// two\n", "2026-01-03T12:00:00Z");
  const std::string pushed = "host/base/one.cpp host/base/two.cpp host/base/user.cpp ";
  CHECK(gate("") == pushed);
  CHECK(gate(" HEAD~1") == "host/base/two.cpp ");
  CHECK(gate(" --all") == "host/base/old.cpp " + pushed);
  shell(
      "git branch -q main HEAD~2 2>/dev/null; git branch -q here && git branch -q -u main here && git checkout -q here",
      tree);
  CHECK(gate("") == "host/base/two.cpp host/base/user.cpp ");
}
