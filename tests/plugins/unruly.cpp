// Tasks written with the SDK of which one misbehaves: what a user's own mistake looks like from outside.
#include <unistd.h>
#include <gantry/plugin.hpp>

#include <atomic>
#include <chrono>
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <stdexcept>
#include <thread>

namespace {

enum class How : std::uint8_t {
  exits,
  exits_9,
  segfaults,
  aborts,
  hangs,
  throws,
  throws_int,
  fails,
  prints,
  logs,
  stops
};

struct Point {
  double x = 0;
  std::vector<std::uint8_t> tags;
  template <class Archive>
  void serialize(Archive& archive) {
    archive(cereal::make_nvp("x", x), cereal::make_nvp("tags", tags));
  }
};

[[noreturn]] void hang() {
  while (true) pause();
}

/// n, unless n is `bad` and the attempt is at most `until`: then it does what `how` says.
gantry::Result<std::uint64_t> task(gantry::Context& context, std::uint64_t n, std::uint64_t bad, How how,
                                   std::uint64_t until) {
  if (n != bad || context.attempt() > until) return n;
  switch (how) {
    case How::exits:
      _exit(0);
    case How::exits_9:
      std::exit(9);
    case How::segfaults:
      std::signal(SIGSEGV, SIG_DFL);  // a sanitizer's handler would make it an exit
      raise(SIGSEGV);
      break;
    case How::aborts:
      std::fprintf(stderr, "about to abort\n");
      std::abort();
    case How::hangs:
      hang();
    case How::throws:
      throw std::runtime_error("thrown by the task");
    case How::throws_int:
      throw 7;
    case How::fails:
      return gantry::fail("unruly", "says no");
    case How::prints:
      std::printf("hello from %s\n", context.task_id().c_str());
      break;
    case How::logs:
      context.log(gantry::Level::warning, "careful");
      break;
    case How::stops:
      raise(SIGSTOP);
      break;
  }
  return n;
}

std::atomic<std::uint64_t> inside{0};  // calls of together() that are going on
std::atomic<bool> over{false};         // the bad one of them has returned

/// n, as task() is, with company: on their first attempt the tasks below `width` are all inside before the bad one does
/// its deed, and none of them returns before it did.
gantry::Result<std::uint64_t> together(gantry::Context& context, std::uint64_t n, std::uint64_t bad, How how,
                                       std::uint64_t until, std::uint64_t width) {
  const auto limit = std::chrono::steady_clock::now() + std::chrono::seconds(20);
  const auto wait = [&](auto met) {
    while (!met() && std::chrono::steady_clock::now() < limit)
      std::this_thread::sleep_for(std::chrono::microseconds(50));
  };
  if (context.attempt() > 1 || n >= width) return task(context, n, bad, how, until);
  inside.fetch_add(1);
  wait([&] { return inside.load() >= width; });
  if (n != bad) {
    wait([&] { return over.load(); });
    return n;
  }
  struct End {
    ~End() { over.store(true); }
  } end;
  return task(context, n, bad, how, until);
}

Point shift(Point point, double by) {
  point.x += by;
  return point;
}

double mean(const std::vector<Point>& points) {
  double sum = 0;
  for (const Point& point : points) sum += point.x;
  return points.empty() ? 0 : sum / static_cast<double>(points.size());
}

std::string text(const std::string& value) {
  return value;
}
std::uint8_t small(std::uint8_t x) {
  return x;
}
double real(double x) {
  return x;
}
std::vector<std::uint64_t> list(std::uint64_t n) {
  return std::vector<std::uint64_t>(n, n);
}
std::uint64_t length(const std::vector<std::uint64_t>& values) {
  return values.size();
}
std::uint64_t process() {
  return static_cast<std::uint64_t>(getpid());
}
/// When its time is over.
std::uint64_t due(gantry::Context& context) {
  const auto deadline = context.deadline();
  return deadline ? static_cast<std::uint64_t>(deadline->time_since_epoch().count()) : 0;
}
bool yes(bool x) {
  return x;
}

}  // namespace

GANTRY_PLUGIN(
    "unruly", "1.0.0", gantry::function<task>("task", {"n", "bad", "how = exits", "until = 1000"}, "n, or trouble."),
    gantry::thread_safe(gantry::function<together>("together", {"n", "bad", "how = exits", "until = 1000", "width = 4"},
                                                   "n, or trouble, in company.")),
    gantry::function<shift>("shift", {"point", "by = 1.0"}, "The point, moved."),
    gantry::function<mean>("mean", {"points"}, "The mean of x."),
    gantry::function<text>("text", {"value"}, "The text."), gantry::function<small>("small", {"x"}, "A small number."),
    gantry::function<real>("real", {"x"}, "A real number."), gantry::function<due>("due", {}, "When its time is over."),
    gantry::function<process>("process", {}, "Another number in every run."),
    gantry::function<length>("length", {"values"}, "How many."), gantry::function<list>("list", {"n"}, "n times n."),
    gantry::function<yes>("yes", {"x"}, "The truth."));
