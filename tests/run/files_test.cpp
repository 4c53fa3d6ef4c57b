// Files as a source, from outside: a task for each, in order, opened where the worker stands.
#include <catch2/catch.hpp>

#include "run/command.hpp"

namespace {

using namespace gantry::tests;
namespace fs = std::filesystem;

const std::string plugins = "gantry: 1\nplugins: [" GANTRY_BUILD "/tests/plugins/libunruly.so]\n";

std::string pipeline(const std::string& pattern) {
  return plugins + "steps:\n  - id: text\n    call: unruly.text\n    each: {path: {files: " + pattern +
         "}}\n    args: {value: $path}\n";
}

/// p/p.yaml over p/data, with names that a shell would trip over.
void fill(const Folder& folder) {
  fs::create_directories(folder.path() / "p/data/sub");
  for (const char* name : {"b c.txt", "-a.txt", "sub/ü'\"\n.txt", "sub/.hidden.txt", "other.csv"})
    folder.write("p/data/" + std::string(name), "");
  folder.write("p/p.yaml", pipeline("\"data/**/*.txt\""));
}

std::string text_of(const std::string& prefix) {
  return "text[0] = \"" + prefix + "data/-a.txt\"\ntext[1] = \"" + prefix + "data/b c.txt\"\ntext[2] = \"" + prefix +
         "data/sub/ü'\\\"\\n.txt\"\n";
}

}  // namespace

TEST_CASE("a task for each file, whose path is told as the pipeline's was") {
  const Folder folder;
  fill(folder);
  const std::string absolute = folder.path().string() + "/p/";
  struct Row {
    const char* folder;
    std::string file;
    std::string prefix;
  };
  for (const auto& [where, file, prefix] :
       {Row{"p", "p.yaml", ""}, Row{"p", "./p.yaml", ""}, Row{".", "p/p.yaml", "p/"}, Row{"p/data", "../p.yaml", "../"},
        Row{"/", absolute + "p.yaml", absolute}}) {
    const Ended ended = command_line({"run", file, "-j", "2"}, folder.path() / where);
    INFO(file << "\n" << ended.err);
    CHECK(ended.code == 0);
    CHECK(ended.out == text_of(prefix));
  }
  Command piped;
  piped.words = {"/bin/sh", "-c", "exec " GANTRY_BUILD "/bin/gantry run - < p.yaml"};
  piped.folder = folder.path() / "p";
  CHECK(run(piped).out == text_of(""));
}

TEST_CASE("tasks open the files that they are told, with the same digest for any number of workers") {
  const Folder folder;
  fs::create_directories(folder.path() / "p/parts");
  std::string lines;
  for (int i = 100; i < 300; ++i) {
    folder.write("p/parts/" + std::to_string(i), std::string(static_cast<std::size_t>(i), 'x'));
    lines += "size[" + std::to_string(i - 100) + "] = " + std::to_string(i) + "\n";
  }
  folder.write("size.cpp",
               "#include <filesystem>\n#include <gantry/plugin.hpp>\n"
               "static std::uint64_t size(const std::string& path) { return std::filesystem::file_size(path); }\n"
               "GANTRY_PLUGIN(\"size\", \"1.0.0\", gantry::function<size>(\"of\", {\"path\"}));\n");
  Command build;
  build.words = {"/bin/sh", "-c",
                 "exec g++ -std=c++23 -O1 -shared -fPIC -I " GANTRY_SOURCE "/sdk/include size.cpp -o libsize.so"};
  build.folder = folder.path();
  const Ended built = run(build);
  INFO(built.err);
  REQUIRE(built.code == 0);
  folder.write("p/p.yaml",
               "gantry: 1\nplugins: [../libsize.so]\nsteps:\n  - id: size\n    call: size.of\n"
               "    each: {path: {files: \"parts/[0-9]*\"}}\n    args: {path: $path}\n");
  std::string digest;
  for (const char* workers : {"1", "2", "4", "8"}) {
    const Ended text = command_line({"run", "p/p.yaml", "-j", workers}, folder.path());
    INFO(text.err);
    CHECK(text.out == lines);
    const Ended digested = command_line({"run", "p.yaml", "-j", workers, "-o", "digest"}, folder.path() / "p");
    if (digest.empty()) digest = digested.out;
    CHECK(digested.out == digest);
  }
  CHECK(digest.starts_with("size 200 ok 0 error 0 skipped 0 not-run xxh3:"));
}

TEST_CASE("a pattern that finds nothing is the same error from check and run") {
  const Folder folder;
  fill(folder);
  folder.write("p/none.yaml", pipeline("\"data/*.{doc,md}\""));
  for (const char* verb : {"check", "run"}) {
    const Ended ended = command_line({verb, "none.yaml"}, folder.path() / "p");
    CHECK(ended.code == 3);
    CHECK(ended.out.empty());
    CHECK(
        ended.err.starts_with("none.yaml:6:26: error[E0421]: no file matches data/*.{doc,md}\n"
                              "   6 |     each: {path: {files: \"data/*.{doc,md}\"}}\n"
                              "     |                          ^\n"
                              "help: looked in the folder " +
                              fs::canonical(folder.path() / "p/data").string() + "\n"));
  }
}

TEST_CASE("an overridden pattern stands for itself") {
  const Folder folder;
  fill(folder);
  folder.write("p/set.yaml", plugins +
                                 "params: {in: nowhere}\nsteps:\n  - id: text\n    call: unruly.text\n"
                                 "    each: {path: {files: $params.in}}\n    args: {value: $path}\n");
  const Ended ended = command_line({"run", "set.yaml", "--set", "in=data/*.csv"}, folder.path() / "p");
  INFO(ended.err);
  CHECK(ended.out == "text[0] = \"data/other.csv\"\n");
}
