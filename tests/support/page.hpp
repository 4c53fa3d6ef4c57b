// Pages of the repository, whose examples are run by tests as they stand there.
#pragma once

#include <catch2/catch.hpp>
#include <string>

namespace gantry::tests {

/// The first block of the page that is fenced as `language`.
inline std::string fenced(const std::string& page, const std::string& language) {
  const std::string open = "```" + language + "\n";
  const std::size_t begin = page.find(open);
  REQUIRE(begin != std::string::npos);
  const std::size_t end = page.find("```", begin + open.size());
  return page.substr(begin + open.size(), end - begin - open.size());
}

/// The first indented line of the page that starts so, without the indentation.
inline std::string line_with(const std::string& page, const std::string& start) {
  const std::size_t begin = page.find("    " + start);
  REQUIRE(begin != std::string::npos);
  return page.substr(begin + 4, page.find('\n', begin) - begin - 4);
}

}  // namespace gantry::tests
