// sleepy: tasks that wait and use no processor.
#include <chrono>
#include <thread>

#include <gantry/plugin.hpp>

namespace {

constexpr double longest = 31'536'000;  // a year

gantry::Result<double> nap(double seconds) {
  if (!(seconds >= 0 && seconds <= longest))
    return gantry::fail("argument", "seconds must be from 0 to 31536000, a year");
  std::this_thread::sleep_for(std::chrono::duration<double>(seconds));
  return seconds;
}

}  // namespace

GANTRY_PLUGIN("sleepy", "1.0.0",
              gantry::thread_safe(gantry::function<nap>("sleep", {"seconds"}, "Sleeps, and returns for how long.")));
