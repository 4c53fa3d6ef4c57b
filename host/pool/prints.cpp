#include "pool/prints.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <utility>

namespace gantry::pool {
namespace {

constexpr int kPipeSize = 256 * 1024;  // asked for; the kernel may refuse
constexpr std::uint64_t kCrowded = 32ULL * 1024;
constexpr std::size_t kDrainCap = 1 << 20;
constexpr std::size_t kTailCap = 4096;
constexpr std::size_t kFirst = 3;
constexpr std::size_t kLast = 7;

std::vector<std::string> lines_of(std::string_view text) {
  std::vector<std::string> lines;
  while (!text.empty()) {
    const std::size_t end = std::min(text.find('\n'), text.size());
    lines.emplace_back(text.substr(0, end));
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  return lines;
}

template <class Lines>
void keep_last(Lines& lines, std::size_t count) {
  if (lines.size() > count) lines.erase(lines.begin(), lines.end() - static_cast<std::ptrdiff_t>(count));
}

}  // namespace

host::Result<Prints::Made> Prints::make() {
  std::array<int, 2> ends{-1, -1};
  if (::pipe2(ends.data(), O_CLOEXEC) != 0) {
    return host::fail(host::ErrorKind::infrastructure, wire::errno_text("pipe2"));
  }
  wire::Descriptor out(ends[0]);
  wire::Descriptor in(ends[1]);
  // Of the reading end alone: both readers share the flag, a task that prints must not see it.
  if (::fcntl(out.get(), F_SETFL, O_NONBLOCK) != 0) {
    return host::fail(host::ErrorKind::infrastructure, wire::errno_text("fcntl O_NONBLOCK"));
  }
  ::fcntl(in.get(), F_SETPIPE_SZ, kPipeSize);
  wire::Descriptor workers_out(::fcntl(out.get(), F_DUPFD_CLOEXEC, 0));
  if (!workers_out) return host::fail(host::ErrorKind::infrastructure, wire::errno_text("fcntl F_DUPFD_CLOEXEC"));
  return Made{Prints(std::move(out)), std::move(in), std::move(workers_out)};
}

std::uint64_t Prints::waiting() const {
  int bytes = 0;
  return ::ioctl(out_.get(), FIONREAD, &bytes) == 0 && bytes > 0 ? static_cast<std::uint64_t>(bytes) : 0;
}

bool Prints::crowded() const {
  return waiting() >= kCrowded;
}

std::string Prints::drain() {
  std::string text;
  std::array<char, 16ULL * 1024> part;
  while (text.size() < kDrainCap) {
    const ssize_t count = ::read(out_.get(), part.data(), part.size());
    if (count < 0 && errno == EINTR) continue;
    if (count <= 0) break;
    text.append(part.data(), static_cast<std::size_t>(count));
  }
  note(text);
  return text;
}

void Prints::note(std::string_view text) {
  tail_.append(text.substr(text.size() - std::min(text.size(), kTailCap)));
  keep_last(tail_, kTailCap);
  if (line_ends_ < kFirst) head_.append(text.substr(0, kTailCap - std::min(kTailCap, head_.size())));
  line_ends_ += static_cast<std::uint64_t>(std::ranges::count(text, '\n'));
}

void Prints::begin() {
  head_.clear();
  line_ends_ = 0;
}

std::vector<std::string> Prints::last_lines() const {
  std::vector<std::string> last = lines_of(tail_);
  const std::uint64_t lines = line_ends_ + (tail_.empty() || tail_.back() == '\n' ? 0 : 1);
  if (lines <= kFirst + kLast) {
    keep_last(last, kFirst + kLast);
    return last;
  }
  std::vector<std::string> all = lines_of(head_);
  if (all.size() > kFirst) all.resize(kFirst);
  keep_last(last, kLast);
  const std::uint64_t left_out = lines - all.size() - last.size();
  all.push_back(fmt::format("… {} line{} left out …", left_out, left_out == 1 ? "" : "s"));
  all.insert(all.end(), last.begin(), last.end());
  return all;
}

}  // namespace gantry::pool
