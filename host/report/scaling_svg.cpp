// The chart: the speed-up above, where the time went below (scaling_bars.cpp).
#include <fmt/format.h>

#include <algorithm>

#include "report/scaling_axis.hpp"
#include "report/scaling_bars.hpp"
#include "report/scaling_forms.hpp"
#include "report/scaling_markup.hpp"
#include "report/scaling_table.hpp"
#include "signature/utf8.hpp"

namespace gantry::report {

namespace {

constexpr double kWidth = 880;
constexpr double kLeft = 64;
constexpr double kRight = 852;
constexpr double kTop = 118;
constexpr double kBottom = 418;
constexpr unsigned kSteps = 8;            // of an axis
constexpr unsigned kCurve = 96;           // pieces of the fitted curve
constexpr std::size_t kLongestFile = 44;  // code points that fit into the title

constexpr std::string_view kMeasured = "stroke=\"#0b5cad\" stroke-width=\"2.5\" stroke-linejoin=\"round\"";
constexpr std::string_view kErrorBar = "stroke=\"#0b5cad\" stroke-width=\"1.5\"";
constexpr std::string_view kPoint = "fill=\"#0b5cad\" stroke=\"#ffffff\" stroke-width=\"1.5\"";
constexpr std::string_view kIdeal =
    "stroke=\"#616e7c\" stroke-width=\"2\" stroke-dasharray=\"1 5\" stroke-linecap=\"round\"";
constexpr std::string_view kAmdahl = "stroke=\"#c2410c\" stroke-width=\"2\" stroke-dasharray=\"8 5\"";
constexpr std::string_view kGrid = "stroke=\"#e4e7eb\" stroke-width=\"1\"";
constexpr std::string_view kFrame = "stroke=\"#52606d\" stroke-width=\"1.2\"";
constexpr std::string_view kLimit = "stroke=\"#9f7a00\" stroke-width=\"1.2\" stroke-dasharray=\"4 3\"";

/// The plot's axes: from workers and speed-up to pixels.
class Plot {
 public:
  explicit Plot(const Scaling& scaling) : scaling_(scaling), base_(scaling.sizes.front().median()) {
    const double workers = scaling.sizes.back().workers;
    double measured = 0;
    for (const ScaleSize& size : scaling.sizes) measured = std::max(measured, base_ / size.fastest());
    x_ = axis_for(workers, kSteps, true);
    // The ideal line is cut where it would press what was measured to the ground.
    y_ = axis_for(std::max(measured, std::min(ideal(workers), 2 * measured)), kSteps, false);
  }

  void draw(Drawing& drawing) const {
    draw_axes(drawing);
    draw_limit(drawing);
    draw_ideal(drawing);
    draw_fit(drawing);
    draw_measured(drawing);
  }

 private:
  [[nodiscard]] double ideal(double workers) const { return workers / scaling_.sizes.front().workers; }
  [[nodiscard]] Point at(double workers, double speedup) const {
    return {kLeft + (kRight - kLeft) * workers / x_.end, kBottom - (kBottom - kTop) * speedup / y_.end};
  }

  void draw_axes(Drawing& drawing) const {
    for (const double tick : x_.ticks()) {
      drawing.line(at(tick, 0), at(tick, y_.end), "grid", kGrid);
      drawing.text({at(tick, 0).x, kBottom + 20}, fmt::format("{:g}", tick), {.size = 12, .anchor = "middle"});
    }
    for (const double tick : y_.ticks()) {
      drawing.line(at(0, tick), at(x_.end, tick), "grid", kGrid);
      drawing.text({kLeft - 8, at(0, tick).y + 4}, fmt::format("{:.6g}", tick), {.size = 12, .anchor = "end"});
    }
    drawing.line(at(0, 0), at(x_.end, 0), "axis", kFrame);
    drawing.line(at(0, 0), at(0, y_.end), "axis", kFrame);
    drawing.text({(kLeft + kRight) / 2, kBottom + 42}, "workers", {.anchor = "middle"});
    drawing.text({24, (kTop + kBottom) / 2},
                 fmt::format("speed-up against {}", workers_text(scaling_.sizes.front().workers)), {.anchor = "middle"},
                 true);
  }

