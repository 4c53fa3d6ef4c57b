#include "report/waiting.hpp"

#include <fmt/core.h>

#include <algorithm>
#include <array>

#include "signature/printable.hpp"

namespace gantry::report {
namespace {

using namespace std::chrono_literals;

constexpr std::size_t kShown = 8;
constexpr std::array<Stillness::Time, 4> kTold{10s, 30s, 2min, 10min};
constexpr Stillness::Time kThen = 30min;

}  // namespace

std::string time_text(std::chrono::nanoseconds time) {
  const auto seconds = std::chrono::duration_cast<std::chrono::seconds>(time).count();
  if (seconds < 10) return fmt::format("{:.1f} s", std::chrono::duration<double>(time).count());
  if (seconds < 60) return fmt::format("{} s", seconds);
  if (seconds < 3600) return fmt::format("{} min {} s", seconds / 60, seconds % 60);
  return fmt::format("{} h {} min", seconds / 3600, seconds % 3600 / 60);
}

std::string running_text(std::span<const RunningNote> tasks) {
  std::string text;
  const std::size_t shown = std::min(tasks.size(), kShown);
  for (std::size_t i = 0; i < shown; ++i) {
    if (i > 0) text += i + 1 == tasks.size() ? " and " : ", ";
    signature::append_printable(tasks[i].id, text);
    text += fmt::format(" (for {}, on worker {})", time_text(tasks[i].ran), host::raw(tasks[i].worker));
  }
  if (shown < tasks.size()) text += fmt::format(" and {} more", tasks.size() - shown);
  return text;
}

bool Stillness::is_due(std::uint64_t ended, Time now) {
  if (ended != ended_) {
    ended_ = ended;
    since_ = now;
    told_ = 0;
    return false;
  }
  const Time next =
      told_ < kTold.size() ? kTold[told_] : kTold.back() + kThen * static_cast<int>(told_ - kTold.size() + 1);
  if (lasts(now) < next) return false;
  ++told_;
  return true;
}

}  // namespace gantry::report
