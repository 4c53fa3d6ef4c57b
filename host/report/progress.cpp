#include "report/progress.hpp"

#include <fmt/core.h>
#include <gantry/abi.h>

#include <algorithm>
#include <utility>

#include "report/terminal.hpp"
#include "report/width.hpp"
#include "signature/printable.hpp"

namespace gantry::report {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

constexpr milliseconds kRedraw{100};
constexpr seconds kLine{10};
constexpr seconds kTaskStands{15};  // longer than between two lines: a task that was heard of since is shown
constexpr std::size_t kLongestLine = 64U << 10U;  // longer ones are cut into several, so that memory stays bounded
constexpr std::size_t kWidestGauge = 40;
constexpr std::size_t kNarrowestGauge = 10;

std::string_view level_word(int level) {
  switch (level) {
    case GANTRY_LOG_DEBUG:
      return "debug";
    case GANTRY_LOG_INFO:
      return "info";
    case GANTRY_LOG_WARNING:
      return "warning";
    default:
      return "error";
  }
}

/// "90/200 tasks (45%), 1 failed, 12 s".
std::string numbers(const Advance& advance, Progress::Time now) {
  std::string text = fmt::format("{} task{}", advance.ended, advance.ended == 1 ? "" : "s");
  if (advance.total) {
    const auto percent =
        *advance.total == 0 ? 100.0 : 100.0 * static_cast<double>(advance.ended) / static_cast<double>(*advance.total);
    text = fmt::format("{}/{} tasks ({}%)", advance.ended, *advance.total, static_cast<unsigned>(percent));
  }
  if (advance.failed > 0) text += fmt::format(", {} failed", advance.failed);
  return text + fmt::format(", {} s", std::chrono::duration_cast<seconds>(now).count());
}

/// "[=====>    ] 90/200 tasks (45%), 1 failed, 12 s", without the gauge where there is no room for it.
std::string bar(const Advance& advance, const std::string& text, const Terminal& terminal, std::size_t columns) {
  const std::size_t taken = width_of(text) + 3;  // "[] " around the gauge
  if (!advance.total || columns < taken + kNarrowestGauge) return cut_to_columns(text, columns);
  const std::size_t width = std::min(columns - taken, kWidestGauge);
  const double part =
      *advance.total == 0 ? 1.0 : static_cast<double>(advance.ended) / static_cast<double>(*advance.total);
  const auto full = std::min(width, static_cast<std::size_t>(part * static_cast<double>(width)));
  std::string gauge(full, '=');
  if (full < width) gauge += '>';
  gauge.resize(width, ' ');
  return fmt::format("[{}{}{}] {}", begin_colour(terminal, Colour::green), gauge, end_colour(terminal), text);
}

}  // namespace

std::optional<ProgressStyle> progress_named(std::string_view word) {
  if (word == "auto") return ProgressStyle::automatic;
  if (word == "bar") return ProgressStyle::bar;
  if (word == "plain") return ProgressStyle::plain;
  if (word == "none") return ProgressStyle::none;
  return std::nullopt;
}

Progress::Progress(ProgressStyle style, Console& console) : style_(style), console_(console) {
  if (style_ == ProgressStyle::automatic) style_ = ProgressStyle::bar;
  if (style_ == ProgressStyle::bar && !console.terminal().interactive) style_ = ProgressStyle::plain;
}

Progress::~Progress() {
  finish();
}

void Progress::update(const Advance& advance, Time now) {
  if (style_ == ProgressStyle::none) return;
  now_ = now;
  const bool is_bar = style_ == ProgressStyle::bar;
  // The first bar waits as long as a redraw: runs that are over at once show none.
  if (now - shown_at_ < (is_bar ? Time(kRedraw) : Time(kLine))) return;
  shown_at_ = now;
  std::string text = sentence(advance);
  if (is_bar) {
    console_.set_status([advance, text = std::move(text), terminal = console_.terminal()](std::size_t columns) {
      return bar(advance, text, terminal, columns);
    });
  } else {
    console_.add(text + '\n');
  }
}

/// "90/200 tasks (45%), 12 s; fit[3] 40%: epoch 4".
std::string Progress::sentence(const Advance& advance) const {
  std::string text = numbers(advance, now_);
  if (!task_.empty() && now_ - task_told_at_ < kTaskStands) text += "; " + task_;
  return text;
}

void Progress::progressed(std::string_view id, double fraction, std::string_view text) {
  task_.clear();
  signature::append_printable(id, task_);
  task_ += fmt::format(" {}%", static_cast<unsigned>(100.0 * fraction));
  if (!text.empty()) {
    task_ += ": ";
    signature::append_printable(text, task_);
  }
  task_told_at_ = now_;
}

void Progress::printed(host::WorkerIndex worker, std::string_view id, std::string_view text) {
  Partial& partial = partial_[worker];
  if (partial.id != id) {
    complete(partial);
    partial.id = id;
    partial.returned = false;
  }
  while (!text.empty()) {
    // A carriage return ends a line too: what it would overwrite is shown instead.
    const std::size_t end = std::min(text.find_first_of("\r\n"), text.size());
    partial.text += text.substr(0, end);
    const char ending = end < text.size() ? text[end] : '\0';
    const bool second_half = ending == '\n' && end == 0 && partial.returned;  // of "\r\n"
    if (ending == '\n' && !second_half) {
      show_line(partial.id, std::exchange(partial.text, {}));
    } else if (ending == '\r' || partial.text.size() > kLongestLine) {
      complete(partial);
    }
    partial.returned = ending == '\r';
    text.remove_prefix(std::min(end + 1, text.size()));
  }
}

void Progress::logged(std::string_view id, int level, std::string_view text) {
  std::string line(level_word(level));
  line += ": ";
  line += text;
  while (!line.empty() && (line.back() == '\n' || line.back() == '\r')) line.pop_back();
  show_line(id, line);
}

void Progress::show_line(std::string_view id, std::string_view text) {
  std::string line;
  signature::append_printable(id, line);
  line += " | ";
  signature::append_printed_line(text, line);
  line += '\n';
  console_.add(line);
}

void Progress::complete(Partial& partial) {
  if (!partial.text.empty()) show_line(partial.id, std::exchange(partial.text, {}));
}

void Progress::finish() {
  for (auto& [worker, partial] : partial_) complete(partial);
  console_.clear();
}

}  // namespace gantry::report
