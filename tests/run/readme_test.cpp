// The README's own text is run: the plugin is compiled by the README's command, the pipeline gives the README's output.
#include <algorithm>
#include <catch2/catch.hpp>
#include <set>

#include "run/command.hpp"
#include "support/page.hpp"

namespace {

using namespace gantry::tests;

/// The words of small letters and dashes that stand directly behind `start`.
std::set<std::string> words_at(const std::string& text, const std::string& start) {
  std::set<std::string> words;
  for (std::size_t at = 0; (at = text.find(start, at)) != std::string::npos;) {
    at += start.size();
    const std::size_t end = std::min(text.find_first_not_of("abcdefghijklmnopqrstuvwxyz-", at), text.size());
    if (end > at && text[at] != '-') words.insert(text.substr(at, end - at));
  }
  return words;
}

}  // namespace

TEST_CASE("the README's plugin builds with its command and its pipeline prints its output") {
  const std::string readme = read_file(GANTRY_SOURCE "/README.md");
  const Folder folder;
  folder.write("shapes.cpp", fenced(readme, "cpp"));
  folder.write("shapes.yaml", fenced(readme, "yaml"));
  std::string compile = line_with(readme, "g++ ");
  const std::size_t include = compile.find("-I sdk/include");
  REQUIRE(include != std::string::npos);
  compile.replace(include, 14, "-I " GANTRY_SOURCE "/sdk/include");

  Command build;
  build.words = {"/bin/sh", "-c", compile};
  build.folder = folder.path();
  const Ended built = run(build);
  INFO(built.err);
  REQUIRE(built.code == 0);

  CHECK(line_with(readme, "build/bin/gantry run") == "build/bin/gantry run shapes.yaml");
  const Ended shown = gantry::tests::command_line({"run", "shapes.yaml"}, folder.path());
  INFO(shown.err);
  CHECK(shown.code == 0);
  CHECK(shown.out == fenced(readme, "text"));
}

TEST_CASE("the README's error is the one that is shown") {
  const Folder folder;
  folder.write(
      "wrong.yaml",
      "gantry: 1\nplugins: [primes]\nsteps:\n  - id: counts\n    call: primes.cuont\n    args: {low: 1, high: 2}\n");
  const Ended shown = command_line({"check", "wrong.yaml"}, folder.path());
  CHECK(shown.code == 3);
  CHECK(read_file(GANTRY_SOURCE "/README.md").find("```text\n" + shown.err + "```\n") != std::string::npos);
}

TEST_CASE("the README's verbs and flags are the command line's") {
  const std::string readme = read_file(GANTRY_SOURCE "/README.md");
  const auto row_of = [&](const std::string& verb) {
    const std::size_t begin = readme.find("\n| `gantry " + verb);
    INFO("the README's row of " << verb);
    REQUIRE(begin != std::string::npos);
    return readme.substr(begin + 1, readme.find('\n', begin + 1) - begin - 1);
  };
  const std::string help = gantry::tests::command_line({"help"}).out;
  const std::set<std::string> verbs = words_at(help.substr(help.find("Verbs:")), "\n  ");
  CHECK(verbs.size() == 8);
  CHECK(words_at(readme, "\n| `gantry ") == verbs);
  for (const std::string& verb : verbs) {
    if (verb == "help") continue;
    std::string row = row_of(verb);
    if (row.find("flags as `run`") != std::string::npos) row += row_of("run");
    std::set<std::string> flags = words_at(gantry::tests::command_line({"help", verb}).out, "--");
    flags.erase("help");
    if (verb == "version") flags.insert("version");  // `gantry --version` is told there
    INFO(verb);
    CHECK(words_at(row, "--") == flags);
  }
}
