// Standard error: the bar, the lines, what tasks print, and the summary.
#include "report/progress.hpp"

#include <fcntl.h>
#include <stdlib.h>

#include <algorithm>

#include "paper.hpp"
#include "report/summary.hpp"
#include "report/width.hpp"

namespace {

using namespace paper;
using namespace std::chrono_literals;
using gantry::host::WorkerIndex;
using gantry::report::Console;
using gantry::report::FailureNote;
using gantry::report::Progress;
using gantry::report::ProgressStyle;
using gantry::report::Terminal;

constexpr Terminal kPipe{};
constexpr Terminal kTerminal{.interactive = true, .colour = false, .columns = 60};
const std::string kErase = "\r\x1b[K";
const std::string kRest = "\x1b[K";

/// A console on memory.
struct Screen {
  explicit Screen(const Terminal& terminal) : console(paper.descriptor(), terminal) {}
  [[nodiscard]] std::string text() {
    console.refresh();
    return paper.text();
  }

  Paper paper;
  Console console;
};

}  // namespace

TEST_CASE("plain progress is a line every 10 seconds") {
  Screen screen(kPipe);
  Progress progress(ProgressStyle::automatic, screen.console);
  progress.update({1, {}, 0}, 0s);
  progress.update({5, {}, 0}, 9s);
  CHECK(screen.text().empty());
  progress.update({9, 200, 0}, 10s);
  progress.update({10, 200, 1}, 19s);
  progress.update({100, 200, 1}, 20s);
  progress.finish();
  CHECK(screen.text() == "9/200 tasks (4%), 10 s\n100/200 tasks (50%), 1 failed, 20 s\n");
}

TEST_CASE("the bar is redrawn at most 10 times a second, fits the terminal, and goes away") {
  Screen screen(kTerminal);
  Progress progress(ProgressStyle::automatic, screen.console);
  progress.update({0, 8, 0}, 50ms);
  CHECK(screen.text().empty());  // over at once: no bar
  progress.update({2, 8, 0}, 100ms);
  const std::string first = "[========>                         ] 2/8 tasks (25%), 0 s";
  CHECK(first.size() == 57);  // ^C has room behind it
  CHECK(screen.text() == first + kRest);
  progress.update({4, 8, 0}, 199ms);
  CHECK(screen.text() == first + kRest);
  progress.update({8, 8, 2}, 1200ms);
  const std::string second = "\r[=======================] 8/8 tasks (100%), 2 failed, 1 s";
  CHECK(screen.text() == first + kRest + second + kRest);
  progress.finish();
  CHECK(screen.text() == first + kRest + second + kRest + kErase);
  progress.finish();
  CHECK(screen.text() == first + kRest + second + kRest + kErase);
}

TEST_CASE("the task that told how far it is stands behind the numbers, for a while") {
  Screen screen(kPipe);
  Progress progress(ProgressStyle::plain, screen.console);
  progress.update({1, 2, 0}, 10s);
  progress.progressed("fit[3]", 0.405, "epoch 4\nof 10");
  progress.update({1, 2, 0}, 20s);
  progress.progressed("fit[3]", 1.0, "");
  progress.update({1, 2, 0}, 30s);
  progress.update({1, 2, 0}, 40s);
  progress.finish();
  CHECK(screen.text() ==
        "1/2 tasks (50%), 10 s\n1/2 tasks (50%), 20 s; fit[3] 40%: epoch 4\\nof 10\n"
        "1/2 tasks (50%), 30 s; fit[3] 100%\n1/2 tasks (50%), 40 s\n");
}

TEST_CASE("a bar on what is no terminal is plain, none is none, narrow terminals get the text they can hold") {
  struct Row {
    ProgressStyle style;
    Terminal terminal;
    std::string text;
  };
  const auto narrow = [](unsigned columns) {
    return Terminal{.interactive = true, .colour = false, .columns = columns};
  };
  const std::vector<Row> rows = {
      {ProgressStyle::bar, kPipe, "1/2 tasks (50%), 10 s\n"},
      {ProgressStyle::none, kTerminal, ""},
      {ProgressStyle::bar, narrow(24), "1/2 tasks (50%), 10 s" + kRest},
      {ProgressStyle::bar, narrow(23), "1/2 tasks (50%), 10…" + kRest},
      {ProgressStyle::bar, narrow(37), "[=====>    ] 1/2 tasks (50%), 10 s" + kRest},
      {ProgressStyle::bar, narrow(36), "1/2 tasks (50%), 10 s" + kRest},
      {ProgressStyle::bar, narrow(4), "…" + kRest},
      {ProgressStyle::bar, narrow(1), "…" + kRest},
  };
  for (const Row& row : rows) {
    Screen screen(row.terminal);
    Progress progress(row.style, screen.console);
    progress.update({1, 2, 0}, 10s);
    CHECK(screen.text() == row.text);
  }
}

