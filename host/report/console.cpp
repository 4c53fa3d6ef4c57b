#include "report/console.hpp"

#include <unistd.h>

#include <utility>

namespace gantry::report {
namespace {

constexpr std::string_view kEraseLine = "\r\x1b[K";
constexpr std::string_view kEraseRest = "\x1b[K";
constexpr std::size_t kMostLines = 64U << 10U;  // bytes that wait to be seen
constexpr unsigned kEcho = 3;                   // columns left free: what ^C shows must not begin another line

}  // namespace

Console::Console(int descriptor, const Terminal& terminal) : descriptor_(descriptor), terminal_(terminal) {
  auto sink = Sink::to_descriptor(descriptor, "standard error");
  if (sink) sink_.emplace(std::move(*sink));
}

Console::~Console() {
  clear();
}

Terminal Console::terminal() const {
  Terminal now = terminal_;
  now.columns = columns_of(descriptor_).value_or(now.columns);
  return now;
}

void Console::share(Sink& results) {
  if (is_same_terminal(descriptor_, results.descriptor())) results.share(*this);
}

void Console::say(std::string_view lines) {
  add(lines);
  write();
}

void Console::add(std::string_view lines) {
  lines_ += lines;
  if (lines_.size() >= kMostLines) write();
}

void Console::set_status(Status status) {
  status_ = std::move(status);
  is_new_ = true;
}

void Console::refresh() {
  const bool is_there = drawn_ || inside_ || !terminal_.interactive || !status_;
  if (lines_.empty() && is_there && !is_new_) return;
  write();
}

void Console::clear() {
  status_ = {};
  write();
}

// One write, so that no terminal shows what is in between; and a status line is written over the one before, since one
// that is erased first flickers.
void Console::write() {
  std::string status;
  if (status_ && terminal_.interactive && !inside_) {
    const unsigned columns = terminal().columns;
    status = status_(columns > kEcho ? columns - kEcho : 1);
  }
  std::string text;
  if (!lines_.empty() && std::exchange(inside_, false)) text += '\n';
  if (drawn_) text += lines_.empty() && !status.empty() ? "\r" : kEraseLine;
  text += std::exchange(lines_, {});
  text += status;
  if (!status.empty()) text += kEraseRest;
  drawn_ = !status.empty();
  is_new_ = false;
  if (!text.empty()) put(text);
}

// A failure stays in the sink, which then goes quiet.
void Console::put(std::string_view text) {
  if (!sink_ || !sink_->write(text)) return;
  [[maybe_unused]] const auto flushed = sink_->flush();
}

void Console::leave() noexcept {
  if (drawn_.exchange(false)) (void)!::write(descriptor_, kEraseLine.data(), kEraseLine.size());
}

void Console::before_write(std::string_view text) {
  inside_ = text.back() != '\n';
  if (drawn_.exchange(false)) put(kEraseLine);
}

}  // namespace gantry::report
