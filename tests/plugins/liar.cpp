// A plugin that misbehaves on request. What a task does is its argument; what loading does is the end of the file's
// name: copies of this library called …_bus.so, …_hang.so, …_exit.so misbehave before anything can be asked.
#include <dlfcn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <gantry/abi.h>
#include <array>
#include <chrono>
#include <csignal>
#include <cstdint>
#include <cstdlib>
#include <cstring>
#include <string>
#include <string_view>
#include <thread>

#include "liar.hpp"

namespace {

using liar::Act;

template <class T>
T argument(const gantry_call* call, std::uint64_t offset) {
  T value{};
  std::memcpy(&value, static_cast<const char*>(call->arguments) + offset, sizeof value);
  return value;
}

gantry_text text(std::string_view from) {
  return {from.data(), from.size()};
}

void sleep_for_ever() {
  while (true) ::pause();
}

void spin() {
  volatile bool on = true;
  while (on) {
  }
}

void write_all(std::string_view bytes) {
  while (!bytes.empty()) {
    const ssize_t count = ::write(STDOUT_FILENO, bytes.data(), bytes.size());
    if (count <= 0) return;
    bytes.remove_prefix(static_cast<std::size_t>(count));
  }
}

// The child's ID is printed, so that a test can see that it is gone.
void leave_child(bool new_session, bool hidden = false) {
  const pid_t child = ::fork();
  if (child != 0) {
    ::waitpid(new_session ? child : 0, nullptr, new_session ? 0 : WNOHANG);
    return;
  }
  if (new_session) {
    ::setsid();
    if (::fork() != 0) ::_exit(0);
  }
  const std::string line = "child " + std::to_string(::getpid()) + "\n";
  write_all(line);
  char* const nothing = nullptr;
  if (hidden) ::execle("/bin/sleep", "sleep", "1000", nullptr, &nothing);
  sleep_for_ever();
}

void close_all() {
  for (int number = 0; number < 1024; ++number) ::close(number);
}

gantry_status act(gantry_call* call) {
  const auto what = static_cast<Act>(argument<std::uint64_t>(call, 0));
  const auto value = argument<std::uint64_t>(call, 8);
  switch (what) {
    case Act::square:
      break;
    case Act::segfault:
      ::raise(SIGSEGV);
      break;
    case Act::abort:
      std::abort();
    case Act::divide:
      ::raise(SIGFPE);
      break;
    case Act::exit_now:
      ::_exit(static_cast<int>(value));
    case Act::exit_quickly:
      std::quick_exit(static_cast<int>(value));
    case Act::kill_self:
      ::raise(SIGKILL);
      break;
    case Act::spin:
      spin();
      break;
    case Act::sleep:
      sleep_for_ever();
      break;
    case Act::stop_self:
      ::raise(SIGSTOP);
      break;
    case Act::close_all:
      close_all();
      sleep_for_ever();
      break;
    case Act::print:
      write_all("printed by " + std::to_string(value) + "\n");
      break;
    case Act::print_and_sleep:
      write_all("printed by " + std::to_string(value) + "\n");
      sleep_for_ever();
      break;
    case Act::print_and_abort:
      for (int line = 1; line <= 12; ++line) write_all("line " + std::to_string(line) + "\n");
      std::abort();
    case Act::flood: {
      const std::string block(64 * 1024, 'x');
      for (std::uint64_t written = 0; written < value; written += block.size()) write_all(block);
      break;
    }
    case Act::log:
      call->log(call, GANTRY_LOG_WARNING, text("logged by " + std::to_string(value)));
      break;
    case Act::fail:
      call->fail(call, text("liar"), text("task " + std::to_string(value) + " failed"));
      return GANTRY_FAILED;
    case Act::leave_child:
      leave_child(false);
      break;
    case Act::leave_daemon:
      leave_child(true);
      break;
    case Act::leave_hidden:
      leave_child(true, true);
      break;
    case Act::nap:
      std::this_thread::sleep_for(std::chrono::milliseconds(value));
      break;
  }
  const std::uint64_t result = value * value;
  std::memcpy(call->room, &result, sizeof result);
  call->result_size = sizeof result;
  return GANTRY_OK;
}

// The arguments as they came: `bytes` in, `bytes` out.
gantry_status echo(gantry_call* call) {
  return call->emit(call, call->arguments, call->arguments_size);
}

// `size` bytes of pattern; the room is used if it will do.
gantry_status blob(gantry_call* call) {
  const auto size = argument<std::uint64_t>(call, 0);
  std::string out(sizeof size + size, '\0');
  std::memcpy(out.data(), &size, sizeof size);
  for (std::uint64_t i = 0; i < size; ++i) out[sizeof size + i] = static_cast<char>(i * 31 + size);
  if (out.size() > call->room_size) return call->emit(call, out.data(), out.size());
  std::memcpy(call->room, out.data(), out.size());
  call->result_size = out.size();
  return GANTRY_OK;
}

gantry_status nothing(gantry_call* call) {
  call->result_size = 0;
  return GANTRY_OK;
}

constexpr std::uint32_t kSize = sizeof(gantry_function);
constexpr gantry_function kAct{kSize,   0,   "act",  "Does what it is told.", "(what: u64, value: u64) -> u64",
                               nullptr, act, nullptr};
constexpr gantry_function kEcho{kSize, 0, "echo", "Its argument.", "(data: bytes) -> bytes", nullptr, echo, nullptr};
constexpr gantry_function kBlob{kSize, 0, "blob", "So many bytes.", "(size: u64) -> bytes", nullptr, blob, nullptr};
constexpr gantry_function kNothing{kSize, 0, "nothing", "Nothing.", "() -> ()", nullptr, nothing, nullptr};
constexpr std::array<const gantry_function*, 4> kFunctions{&kAct, &kEcho, &kBlob, &kNothing};

__attribute__((constructor)) void load() {
  Dl_info self{};
  if (::dladdr(reinterpret_cast<const void*>(&kFunctions), &self) == 0 || self.dli_fname == nullptr) return;
  const std::string_view file = self.dli_fname;
  if (file.ends_with("_bus.so")) ::raise(SIGBUS);
  if (file.ends_with("_exit.so")) {
    write_all("goodbye from the constructor\n");
    ::_exit(3);
  }
  if (file.ends_with("_hang.so")) sleep_for_ever();
}

}  // namespace

extern "C" {
const gantry_descriptor gantry_plugin = {
    {GANTRY_MAGIC, GANTRY_ABI_MAJOR, GANTRY_ABI_MINOR, GANTRY_WIRE, sizeof(gantry_descriptor)},
    "liar",
    "1.0.0",
    "",
    kFunctions.size(),
    kFunctions.data(),
    nullptr,
    nullptr};
}
