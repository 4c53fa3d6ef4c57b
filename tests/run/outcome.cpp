#include "run/outcome.hpp"

#include <catch2/catch.hpp>

#include "run/command.hpp"

namespace gantry::tests {

std::string outcome(std::vector<std::string> words) {
  words.insert(words.begin(), "call");
  const Ended ended = command_line(std::move(words));
  if (ended.code == 0) return ended.out.substr(0, ended.out.size() - 1);
  const std::string mark = "call ! ";
  const std::size_t at = ended.err.find(mark);
  if (ended.code != 1 || at == std::string::npos) return ended.err;
  const std::size_t from = at + mark.size();
  return ended.err.substr(from, ended.err.find('\n', from) - from);
}

std::string shell(const std::string& script, const std::string& folder) {
  Command command;
  command.words = {"/bin/bash", "-o", "pipefail", "-c", "export LC_ALL=C; " + script};
  command.folder = folder;
  const Ended ended = run(command);
  INFO(script << "\n" << ended.err);
  REQUIRE(ended.code == 0);
  return ended.out;
}

}  // namespace gantry::tests
