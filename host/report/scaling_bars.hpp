// The lower half of the chart: stacked bars of where the time went, one for each size, of the workers and of the host.
#pragma once

#include "report/scaling.hpp"
#include "report/scaling_markup.hpp"

namespace gantry::report {

/// Draws from `corner` (top left) down, to `right`; returns how far down it went.
double draw_bars(const Scaling& scaling, Point corner, double right, Drawing& drawing);

}  // namespace gantry::report
