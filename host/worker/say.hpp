// Words for people on stderr. A task may have closed it: then nobody hears them, and that is all. (fmt::print to a file
// throws, which would end the process, or go through a plugin.)
#pragma once

#include <fmt/core.h>

#include <cstdio>
#include <utility>

namespace gantry::worker {

template <class... Arguments>
void say(fmt::format_string<Arguments...> text, Arguments&&... arguments) {
  const auto line = fmt::format(text, std::forward<Arguments>(arguments)...);
  [[maybe_unused]] const auto written = std::fwrite(line.data(), 1, line.size(), stderr);
}

}  // namespace gantry::worker
