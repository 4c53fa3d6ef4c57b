#include "run/command.hpp"

#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <catch2/catch.hpp>
#include <cstdlib>
#include <fstream>
#include <sstream>

namespace gantry::tests {

namespace {

namespace fs = std::filesystem;
using Clock = std::chrono::steady_clock;

std::vector<char*> pointers(std::vector<std::string>& words) {
  std::vector<char*> list;
  list.reserve(words.size() + 1);
  for (std::string& word : words) list.push_back(word.data());
  list.push_back(nullptr);
  return list;
}

std::vector<std::string> inherited() {
  std::vector<std::string> all;
  for (char** entry = environ; *entry != nullptr; ++entry) {
    if (!std::string_view(*entry).starts_with("GANTRY_")) all.emplace_back(*entry);
  }
  return all;
}

}  // namespace

Started::Started(const Command& command) : command_(command), began_(Clock::now()) {
  std::array<int, 2> out{};
  std::array<int, 2> err{};
  REQUIRE(pipe2(out.data(), O_CLOEXEC) == 0);
  REQUIRE(pipe2(err.data(), O_CLOEXEC) == 0);
  std::vector<std::string> environment = inherited();
  environment.insert(environment.end(), command.environment.begin(), command.environment.end());
  const std::vector<char*> envp = pointers(environment);
  const std::vector<char*> argv = pointers(command_.words);
  const std::string folder = command.folder.string();
  pid_ = fork();
  REQUIRE(pid_ >= 0);
  if (pid_ == 0) {  // only async-signal-safe calls until exec
    setpgid(0, 0);
    for (int number = 1; number < 32; ++number) ::signal(number, SIG_DFL);  // Catch2 handles some of them
    const int from = open(command_.in_from.empty() ? "/dev/null" : command_.in_from.c_str(), O_RDONLY);
    dup2(from, 0);
    close(out[0]);
    if (command_.is_unread) {
      std::array<int, 2> unread{};
      if (pipe2(unread.data(), O_CLOEXEC) != 0 || dup2(unread[1], out[1]) < 0) _exit(126);
      close(unread[0]);
    }
    const int to = command_.out_to.empty() ? out[1] : open(command_.out_to.c_str(), O_WRONLY | O_CREAT | O_TRUNC, 0644);
    if (to < 0 || dup2(to, 1) < 0 || dup2(err[1], 2) < 0 || chdir(folder.c_str()) != 0) _exit(126);
    execve(argv[0], argv.data(), envp.data());
    _exit(127);
  }
  close(out[1]);
  close(err[1]);
  out_ = out[0];
  err_ = err[0];
}

Started::~Started() {
  if (pid_ > 0) {
    kill(-pid_, SIGKILL);
    kill(pid_, SIGKILL);
    waitpid(pid_, nullptr, 0);
  }
  if (out_ >= 0) close(out_);
  if (err_ >= 0) close(err_);
}

void Started::signal(int number) const {
  kill(pid_, number);
}

void Started::signal_again(int number) const {
  usleep(50'000);
  signal(number);
}

bool Started::pump(std::chrono::milliseconds at_most) {
  std::array<pollfd, 2> waiting{{{out_, POLLIN, 0}, {err_, POLLIN, 0}}};
  if (out_ < 0 && err_ < 0) return false;
  poll(waiting.data(), waiting.size(), static_cast<int>(at_most.count()));
  const auto take = [](int& from, short events, std::string& to) {
    if (from < 0 || events == 0) return;
    std::array<char, 65536> piece{};
    const ssize_t count = read(from, piece.data(), piece.size());
    if (count > 0) {
      to.append(piece.data(), static_cast<std::size_t>(count));
    } else {
      close(from);
      from = -1;
    }
  };
  take(out_, waiting[0].revents, ended_.out);
  take(err_, waiting[1].revents, ended_.err);
  return true;
}

bool Started::says(const std::string& text) {
  return says(text, command_.limit);
}

bool Started::says(const std::string& text, std::chrono::milliseconds at_most) {
  const auto until = std::min(began_ + command_.limit, Clock::now() + at_most);
  while (Clock::now() < until) {
    if (ended_.out.find(text) != std::string::npos || ended_.err.find(text) != std::string::npos) return true;
    if (!pump(std::chrono::milliseconds{20})) return false;
  }
  return false;
}

bool Started::runs(const std::string& text) {
  const auto until = began_ + command_.limit;
  while (Clock::now() < until) {
    signal(SIGUSR1);
    if (says(text, std::chrono::milliseconds{100})) return true;
  }
  return false;
}

Ended Started::wait() {
  while (Clock::now() - began_ < command_.limit && pump(std::chrono::milliseconds{50})) {
  }
  int status = 0;
  pid_t done = 0;
  while ((done = waitpid(pid_, &status, WNOHANG)) == 0 && Clock::now() - began_ < command_.limit) usleep(2000);
  if (done == 0) {
    kill(-pid_, SIGKILL);
    waitpid(pid_, &status, 0);
    pid_ = -1;
    FAIL("over its time limit: " << command_.words.front() << "\nstdout:\n"
                                 << ended_.out << "\nstderr:\n"
                                 << ended_.err);
  }
  pid_ = -1;
  ended_.took = std::chrono::duration_cast<std::chrono::milliseconds>(Clock::now() - began_);
  ended_.code = WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
  return ended_;
}

Ended run(const Command& command) {
  Started started(command);
  return started.wait();
}

Ended command_line(std::vector<std::string> words, const fs::path& folder) {
  words.insert(words.begin(), GANTRY_BUILD "/bin/gantry");
  Command command;
  command.words = std::move(words);
  command.folder = folder;
  return run(command);
}

std::vector<pid_t> workers_marked(const std::string& marker) {
  std::vector<pid_t> found;
  for (const auto& entry : fs::directory_iterator("/proc")) {
    const std::string name = entry.path().filename().string();
    if (name.find_first_not_of("0123456789") != std::string::npos) continue;
    std::error_code gone;
    if (fs::read_symlink(entry.path() / "exe", gone).filename() != "gantry-worker") continue;
    if (read_file(entry.path() / "environ").find(marker) != std::string::npos) found.push_back(std::stoi(name));
  }
  return found;
}

Folder::Folder() {
  std::string pattern = (fs::temp_directory_path() / "gantry-test-XXXXXX").string();
  REQUIRE(mkdtemp(pattern.data()) != nullptr);
  path_ = pattern;
}

Folder::~Folder() {
  std::error_code ignored;
  fs::remove_all(path_, ignored);
}

fs::path Folder::write(const std::string& name, const std::string& text) const {
  std::ofstream(path_ / name, std::ios::binary) << text;
  return path_ / name;
}

std::string read_file(const fs::path& file) {
  std::ifstream in(file, std::ios::binary);
  std::ostringstream text;
  text << in.rdbuf();
  return text.str();
}

}  // namespace gantry::tests
