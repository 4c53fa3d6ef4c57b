// Words for people on stderr. A task may have closed it: then nobody hears them, and that is all. (fmt::print to a file
// throws, which would end the process, or go through a plugin.)
#pragma once

#include <fmt/core.h>

#include <algorithm>
#include <cstdint>
#include <cstdio>
#include <string_view>
#include <utility>

#include "gantry/abi.h"

namespace gantry::worker {

template <class... Arguments>
void say(fmt::format_string<Arguments...> text, Arguments&&... arguments) {
  const auto line = fmt::format(text, std::forward<Arguments>(arguments)...);
  [[maybe_unused]] const auto written = std::fwrite(line.data(), 1, line.size(), stderr);
}

/// What is logged where no task's log can take it.
inline void say_log(std::int32_t level, std::string_view text) {
  static constexpr std::string_view words[] = {"debug", "info", "warning", "error"};
  const auto known = static_cast<std::size_t>(std::clamp<std::int32_t>(level, GANTRY_LOG_DEBUG, GANTRY_LOG_ERROR));
  say("{}: {}\n", words[known], text);
}

}  // namespace gantry::worker
