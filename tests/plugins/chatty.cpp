// Tasks that print, log, tell how far they are and fail on request, and take a while: what a terminal has to show.
#include <gantry/plugin.hpp>

#include <chrono>
#include <cstdint>
#include <cstdio>
#include <string>
#include <thread>

namespace {

gantry::Result<std::uint64_t> work(gantry::Context& context, std::uint64_t n, std::uint64_t milliseconds,
                                   std::uint64_t prints, const std::string& at, bool fails) {
  for (std::uint64_t line = 0; line < prints; ++line) {
    std::printf("line %llu of %llu\n", static_cast<unsigned long long>(line), static_cast<unsigned long long>(n));
  }
  std::fflush(stdout);
  for (std::uint64_t done = 0; done < milliseconds; done += 10) {
    if (!at.empty()) context.progress(static_cast<double>(done) / static_cast<double>(milliseconds), at);
    std::this_thread::sleep_for(std::chrono::milliseconds(10));
  }
  if (fails) return gantry::fail("broken", "no " + std::to_string(n));
  return n;
}

}  // namespace

GANTRY_PLUGIN("chatty", "1.0.0",
              gantry::function<work>("work", {"n", "milliseconds = 0", "prints = 0", "at = \"\"", "fails = false"},
                                     "n, after a while."));
