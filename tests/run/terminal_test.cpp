// What a person sees: runs on a real pseudo-terminal, each line of the screen looked at.
#include "run/terminal.hpp"

#include <algorithm>
#include <catch2/catch.hpp>

namespace {

using namespace gantry::tests;

const std::string kGantry = GANTRY_BUILD "/bin/gantry";
const std::string kPlugins = GANTRY_BUILD "/tests/plugins:" GANTRY_BUILD "/plugins";

/// Twelve tasks of a fifth of a second, two at once: the bar is there for more than a second.
const std::string kTasks =
    "gantry: 1\n"
    "plugins: [chatty]\n"
    "steps:\n"
    "  - id: s\n"
    "    call: chatty.work\n"
    "    each: {n: {range: [0, 12]}}\n"
    "    args: {n: $n, milliseconds: 200, prints: PRINTS, at: \"AT\", fails: FAILS}\n";

std::string replaced(std::string text, const std::string& what, const std::string& by) {
  text.replace(text.find(what), what.size(), by);
  return text;
}

struct How {
  std::string prints = "0";
  std::string at;
  std::string fails = "false";
};

/// The file s.yaml as it is to be run.
void write(const Folder& folder, const How& how) {
  folder.write("s.yaml", replaced(replaced(replaced(kTasks, "PRINTS", how.prints), "AT", how.at), "FAILS", how.fails));
}

Command gantry_run(const Folder& folder, std::vector<std::string> flags) {
  Command command;
  command.words = {kGantry, "run", "s.yaml", "-j", "2", "--plugin-path", kPlugins};
  command.words.insert(command.words.end(), flags.begin(), flags.end());
  command.folder = folder.path();
  return command;
}

bool is_bar(const std::string& line) {
  return line.find("/12 tasks (") != std::string::npos;
}

bool shows_bar(const Shown& shown) {
  return is_bar(shown.lines().back());
}

std::vector<std::string> bars(const Shown& shown) {
  std::vector<std::string> found;
  std::ranges::copy_if(shown.passing(), std::back_inserter(found), is_bar);
  return found;
}

/// The screen's lines, without the empty one below them.
std::vector<std::string> lines_of(const Shown& shown) {
  std::vector<std::string> lines = shown.lines();
  if (lines.back().empty()) lines.pop_back();
  return lines;
}

/// Takes the lines that begin so out of `lines`.
std::vector<std::string> take(std::vector<std::string>& lines, const std::string& start) {
  std::vector<std::string> taken;
  const auto rest = std::ranges::stable_partition(lines, [&](const auto& line) { return !line.starts_with(start); });
  taken.assign(rest.begin(), rest.end());
  lines.erase(rest.begin(), rest.end());
  return taken;
}

std::vector<std::string> results(const std::string& between) {
  std::vector<std::string> lines;
  for (unsigned i = 0; i < 12; ++i) {
    lines.push_back("s[" + std::to_string(i) + "]" + between + std::to_string(i));
  }
  return lines;
}

}  // namespace

TEST_CASE("results on a terminal: each on its own line, with a bar below them that leaves nothing") {
  const Folder folder;
  write(folder, {});
  const std::string json = R"({"version": 1, "steps": {"s": [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11]}, "failed": []})";
  struct Row {
    unsigned short columns;
    std::vector<std::string> flags;
    std::vector<std::string> lines;
  };
  const std::vector<Row> rows = {
      {80, {}, results(" = ")},
      {120, {}, results(" = ")},
      {80, {"-o", "json"}, {json.substr(0, 80), json.substr(80)}},
      {120, {"-o", "json"}, {json}},
      {80, {"-o", "none"}, {}},
      {80, {"--progress", "none"}, results(" = ")},
      {20, {}, results(" = ")},
  };
  for (const Row& row : rows) {
    Watched run(gantry_run(folder, row.flags), row.columns);
    CHECK(run.wait() == 0);
    INFO(row.columns << " columns\n" << run.bytes());
    CHECK(run.shown().faults().empty());
    CHECK(run.shown().is_clean());
    CHECK(lines_of(run.shown()) == row.lines);
    const bool expects_bar = row.flags.empty() || row.flags[0] != "--progress";
    CHECK(bars(run.shown()).empty() == !expects_bar);
  }
}

