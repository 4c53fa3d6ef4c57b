// Standard error: the bar, the lines, what tasks print, and the summary.
#include "report/progress.hpp"

#include <fcntl.h>
#include <stdlib.h>

#include <algorithm>

#include "paper.hpp"
#include "report/escape.hpp"
#include "report/summary.hpp"

namespace {

using namespace paper;
using namespace std::chrono_literals;
using gantry::host::WorkerIndex;
using gantry::report::FailureNote;
using gantry::report::Progress;
using gantry::report::ProgressStyle;
using gantry::report::Terminal;

constexpr Terminal kPipe{};
constexpr Terminal kTerminal{.interactive = true, .colour = false, .columns = 60};
const std::string kErase = "\r\x1b[K";

}  // namespace

TEST_CASE("plain progress is a line every 10 seconds") {
  Paper paper;
  Progress progress(ProgressStyle::automatic, kPipe, paper.sink());
  progress.update({1, {}, 0}, 0s);
  progress.update({5, {}, 0}, 9s);
  CHECK(paper.text().empty());
  progress.update({9, 200, 0}, 10s);
  progress.update({10, 200, 1}, 19s);
  progress.update({100, 200, 1}, 20s);
  progress.finish();
  CHECK(paper.text() == "9/200 tasks (4%), 10 s\n100/200 tasks (50%), 1 failed, 20 s\n");
}

TEST_CASE("the bar is redrawn at most 10 times a second, fits the terminal, and goes away") {
  Paper paper;
  Progress progress(ProgressStyle::automatic, kTerminal, paper.sink());
  progress.update({0, 8, 0}, 50ms);
  CHECK(paper.text().empty());  // over at once: no bar
  progress.update({2, 8, 0}, 100ms);
  const std::string first = kErase + "[=========>                          ] 2/8 tasks (25%), 0 s";
  CHECK(paper.text() == first);
  CHECK(first.size() - kErase.size() == 59);
  progress.update({4, 8, 0}, 199ms);
  CHECK(paper.text() == first);
  progress.update({8, 8, 2}, 1200ms);
  const std::string second = kErase + "[=========================] 8/8 tasks (100%), 2 failed, 1 s";
  CHECK(paper.text() == first + second);
  progress.finish();
  CHECK(paper.text() == first + second + kErase);
  progress.finish();
  CHECK(paper.text() == first + second + kErase);
}

TEST_CASE("the task that told how far it is stands behind the numbers, for a while") {
  Paper paper;
  Progress progress(ProgressStyle::plain, kPipe, paper.sink());
  progress.update({1, 2, 0}, 10s);
  progress.progressed("fit[3]", 0.405, "epoch 4\nof 10");
  progress.update({1, 2, 0}, 20s);
  progress.progressed("fit[3]", 1.0, "");
  progress.update({1, 2, 0}, 30s);
  progress.update({1, 2, 0}, 40s);
  progress.finish();
  CHECK(paper.text() ==
        "1/2 tasks (50%), 10 s\n1/2 tasks (50%), 20 s; fit[3] 40%: epoch 4\\nof 10\n"
        "1/2 tasks (50%), 30 s; fit[3] 100%\n1/2 tasks (50%), 40 s\n");
}

TEST_CASE("a bar on what is no terminal is plain, none is none, narrow terminals get the text they can hold") {
  {
    Paper paper;
    Progress progress(ProgressStyle::bar, kPipe, paper.sink());
    progress.update({1, 2, 0}, 10s);
    CHECK(paper.text() == "1/2 tasks (50%), 10 s\n");
  }
  {
    Paper paper;
    Progress progress(ProgressStyle::none, kTerminal, paper.sink());
    progress.update({1, 2, 0}, 10s);
    progress.printed(WorkerIndex{0}, "s[1]", "still shown\n");
    CHECK(paper.text() == "s[1] | still shown\n");
  }
  {
    Paper paper;
    Progress progress(ProgressStyle::bar, {.interactive = true, .colour = false, .columns = 12}, paper.sink());
    progress.update({1, 2, 0}, 10s);
    CHECK(paper.text() == kErase + "1/2 tasks (");
  }
}

TEST_CASE("what tasks print is shown line by line, by task, and never breaks the bar") {
  Paper paper;
  Progress progress(ProgressStyle::bar, kTerminal, paper.sink());
  const WorkerIndex zero{0};
  const WorkerIndex one{1};
  progress.printed(zero, "a[0]", "par");
  progress.printed(one, "a[1]", "other\n\nlast");
  progress.printed(zero, "a[0]", "tial\nnext");
  CHECK(paper.text() == "a[1] | other\na[1] | \na[0] | partial\n");
  progress.update({1, {}, 0}, 1s);
  progress.printed(zero, "a[2]", "x\ty\x1b[31m\r\nz\n");
  progress.finish();
  CHECK(paper.text() == "a[1] | other\na[1] | \na[0] | partial\n" + kErase + "1 tasks, 1 s" + kErase +
                            "a[0] | next\na[2] | x\ty\\x1b[31m\na[2] | z\na[1] | last\n");
}

TEST_CASE("line ends in two pieces are one, logs carry their level") {
  Paper paper;
  Progress progress(ProgressStyle::none, kPipe, paper.sink());
  progress.printed(WorkerIndex{0}, "a", "50%\r100%\r");
  progress.printed(WorkerIndex{0}, "a", "\n\nend\n");
  progress.logged("a", 2, "careful\n");
  progress.logged("a", 0, "details");
  CHECK(paper.text() == "a | 50%\na | 100%\na | \na | end\na | warning: careful\na | debug: details\n");
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

TEST_CASE("text is made to stay on its line") {
  std::string to = "<";
  gantry::report::append_line(std::string_view("a\tb\nc\rd\x7f\0e\xc3\xa9\\", 13), to);
  CHECK(to == "<a\tb\\nc\\rd\\x7f\\x00e\xc3\xa9\\");
}
