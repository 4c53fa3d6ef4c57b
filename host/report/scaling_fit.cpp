#include "report/scaling_fit.hpp"

#include <algorithm>
#include <cmath>

namespace gantry::report {

namespace {

/// The normal equations of a + b x with weights 1/T².
struct Sums {
  double weight = 0, x = 0, xx = 0, time = 0, time_x = 0;

  void add(const Timing& timing) {
    const double inverse = 1.0 / timing.workers;
    const double of_one = 1.0 / (timing.seconds * timing.seconds);
    weight += of_one;
    x += of_one * inverse;
    xx += of_one * inverse * inverse;
    time += of_one * timing.seconds;
    time_x += of_one * timing.seconds * inverse;
  }
};

std::vector<unsigned> sizes_of(std::span<const Timing> timings) {
  std::vector<unsigned> sizes;
  for (const Timing& timing : timings) sizes.push_back(timing.workers);
  std::sort(sizes.begin(), sizes.end());
  sizes.erase(std::unique(sizes.begin(), sizes.end()), sizes.end());
  return sizes;
}

/// Standard error of s = a/(a + b): √(gᵀ C g), g = (b, −a)/(a + b)².
double error_of_fraction(std::span<const Timing> timings, const Fit& fit, const Sums& sums, double determinant) {
  double squares = 0;
  for (const Timing& timing : timings) {
    const double off = (timing.seconds - fit.seconds(timing.workers)) / timing.seconds;
    squares += off * off;
  }
  const double variance = squares / static_cast<double>(timings.size() - 2);
  const double whole = fit.constant + fit.shared;
  const double by_constant = fit.shared / (whole * whole);
  const double by_shared = -fit.constant / (whole * whole);
  const double spread =
      by_constant * by_constant * sums.xx - 2 * by_constant * by_shared * sums.x + by_shared * by_shared * sums.weight;
  return std::sqrt(std::max(0.0, variance * spread / determinant));
}

}  // namespace

std::expected<Fit, std::string> fit_amdahl(std::span<const Timing> timings) {
  Fit fit;
  fit.sizes = sizes_of(timings);
  fit.runs = timings.size();
  if (fit.sizes.size() < 2) return std::unexpected("a fit needs at least two sizes");
  Sums sums;
  for (const Timing& timing : timings) {
    if (!(timing.seconds > 0) || timing.workers == 0) return std::unexpected("a time is not above 0");
    sums.add(timing);
  }
  const double determinant = sums.weight * sums.xx - sums.x * sums.x;
  fit.constant = (sums.xx * sums.time - sums.x * sums.time_x) / determinant;
  fit.shared = (sums.weight * sums.time_x - sums.x * sums.time) / determinant;
  const double whole = fit.constant + fit.shared;
  if (!(determinant > 0) || !(whole > 0) || !std::isfinite(fit.constant / whole)) {
    return std::unexpected("the times do not follow such a law");
  }
  fit.serial_fraction = fit.constant / whole;
  if (fit.runs > 2) fit.standard_error = error_of_fraction(timings, fit, sums, determinant);
  return fit;
}

}  // namespace gantry::report
