#include "config/code_points.hpp"

#include "signature/printable.hpp"

namespace gantry::config {

std::string in_quotes(std::string_view text) {
  constexpr std::size_t longest = 40;
  std::size_t end = 0;
  for (std::size_t count = 0; count < longest && end < text.size(); ++count) end += code_point(text, end).size;
  return '"' + signature::printable(text.substr(0, end)) + (end < text.size() ? "…\"" : "\"");
}

}  // namespace gantry::config
