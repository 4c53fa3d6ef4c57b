// Nothing that gantry waits for is beyond a signal's reach: in every state a signal (while tasks run: the second one)
// ends it within a second, and leaves nothing behind.
#include <fcntl.h>
#include <signal.h>
#include <sys/ioctl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <catch2/catch.hpp>
#include <functional>
#include <sstream>

#include "report/sink.hpp"
#include "run/command.hpp"

namespace {

using namespace gantry::tests;
namespace fs = std::filesystem;
using Clock = std::chrono::steady_clock;

constexpr std::chrono::seconds kReached{30};  // for a state to be reached, on a machine that is busy
constexpr std::chrono::seconds kGone{1};

const std::string kGantry = GANTRY_BUILD "/bin/gantry";

/// Waits until it holds, and says whether it does.
bool await(const std::function<bool()>& holds, std::chrono::milliseconds limit) {
  const auto until = Clock::now() + limit;
  while (!holds()) {
    if (Clock::now() >= until) return false;
    usleep(1000);
  }
  return true;
}

/// The process is gantry, and has a handler for the signal: from then on it, not the system, decides what that does.
bool hears(pid_t process, int signal) {
  if (read_file("/proc/" + std::to_string(process) + "/comm") != "gantry\n") return false;
  std::istringstream status(read_file("/proc/" + std::to_string(process) + "/status"));
  for (std::string line; std::getline(status, line);) {
    if (!line.starts_with("SigCgt:")) continue;
    return (std::stoull(line.substr(7), nullptr, 16) >> static_cast<unsigned>(signal - 1) & 1U) != 0;
  }
  return false;
}

/// A named pipe, open at both ends here: who opens either end does not wait, and what is written to it stays in it.
class Fifo {
 public:
  explicit Fifo(const fs::path& path) : path_(path) {
    REQUIRE(mkfifo(path.c_str(), 0600) == 0);
    held_ = gantry::report::Descriptor(open(path.c_str(), O_RDWR | O_CLOEXEC));
    REQUIRE(held_.get() >= 0);
  }
  [[nodiscard]] std::string path() const { return path_.string(); }
  [[nodiscard]] bool is_full() const {
    int bytes = 0;
    return ioctl(held_.get(), FIONREAD, &bytes) == 0 && bytes >= 60000;
  }

