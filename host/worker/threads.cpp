#include "worker/threads.hpp"

#include <unistd.h>

#include <cstdio>
#include <optional>
#include <system_error>
#include <thread>
#include <utility>
#include <variant>

#include "wire/message.hpp"
#include "worker/say.hpp"

namespace gantry::worker {

host::Result<void> Threads::open(wire::Descriptor door) {
  // Each thread has three: as many threads as the host may ask for are more than a usual soft limit.
  wire::raise_descriptor_limit();
  try {
    std::thread([this, socket = wire::Socket(std::move(door))]() mutable { watch(std::move(socket)); }).detach();
    return {};
  } catch (const std::system_error& error) {
    return host::fail(host::ErrorKind::infrastructure, "no thread can be started: " + error.code().message());
  }
}

void Threads::watch(wire::Socket door) {
  for (;;) {
    auto received = door.receive();
    if (!received || (!*received && door.hung_up())) return;
    if (!*received) {
      static_cast<void>(door.wait({}));
      continue;
    }
    auto message = wire::decode_host_message(**std::move(received));
    auto* wanted = message ? std::get_if<wire::Attach>(&*message) : nullptr;
    if (wanted == nullptr) return;
    take_in(std::move(wanted->channel));
  }
}

// A channel that nobody serves is closed: that tells the host.
void Threads::take_in(wire::Descriptor channel) {
  if (!enter()) return;
  try {
    std::thread([this, socket = wire::Socket(std::move(channel))]() mutable {
      serve_(std::move(socket));
      leave();
      // Its end would run destructors of plugins, which the first thread's does not.
      for (;;) ::pause();
    }).detach();
  } catch (const std::system_error& error) {
    say("gantry-worker: no thread can be started: {}\n", error.code().message());
    leave();
  }
}

bool Threads::enter() {
  const std::lock_guard lock(mutex_);
  serving_ += ending_ ? 0 : 1;
  return !ending_;
}

void Threads::leave() {
  const std::lock_guard lock(mutex_);
  --serving_;
  left_.notify_all();
}

void Threads::await_end() {
  std::unique_lock lock(mutex_);
  ending_ = true;
  left_.wait(lock, [this] { return serving_ == 0; });
}

std::vector<Module> for_thread(const std::vector<Module>& modules) {
  std::vector<Module> all;
  all.reserve(modules.size());
  for (const Module& module : modules) {
    Module& copy = all.emplace_back();
    copy.offer = module.offer;
    copy.scratch = std::make_unique<void*>(nullptr);
    copy.state = module.state;
  }
  return all;
}

}  // namespace gantry::worker
