// Text inside SVG and HTML, and the few shapes that a chart is made of.
#pragma once

#include <span>
#include <string>
#include <string_view>

namespace gantry::report {

/// `text` for the content and for quoted attributes of XML 1.0 and HTML: & < > " ' are named, and what may not stand
/// in either (control characters, bytes that are not UTF-8, U+FFFE, U+FFFF) becomes U+FFFD.
[[nodiscard]] std::string escape_markup(std::string_view text);

struct Point {
  double x = 0, y = 0;
};

/// How a text is set.
struct Lettering {
  double size = 13;
  std::string_view fill = "#1f2933";
  std::string_view anchor = "start";  ///< start, middle, end
  bool bold = false;
};

/// An SVG being written, in pixels from the top left corner. All shapes lie over those before them.
class Drawing {
 public:
  /// `style` is attributes, written as they are; `name` becomes the class.
  void line(Point from, Point to, std::string_view name, std::string_view style);
  void lines(std::span<const Point> points, std::string_view name, std::string_view style);
  void circle(Point centre, double radius, std::string_view name, std::string_view style, std::string_view told);
  /// `told` is shown when the shape is pointed at; it is escaped.
  void box(Point corner, double width, double height, std::string_view name, std::string_view style,
           std::string_view told);
  /// `text` is escaped. `turned`: runs upwards.
  void text(Point at, std::string_view text, const Lettering& lettering, bool turned = false);

  /// The whole document, on a white card with a title that readers of the screen are told.
  [[nodiscard]] std::string finish(double width, double height, std::string_view title) const;

 private:
  std::string body_;
};

}  // namespace gantry::report
