// Amdahl's law fitted to measured times: which part of the work more workers do not make faster.
#pragma once

#include <cstddef>
#include <expected>
#include <optional>
#include <span>
#include <string>
#include <vector>

namespace gantry::report {

/// One run: its number of workers and its time in seconds.
struct Timing {
  unsigned workers = 1;
  double seconds = 0;
};

struct Fit {
  double serial_fraction = 0;            ///< s; below 0 if the measured speed-up is more than the ideal one
  std::optional<double> standard_error;  ///< of s; nothing with two runs: they leave no error to see
  double constant = 0;                   ///< seconds that no worker shortens: T1 s
  double shared = 0;                     ///< seconds that workers share: T1 (1 − s)
  std::vector<unsigned> sizes;           ///< the sizes fitted, ascending
  std::size_t runs = 0;

  /// The fitted time in seconds.
  [[nodiscard]] double seconds(double workers) const { return constant + shared / workers; }
};

/// Fits T(n) = T1 (s + (1 − s)/n) (G. M. Amdahl, "Validity of the single processor approach to achieving large scale
/// computing capabilities", AFIPS Spring Joint Computer Conference 1967, pages 483–485). With a = T1 s, b = T1 (1 − s)
/// and x = 1/n it is the straight line a + b x: linear least squares over all runs, with errors in proportion to the
/// times, so Σ ((T − a − b x)/T)² is smallest. The covariance of (a, b) is σ² (XᵀWX)⁻¹ with W = diag(1/T²) and
/// σ² = that sum/(runs − 2) (Press et al., Numerical Recipes, 3rd ed., 15.2 and 15.4); from it follows the standard
/// error of s = a/(a + b), to first order. An error is a sentence that says why there is no fit: fewer than two sizes,
/// a time that is not above 0, or times that no such law describes.
[[nodiscard]] std::expected<Fit, std::string> fit_amdahl(std::span<const Timing> timings);

}  // namespace gantry::report