 private:
  fs::path path_;
  gantry::report::Descriptor held_;
};

struct State {
  std::string name;
  Command command;
  std::function<bool(Started&)> reached;
  unsigned signals = 1;  ///< that it takes
};

struct Place {
  Folder folder;
  std::string marker;
  std::unique_ptr<Fifo> in;
  std::unique_ptr<Fifo> out;
};

Command command(const Place& place, std::vector<std::string> words) {
  Command made;
  made.words = std::move(words);
  made.words.insert(made.words.begin(), kGantry);
  made.folder = place.folder.path();
  made.environment = {place.marker};
  return made;
}

std::vector<State> states(Place& place) {
  static unsigned number = 0;
  place.marker = "GANTRY_TEST_MARK=signal-" + std::to_string(getpid()) + "-" + std::to_string(number++);
  place.in = std::make_unique<Fifo>(place.folder.path() / "in");
  place.out = std::make_unique<Fifo>(place.folder.path() / "out");
  REQUIRE(mkfifo((place.folder.path() / "unread").c_str(), 0600) == 0);
  fs::copy_file(GANTRY_BUILD "/tests/plugins/libliar.so", place.folder.path() / "libliar_hang.so");
  place.folder.write("hang.yaml", "gantry: 1\nplugins: [./libliar_hang.so]\nsteps:\n  - {id: a, call: liar.act}\n");
  place.folder.write("naps.yaml",
                     "gantry: 1\nplugins: [sleepy]\nsteps:\n"
                     "  - {id: naps, call: sleepy.sleep, each: {_n: {range: [0, 400]}}, args: {seconds: 99}}\n");
  place.folder.write("many.yaml",
                     "gantry: 1\nplugins: [numbers]\nsteps:\n"
                     "  - {id: a, call: numbers.square, each: {x: {range: [0, 9000000000000000]}}, args: {x: $x}}\n");

  const auto listens = [](Started& host) { return await([&] { return hears(host.pid(), SIGTERM); }, kReached); };
  const auto works = [&place](Started& host) {
    return await([&] { return hears(host.pid(), SIGTERM) && !workers_marked(place.marker).empty(); }, kReached);
  };
  const auto is_stuck = [&place](Started&) { return await([&] { return place.out->is_full(); }, kReached); };

  std::vector<State> all;
  for (const char* verb : {"run", "plan", "check"}) {
    State reads{std::string(verb) + " reads a pipeline that nobody writes", command(place, {verb, "-"}), listens, 1};
    reads.command.in_from = place.in->path();
    all.push_back(std::move(reads));
  }
  for (const char* verb : {"run", "plan", "check", "scale"}) {
    all.push_back(
        {std::string(verb) + " loads a plugin that never returns", command(place, {verb, "hang.yaml"}), works, 1});
  }
  all.push_back({"inspect loads it", command(place, {"inspect", "./libliar_hang.so"}), works, 1});
  all.push_back({"call loads it", command(place, {"call", "./libliar_hang.so.act"}), works, 1});
  all.push_back({"it waits for a reader of a named pipe",
                 command(place, {"run", "many.yaml", "--output-file", "unread"}),
                 [](Started& host) { return host.says("waits for a reader of unread"); }, 1});
  State stands{"its reader stands still", command(place, {"run", "many.yaml", "-j", "2"}), is_stuck, 2};
  stands.command.out_to = place.out->path();
  all.push_back(std::move(stands));
  all.push_back({"tasks that never end", command(place, {"run", "naps.yaml", "-j", "2"}), works, 2});
  for (const char* format : {"text", "json", "ndjson", "csv", "digest", "none"}) {
    State many{"9 * 10^15 tasks, -o " + std::string(format),
               command(place, {"run", "many.yaml", "-j", "2", "-o", format}), works, 2};
    many.command.out_to = "/dev/null";
    all.push_back(std::move(many));
  }
  return all;
}

/// The signal, again and again until it is one too many; how long it then took.
void end(const State& state, const Place& place, int signal) {
  INFO(state.name << ", signal " << signal);
  Started host(state.command);
  REQUIRE(state.reached(host));
  host.signal(signal);
  for (unsigned sent = 1; sent < state.signals; ++sent) host.signal_again(signal);
  const auto sent = Clock::now();
  const Ended ended = host.wait();
  INFO(ended.err);
  CHECK(ended.code == 128 + signal);
  CHECK(Clock::now() - sent < kGone);
  CHECK(await([&] { return workers_marked(place.marker).empty(); }, kGone));
}

}  // namespace

TEST_CASE("in every state a signal ends gantry within a second, with nothing left") {
  for (const int signal : {SIGINT, SIGTERM, SIGHUP}) {
    Place place;
    for (const State& state : states(place)) end(state, place, signal);
  }
}

TEST_CASE("SIGTERM alone ends, after the grace, what its output holds up") {
  Place place;
  for (State& state : states(place)) {
    if (state.name != "its reader stands still") continue;
    state.signals = 1;
    state.command.words.insert(state.command.words.end(), {"--grace", "1ms"});
    end(state, place, SIGTERM);
  }
}

TEST_CASE("SIGINT that was ignored when gantry began, as for a job in the background, stays ignored") {
  Place place;
  const auto all = states(place);
  Command run = command(place, {"run", "naps.yaml", "-j", "2"});
  run.words = {"/bin/bash", "-c", "trap '' INT; exec " + kGantry + " run naps.yaml -j 2"};
  Started host(run);
  REQUIRE(await([&] { return !workers_marked(place.marker).empty(); }, kReached));
  REQUIRE(host.runs("naps[1] (for"));
  host.signal(SIGINT);
  host.signal(SIGINT);
  host.signal(SIGTERM);
  REQUIRE(host.says("no more tasks start"));
  host.signal_again(SIGTERM);
  CHECK(host.wait().code == 143);
}
