// gantry-worker: the process that loads plugins and runs their tasks. Descriptor 3 is the channel to the host, 4 the
// reading end of the pipe behind descriptors 1 and 2. It leaves by _exit: plugins stay loaded to the last, and none of
// their destructors can spoil a finished run.
#include <fcntl.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <cstdio>
#include <map>
#include <optional>
#include <string_view>
#include <variant>
#include <vector>

#include "gantry/abi.h"
#include "wire/layout.hpp"
#include "wire/message.hpp"
#include "wire/worker_channel.hpp"
#include "worker/descendants.hpp"
#include "worker/forks.hpp"
#include "worker/host_watch.hpp"
#include "worker/lifecycle.hpp"
#include "worker/module.hpp"
#include "worker/residents.hpp"
#include "worker/runner.hpp"
#include "worker/say.hpp"
#include "worker/threads.hpp"

namespace {

using namespace gantry;

constexpr int channel_descriptor = 3;
constexpr int prints_descriptor = 4;

[[noreturn]] void leave(int status) {
  std::fflush(nullptr);
  ::_exit(status);
}

/// The host is gone or broken: it may not sweep behind this process.
[[noreturn]] void give_up(const host::Error& error) {
  worker::say("gantry-worker: {}\n", error.sentence);
  worker::kill_descendants();
  leave(1);
}

/// The same, of one that has run tasks: the host hears why, by the socket, which no task writes to by mistake. An error
/// of that: the host is gone.
[[noreturn]] void give_up(wire::WorkerChannel& channel, const worker::Runner& runner, const host::Error& error) {
  [[maybe_unused]] const auto sent =
      send(channel.socket(), wire::GaveUp{runner.lease(), runner.started(), error.sentence});
  give_up(error);
}

bool is_started_by_host() {
  int type = 0;
  socklen_t size = sizeof type;
  return ::getsockopt(channel_descriptor, SOL_SOCKET, SO_TYPE, &type, &size) == 0 && type == SOCK_STREAM;
}

/// What the plugins' own children are not to have, and lines of prints at once.
void arrange_descriptors() {
  for (const int kept : {channel_descriptor, prints_descriptor}) ::fcntl(kept, F_SETFD, FD_CLOEXEC);
  std::setvbuf(stdout, nullptr, _IOLBF, 0);
}

/// When memory ends, the kernel is to take a worker rather than the host. Best effort: everybody may raise his own
/// score.
void be_killed_first() {
  const int score = ::open("/proc/self/oom_score_adj", O_WRONLY | O_CLOEXEC);
  if (score < 0) return;
  static_cast<void>(!::write(score, "1000", 4));
  ::close(score);
}

/// What holds from before the first plugin's code runs. A set-user-ID program that a task starts gets nothing by it.
void arrange_process() {
  be_killed_first();
  ::prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0);
  worker::watch_forks();
  worker::know_descendants();
  worker::watch_host();
}

/// The next message; nothing if the host hung up.
std::optional<wire::HostMessage> next_message(wire::Socket& socket) {
  for (;;) {
    auto received = socket.receive();
    if (!received) give_up(received.error());
    if (std::optional<wire::Parcel>& parcel = *received) {
      auto message = wire::decode_host_message(*std::move(parcel));
      if (!message) give_up(message.error());
      return *std::move(message);
    }
    if (socket.hung_up()) return std::nullopt;
    static_cast<void>(socket.wait({}));
  }
}

/// The same, of the kind that must come now.
template <class Message>
std::optional<Message> next_of(wire::Socket& socket) {
  auto message = next_message(socket);
  if (!message) return std::nullopt;
  if (auto* wanted = std::get_if<Message>(&*message)) return std::move(*wanted);
  give_up({host::ErrorKind::infrastructure, "the host's messages come in a wrong order", {}});
}

/// The same; the host is not gone.
template <class Message>
Message expect(wire::Socket& socket) {
  auto message = next_of<Message>(socket);
  if (!message) worker::end_with_host();
  return *std::move(message);
}

void must(const host::Result<void>& sent) {
  if (!sent) give_up(sent.error());
}

/// What to load, and what may come before that.
struct Order {
  std::optional<wire::Descriptor> door;             ///< of further threads
  std::map<std::uint32_t, wire::Descriptor> files;  ///< of plugins whose paths lead elsewhere by now, by position
  wire::Load load;
};

Order expect_order(wire::Socket& socket) {
  Order order;
  for (;;) {
    auto message = next_message(socket);
    if (!message) worker::end_with_host();
    if (auto* load = std::get_if<wire::Load>(&*message)) {
      order.load = std::move(*load);
      return order;
    }
    if (auto* opened = std::get_if<wire::Door>(&*message)) {
      order.door = std::move(opened->socket);
    } else if (auto* plugin = std::get_if<wire::PluginFile>(&*message)) {
      order.files[plugin->position] = std::move(plugin->file);
    } else {
      give_up({host::ErrorKind::infrastructure, "the host's messages come in a wrong order", {}});
    }
  }
}

