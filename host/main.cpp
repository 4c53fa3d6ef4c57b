// The command line: words → arguments → a verb → an exit code.
#include <malloc.h>
#include <sys/prctl.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <csignal>
#include <cstdio>
#include <exception>
#include <new>
#include <string>

#include "cli/arguments.hpp"
#include "cli/running.hpp"
#include "cli/standard_descriptors.hpp"
#include "cli/verbs.hpp"
#include "report/console.hpp"
#include "wire/descriptor.hpp"

namespace {

/// Results come and go in buffers of an eighth of a MiB: given back to the system each time, their pages would be made
/// anew for every one of them, which took a third of the time of a run of many short tasks.
void keep_freed_memory() {
  ::mallopt(M_TRIM_THRESHOLD, 8 << 20);
  ::mallopt(M_MMAP_THRESHOLD, 2 << 20);
}

/// A worker runs as the same user: without this, a task could read and write the host's memory, trace it, and take its
/// descriptors. What it costs: no core dump of the host, and only root attaches a debugger to it.
void keep_workers_out() {
  ::prctl(PR_SET_DUMPABLE, 0);
}

gantry::cli::Exit show(const gantry::cli::Answer& answer, gantry::report::Console& console) {
  if (answer.err.empty()) return gantry::cli::write_whole(answer.out, console);
  console.say(answer.err);
  return gantry::cli::Exit::usage;
}

using namespace gantry::cli;

/// What no room below made an error of.
int fail_with(const char* sentence) {
  std::fprintf(stderr, "gantry: error: %s\n", sentence);
  return static_cast<int>(Exit::infrastructure);
}

int run_verb(int argc, char** argv) {
  const auto began = std::chrono::steady_clock::now();
  gantry::report::Console console(STDERR_FILENO, gantry::report::look_at_terminal(STDERR_FILENO));
  const auto parsed = parse({argv + std::min(argc, 1), argv + argc});
  if (!parsed) return static_cast<int>(complain(parsed.error(), console));
  if (const auto* answer = std::get_if<Answer>(&*parsed)) return static_cast<int>(show(*answer, console));
  const Arguments& arguments = std::get<Arguments>(*parsed);
  for (const std::string& sentence : strange_variables(environ)) {
    console.say("gantry: warning: " + sentence + '\n');
  }
  keep_workers_out();
  keep_freed_memory();
  // Each worker has five, and what tasks give as open files is held until its last user is done.
  gantry::wire::raise_descriptor_limit();
  Exit code = Exit::usage;
  switch (arguments.verb) {
    case Verb::run:
      code = run(arguments, console, began);
      break;
    case Verb::check:
      code = check(arguments, console);
      break;
    case Verb::plan:
      code = plan(arguments, console);
      break;
    case Verb::inspect:
      code = inspect(arguments, console);
      break;
    case Verb::call:
      code = call(arguments, console, began);
      break;
    case Verb::scale:
      code = scale(arguments, console);
      break;
    case Verb::version:
      code = version(console);
      break;
  }
  return static_cast<int>(code);
}

}  // namespace

int main(int argc, char** argv) {
  if (!hold_standard_descriptors()) return static_cast<int>(Exit::infrastructure);
  // Past the limit of ulimit -f a write is an error, which is told; the signal would end the program without a word.
  std::signal(SIGXFSZ, SIG_IGN);
  try {
    return run_verb(argc, argv);
  } catch (const std::bad_alloc&) {
    return fail_with("no memory is left (see ulimit -v, and the limits of the container or machine)");
  } catch (const std::exception& error) {
    return fail_with(error.what());
  }
}
