// montecarlo: estimates from random numbers that depend on the seed and the task ID alone.
#include <gantry/plugin.hpp>

namespace {

/// Four times the share of random points of the unit square that lie in the quarter of the unit circle.
gantry::Result<double> pi(gantry::Context& context, gantry::u64 samples) {
  if (samples == 0) return gantry::fail("argument", "samples must be at least 1");
  gantry::Random& random = context.rng();
  gantry::u64 inside = 0;
  for (gantry::u64 sample = 0; sample < samples; ++sample) {
    const double x = random.uniform();
    const double y = random.uniform();
    inside += x * x + y * y < 1 ? 1 : 0;
  }
  return 4 * static_cast<double>(inside) / static_cast<double>(samples);
}

}  // namespace

GANTRY_PLUGIN("montecarlo", "1.0.0",
              gantry::thread_safe(gantry::function<pi>("pi", {"samples"},
                                                       "Estimates pi from points thrown at a square.")));