  /// Where the CPUs end, if there are more workers than that.
  void draw_limit(Drawing& drawing) const {
    if (scaling_.cpus >= scaling_.sizes.back().workers) return;
    drawing.line(at(scaling_.cpus, 0), at(scaling_.cpus, y_.end), "limit", kLimit);
    drawing.text({at(scaling_.cpus, 0).x, kTop - 6},
                 fmt::format("{} CPU{}", scaling_.cpus, scaling_.cpus == 1 ? "" : "s"),
                 {.size = 12, .fill = "#7a5d00", .anchor = "middle"});
  }

  void draw_ideal(Drawing& drawing) const {
    const double end = std::min(x_.end, y_.end * scaling_.sizes.front().workers);
    drawing.line(at(0, 0), at(end, ideal(end)), "ideal", kIdeal);
  }

  void draw_fit(Drawing& drawing) const {
    if (!scaling_.fit) return;
    std::vector<Point> points;
    points.reserve(kCurve + 1);
    const double from = scaling_.sizes.front().workers;
    for (unsigned i = 0; i <= kCurve; ++i) {
      const double workers = from + (x_.end - from) * i / kCurve;
      const double seconds = scaling_.fit->seconds(workers);
      if (!(seconds > 0) || base_ / seconds > y_.end) break;
      points.push_back(at(workers, base_ / seconds));
    }
    drawing.lines(points, "amdahl", kAmdahl);
  }

  void draw_measured(Drawing& drawing) const {
    std::vector<Point> points;
    points.reserve(scaling_.sizes.size());
    for (const ScaleSize& size : scaling_.sizes) points.push_back(at(size.workers, scaling_.speedup(size)));
    drawing.lines(points, "measured", kMeasured);
    for (std::size_t i = 0; i < points.size(); ++i) {
      const ScaleSize& size = scaling_.sizes[i];
      draw_error(drawing, at(size.workers, base_ / size.slowest()), at(size.workers, base_ / size.fastest()));
      drawing.circle(points[i], 5, "point", kPoint,
                     fmt::format("{}: {}, {:.2f} times as fast", workers_text(size.workers),
                                 seconds_text(size.median()), scaling_.speedup(size)));
    }
  }

  static void draw_error(Drawing& drawing, Point low, Point high) {
    constexpr double half = 5;
    drawing.line(low, high, "error", kErrorBar);
    for (const Point& end : {low, high}) {
      drawing.line({end.x - half, end.y}, {end.x + half, end.y}, "error-end", kErrorBar);
    }
  }

  const Scaling& scaling_;
  double base_;
  Axis x_;
  Axis y_;
};

/// The file's name, its beginning left out if it is long.
std::string short_file(const std::string& file) {
  std::size_t points = signature::count_code_points(file);
  if (points <= kLongestFile) return file;
  std::size_t at = 0;
  for (; points >= kLongestFile; --points) at += std::max<std::size_t>(1, signature::code_point_size(file, at));
  return "…" + file.substr(at);
}

std::string fit_text(const Fit& fit) {
  const std::string error = fit.standard_error ? fmt::format(" ± {:.3f}", *fit.standard_error) : "";
  return fmt::format("Amdahl's law, s = {:.3f}{}", fit.serial_fraction, error);
}

void draw_head(const Scaling& scaling, Drawing& drawing) {
  drawing.text({24, 38}, "Speed-up of " + short_file(scaling.file), {.size = 16, .bold = true});
  drawing.text({24, 60}, runs_text(scaling) + "; medians, with bars from the slowest to the fastest",
               {.fill = "#52606d"});
  constexpr double y = 86;
  drawing.line({kLeft, y}, {kLeft + 30, y}, "key", kMeasured);
  drawing.circle({kLeft + 15, y}, 5, "key", kPoint, "measured");
  drawing.text({kLeft + 38, y + 4}, "measured", {});
  drawing.line({kLeft + 136, y}, {kLeft + 166, y}, "key", kIdeal);
  drawing.text({kLeft + 174, y + 4}, "ideal", {});
  if (!scaling.fit) return;
  drawing.line({kLeft + 240, y}, {kLeft + 270, y}, "key", kAmdahl);
  drawing.text({kLeft + 278, y + 4}, fit_text(*scaling.fit), {});
}

}  // namespace

std::string scaling_svg(const Scaling& scaling) {
  Drawing drawing;
  draw_head(scaling, drawing);
  Plot(scaling).draw(drawing);
  const double height = draw_bars(scaling, {24, kBottom + 88}, kRight, drawing);
  return drawing.finish(kWidth, height + 24, "Speed-up of " + scaling.file);
}

}  // namespace gantry::report
