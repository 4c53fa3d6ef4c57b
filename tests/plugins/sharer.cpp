// Tasks that share: queues, counters and arrays, used as a user would, and misused on request.
#include <unistd.h>
#include <gantry/plugin.hpp>

#include <chrono>
#include <csignal>
#include <string>
#include <thread>
#include <vector>

namespace {

using gantry::i64;
using gantry::u64;

/// Everything that is in the queue until its end; waits for more. `nap` ms after each value.
std::vector<u64> drain(gantry::Queue<u64>& from, u64 nap) {
  std::vector<u64> all;
  while (const auto value = from.get()) {
    all.push_back(*value);
    if (nap > 0) std::this_thread::sleep_for(std::chrono::milliseconds(nap));
  }
  return all;
}

/// What is there now, at most `most`.
std::vector<u64> grab(gantry::Queue<u64>& from, u64 most, u64 nap) {
  std::vector<u64> all;
  while (all.size() < most) {
    const auto value = from.try_get();
    if (!value) break;
    all.push_back(*value);
  }
  if (nap > 0) std::this_thread::sleep_for(std::chrono::milliseconds(nap));
  return all;
}
/// The same, once nobody can put into `go` any more.
std::vector<u64> grab_late(gantry::Queue<u64>& from, gantry::Queue<u64>& go) {
  while (go.get()) continue;
  return grab(from, 1000, 0);
}

/// Puts low … high - 1, and closes if asked to.
u64 fill(gantry::Queue<u64>& to, u64 low, u64 high, bool close) {
  for (u64 value = low; value < high; ++value) to.put(value);
  if (close) to.close();
  return high - low;
}

/// Passes one value on, with `more` added.
u64 relay(gantry::Queue<u64>& from, gantry::Queue<u64>& to, u64 more) {
  const auto value = from.get();
  if (value) to.put(*value + more);
  return value.value_or(0);
}

/// Waits for a value for so many ms: what came, and whether that was the end.
std::string patient(gantry::Queue<u64>& from, u64 wait) {
  const auto value = from.get(std::chrono::milliseconds(wait));
  if (value) return std::to_string(*value);
  return from.ended() ? "ended" : "nothing";
}

/// Texts of any size.
std::vector<u64> lengths(gantry::Queue<std::string>& from) {
  std::vector<u64> all;
  while (const auto text = from.get()) all.push_back(text->size());
  return all;
}
u64 texts(gantry::Queue<std::string>& to, u64 length, u64 count) {
  for (u64 i = 0; i < count; ++i) to.put(std::string(length + i, 'x'));
  return count;
}

/// Takes one value, adds 1 to the counter, then ends as `how` says on the attempts up to `until`.
gantry::Result<u64> fragile(gantry::Context& context, gantry::Queue<u64>& from, gantry::Counter& hits,
                            gantry::Queue<u64>& /*go*/, std::string how, u64 until) {
  const auto value = from.try_get();
  hits.add();
  if (context.attempt() <= until) {
    if (how == "dies") raise(SIGKILL);
    if (how == "fails") return gantry::fail("sharer", "says no");
  }
  return value.value_or(999);
}

/// Counts one by one.
u64 hit(gantry::Counter& hits, gantry::Array<u64>& bins, u64 n, u64 nap) {
  for (u64 i = 0; i < n; ++i) {
    hits.add();
    bins.add(i % bins.size(), 1);
  }
  std::this_thread::sleep_for(std::chrono::milliseconds(nap));
  return n;
}

/// What is in the counter and the array, with 1 added to each by this task.
std::vector<i64> look(gantry::Counter& hits, gantry::Array<u64>& bins) {
  hits.add(1);
  if (bins.size() > 0) bins.add(0, 1);
  std::vector<i64> all{hits.load()};
  for (const u64 bin : bins.load_all()) all.push_back(static_cast<i64>(bin));
  if (bins.size() > 0) all.push_back(static_cast<i64>(bins.load(0)));
  return all;
}
i64 count(gantry::Counter& hits) {
  return hits.load();
}
i64 count_late(gantry::Counter& hits, gantry::Queue<u64>& go) {
  while (go.get()) continue;
  return hits.load();
}
i64 push(gantry::Counter& hits, i64 by) {
  hits.add(by);
  return by;
}
gantry::u64 process() {
  return static_cast<u64>(getpid());
}

/// One value, or 0.
u64 one(gantry::Queue<u64>& from, u64 nap) {
  const auto value = from.get();
  if (nap > 0) std::this_thread::sleep_for(std::chrono::microseconds(nap));
  return value.value_or(0);
}

}  // namespace

GANTRY_PLUGIN("sharer", "1.0.0", gantry::thread_safe(gantry::function<drain>("drain", {"from", "nap = 0"})),
              gantry::thread_safe(gantry::function<grab>("grab", {"from", "most = 1000000", "nap = 0"})),
              gantry::thread_safe(gantry::function<grab_late>("grab_late", {"from", "go"})),
              gantry::thread_safe(gantry::function<fill>("fill", {"to", "low = 0", "high = 10", "close = false"})),
              gantry::thread_safe(gantry::function<relay>("relay", {"from", "to", "more = 1"})),
              gantry::thread_safe(gantry::function<patient>("patient", {"from", "wait"})),
              gantry::thread_safe(gantry::function<lengths>("lengths", {"from"})),
              gantry::thread_safe(gantry::function<texts>("texts", {"to", "length", "count = 1"})),
              gantry::thread_safe(gantry::function<fragile>("fragile",
                                                            {"from", "hits", "go", "how = dies", "until = 1"})),
              gantry::thread_safe(gantry::function<hit>("hit", {"hits", "bins", "n", "nap = 0"})),
              gantry::thread_safe(gantry::function<look>("look", {"hits", "bins"})),
              gantry::thread_safe(gantry::function<count>("count", {"hits"})),
              gantry::thread_safe(gantry::function<count_late>("count_late", {"hits", "go"})),
              gantry::thread_safe(gantry::function<push>("push", {"hits", "by"})),
              gantry::thread_safe(gantry::function<process>("process")),
              gantry::thread_safe(gantry::function<one>("one", {"from", "nap = 0"})));
