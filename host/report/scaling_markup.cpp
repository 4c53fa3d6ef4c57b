#include "report/scaling_markup.hpp"

#include <fmt/format.h>

#include <iterator>

#include "signature/code_point.hpp"
#include "signature/printable.hpp"

namespace gantry::report {

namespace {

constexpr std::string_view kUnknown = "\xef\xbf\xbd";

std::string_view escaped(std::string_view text, signature::CodePoint point) {
  switch (point.value) {
    case U'&':
      return "&amp;";
    case U'<':
      return "&lt;";
    case U'>':
      return "&gt;";
    case U'"':
      return "&quot;";
    case U'\'':
      return "&#39;";
    case 0xFFFE:  // no characters of XML
    case 0xFFFF:
      return kUnknown;
    default:
      return !point.valid || signature::is_control(point.value) ? kUnknown : text.substr(0, point.size);
  }
}

}  // namespace

std::string escape_markup(std::string_view text) {
  std::string safe;
  while (!text.empty()) {
    const signature::CodePoint point = signature::code_point(text, 0);
    safe += escaped(text, point);
    text.remove_prefix(point.size);
  }
  return safe;
}

void Drawing::line(Point from, Point to, std::string_view name, std::string_view style) {
  fmt::format_to(std::back_inserter(body_),
                 "<line class=\"{}\" x1=\"{:.1f}\" y1=\"{:.1f}\" x2=\"{:.1f}\" y2=\"{:.1f}\" {}/>\n", name, from.x,
                 from.y, to.x, to.y, style);
}

void Drawing::lines(std::span<const Point> points, std::string_view name, std::string_view style) {
  fmt::format_to(std::back_inserter(body_), "<polyline class=\"{}\" fill=\"none\" {} points=\"", name, style);
  for (std::size_t i = 0; i < points.size(); ++i) {
    fmt::format_to(std::back_inserter(body_), "{}{:.1f},{:.1f}", i == 0 ? "" : " ", points[i].x, points[i].y);
  }
  body_ += "\"/>\n";
}

void Drawing::circle(Point centre, double radius, std::string_view name, std::string_view style,
                     std::string_view told) {
  fmt::format_to(std::back_inserter(body_),
                 "<circle class=\"{}\" cx=\"{:.1f}\" cy=\"{:.1f}\" r=\"{:.1f}\" {}><title>{}</title></circle>\n", name,
                 centre.x, centre.y, radius, style, escape_markup(told));
}

void Drawing::box(Point corner, double width, double height, std::string_view name, std::string_view style,
                  std::string_view told) {
  fmt::format_to(std::back_inserter(body_),
                 "<rect class=\"{}\" x=\"{:.1f}\" y=\"{:.1f}\" width=\"{:.1f}\" height=\"{:.1f}\" {}>"
                 "<title>{}</title></rect>\n",
                 name, corner.x, corner.y, width, height, style, escape_markup(told));
}

void Drawing::text(Point at, std::string_view text, const Lettering& lettering, bool turned) {
  const std::string place = turned ? fmt::format("transform=\"translate({:.1f} {:.1f}) rotate(-90)\"", at.x, at.y)
                                   : fmt::format("x=\"{:.1f}\" y=\"{:.1f}\"", at.x, at.y);
  fmt::format_to(std::back_inserter(body_), "<text {} font-size=\"{:g}\" fill=\"{}\" text-anchor=\"{}\"{}>{}</text>\n",
                 place, lettering.size, lettering.fill, lettering.anchor, lettering.bold ? " font-weight=\"600\"" : "",
                 escape_markup(text));
}

std::string Drawing::finish(double width, double height, std::string_view title) const {
  return fmt::format(
      "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"{0:g}\" height=\"{1:g}\" viewBox=\"0 0 {0:g} {1:g}\" "
      "role=\"img\" font-family=\"system-ui, 'Segoe UI', 'DejaVu Sans', Verdana, sans-serif\">\n<title>{2}</title>\n"
      "<rect class=\"card\" x=\"0.5\" y=\"0.5\" width=\"{3:g}\" height=\"{4:g}\" rx=\"10\" fill=\"#ffffff\" "
      "stroke=\"#cbd2d9\"/>\n{5}</svg>\n",
      width, height, escape_markup(title), width - 1, height - 1, body_);
}

}  // namespace gantry::report
