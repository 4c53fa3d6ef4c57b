#include "report/progress.hpp"

#include <fmt/core.h>
#include <gantry/abi.h>

#include <algorithm>
#include <utility>

#include "report/escape.hpp"

namespace gantry::report {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

constexpr milliseconds kRedraw{100};
constexpr seconds kLine{10};
constexpr seconds kTaskStands{15};  // longer than between two lines: a task that was heard of since is shown
constexpr std::size_t kLongestLine = 64U << 10U;  // longer ones are cut into several, so that memory stays bounded
constexpr std::string_view kEraseLine = "\r\x1b[K";

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
  std::string text = fmt::format("{} tasks", advance.ended);
  if (advance.total) {
    const auto percent =
        *advance.total == 0 ? 100.0 : 100.0 * static_cast<double>(advance.ended) / static_cast<double>(*advance.total);
    text = fmt::format("{}/{} tasks ({}%)", advance.ended, *advance.total, static_cast<unsigned>(percent));
  }
  if (advance.failed > 0) text += fmt::format(", {} failed", advance.failed);
  return text + fmt::format(", {} s", std::chrono::duration_cast<seconds>(now).count());
}

}  // namespace

std::optional<ProgressStyle> progress_named(std::string_view word) {
  if (word == "auto") return ProgressStyle::automatic;
  if (word == "bar") return ProgressStyle::bar;
  if (word == "plain") return ProgressStyle::plain;
  if (word == "none") return ProgressStyle::none;
  return std::nullopt;
}

Progress::Progress(ProgressStyle style, const Terminal& terminal, Sink& sink)
    : style_(style), terminal_(terminal), sink_(sink) {
  if (style_ == ProgressStyle::automatic) style_ = ProgressStyle::bar;
  if (style_ == ProgressStyle::bar && !terminal_.interactive) style_ = ProgressStyle::plain;
}

Progress::~Progress() {
  finish();
}

void Progress::update(const Advance& advance, Time now) {
  if (style_ == ProgressStyle::none) return;
  last_ = advance;
  now_ = now;
  const bool is_bar = style_ == ProgressStyle::bar;
  // The first bar waits as long as a redraw: runs that are over at once show none.
  if (now - shown_at_ < (is_bar ? Time(kRedraw) : Time(kLine))) return;
  shown_at_ = now;
  if (is_bar) {
    draw();
  } else {
    write(sentence() + '\n');
  }
  (void)sink_.flush();  // a failure stays in the sink, and keeps it quiet
}

/// "90/200 tasks (45%), 12 s; fit[3] 40%: epoch 4".
std::string Progress::sentence() const {
  std::string text = numbers(*last_, now_);
  if (!task_.empty() && now_ - task_told_at_ < kTaskStands) text += "; " + task_;
  return text;
}

void Progress::progressed(std::string_view id, double fraction, std::string_view text) {
  task_.clear();
  append_line(id, task_);
  task_ += fmt::format(" {}%", static_cast<unsigned>(100.0 * fraction));
  if (!text.empty()) {
    task_ += ": ";
    append_line(text, task_);
  }
  task_told_at_ = now_;
}

void Progress::draw() {
  if (!last_) return;
  write(kEraseLine);
  write(bar());
  drawn_ = true;
}

/// "[=====>    ] 90/200 tasks (45%), 1 failed, 12 s", no wider than the terminal less one.
std::string Progress::bar() const {
  std::string text = sentence();
  const std::size_t room = terminal_.columns > 1 ? terminal_.columns - 1 : 1;
  const std::size_t width =
      last_->total && room > text.size() + 13 ? std::min<std::size_t>(room - text.size() - 3, 40) : 0;
  if (width > 0) {
    const double part =
        *last_->total == 0 ? 1.0 : static_cast<double>(last_->ended) / static_cast<double>(*last_->total);
    const auto full = std::min(width, static_cast<std::size_t>(part * static_cast<double>(width)));
    std::string gauge(full, '=');
    if (full < width) gauge += '>';
    gauge.resize(width, ' ');
    return fmt::format("[{}{}{}] {}", begin_colour(terminal_, Colour::green), gauge, end_colour(terminal_), text);
  }
  if (text.size() > room) text.resize(room);
  return text;
}

void Progress::erase() {
  if (std::exchange(drawn_, false)) write(kEraseLine);
}

void Progress::printed(host::WorkerIndex worker, std::string_view id, std::string_view text) {
  Partial& partial = partial_[worker];
  erase();  // the next update() that is due draws it again
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
  (void)sink_.flush();
}

void Progress::logged(std::string_view id, int level, std::string_view text) {
  erase();
  std::string line(level_word(level));
  line += ": ";
  line += text;
  while (!line.empty() && (line.back() == '\n' || line.back() == '\r')) line.pop_back();
  show_line(id, line);
  (void)sink_.flush();
}

void Progress::show_line(std::string_view id, std::string_view text) {
  std::string line;
  append_line(id, line);
  line += " | ";
  append_line(text, line);
  line += '\n';
  write(line);
}

void Progress::complete(Partial& partial) {
  if (!partial.text.empty()) show_line(partial.id, std::exchange(partial.text, {}));
}

void Progress::finish() {
  erase();
  for (auto& [worker, partial] : partial_) complete(partial);
  last_.reset();
  (void)sink_.flush();
}

void Progress::write(std::string_view text) {
  (void)sink_.write(text);
}

}  // namespace gantry::report
