#include "signals.hpp"

#include <poll.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <cerrno>
#include <cstdint>
#include <ctime>
#include <string_view>

namespace gantry::host {
namespace {

constexpr std::int64_t kSecond = 1'000'000'000;
constexpr std::int64_t kPatience = 700'000'000;  // for the loop to end what runs, and to write what there is
constexpr std::int64_t kSameSignal = 20'000'000;

// All that the handler touches. Written by it and by the thread that owns the Signals.
std::atomic<unsigned> heard;
std::atomic<int> first_heard;
std::atomic<int> last_heard;
std::atomic<std::int64_t> last_at;  ///< CLOCK_MONOTONIC ns
std::atomic<bool> asked;
std::atomic<std::int64_t> grace_ns;
std::atomic<report::Console*> speaker;  ///< of the loop
std::atomic<bool> has_timer;
timer_t timer;
static_assert(std::atomic<std::int64_t>::is_always_lock_free && std::atomic<unsigned>::is_always_lock_free);

std::int64_t now_ns() {
  timespec now{};
  ::clock_gettime(CLOCK_MONOTONIC, &now);
  return now.tv_sec * kSecond + now.tv_nsec;
}

/// A terminal, or who reads a pipe, may stand still, and nothing may wait for it.
bool can_tell() {
  pollfd ready{STDERR_FILENO, POLLOUT, 0};
  return ::poll(&ready, 1, 0) == 1 && (ready.revents & POLLOUT) != 0;
}

void tell(std::string_view text) {
  static_cast<void>(!::write(STDERR_FILENO, text.data(), text.size()));
}

/// Workers end when they see that the host is gone.
[[noreturn]] void end_now() {
  if (report::Console* const console = speaker; console != nullptr && can_tell()) {
    console->leave();
    tell("gantry: ended at once; what it has written may not be whole\n");
  }
  ::_exit(128 + first_heard);
}

/// The handler ends the program in `after` ns, unless it has ended by then.
void end_in(std::int64_t after) {
  if (!has_timer) end_now();
  itimerspec when{};
  when.it_value.tv_sec = static_cast<time_t>(after / kSecond);
  when.it_value.tv_nsec = static_cast<long>(after % kSecond);
  if (::timer_settime(timer, 0, &when, nullptr) != 0) end_now();
}

void hear_end(int number) {
  const std::int64_t now = now_ns();
  const bool again = last_heard.exchange(number) == number && now - last_at < kSameSignal;
  last_at = now;
  if (again) return;
  int none = 0;
  first_heard.compare_exchange_strong(none, number);
  const unsigned signals = ++heard;
  if (speaker == nullptr || signals > 2) end_now();
  if (signals == 2) return end_in(kPatience);
  if (number == SIGINT) return;
  end_in(std::min(grace_ns.load(), INT64_MAX - kPatience) + kPatience);
}

void hear(int number) {
  const int kept = errno;
  if (number == SIGUSR1) {
    asked = true;
    if (speaker == nullptr && can_tell()) tell("gantry: no task runs yet, or any more\n");
  } else if (number == SIGALRM) {
    if (heard > 0) end_now();
  } else {
    hear_end(number);
  }
  errno = kept;
}

}  // namespace

Signals::Signals() {
  heard = 0;
  first_heard = 0;
  last_heard = 0;
  asked = false;
  speaker = nullptr;
  sigevent event{};
  event.sigev_notify = SIGEV_SIGNAL;
  event.sigev_signo = SIGALRM;
  has_timer = ::timer_create(CLOCK_MONOTONIC, &event, &timer) == 0;

  struct sigaction action{};
  action.sa_handler = hear;
  action.sa_flags = SA_RESTART;
  for (const int number : kHeard) sigaddset(&action.sa_mask, number);
  for (std::size_t i = 0; i < kHeard.size(); ++i) {
    sigaction(kHeard[i], nullptr, &before_[i]);
    const bool may_stay_ignored = kHeard[i] == SIGINT || kHeard[i] == SIGHUP;
    if (!may_stay_ignored || before_[i].sa_handler != SIG_IGN) sigaction(kHeard[i], &action, nullptr);
  }
  struct sigaction ignore{};
  ignore.sa_handler = SIG_IGN;
  sigaction(SIGPIPE, &ignore, &pipe_before_);
  pthread_sigmask(SIG_UNBLOCK, &action.sa_mask, &mask_before_);  // whoever started the program may have blocked them
}

Signals::~Signals() {
  for (std::size_t i = 0; i < kHeard.size(); ++i) sigaction(kHeard[i], &before_[i], nullptr);
  sigaction(SIGPIPE, &pipe_before_, nullptr);
  pthread_sigmask(SIG_SETMASK, &mask_before_, nullptr);
  if (has_timer.exchange(false)) ::timer_delete(timer);
}

Signals::Loop::Loop(Signals& /*signals*/, report::Console& console, std::chrono::nanoseconds grace) {
  grace_ns = grace.count();
  speaker = &console;
}

Signals::Loop::~Loop() {
  speaker = nullptr;
}

unsigned Signals::count() const {
  return heard;
}

int Signals::first() const {
  return first_heard;
}

bool Signals::was_asked() {
  return asked.exchange(false);
}

}  // namespace gantry::host
