#include "worker/process_state.hpp"

#include <fmt/core.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/time.h>
#include <unistd.h>

#include <algorithm>
#include <clocale>
#include <filesystem>
#include <system_error>

namespace gantry::worker {
namespace {

void add(std::string& to, std::string_view what) {
  if (!to.empty()) to += ", ";
  to += what;
}

std::string folder_name() {
  std::error_code error;
  const auto path = std::filesystem::current_path(error);
  return error ? std::string("one that is gone") : path.string();
}

mode_t umask_now() {
  const mode_t now = ::umask(0077);
  ::umask(now);
  return now;
}

bool is_environment(const std::vector<std::string>& known) {
  std::size_t count = 0;
  for (char** entry = environ; entry != nullptr && *entry != nullptr; ++entry, ++count) {
    if (count == known.size() || known[count] != *entry) return false;
  }
  return count == known.size();
}

std::vector<std::string> environment_now() {
  std::vector<std::string> all;
  for (char** entry = environ; entry != nullptr && *entry != nullptr; ++entry) all.emplace_back(*entry);
  return all;
}

std::string name_of(const std::string& entry) {
  return entry.substr(0, entry.find('='));
}

std::string locale_now() {
  const char* name = std::setlocale(LC_ALL, nullptr);
  return name == nullptr ? std::string() : name;
}

/// Stops the process's timers. True: one ran.
bool stop_timers() {
  bool any = false;
  for (const auto which : {ITIMER_REAL, ITIMER_VIRTUAL, ITIMER_PROF}) {
    itimerval now{};
    if (::getitimer(which, &now) != 0 || (now.it_value.tv_sec == 0 && now.it_value.tv_usec == 0)) continue;
    const itimerval none{};
    ::setitimer(which, &none, nullptr);
    any = true;
  }
  return any;
}

/// Each thread of a process is a folder; kernels from 6.2 on tell the number of descriptors as a size.
std::uint64_t threads_now() {
  struct stat status{};
  return ::stat("/proc/self/task", &status) == 0 && status.st_nlink > 2 ? status.st_nlink - 2 : 1;
}

std::uint64_t descriptors_now() {
  struct stat status{};
  return ::stat("/proc/self/fd", &status) == 0 ? static_cast<std::uint64_t>(status.st_size) : 0;
}

}  // namespace

bool Growth::grew_too_much(std::uint64_t now) {
  constexpr std::uint64_t many = 100;
  constexpr unsigned looks = 8;
  if (first_ == 0) first_ = last_ = now;
  in_a_row_ = now > last_ ? in_a_row_ + 1 : 0;
  last_ = now;
  return in_a_row_ >= looks && now >= first_ + many;
}

ProcessState::ProcessState()
    : path_(folder_name()), umask_(umask_now()), environment_(environment_now()), c_locale_(locale_now()) {
  struct stat status{};
  if (::stat(".", &status) == 0) {
    device_ = status.st_dev;
    folder_ = status.st_ino;
  }
  for (int number = 1; number < signals; ++number) {
    ::sigaction(number, nullptr, &actions_[static_cast<std::size_t>(number)]);
  }
  static_cast<void>(threads_.grew_too_much(threads_now()));
  static_cast<void>(descriptors_.grew_too_much(descriptors_now()));
}

std::string ProcessState::changes() {
  std::string changed;
  look_at_directory(changed);
  // Sets what is right, and so changes nothing if nothing was changed, not even for a moment.
  if (const mode_t now = ::umask(umask_); now != umask_) {
    ::umask(now);
    add(changed, fmt::format("the umask: {:04o} → {:04o}", umask_, now));
    umask_ = now;
  }
  look_at_environment(changed);
  look_at_locale(changed);
  look_at_signals(changed);
  if (stop_timers()) add(changed, "a timer: it ran on, and is stopped");
  look_at_numbers(changed);
  return changed;
}

void ProcessState::look_at_directory(std::string& changed) {
  struct stat status{};
  if (::stat(".", &status) != 0 || (status.st_dev == device_ && status.st_ino == folder_)) return;
  device_ = status.st_dev;
  folder_ = status.st_ino;
  std::string now = folder_name();
  add(changed, fmt::format("the working directory: {} → {}", path_, now));
  path_ = std::move(now);
}

void ProcessState::look_at_environment(std::string& changed) {
  if (is_environment(environment_)) return;
  std::vector<std::string> now = environment_now();
  const auto lacks = [](const std::vector<std::string>& in, const std::string& entry) {
    return std::ranges::find(in, entry) == in.end();
  };
  // What was put in or changed tells more than what it was before.
  const auto added = std::ranges::find_if(now, [&](const auto& entry) { return lacks(environment_, entry); });
  const auto gone = std::ranges::find_if(environment_, [&](const auto& entry) { return lacks(now, entry); });
  if (added != now.end()) {
    add(changed, fmt::format("the environment: {} was set", name_of(*added)));
  } else if (gone != environment_.end()) {
    add(changed, fmt::format("the environment: {} was removed", name_of(*gone)));
  }
  environment_ = std::move(now);
}

void ProcessState::look_at_locale(std::string& changed) {
  const char* name = std::setlocale(LC_ALL, nullptr);
  if (name != nullptr && c_locale_ != name) {
    add(changed, fmt::format("the locale: {} → {}", c_locale_, name));
    c_locale_ = name;
  }
  if (const std::locale now; !(now == locale_)) {
    add(changed, fmt::format("the locale of C++: {} → {}", locale_.name(), now.name()));
    locale_ = now;
  }
}

void ProcessState::look_at_signals(std::string& changed) {
  bool told = false;
  for (int number = 1; number < signals; ++number) {
    struct sigaction& known = actions_[static_cast<std::size_t>(number)];
    struct sigaction now{};
    if (::sigaction(number, nullptr, &now) != 0) continue;
    if (now.sa_handler == known.sa_handler && now.sa_flags == known.sa_flags) continue;
    known = now;
    const char* name = ::sigabbrev_np(number);
    if (!told && name != nullptr) add(changed, fmt::format("what SIG{} does", name));
    told = true;
  }
}

void ProcessState::look_at_numbers(std::string& changed) {
  if (const auto now = threads_now(); threads_.grew_too_much(now)) {
    add(changed, fmt::format("the number of threads: {} → {}", threads_.first(), now));
    threads_ = {};
  }
  if (const auto now = descriptors_now(); descriptors_.grew_too_much(now)) {
    add(changed, fmt::format("the number of open descriptors: {} → {}", descriptors_.first(), now));
    descriptors_ = {};
  }
}

}  // namespace gantry::worker
