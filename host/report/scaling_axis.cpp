#include "report/scaling_axis.hpp"

#include <algorithm>
#include <array>
#include <cmath>

namespace gantry::report {

std::vector<double> Axis::ticks() const {
  const auto count = static_cast<unsigned>(std::lround(end / step));
  std::vector<double> values;
  values.reserve(count + 1);
  for (unsigned i = 0; i <= count; ++i) values.push_back(i * step);
  return values;
}

Axis axis_for(double most, unsigned steps, bool whole) {
  constexpr std::array<double, 4> round{1, 2, 5, 10};
  constexpr double tolerance = 1e-9;  // 0.3/0.1 is a little less than 3
  const double least = whole ? std::max(1.0, most / steps) : most / steps;
  const double power = std::pow(10, std::floor(std::log10(least) + tolerance));
  Axis axis;
  for (const double factor : round) {
    axis.step = factor * power;
    if (axis.step >= least * (1 - tolerance)) break;
  }
  axis.end = std::max(1.0, std::ceil(most / axis.step - tolerance)) * axis.step;
  return axis;
}

}  // namespace gantry::report
