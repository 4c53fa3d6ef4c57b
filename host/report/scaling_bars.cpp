#include "report/scaling_bars.hpp"

#include <fmt/format.h>

#include "report/scaling_table.hpp"
#include "signature/utf8.hpp"

namespace gantry::report {

namespace {

constexpr double kRow = 30;        // from bar to bar
constexpr double kBar = 22;        // height of one
constexpr double kNames = 108;     // room for the names of the rows
constexpr double kLeastText = 46;  // a part that is narrower has no text
constexpr double kLetter = 8;      // width of a letter of a key, at most

/// How a part looks, by its name: the fill, and the letters on it.
struct Look {
  std::string_view name, fill, letters;
};

constexpr Look kLooks[] = {
    {"start", "#8e5ea2", "#ffffff"}, {"compute", "#0b5cad", "#ffffff"},    {"queue", "#e8a33d", "#1f2933"},
    {"idle", "#d9dee4", "#1f2933"},  {"encode", "#1a7f5a", "#ffffff"},     {"decode", "#56b4e9", "#1f2933"},
    {"wait", "#d9dee4", "#1f2933"},  {"order wait", "#c2410c", "#ffffff"},
};

const Look& look_of(std::string_view name) {
  for (const Look& look : kLooks) {
    if (look.name == name) return look;
  }
  return kLooks[0];
}

std::string fill_of(const Look& look) {
  return fmt::format("fill=\"{}\" stroke=\"#ffffff\" stroke-width=\"1\"", look.fill);
}

void draw_keys(const std::vector<Share>& shares, Point at, Drawing& drawing) {
  for (const Share& share : shares) {
    drawing.box({at.x, at.y - 10}, 12, 12, "key", fill_of(look_of(share.name)), share.name);
    drawing.text({at.x + 18, at.y}, share.name, {});
    at.x += 18 + kLetter * static_cast<double>(signature::count_code_points(share.name)) + 22;
  }
}

/// One size's bar: as wide as its parts add up to, which is all of the room.
void draw_row(const ScaleSize& size, const std::vector<Share>& shares, Point corner, double right, Drawing& drawing) {
  drawing.text({corner.x + kNames - 10, corner.y + 15}, workers_text(size.workers), {.size = 12, .anchor = "end"});
  double whole = 0;
  for (const Share& share : shares) whole += share.seconds;
  if (!(whole > 0)) return;
  const double room = right - corner.x - kNames;
  double x = corner.x + kNames;
  for (const Share& share : shares) {
    const double width = room * share.seconds / whole;
    if (share.seconds <= 0) continue;
    const Look& look = look_of(share.name);
    drawing.box({x, corner.y}, width, kBar, "bar", fill_of(look),
                fmt::format("{}: {}, {}", share.name, percent_text(share.tenths), seconds_text(share.seconds)));
    if (width >= kLeastText) {
      drawing.text({x + width / 2, corner.y + 15}, percent_text(share.tenths),
                   {.size = 11.5, .fill = look.letters, .anchor = "middle"});
    }
    x += width;
  }
}

double draw_group(const Scaling& scaling, std::string_view caption, std::vector<Share> (*shares)(const ScaleSize&),
                  Point corner, double right, Drawing& drawing) {
  drawing.text(corner, caption, {.size = 15, .bold = true});
  draw_keys(shares(scaling.sizes.front()), {corner.x + kNames, corner.y + 26}, drawing);
  double y = corner.y + 42;
  for (const ScaleSize& size : scaling.sizes) {
    draw_row(size, shares(size), {corner.x, y}, right, drawing);
    y += kRow;
  }
  return y;
}

}  // namespace

double draw_bars(const Scaling& scaling, Point corner, double right, Drawing& drawing) {
  const double middle = draw_group(scaling, kWorkersCaption, worker_shares, corner, right, drawing);
  return draw_group(scaling, kHostCaption, host_shares, {corner.x, middle + 28}, right, drawing);
}

}  // namespace gantry::report
