// The command line: words → arguments → a verb → an exit code.
#include <chrono>

#include "cli/arguments.hpp"
#include "cli/verbs.hpp"
#include "wire/descriptor.hpp"

int main(int argc, char** argv) {
  using namespace gantry::cli;
  const auto began = std::chrono::steady_clock::now();
  const auto parsed = parse(argc, argv);
  if (const int* code = std::get_if<int>(&parsed)) return *code;
  const Arguments& arguments = std::get<Arguments>(parsed);
  // Each worker has five, and what tasks give as open files is held until its last user is done.
  gantry::wire::raise_descriptor_limit();
  Exit code = Exit::usage;
  switch (arguments.verb) {
    case Verb::run:
      code = run(arguments, began);
      break;
    case Verb::check:
      code = check(arguments);
      break;
    case Verb::plan:
      code = plan(arguments);
      break;
    case Verb::inspect:
      code = inspect(arguments);
      break;
    case Verb::call:
      code = call(arguments, began);
      break;
    case Verb::scale:
      code = scale(arguments);
      break;
    case Verb::version:
      code = version();
      break;
  }
  return static_cast<int>(code);
}
