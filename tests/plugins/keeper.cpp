// keeper: a plugin with a state in each worker. It writes down in a file when it begins and ends, and does on request
// what a begin or a task should not do.
#include <gantry/plugin.hpp>

#include <unistd.h>

#include <atomic>
#include <chrono>
#include <csignal>
#include <cstdint>
#include <cstdio>
#include <fstream>
#include <memory>
#include <stdexcept>
#include <string>
#include <thread>

namespace {

enum class How : std::uint8_t { well, fails, throws, segfaults, hangs, ends_slowly, ends_loudly, never_ends };

struct Diary {
  std::string file;
  How how = How::well;
  std::uint64_t calls = 0;
  std::atomic<std::uint64_t> visits{0};

  /// One write, so that lines of several processes stay whole.
  void note(const std::string& line) const {
    if (!file.empty()) std::ofstream(file, std::ios::app) << line + "\n" << std::flush;
  }
};

[[noreturn]] void sleep_for_ever() {
  while (true) ::pause();
}

gantry::Result<std::unique_ptr<Diary>> begin_diary(gantry::Context& context, const std::string& file, How how,
                                                   std::uint32_t start) {
  context.log(gantry::Level::info, "opens its diary");
  if (how == How::fails) return gantry::fail("no-diary", "the diary is lost");
  if (how == How::throws) throw std::runtime_error("thrown by begin");
  if (how == How::segfaults) ::raise(SIGSEGV);
  if (how == How::hangs) sleep_for_ever();
  auto diary = std::make_unique<Diary>();
  diary->file = file;
  diary->how = how;
  diary->calls = start;
  diary->note("open");
  return diary;
}

void farewell(Diary& diary) {
  if (diary.how == How::ends_slowly) std::this_thread::sleep_for(std::chrono::milliseconds(500));
  if (diary.how == How::ends_loudly) {
    const std::string line(999, '.');  // 5 MB: many times what a pipe takes
    for (int i = 0; i < 5000; ++i) std::puts(line.c_str());
  }
  if (diary.how == How::never_ends) sleep_for_ever();
  diary.note("close");
}

/// Calls of this worker, with this one.
std::uint64_t count(gantry::State<Diary> diary) {
  return ++diary->calls;
}

/// Calls of this in the process, from whatever thread, with this one.
std::uint64_t visit(gantry::State<Diary> diary) {
  return diary->visits.fetch_add(1) + 1;
}

/// The file that the plugin was configured with, and the task's own text.
std::string name(gantry::Context& context, gantry::State<Diary> diary, const std::string& text) {
  return context.task_id() + " " + std::to_string(diary->calls) + " " + text;
}

/// Waits to be cancelled, for that long at most: what it was told of, and when.
gantry::Result<std::string> wait(gantry::Context& context, gantry::State<Diary> diary, double seconds,
                                 bool gives_value) {
  const auto began = std::chrono::steady_clock::now();
  const std::chrono::duration<double> limit(seconds);
  while (!context.cancelled()) {
    const std::chrono::duration<double> past = std::chrono::steady_clock::now() - began;
    if (past > limit) return "waited " + std::string(context.deadline() ? "with" : "without") + " a deadline";
    context.progress(past / limit, "waiting");
    std::this_thread::sleep_for(std::chrono::milliseconds(1));
  }
  diary->note("cancelled");
  if (gives_value) return "cancelled";
  return gantry::fail("stopped", "it was cancelled");
}

}  // namespace

GANTRY_PLUGIN("keeper", "1.0.0", gantry::worker<begin_diary, farewell>({"file = \"\"", "how = well", "start = 0"}),
              gantry::function<count>("count", "Calls of this worker."),
              gantry::function<name>("name", {"text"}, "The task's ID and text."),
              gantry::thread_safe(gantry::function<visit>("visit", "Visits of this process.")),
              gantry::thread_safe(gantry::function<wait>("wait", {"seconds", "gives_value = false"},
                                                         "Waits, or is cancelled.")));