TEST_CASE("what tasks print is shown line by line, by task, and never breaks the bar") {
  Screen screen(kTerminal);
  Progress progress(ProgressStyle::bar, screen.console);
  const WorkerIndex zero{0};
  const WorkerIndex one{1};
  progress.printed(zero, "a[0]", "par");
  progress.printed(one, "a[1]", "other\n\nlast");
  progress.printed(zero, "a[0]", "tial\nnext");
  const std::string before = "a[1] | other\na[1] | \na[0] | partial\n";
  CHECK(screen.text() == before);
  progress.update({1, {}, 0}, 1s);
  const std::string bar = "1 task, 1 s" + kRest;
  CHECK(screen.text() == before + bar);
  progress.printed(zero, "a[2]", "x\x1b[31m\r\nz\n");
  const std::string more = kErase + "a[0] | next\na[2] | x\\x1b[31m\na[2] | z\n";
  CHECK(screen.text() == before + bar + more + bar);
  progress.finish();
  CHECK(screen.text() == before + bar + more + bar + kErase + "a[1] | last\n");
}

TEST_CASE("line ends in two pieces are one, logs carry their level") {
  Screen screen(kPipe);
  Progress progress(ProgressStyle::none, screen.console);
  progress.printed(WorkerIndex{0}, "a", "50%\r100%\r");
  progress.printed(WorkerIndex{0}, "a", "\n\nend\n");
  progress.logged("a", 2, "careful\n");
  progress.logged("a", 0, "details");
  CHECK(screen.text() == "a | 50%\na | 100%\na | \na | end\na | warning: careful\na | debug: details\n");
}

TEST_CASE("a terminal is one only if it can move its cursor, and NO_COLOR is honoured") {
  const gantry::report::Descriptor file(::memfd_create("no tty", MFD_CLOEXEC));
  const Terminal found = gantry::report::look_at_terminal(file.get());
  CHECK_FALSE(found.interactive);
  CHECK_FALSE(found.colour);
  const gantry::report::Descriptor tty(::posix_openpt(O_RDWR | O_NOCTTY));
  REQUIRE(tty.get() >= 0);
  struct Row {
    const char* term;
    const char* no_colour;
    bool interactive;
    bool colour;
  };
  for (const Row& row :
       {Row{"xterm", nullptr, true, true}, Row{"xterm", "", true, true}, Row{"xterm", "1", true, false},
        Row{"dumb", nullptr, false, false}, Row{"", nullptr, false, false}, Row{nullptr, nullptr, false, false}}) {
    row.term == nullptr ? ::unsetenv("TERM") : ::setenv("TERM", row.term, 1);
    row.no_colour == nullptr ? ::unsetenv("NO_COLOR") : ::setenv("NO_COLOR", row.no_colour, 1);
    const Terminal terminal = gantry::report::look_at_terminal(tty.get());
    INFO((row.term == nullptr ? "no TERM" : row.term)
         << ", " << (row.no_colour == nullptr ? "no NO_COLOR" : row.no_colour));
    CHECK(terminal.interactive == row.interactive);
    CHECK(terminal.colour == row.colour);
  }
}

TEST_CASE("progress words") {
  CHECK(gantry::report::progress_named("auto") == ProgressStyle::automatic);
  CHECK(gantry::report::progress_named("plain") == ProgressStyle::plain);
  CHECK_FALSE(gantry::report::progress_named("loud"));
}

