// Workers that break the protocol: this test program itself, started as a worker, does what GANTRY_FAKE_WORKER says
// before main begins.
#include <sys/mman.h>
#include <unistd.h>

#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <fstream>
#include <string>
#include <string_view>
#include <utility>
#include <variant>

#include "gantry/abi.h"
#include "wire/checksum.hpp"
#include "wire/layout.hpp"
#include "wire/message.hpp"
#include "wire/worker_channel.hpp"

namespace {

using namespace gantry;

template <class Message>
Message expect(wire::Socket& socket) {
  while (true) {
    auto parcel = socket.receive();
    if (!parcel || (!*parcel && socket.hung_up())) ::_exit(90);
    if (*parcel) {
      auto message = wire::decode_host_message(**std::move(parcel));
      if (!message || !std::holds_alternative<Message>(*message)) ::_exit(91);
      return std::move(std::get<Message>(*message));
    }
    static_cast<void>(socket.wait({}));
  }
}

template <class Message>
void say(wire::Socket& socket, const Message& message) {
  if (!send(socket, message)) ::_exit(92);
}

[[noreturn]] void sleep_for_ever() {
  while (true) ::pause();
}

void await_note() {
  const char* note = std::getenv("GANTRY_FAKE_NOTE");
  while (note != nullptr && ::access(note, F_OK) != 0) ::usleep(1000);
}

// Life 2 is the first of worker 1, where it is started early: it dies before the first worker tells what it has loaded.
// That one waits until the host has reaped the other, and so has nothing else to hear next than what it tells itself.
void die_early(std::uint64_t life) {
  const char* note = std::getenv("GANTRY_FAKE_NOTE");
  if (note == nullptr) ::_exit(98);
  if (life == 2) {
    const std::string unfinished = std::string(note) + ".new";
    std::ofstream(unfinished) << ::getpid();
    if (::rename(unfinished.c_str(), note) != 0) ::_exit(99);
    ::_exit(7);
  }
  for (pid_t early = 0; life == 1; ::usleep(1000)) {
    if (early == 0) std::ifstream(note) >> early;
    if (early > 0 && ::kill(early, 0) != 0) return;
  }
}

void misreport(std::string_view how, wire::WorkerChannel& channel, const wire::Work& work) {
  const auto report = [&](std::uint64_t lease, std::uint64_t index) {
    if (!channel.report(lease, wire::FailedReport{index, "fake", "a lie", 1})) ::_exit(93);
  };
  if (how == "twice") {
    report(work.lease, work.first);
    report(work.lease, work.first);
  } else if (how == "early death") {
    report(work.lease, work.first);
    if (!channel.report(work.lease, wire::ClosedReport{work.first + work.count})) ::_exit(94);
  } else if (how == "outside") {
    report(work.lease, work.first + work.count);
  } else if (how == "wrong lease") {
    report(work.lease + 1, work.first);
  } else if (how == "testament") {
    // A value that is good, and was not reported; and then a lie.
    wire::WindowWriter& window = channel.window();
    if (!channel.wait_for_window(sizeof(std::uint64_t))) ::_exit(94);
    std::memset(window.room().data(), 0, sizeof(std::uint64_t));
    window.grow(sizeof(std::uint64_t));
    const std::uint64_t checksum = wire::Checksum(work.lease, work.first).of(window.segment());
    channel.progress().segment({work.lease, work.first, 1, window.at(), window.used(), checksum});
    report(work.lease + 1, work.first);
  } else if (how == "early close") {
    if (!channel.report(work.lease, wire::ClosedReport{work.first})) ::_exit(94);
  }
}

// What some lives do while they load, and the others do not.
void die_in_some_lives(std::string_view how, std::uint64_t life) {
  if (how == "killed first" && life == 1) ::raise(SIGKILL);
  if (how == "killed often" && life <= 4) ::raise(SIGKILL);
  if (how == "exits first" && life == 1) ::_exit(7);
  if (how == "exits later" && life > 1) ::_exit(7);
}

[[noreturn]] void play(std::string_view how) {
  if (how == "exit") ::_exit(7);
  if (how == "silent") sleep_for_ever();
  if (how == "garbage") {
    const std::string garbage(64, '#');
    if (::write(3, garbage.data(), garbage.size()) < 0) ::_exit(95);
    sleep_for_ever();
  }
  wire::Socket socket{wire::Descriptor(3)};
  auto setup = expect<wire::Setup>(socket);
  const auto load = expect<wire::Load>(socket);
  if (how == "no hello") {
    say(socket, wire::ReadyToRun{});
    sleep_for_ever();
  }
  if (how == "early death") die_early(setup.generation);
  if (how == "old") say(socket, wire::Hello{wire::protocol + 1, 1, GANTRY_ABI_MAJOR, GANTRY_WIRE});
  say(socket, wire::Hello{wire::protocol, static_cast<std::uint32_t>(::getpid()), GANTRY_ABI_MAJOR, GANTRY_WIRE});
  die_in_some_lives(how, setup.generation);
  for (std::uint32_t i = 0; i < load.paths.size(); ++i) {
    if (how == "refuses" || (how == "refuses the first" && i == 0)) {
      say(socket, wire::Refused{i, "it is not to its taste"});
    } else {
      const bool differs = how == "another version" && setup.generation == 2;
      const auto file = signature::identity_at(load.paths[i]).value_or(signature::FileIdentity{});
      say(socket, wire::Loaded{i, {"fake", differs ? "2.0.0" : "1.0.0", "", load.paths[i], file, {}, {}}});
    }
  }
  if (how == "refuses the first") await_note();
  say(socket, wire::ReadyToRun{});
  if (how == "chatty") say(socket, wire::ReadyToRun{});
  void* memory = ::mmap(nullptr, wire::shared_size, PROT_READ | PROT_WRITE, MAP_SHARED, setup.memory.get(), 0);
  auto channel = wire::WorkerChannel::attach(std::move(setup), std::move(socket));
  if (!channel) ::_exit(96);
  while (true) {
    const auto work = channel->next();
    if (!work) ::_exit(97);
    if (!*work) ::_exit(0);
    if (how == "ring") {
      wire::shared(static_cast<wire::Header*>(memory)->to_host_tail.word).store(0x1234'5678'9ABC);
      [[maybe_unused]] const auto told =
          channel->report((*work)->lease, wire::LogReport{(*work)->first, 1, 0, "ring the bell"});
      wire::shared(static_cast<wire::Header*>(memory)->to_host_tail.word).store(0x1234'5678'9ABC);
      sleep_for_ever();
    }
    misreport(how, *channel, **work);
  }
}

__attribute__((constructor)) void play_worker() {
  if (const char* how = std::getenv("GANTRY_FAKE_WORKER")) play(how);
}

}  // namespace
