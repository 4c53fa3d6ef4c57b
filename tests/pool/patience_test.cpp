// A table of cases: what the pool bears, for how long, and what it says of it, on a clock of our own.
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <catch2/catch.hpp>
#include <limits>
#include <vector>

#include "pool/clock.hpp"
#include "pool/crash_loop.hpp"
#include "pool/mark.hpp"
#include "pool/shortage.hpp"
#include "pool/stop_watch.hpp"
#include "wire/mark.hpp"

// g++ 12 takes the value of an empty optional for used, below -O3.
#ifndef __clang__
#pragma GCC diagnostic ignored "-Wmaybe-uninitialized"
#endif

using namespace gantry::pool;
using namespace std::chrono_literals;

namespace {

const Time start{1000s};  // some moment

}  // namespace

TEST_CASE("moments that no clock can hold are a day away, and what a worker writes of the future is now") {
  CHECK(later(start, 3s) == start + 3s);
  CHECK(later(start, std::chrono::nanoseconds::max()) == start + 24h);
  CHECK(later(start, -5s) == start - 5s);
  const auto now = static_cast<std::uint64_t>(start.time_since_epoch().count());
  CHECK(since(now - 7, start) == 7ns);
  CHECK(since(0, start) == 1000s);
  CHECK(since(now, start) == 0ns);
  CHECK(since(now + 1, start) == 0ns);
  CHECK(since(std::numeric_limits<std::uint64_t>::max(), start) == 0ns);
}

TEST_CASE("a crash loop is five own deaths in ten seconds, or being killed for so long") {
  struct Death {
    std::chrono::milliseconds at;
    Blame blame;
    bool gives_up;
  };
  struct Case {
    const char* name;
    std::vector<Death> deaths;
    std::chrono::milliseconds progress = -1ms;  ///< before the first death that comes later
  };
  std::vector<Case> cases{{"five at once",
                           {{0ms, Blame::own, false},
                            {1ms, Blame::own, false},
                            {2ms, Blame::own, false},
                            {3ms, Blame::own, false},
                            {4ms, Blame::own, true}}},
                          {"four, and one too late",
                           {{0ms, Blame::own, false},
                            {1ms, Blame::own, false},
                            {2ms, Blame::own, false},
                            {3ms, Blame::own, false},
                            {10001ms, Blame::own, false}}},
                          {"a task completed in between",
                           {{0ms, Blame::own, false},
                            {1ms, Blame::own, false},
                            {2ms, Blame::own, false},
                            {3ms, Blame::own, false},
                            {6ms, Blame::own, false}},
                           5ms},
                          {"kills count with the others, but need ten seconds",
                           {{0ms, Blame::others, false},
                            {1ms, Blame::own, false},
                            {2ms, Blame::own, false},
                            {3ms, Blame::own, false},
                            {4ms, Blame::own, false},
                            {5ms, Blame::own, true}}}};
  Case chaos{"killed each 20 ms", {}};
  for (auto at = 0ms; at <= 10000ms; at += 20ms) chaos.deaths.push_back({at, Blame::others, at == 10000ms});
  cases.push_back(chaos);
  for (Death& death : chaos.deaths) death.gives_up = false;
  cases.push_back({"killed each 20 ms, and a task completes", chaos.deaths, 9000ms});
  cases.push_back({"killed now and then",
                   {{0ms, Blame::others, false},
                    {4000ms, Blame::others, false},
                    {8000ms, Blame::others, false},
                    {12000ms, Blame::others, false},
                    {16000ms, Blame::others, false},
                    {20000ms, Blame::others, false}}});
  for (const Case& row : cases) {
    CrashLoop loop;
    bool progressed = row.progress < 0ms;
    for (const Death& death : row.deaths) {
      if (!progressed && death.at > row.progress) {
        loop.progress();
        progressed = true;
      }
      INFO(row.name << " at " << death.at.count() << " ms");
      CHECK(loop.died(start + death.at, death.blame) == death.gives_up);
    }
  }
}