TEST_CASE("the summary counts, and tells the causes with their details") {
  const FailureNote note{StepIndex{0},
                         3,
                         "s[3]",
                         "crash",
                         "the worker died\nwhile running it",
                         "liar.crash on worker 1, attempt 1: killed by SIGSEGV after 12 tasks",
                         {"last line it printed", "\x1b[2J"}};
  CHECK(gantry::report::summary({39, 1, 0, 0}, std::span(&note, 1), kPipe) ==
        "40 tasks: 39 ok, 1 error\n"
        "s[3] ! crash: the worker died\\nwhile running it\n"
        "    liar.crash on worker 1, attempt 1: killed by SIGSEGV after 12 tasks\n"
        "    | last line it printed\n"
        "    | \\x1b[2J\n");
  CHECK(
      gantry::report::summary({39, 1, 0, 0}, std::span(&note, 1), {.interactive = true, .colour = true, .columns = 80})
          .find("s[3] ! \x1b[31mcrash\x1b[0m: ") != std::string::npos);
  CHECK(gantry::report::summary({1, 0, 0, 0}, {}, kPipe) == "1 task: 1 ok\n");
  CHECK(gantry::report::summary({0, 2, 3, 4}, {}, kPipe) ==
        "9 tasks: 0 ok, 2 errors, 3 skipped, 4 not run\n… and 2 more\n");
  std::vector<FailureNote> many(30, note);
  const std::string text = gantry::report::summary({0, 1000, 0, 0}, many, kPipe);
  CHECK(std::count(text.begin(), text.end(), '!') == 20);
  CHECK_THAT(text, Catch::EndsWith("… and 980 more\n"));
}

TEST_CASE("the bar and results that share a terminal: a line of either is never inside the other") {
  // The console believes in a terminal that is no terminal: share() would not, so the sink is told directly.
  Screen screen(kTerminal);
  auto sink = gantry::report::Sink::to_descriptor(screen.paper.descriptor(), "results");
  REQUIRE(sink);
  sink->share(screen.console);
  Progress progress(ProgressStyle::bar, screen.console);
  progress.update({1, {}, 0}, 1s);
  const std::string bar = "1 task, 1 s" + kRest;
  std::string expected = bar;
  CHECK(screen.text() == expected);

  REQUIRE(sink->write("a[0] = 1\na[1] "));
  REQUIRE(sink->flush());
  expected += kErase + "a[0] = 1\n";  // what is no whole line waits
  CHECK(screen.paper.text() == expected);
  expected += bar;
  CHECK(screen.text() == expected);

  // A line that fills the buffer is written all the same: the bar stays away, and messages begin a line of their own.
  REQUIRE(sink->write(std::string(70000, 'x')));
  expected += kErase + "a[1] " + std::string(70000, 'x');
  CHECK(screen.text() == expected);
  screen.console.say("message\n");
  expected += "\nmessage\n" + bar;
  CHECK(screen.text() == expected);
  REQUIRE(sink->write("\n"));
  REQUIRE(sink->close());
  expected += kErase + "\n";
  CHECK(screen.paper.text() == expected);
  progress.finish();
  CHECK(screen.text() == expected);
}

TEST_CASE("a signal's handler takes the bar away once") {
  Screen screen(kTerminal);
  screen.console.leave();
  CHECK(screen.text().empty());
  screen.console.set_status([](std::size_t) { return std::string("busy"); });
  CHECK(screen.text() == "busy" + kRest);
  screen.console.leave();
  screen.console.leave();
  CHECK(screen.paper.text() == "busy" + kRest + kErase);
}

TEST_CASE("how wide a text is on a terminal, and where it is cut") {
  using gantry::report::cut_to_columns;
  using gantry::report::width_of;
  CHECK(width_of("") == 0);
  CHECK(width_of("aé…→─ €") == 7);
  CHECK(width_of("進捗") == 4);
  CHECK(width_of("😀✅") == 4);
  struct Row {
    std::string text;
    std::size_t columns;
    std::string cut;
  };
  for (const Row& row : {Row{"abc", 3, "abc"}, Row{"abcd", 3, "ab…"}, Row{"abc", 1, "…"}, Row{"abc", 0, ""},
                         Row{"é進捗", 5, "é進捗"}, Row{"é進捗", 4, "é進…"}, Row{"é進捗", 3, "é…"}, Row{"", 0, ""}}) {
    CHECK(cut_to_columns(row.text, row.columns) == row.cut);
  }
}
