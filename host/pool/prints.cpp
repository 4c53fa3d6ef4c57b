#include "pool/prints.hpp"

#include <fcntl.h>
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
constexpr std::size_t kLinesCap = 10;

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
  if (tail_.size() > kTailCap) tail_.erase(0, tail_.size() - kTailCap);
}

std::vector<std::string> Prints::last_lines() const {
  std::vector<std::string> lines;
  std::string_view rest = tail_;
  while (!rest.empty()) {
    const std::size_t end = std::min(rest.find('\n'), rest.size());
    lines.emplace_back(rest.substr(0, end));
    rest.remove_prefix(std::min(end + 1, rest.size()));
  }
  if (lines.size() > kLinesCap) lines.erase(lines.begin(), lines.end() - kLinesCap);
  return lines;
}

}  // namespace gantry::pool