TEST_CASE("a shortage is told after a second, then each five if nobody works, and not borne for ever") {
  using enum Shortage::Verdict;
  struct Try {
    std::chrono::milliseconds at;
    bool alone;
    bool hopeless;
    Shortage::Verdict verdict;
  };
  const std::vector<std::pair<const char*, std::vector<Try>>> cases{
      {"it passes soon", {{0ms, true, false, bear}, {999ms, true, false, bear}}},
      {"nobody works",
       {{0ms, true, false, bear},
        {1000ms, true, false, tell},
        {2000ms, true, false, bear},
        {6000ms, true, false, tell},
        {10999ms, true, false, bear},
        {11000ms, true, false, tell},
        {30000ms, true, false, give_up}}},
      {"others work: once is enough",
       {{0ms, false, false, bear}, {1500ms, false, false, tell}, {40000ms, false, false, bear}}},
      {"waiting cannot help", {{0ms, true, true, bear}, {200ms, true, true, bear}, {250ms, true, true, give_up}}},
      {"others may give back", {{0ms, false, true, bear}, {500ms, false, true, bear}, {1000ms, false, true, tell}}},
      {"the others died",
       {{0ms, false, false, bear},
        {29000ms, true, false, tell},
        {40000ms, true, false, tell},
        {59000ms, true, false, give_up}}}};
  for (const auto& [name, tries] : cases) {
    Shortage shortage;
    for (const Try& each : tries) {
      INFO(name << " at " << each.at.count() << " ms");
      CHECK(shortage.failed(start + each.at, each.alone, each.hopeless) == each.verdict);
    }
    shortage.passed();
    CHECK(shortage.failed(start + 100s, true, true) == bear);
  }
}

TEST_CASE("a stopped worker is told at the second look, and killed after five seconds") {
  using enum StopWatch::Verdict;
  struct Look {
    std::chrono::milliseconds at;
    bool stopped;
    bool stalled;
    StopWatch::Verdict verdict;
  };
  const std::vector<std::pair<const char*, std::vector<Look>>> cases{
      {"for good",
       {{0ms, true, false, fine},
        {500ms, true, false, tell},
        {1000ms, true, false, fine},
        {4999ms, true, false, fine},
        {5000ms, true, false, kill}}},
      {"it goes on",
       {{0ms, true, false, fine},
        {500ms, true, false, tell},
        {4000ms, false, false, fine},
        {5000ms, true, false, fine},
        {5500ms, true, false, tell},
        {9000ms, true, false, fine},
        {10000ms, true, false, kill}}},
      {"the host was stopped with it",
       {{0ms, true, false, fine}, {60000ms, true, true, fine}, {60100ms, false, false, fine}}},
      {"two looks at once are one", {{0ms, true, false, fine}, {1ms, true, false, fine}, {500ms, true, false, tell}}}};
  for (const auto& [name, looks] : cases) {
    StopWatch watch;
    for (const Look& each : looks) {
      INFO(name << " at " << each.at.count() << " ms");
      CHECK(watch.look(each.stopped, start + each.at, each.stalled) == each.verdict);
    }
  }
}

namespace {

// What `look` says of a process that was given this limit; run in a child, whose own limit is then another.
template <class Look>
int of_a_child(const rlimit& limit, Look look) {
  const pid_t child = ::fork();
  REQUIRE(child >= 0);
  if (child == 0) ::_exit(::setrlimit(RLIMIT_LOCKS, &limit) == 0 ? look() : 99);
  int status = 0;
  REQUIRE(::waitpid(child, &status, 0) == child);
  REQUIRE(WIFEXITED(status));
  return WEXITSTATUS(status);
}

}  // namespace

TEST_CASE("a mark says whose worker a process descends from, and inner hosts keep it") {
  const Mark own(5);
  const Mark other(6);  // of another pool of this program
  const auto limit = own.next();
  REQUIRE(limit);
  CHECK(gantry::wire::is_mark(limit->rlim_cur));
  CHECK(own.next()->rlim_cur != limit->rlim_cur);
  CHECK_FALSE(own.origin_of(::getpid()));
  CHECK(of_a_child(*limit, [&] {
          const auto origin = own.origin_of(::getpid());
          return origin && origin->worker == limit->rlim_cur && !other.origin_of(::getpid()) ? 42 : 1;
        }) == 42);
  CHECK(of_a_child(*limit, [&] {
          const Mark inner(5);  // a host that runs inside a worker, and its own worker
          const auto inner_limit = inner.next();
          if (!inner_limit || inner.origin_of(::getpid()) || ::setrlimit(RLIMIT_LOCKS, &*inner_limit) != 0) return 1;
          const auto origin = own.origin_of(::getpid());
          const bool known = origin && !origin->worker && inner.origin_of(::getpid())->worker == inner_limit->rlim_cur;
          return known && !other.origin_of(::getpid()) && Mark(9).next() ? 42 : 2;
        }) == 42);
  CHECK(of_a_child({100, 100}, [] { return Mark(5).next() || Mark(5).origin_of(::getpid()) ? 1 : 42; }) == 42);
  CHECK_FALSE(Mark(1 << 18).next());
  for (const rlim_t usual : {rlim_t{0}, rlim_t{1000}, rlim_t{1} << 60, rlim_t{1} << 62, RLIM_INFINITY}) {
    CHECK_FALSE(gantry::wire::is_mark(usual));
  }
}