TEST_CASE("as tasks end, with what they print, what they tell of themselves, and failures") {
  const Folder folder;
  write(folder, {"3", "a step that has a long name and takes its time, wide: 進捗進捗進捗進捗進捗進捗", "true"});
  for (const unsigned short columns : std::initializer_list<unsigned short>{80, 120}) {
    for (const std::string order : {"id", "done"}) {
      Watched run(gantry_run(folder, {"--order", order}), columns);
      CHECK(run.wait() == 1);
      INFO(columns << " columns, --order " << order << "\n" << run.bytes());
      CHECK(run.shown().faults().empty());
      CHECK(run.shown().is_clean());
      std::vector<std::string> lines = lines_of(run.shown());

      // The summary stands last: a line of numbers, then two lines a task.
      const auto count = std::ranges::find(lines, "12 tasks: 0 ok, 12 errors");
      REQUIRE(lines.end() - count == 25);
      std::vector<std::string> summary(count, lines.end());
      lines.erase(count, lines.end());
      for (unsigned i = 0; i < 12; ++i) {
        const std::string number = std::to_string(i);
        CHECK(summary[2 * i + 1] == "s[" + number + "] ! broken: no " + number);
        CHECK(summary[2 * i + 2].starts_with("    chatty.work on worker "));
        // Three lines a task, in their order.
        std::vector<std::string> printed;
        for (const char* line : {"0", "1", "2"}) {
          printed.push_back("s[" + number + "] | line " + line + " of " + number);
        }
        CHECK(take(lines, "s[" + number + "] | ") == printed);
      }
      if (order == "done") std::ranges::sort(lines, {}, [](const auto& line) { return std::stoi(line.substr(2)); });
      CHECK(lines == results(" ! broken: no "));
      const auto shown = bars(run.shown());
      CHECK_FALSE(shown.empty());
      CHECK(std::ranges::any_of(shown, [](const auto& bar) { return bar.find(" failed, ") != std::string::npos; }));
      CHECK(
          std::ranges::any_of(shown, [](const auto& bar) { return bar.find("%: a step that") != std::string::npos; }));
    }
  }
}

TEST_CASE("two descriptors of one terminal, and a terminal that gets the messages alone") {
  const Folder folder;
  write(folder, {"1", "", "false"});
  const std::string plain = kGantry + " run s.yaml -j 2 --plugin-path " + kPlugins;
  struct Row {
    std::string redirection;
    bool results;
    bool bar;
  };
  for (const Row& row :
       {Row{" 2>/dev/tty", true, true}, Row{" >/dev/tty", true, true}, Row{" --output-file /dev/tty", true, true},
        Row{" | cat >out.txt", false, true}, Row{" >out.txt", false, true}, Row{" 2>err.txt", true, false}}) {
    Command command;
    command.words = {"/bin/sh", "-c", plain + row.redirection};
    command.folder = folder.path();
    Watched run(command, 80);
    CHECK(run.wait() == 0);
    INFO(row.redirection << "\n" << run.bytes());
    CHECK(run.shown().faults().empty());
    CHECK(run.shown().is_clean());
    std::vector<std::string> lines = lines_of(run.shown());
    for (unsigned i = 0; i < 12; ++i) {
      const std::string start = "s[" + std::to_string(i) + "] | ";
      CHECK(take(lines, start).size() == (row.redirection == " 2>err.txt" ? 0 : 1));
    }
    CHECK(lines == (row.results ? results(" = ") : std::vector<std::string>{}));
    CHECK(bars(run.shown()).empty() == !row.bar);
  }
}

TEST_CASE("a terminal that cannot move its cursor gets whole lines, and no bar") {
  const Folder folder;
  write(folder, {"1", "", "false"});
  Command command = gantry_run(folder, {"-o", "json"});
  command.environment = {"TERM=dumb"};
  Watched run(command, 120);
  CHECK(run.wait() == 0);
  INFO(run.bytes());
  CHECK(run.shown().faults().empty());
  CHECK(run.bytes().find('\x1b') == std::string::npos);
  std::vector<std::string> lines = lines_of(run.shown());
  for (unsigned i = 0; i < 12; ++i) {
    const std::string number = std::to_string(i);
    CHECK(take(lines, "s[" + number + "] | ") == std::vector<std::string>{"s[" + number + "] | line 0 of " + number});
  }
  CHECK(lines == std::vector<std::string>{
                     R"({"version": 1, "steps": {"s": [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11]}, "failed": []})"});
}

TEST_CASE("the bar follows the terminal's width") {
  const Folder folder;
  write(folder, {});
  Watched run(gantry_run(folder, {"-o", "none"}), 120);
  REQUIRE(run.until(shows_bar));
  CHECK(run.shown().lines().back().size() > 60);
  run.resize(30);
  const auto is_short = [](const Shown& shown) { return shows_bar(shown) && shown.lines().back().size() < 28; };
  CHECK(run.until(is_short));
  CHECK(run.wait() == 0);
  CHECK(run.shown().faults().empty());
  CHECK(run.shown().is_clean());
}

TEST_CASE("^C in the middle: what it shows and the bar are gone, once and twice") {
  const Folder folder;
  write(folder, {});
  for (const bool twice : {false, true}) {
    Watched run(gantry_run(folder, {}), 200);  // the sentence that names what is waited for is on one line
    REQUIRE(run.until(shows_bar));
    run.type("\x03");
    const auto heard = [](const Shown& shown) {
      return std::ranges::any_of(shown.lines(), [](const auto& line) { return line.starts_with("gantry: "); });
    };
    REQUIRE(run.until(heard));
    if (twice) run.type("\x03");
    CHECK(run.wait() == 130);
    INFO((twice ? "twice\n" : "once\n") << run.bytes());
    CHECK(run.shown().faults().empty());
    CHECK(run.shown().is_clean());
    for (const std::string& line : lines_of(run.shown())) {
      const bool is_known = line.starts_with("s[") || line.starts_with("gantry: ") || line.starts_with("12 tasks: ") ||
                            line.starts_with("    chatty.work on worker ") || line.starts_with("… and ");
      INFO(line);
      CHECK(is_known);
      CHECK_FALSE(is_bar(line));
    }
  }
}
