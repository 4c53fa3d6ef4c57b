#include "run/terminal.hpp"

#include <poll.h>
#include <pty.h>
#include <signal.h>
#include <sys/ioctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <catch2/catch.hpp>
#include <cerrno>

namespace gantry::tests {
namespace {

/// Bytes of the code point that begins with this byte; 0: none does.
std::size_t size_of(char first) {
  const auto byte = static_cast<unsigned char>(first);
  if (byte < 0x80) return 1;
  if (byte >= 0xc2 && byte < 0xe0) return 2;
  if (byte >= 0xe0 && byte < 0xf0) return 3;
  return byte >= 0xf0 && byte < 0xf5 ? 4 : 0;
}

std::string hexadecimal(std::string_view bytes) {
  std::string text;
  for (const char byte : bytes) {
    std::array<char, 8> digits{};
    std::snprintf(digits.data(), digits.size(), " %02x", static_cast<unsigned>(static_cast<unsigned char>(byte)));
    text += digits.data();
  }
  return text;
}

/// In the child of a fork, before exec.
void set_environment(const std::vector<std::string>& added) {
  std::vector<std::string> ours;
  for (char** entry = environ; *entry != nullptr; ++entry) {
    const std::string_view text = *entry;
    if (text.starts_with("GANTRY_")) ours.emplace_back(text.substr(0, text.find('=')));
  }
  for (const std::string& name : ours) ::unsetenv(name.c_str());
  ::setenv("TERM", "xterm", 1);
  ::setenv("NO_COLOR", "1", 1);
  for (const std::string& entry : added) {
    const std::size_t equals = entry.find('=');
    ::setenv(entry.substr(0, equals).c_str(), entry.substr(equals + 1).c_str(), 1);
  }
}

}  // namespace

void Shown::fault(std::string_view what, std::string_view bytes) {
  faults_.push_back(std::string(what) + hexadecimal(bytes));
}

void Shown::put(std::string_view point) {
  if (column_ >= columns_) line_feed(), column_ = 0;
  Line& line = lines_.back();
  if (line.size() <= column_) line.resize(column_ + 1, " ");
  line[column_++] = point;
}

void Shown::line_feed() {
  lines_.emplace_back();
}

void Shown::control(char letter) {
  if (letter == '\n') return line_feed();
  if (letter != '\r') return fault("a control character:", {&letter, 1});
  passing_.push_back(lines().back());
  column_ = 0;
}

/// The bytes of the escape sequence that `bytes` begins with; 0: it is not complete.
std::size_t Shown::sequence(std::string_view bytes) {
  if (bytes.size() < 2) return 0;
  if (bytes[1] != '[') return fault("an escape sequence:", bytes.substr(0, 2)), 2;
  const std::size_t end = bytes.find_first_not_of("0123456789;", 2);
  if (end == std::string_view::npos) return 0;
  if (bytes[end] == 'K' && end == 2) {
    Line& line = lines_.back();
    line.resize(std::min(line.size(), column_));
  } else if (bytes[end] != 'm') {
    fault("an escape sequence:", bytes.substr(0, end + 1));
  }
  return end + 1;
}

void Shown::feed(std::string_view bytes) {
  pending_ += bytes;
  std::string_view rest = pending_;
  while (!rest.empty()) {
    std::size_t size = 1;
    if (rest[0] == '\x1b') {
      size = sequence(rest);
      if (size == 0) break;
    } else if (static_cast<unsigned char>(rest[0]) < 0x20 || rest[0] == '\x7f') {
      control(rest[0]);
    } else if (size = size_of(rest[0]); size == 0) {
      fault("no UTF-8:", rest.substr(0, 1));
      size = 1;
    } else if (rest.size() < size) {
      break;
    } else if (size == 2 && rest[0] == '\xc2' && static_cast<unsigned char>(rest[1]) < 0xa0) {
      fault("a C1 control character:", rest.substr(0, 2));
    } else {
      put(rest.substr(0, size));
    }
    rest.remove_prefix(size);
  }
  pending_ = std::string(rest);
}

std::vector<std::string> Shown::lines() const {
  std::vector<std::string> all;
  all.reserve(lines_.size());
  for (const Line& line : lines_) {
    std::string& text = all.emplace_back();
    for (const std::string& point : line) text += point;
  }
  return all;
}

Watched::Watched(Command command, unsigned short columns)
    : command_(std::move(command)), shown_(columns), began_(std::chrono::steady_clock::now()) {
  winsize size{};
  size.ws_row = 24;
  size.ws_col = columns;
  pid_ = ::forkpty(&terminal_, nullptr, nullptr, &size);
  REQUIRE(pid_ >= 0);
  if (pid_ > 0) return;
  for (int number = 1; number < 32; ++number) ::signal(number, SIG_DFL);  // Catch2 handles some of them
  set_environment(command_.environment);
  std::vector<char*> argv;
  for (std::string& word : command_.words) argv.push_back(word.data());
  argv.push_back(nullptr);
  if (::chdir(command_.folder.c_str()) == 0) ::execv(argv[0], argv.data());
  ::_exit(127);
}

Watched::~Watched() {
  if (pid_ > 0) {
    ::kill(-pid_, SIGKILL);
    ::waitpid(pid_, nullptr, 0);
  }
  ::close(terminal_);
}

void Watched::type(std::string_view keys) const {
  REQUIRE(::write(terminal_, keys.data(), keys.size()) == static_cast<ssize_t>(keys.size()));
}

void Watched::resize(unsigned short columns) {
  winsize size{};
  size.ws_row = 24;
  size.ws_col = columns;
  REQUIRE(::ioctl(terminal_, TIOCSWINSZ, &size) == 0);
  shown_.resize(columns);
}

/// False: nobody has the terminal open any more.
bool Watched::read_some() {
  pollfd ready{terminal_, POLLIN, 0};
  if (::poll(&ready, 1, 50) <= 0) return true;
  std::array<char, 4096> piece{};
  const ssize_t got = ::read(terminal_, piece.data(), piece.size());
  if (got < 0 && errno == EINTR) return true;
  if (got <= 0) return false;
  const std::string_view text(piece.data(), static_cast<std::size_t>(got));
  bytes_ += text;
  shown_.feed(text);
  return true;
}

bool Watched::until(const std::function<bool(const Shown&)>& is) {
  while (!is(shown_)) {
    if (is_over() || !read_some()) return false;
  }
  return true;
}

int Watched::wait() {
  while (read_some()) {
    if (is_over()) FAIL("over its time limit: " << command_.words.front() << "\n" << bytes_);
  }
  int status = 0;
  while (::waitpid(pid_, &status, WNOHANG) == 0) {
    if (is_over()) FAIL("it closed its terminal, and goes on: " << command_.words.front() << "\n" << bytes_);
    ::usleep(2000);
  }
  pid_ = -1;
  return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}

}  // namespace gantry::tests