/// Loads each plugin and says what became of it; one that was refused is an empty module.
std::vector<worker::Module> load_all(wire::Socket& socket, Order& order) {
  std::vector<worker::Module> modules;
  worker::UniqueSymbols known;
  for (std::uint32_t position = 0; position < order.load.paths.size(); ++position) {
    auto module = worker::load_module(order.load.paths[position], known, std::move(order.files[position]));
    if (module) {
      must(send(socket, wire::Loaded{position, module->offer.plugin}));
      modules.push_back(*std::move(module));
    } else {
      must(send(socket, wire::Refused{position, module.error().sentence}));
      modules.emplace_back();
    }
  }
  return modules;
}

/// Lets each plugin begin that wants to, in the order in which the host sends their configurations. One that cannot
/// ends the run: the host then ends this worker.
void begin_all(wire::Socket& socket, std::vector<worker::Module>& modules) {
  auto waiting = std::ranges::count_if(modules, [](const auto& module) { return module.offer.begin != nullptr; });
  for (; waiting > 0; --waiting) {
    const auto wanted = expect<wire::Begin>(socket);
    const bool known = wanted.position < modules.size() && modules[wanted.position].offer.begin != nullptr &&
                       !modules[wanted.position].has_begun;
    if (!known) give_up({host::ErrorKind::infrastructure, "the host lets a plugin begin that has no begin", {}});
    if (auto begun = worker::begin(modules[wanted.position], wanted.arguments)) {
      must(send(socket, wire::Begun{wanted.position}));
    } else {
      must(send(socket, wire::NotBegun{wanted.position, begun.error().sentence}));
    }
    std::fflush(nullptr);
  }
  must(send(socket, wire::ReadyToRun{}));
}

wire::Hello hello() {
  return {wire::protocol, static_cast<std::uint32_t>(::getpid()), GANTRY_ABI_MAJOR, GANTRY_WIRE};
}

/// Runs what comes over the channel until the host dismisses this worker: true; false: the host is gone.
bool run_all(wire::Setup setup, wire::Socket socket, std::vector<worker::Module>& modules, worker::Residents& residents,
             worker::Prints prints, worker::StateWatch state) {
  auto channel = wire::WorkerChannel::attach(std::move(setup), std::move(socket));
  if (!channel) give_up(channel.error());
  const worker::ForkGuard guard(channel->shared_memory(), channel->shared_window());
  worker::Runner runner(*channel, modules, residents, prints, std::move(state));
  channel->on_drop([&residents](signature::Resident pinned) { residents.drop(pinned); });
  for (;;) {
    const auto received = channel->next();
    const bool is_work = received && *received;
    const host::Result<void> ran = is_work ? runner.run(**received) : host::Result<void>{};
    // Whatever else went wrong on the way: nobody listens any more.
    if ((received && !*received) || channel->is_dismissed()) break;
    if (!received) give_up(*channel, runner, received.error());
    if (!ran) give_up(*channel, runner, ran.error());
  }
  const bool dismissed = channel->is_dismissed();
  channel->take_drops();
  residents.end_thread();
  return dismissed;
}

/// A further thread of this process, from its Setup on.
void run_thread(wire::Socket socket, const std::vector<worker::Module>& modules, worker::Residents& residents) {
  auto setup = next_of<wire::Setup>(socket);
  if (!setup) return;
  auto own = worker::for_thread(modules);
  // An error: the host hung up meanwhile.
  if (!send(socket, hello()) || !send(socket, wire::ReadyToRun{})) return;
  run_all(*std::move(setup), std::move(socket), own, residents, worker::Prints::none(), worker::StateWatch({}));
}

}  // namespace

int main() {
  if (!is_started_by_host()) {
    worker::say(
        "gantry-worker is started by gantry, which talks to it through descriptor 3; there is nothing to do for "
        "it here.\nTo run a pipeline: gantry run FILE\n");
    return 2;
  }
  arrange_descriptors();
  arrange_process();
  wire::Socket socket{wire::Descriptor(channel_descriptor)};
  auto setup = expect<wire::Setup>(socket);
  must(send(socket, hello()));
  Order order = expect_order(socket);
  auto modules = load_all(socket, order);
  begin_all(socket, modules);
  worker::Residents residents;
  worker::Threads threads([&](wire::Socket end) { run_thread(std::move(end), modules, residents); });
  const bool has_threads = order.door.has_value();
  if (has_threads) must(threads.open(*std::move(order.door)));
  // What threads print cannot be told apart: the host reads it.
  const auto prints = has_threads ? worker::Prints::none() : worker::Prints(prints_descriptor);
  worker::StateWatch state(has_threads ? std::nullopt : std::optional<worker::ProcessState>(std::in_place));
  if (!run_all(std::move(setup), std::move(socket), modules, residents, prints, std::move(state)))
    worker::end_with_host();
  threads.await_end();
  residents.end();
  worker::end(modules);
  leave(0);
}
