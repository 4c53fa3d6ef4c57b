// A table of cases: patterns, and the files of one tree of odd names that they match.
#include "plan/find_files.hpp"

#include <sys/stat.h>
#include <unistd.h>

#include <catch2/catch.hpp>
#include <vector>

#include "tree.hpp"

namespace gantry::test {
namespace {

namespace fs = std::filesystem;

void fill(const Tree& tree) {
  for (const char* path : {"a.txt", "b.txt", ".dot.txt", "-dash.txt", "with space.txt", "new\nline.txt", "q\"uo'te.txt",
                           "ünï.txt", "日本.txt", "[x].txt", "{y}.txt", "back\\slash.txt", "B.TXT", "sub/c.txt",
                           "sub/d.csv", "sub/deep/e.txt", ".hidden/h.txt", "sub/.hidden/i.txt", "folder.txt/j.txt"}) {
    tree.file(path);
  }
  tree.link("a.txt", "link.txt");
  tree.link("nowhere", "broken.txt");
  tree.link("self.txt", "self.txt");
  tree.link("sub", "far");
  tree.link("..", "sub/up");
  REQUIRE(mkfifo((tree.root() / "fifo.txt").c_str(), 0600) == 0);
}

/// The files below `folder` that match, or the error, with FOLDER for the folder.
std::string found(const std::string& pattern, const fs::path& folder, const fs::path& shown_as) {
  const auto in_folder = [&](std::string text) {
    for (std::size_t at = 0; (at = text.find(shown_as.string(), at)) != std::string::npos;)
      text.replace(at, shown_as.string().size(), "FOLDER");
    return text;
  };
  const auto alternatives = plan::read_file_pattern(pattern, folder);
  if (!alternatives) return in_folder("wrong: " + alternatives.error());
  const auto paths = plan::find_files(*alternatives);
  if (!paths) return in_folder("error: " + paths.error());
  if (paths->empty()) return in_folder("none: " + plan::tell_search(*alternatives));
  std::string all;
  for (const auto& path : *paths) all += (all.empty() ? "" : "|") + path;
  return in_folder(all);
}

struct Row {
  const char* pattern;
  const char* found;  ///< FOLDER/ is left out
};

const std::vector<Row> matches{
    // names
    {"a.txt", "a.txt"},
    {"./sub/../a.txt", "a.txt"},
    {"sub//c.txt", "sub/c.txt"},
    {"link.txt", "link.txt"},
    {"far/c.txt", "far/c.txt"},
    {".dot.txt", ".dot.txt"},
    {"with space.txt", "with space.txt"},
    {"new\nline.txt", "new\nline.txt"},
    {R"(q"uo'te.txt)", R"(q"uo'te.txt)"},
    {R"(\[x].txt)", "[x].txt"},
    {R"(\{y\}.txt)", "{y}.txt"},
    {"{y}.txt", "{y}.txt"},
    {R"(back\\slash.txt)", R"(back\slash.txt)"},
    // wildcards
    {"*.txt",
     "-dash.txt|[x].txt|a.txt|b.txt|back\\slash.txt|link.txt|new\nline.txt|q\"uo'te.txt|with "
     "space.txt|{y}.txt|ünï.txt|日本.txt"},
    {"?.txt", "a.txt|b.txt"},
    {"??.txt", "日本.txt"},
    {"?n?.txt", "ünï.txt"},
    {"-*", "-dash.txt"},
    {"* *", "with space.txt"},
    {"*\n*", "new\nline.txt"},
    {"*[\"]*", "q\"uo'te.txt"},
    {"[ab].txt", "a.txt|b.txt"},
    {"[!a]?t*.txt", "with space.txt"},
    {"[^a].txt", "b.txt"},
    {"[a-z].txt", "a.txt|b.txt"},
    {"[[:upper:]]*", "B.TXT"},
    {"[[]*", "[x].txt"},
    {"[日ü]*", "ünï.txt|日本.txt"},
    {"[ø-ÿ]*", "ünï.txt"},
    {"[!日-]?*.TXT", nullptr},
    {R"(*\\*)", R"(back\slash.txt)"},
    {"*/c.txt", "far/c.txt|sub/c.txt"},
    {"*/*/e.txt", "far/deep/e.txt|sub/deep/e.txt"},
    {"folder.txt/*", "folder.txt/j.txt"},
    {"sub/up/b.txt", "sub/up/b.txt"},
    // hidden
    {".*", ".dot.txt"},
    {".*/*", ".hidden/h.txt"},
    {"**/.*", ".dot.txt"},
    {"**/.*/*", ".hidden/h.txt|sub/.hidden/i.txt"},
    {"[.]dot.txt", nullptr},
    // any depth
    {"**/*.csv", "sub/d.csv"},
    {"**/?.txt", "a.txt|b.txt|folder.txt/j.txt|sub/c.txt|sub/deep/e.txt"},
    {"sub/**", "sub/c.txt|sub/d.csv|sub/deep/e.txt"},
    {"sub/**/e.txt", "sub/deep/e.txt"},
    {"sub/**/c.txt", "sub/c.txt"},
    {"**/deep/**/*.txt", "sub/deep/e.txt"},
    {"**/**/e.txt", "sub/deep/e.txt"},
    {"far/**/e.txt", "far/deep/e.txt"},
    {"**/far/c.txt", "far/c.txt"},
    // alternatives
    {"{a,b}.txt", "a.txt|b.txt"},
    {"*.{csv,TXT}", "B.TXT"},
    {"sub/*.{csv,txt}", "sub/c.txt|sub/d.csv"},
    {"{sub/{c,d}.*,a.txt,a*}", "a.txt|sub/c.txt|sub/d.csv"},
    {"{sub,nowhere}/c.txt", "sub/c.txt"},
    {"{,b}*.TXT", "B.TXT"},
    {R"({\{y\},a\,b}.txt)", "{y}.txt"},
};

const std::vector<Row> refused{
    {"", "wrong: the pattern is empty"},
    {"sub/", "wrong: a pattern that ends in / is one of folders, and files are wanted; write /* for the files in them"},
    {"{sub/,a}",
     "wrong: a pattern that ends in / is one of folders, and files are wanted; write /* for the files in them"},
    {"[a-日].txt", "wrong: a range like a-z has no place for characters past ÿ; write them one by one"},
    {"[日-本].txt", "wrong: a range like a-z has no place for characters past ÿ; write them one by one"},
    {"../../../..", "wrong: this is a folder; write /* for the files in it"},
    {"sub/**.txt", "wrong: ** stands alone between slashes, as in data/**/*.txt"},
    {"***", "wrong: ** stands alone between slashes, as in data/**/*.txt"},
    {"*/../a.txt", "wrong: .. cannot stand behind a wildcard"},
    {"**/../a.txt", "wrong: .. cannot stand behind a wildcard"},
    {"[a.txt", R"(wrong: a [ is never closed; write \[ for the bracket itself)"},
    {"[a/b]", R"(wrong: a [ is never closed; write \[ for the bracket itself)"},
    {"{a,b", R"(wrong: a { is never closed; write \{ for the brace itself)"},
    {"a\\", R"(wrong: a \ has nothing after it; write \\ for the backslash itself)"},
    {"{a,b}{a,b}{a,b}{a,b}{a,b}{a,b}{a,b}{a,b}{a,b}{a,b}", "wrong: its braces make more than 1000 alternatives"},
    {"*.doc", "none: looked in the folder FOLDER"},
    {"x.txt", "none: looked in the folder FOLDER"},
    {"broken.txt", "none: looked in the folder FOLDER"},
    {"fifo.txt", "none: looked in the folder FOLDER"},
    {"{sub,far,.,folder.txt,sub/deep}/*.doc",
     "none: looked in the folders FOLDER/sub/deep, FOLDER/folder.txt, FOLDER and 2 more"},
    {".", "none: FOLDER is a folder; write /* behind it for the files in it, /**/* for those below it too"},
    {"sub", "none: FOLDER/sub is a folder; write /* behind it for the files in it, /**/* for those below it too"},
    {"no/such/*.txt", "none: there is no folder FOLDER/no/such"},
    {"a.txt/*", "none: there is no folder FOLDER/a.txt"},
};

}  // namespace

TEST_CASE("patterns match files of odd names, ascending by bytes") {
  const Tree tree;
  fill(tree);
  for (const auto& row : matches) {
    CAPTURE(row.pattern);
    std::string all = found(row.pattern, tree.root(), tree.root());
    for (std::size_t at = 0; (at = all.find("FOLDER/", at)) != std::string::npos;) all.erase(at, 7);
    CHECK(all == (row.found == nullptr ? "none: looked in the folder FOLDER" : row.found));
  }
}

TEST_CASE("patterns without a file, and no patterns, are told why") {
  const Tree tree;
  fill(tree);
  for (const auto& row : refused) {
    CAPTURE(row.pattern);
    CHECK(found(row.pattern, tree.root(), tree.root()) == row.found);
  }
  CHECK(found(std::string("a\0b", 3), tree.root(), tree.root()) == "wrong: a path holds no zero byte");
  CHECK(found(std::string(20'000, 'a'), tree.root(), tree.root()) == "wrong: the pattern is longer than 16384 bytes");
}

TEST_CASE("an absolute pattern, and a folder whose name looks like a pattern") {
  const Tree tree;
  tree.file("o[d]d *{a,b}/a.txt");
  const auto odd = tree.root() / "o[d]d *{a,b}";
  CHECK(found("*.txt", odd, tree.root()) == "FOLDER/o[d]d *{a,b}/a.txt");
  CHECK(found(tree.root().string() + "/*/*.txt", "/elsewhere", tree.root()) == "FOLDER/o[d]d *{a,b}/a.txt");
  CHECK(found("../*/a.txt", odd, tree.root()) == "FOLDER/o[d]d *{a,b}/a.txt");
}

TEST_CASE("paths of a relative folder are relative to the current directory") {
  const Tree tree;
  tree.file("p/data/a.txt");
  tree.file("b.txt");
  const auto before = fs::current_path();
  fs::current_path(tree.root() / "p");
  const std::pair<const char*, const char*> rows[] = {{"", "data/a.txt"},
                                                      {".", "data/a.txt"},
                                                      {"..", "../data/a.txt"},
                                                      {"../p", "../p/data/a.txt"},
                                                      {"data", "data/data/a.txt"}};
  for (const auto& [folder, path] : rows) {
    const auto alternatives = plan::read_file_pattern("data/*", folder);
    REQUIRE(alternatives);
    const auto paths = plan::find_files(*alternatives);
    REQUIRE(paths);
    const bool there = std::string(path) == "data/a.txt" || std::string(path) == "../p/data/a.txt";
    CHECK(*paths == (there ? std::vector<std::string>{path} : std::vector<std::string>{}));
  }
  CHECK(found("../b.txt", "", tree.root()) == "../b.txt");
  CHECK(found("../b.txt", "data", tree.root()) == "none: looked in the folder FOLDER/p");
  fs::current_path(before);
}

TEST_CASE("names that are not UTF-8 are an error only if they match") {
  const Tree tree;
  tree.file("a.csv");
  tree.file("b\xFF\xC3.txt");
  tree.file("c\xFE.txt");
  CHECK(found("*.csv", tree.root(), tree.root()) == "FOLDER/a.csv");
  CHECK(found("**/*.txt", tree.root(), tree.root()) ==
        R"(error: a path that is not UTF-8 cannot be a str: FOLDER/b\xff\xc3.txt)");
}

TEST_CASE("folders that cannot be read are named, and only those that a pattern asks for") {
  const Tree tree;
  tree.file("a.txt");
  tree.file("shut/b.txt");
  tree.file("closed/c.txt");
  const auto set = [&](const char* name, fs::perms to) { fs::permissions(tree.root() / name, to); };
  constexpr fs::perms entered = fs::perms::owner_exec | fs::perms::group_exec | fs::perms::others_exec;
  set("", entered | fs::perms::owner_all | fs::perms::group_read | fs::perms::others_read);
  set("shut", fs::perms::none);
  set("closed", entered);  // not to be listed, but to be entered
  const bool root = geteuid() == 0;
  if (root) REQUIRE(seteuid(65534) == 0);  // nobody
  const auto of = [&](const char* pattern) { return found(pattern, tree.root(), tree.root()); };
  const std::pair<const char*, const char*> rows[] = {
      {"*.txt", "FOLDER/a.txt"},
      {"closed/c.txt", "FOLDER/closed/c.txt"},
      {"*/c.txt", "error: cannot look at FOLDER/shut/c.txt: Permission denied"},
      {"closed/*", "error: cannot read the folder FOLDER/closed: Permission denied"},
      {"shut/b.txt", "error: cannot look at FOLDER/shut/b.txt: Permission denied"},
      {"**/*.txt", "error: cannot read the folder FOLDER/closed: Permission denied"},
  };
  std::vector<std::string> got;
  for (const auto& [pattern, expected] : rows) got.push_back(of(pattern));
  if (root) REQUIRE(seteuid(0) == 0);
  set("shut", fs::perms::owner_all);
  set("closed", fs::perms::owner_all);
  for (std::size_t i = 0; i < got.size(); ++i) CHECK(got[i] == rows[i].second);
  CHECK(of((std::string(300, 'x') + ".txt").c_str()) ==
        "error: cannot look at FOLDER/" + std::string(300, 'x') + ".txt: File name too long");
}

}  // namespace gantry::test
