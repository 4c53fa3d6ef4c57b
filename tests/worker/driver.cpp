#include "worker/driver.hpp"

#include <fcntl.h>
#include <fmt/core.h>
#include <poll.h>
#include <signal.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <catch2/catch.hpp>
#include <cstring>

namespace gantry::tests {
namespace {

/// Only calls that are safe between fork and exec.
[[noreturn]] void become_worker(const char* program, int channel, int prints_in, int prints_out) {
  ::signal(SIGPIPE, SIG_DFL);
  for (const int number : {SIGINT, SIGSEGV, SIGTERM, SIGABRT}) ::signal(number, SIG_DFL);  // Catch2 has them
  const int devnull = ::open("/dev/null", O_RDONLY);
  const std::array<int, 5> high{::fcntl(devnull, F_DUPFD, 100), ::fcntl(prints_in, F_DUPFD, 100),
                                ::fcntl(prints_in, F_DUPFD, 100), ::fcntl(channel, F_DUPFD, 100),
                                ::fcntl(prints_out, F_DUPFD, 100)};
  for (int number = 0; number < 5; ++number) ::dup2(high[static_cast<std::size_t>(number)], number);
  ::syscall(SYS_close_range, 5U, ~0U, 0U);
  ::execl(program, program, static_cast<char*>(nullptr));
  ::_exit(127);
}

}  // namespace

std::string plugin_file(const std::string& name) {
  return fmt::format("{}/tests/plugins/lib{}.so", GANTRY_BUILD, name);
}

signature::Bytes u64s(std::initializer_list<std::uint64_t> numbers) {
  signature::Bytes bytes;
  for (const std::uint64_t number : numbers) signature::append(bytes, std::as_bytes(std::span(&number, 1)));
  return bytes;
}

signature::Bytes text(const std::string& words) {
  signature::Bytes bytes = u64s({words.size()});
  signature::append(bytes, std::as_bytes(std::span(words)));
  return bytes;
}

schedule::Rows rows(const std::vector<signature::Bytes>& each) {
  schedule::Rows made;
  for (const signature::Bytes& row : each) {
    made.lengths.push_back(row.size());
    signature::append(made.bytes, row);
  }
  return made;
}

signature::Template counting(std::initializer_list<std::uint64_t> row) {
  return {u64s(row), {{0, 0, 1, 0, 1, ~0ull, signature::Kind::u64, false}}};
}

Driver::Driver(const std::vector<std::string>& paths) {
  auto made = wire::HostChannel::make(host::WorkerIndex{0}, 3);
  REQUIRE(made);
  channel_ = std::make_unique<wire::HostChannel>(std::move(made->channel));
  int pipe_ends[2];
  REQUIRE(::pipe2(pipe_ends, O_CLOEXEC) == 0);
  prints_ = wire::Descriptor(pipe_ends[0]);
  ::fcntl(prints_.get(), F_SETFL, O_NONBLOCK);
  const wire::Descriptor prints_in(pipe_ends[1]);
  const std::string program = std::string(GANTRY_BUILD) + "/bin/gantry-worker";
  REQUIRE(::access(program.c_str(), X_OK) == 0);
  pid_ = ::fork();
  if (pid_ == 0) become_worker(program.c_str(), made->worker_end.get(), prints_in.get(), prints_.get());
  REQUIRE(pid_ > 0);
  pidfd_ = static_cast<int>(::syscall(SYS_pidfd_open, pid_, 0));
  made->worker_end = {};
  REQUIRE(channel_->load(paths));
  for (;;) {
    auto message = channel_->receive_message();
    REQUIRE(message);
    if (*message) {
      said_.push_back(**std::move(message));
      if (std::holds_alternative<wire::ReadyToRun>(said_.back())) break;
      continue;
    }
    if (channel_->hung_up()) break;
    pollfd readable{channel_->socket(), POLLIN, 0};
    REQUIRE(::poll(&readable, 1, 20000) == 1);
  }
}

Driver::~Driver() {
  if (!ended_ && pid_ > 0) {
    ::kill(pid_, SIGKILL);
    ::waitpid(pid_, nullptr, 0);
  }
  if (pidfd_ >= 0) ::close(pidfd_);
}

schedule::Chunk Driver::chunk(const std::string& function, std::uint64_t first, std::uint64_t count,
                              std::variant<signature::Template, schedule::Rows> arguments) {
  schedule::Chunk chunk;
  schedule::Assignment assignment;
  for (const wire::WorkerMessage& message : said_) {
    const auto* loaded = std::get_if<wire::Loaded>(&message);
    if (loaded == nullptr) continue;
    for (const signature::Function& offered : loaded->plugin.functions) {
      if (offered.name != function) continue;
      assignment.function = offered.entry;
      assignment.result_size = signature::fixed_size(offered.signature.result);
    }
  }
  chunk.lease = {host::LeaseId{next_lease_++}, host::WorkerIndex{0}, host::StepIndex{0}, first, count, 1};
  assignment.step_id = "s";
  if (auto* pattern = std::get_if<signature::Template>(&arguments)) {
    assignment.pattern = std::make_shared<const signature::Template>(std::move(*pattern));
  } else {
    chunk.rows = std::get<schedule::Rows>(std::move(arguments));
  }
  chunk.assignment = std::make_shared<const schedule::Assignment>(std::move(assignment));
  return chunk;
}

/// One round: false when the worker is gone.
bool Driver::collect(std::vector<schedule::Event>& events) {
  auto any = channel_->receive(events);
  if (!any) FAIL(any.error().sentence);
  channel_->ring();
  if (*any || !channel_->prepare_sleep()) return true;
  std::array<pollfd, 2> sources{{{channel_->doorbell(), POLLIN, 0}, {pidfd_, POLLIN, 0}}};
  REQUIRE(::poll(sources.data(), sources.size(), 20000) > 0);
  channel_->awake();
  if (sources[0].revents != 0) channel_->drain_doorbell();
  any = channel_->receive(events);
  if (!any) FAIL(any.error().sentence);
  return sources[1].revents == 0;
}

std::vector<schedule::Event> Driver::finish(unsigned leases) {
  std::vector<schedule::Event> events;
  const auto closed = [&] {
    return std::ranges::count_if(events,
                                 [](const auto& e) { return std::holds_alternative<schedule::event::Closed>(e); });
  };
  while (closed() < leases) {
    if (!collect(events)) break;
  }
  return events;
}

bool Driver::start(const schedule::Chunk& chunk) {
  const auto started = channel_->start(chunk, chunk.assignment->plugin, blocks_);
  channel_->ring();
  return started && *started;
}

std::vector<schedule::Event> Driver::run(const schedule::Chunk& chunk) {
  REQUIRE(start(chunk));
  return finish();
}

std::vector<schedule::Event> Driver::next() {
  std::vector<schedule::Event> events;
  while (events.empty() && collect(events)) continue;
  return events;
}

int Driver::wait_for_end() {
  int status = 0;
  REQUIRE(::waitpid(pid_, &status, 0) == pid_);
  ended_ = true;
  return status;
}

std::string Driver::dismiss() {
  channel_->cancel_all();
  channel_ = std::make_unique<wire::HostChannel>(std::move(wire::HostChannel::make(host::WorkerIndex{1}, 9)->channel));
  const int status = wait_for_end();
  CHECK((WIFEXITED(status) && WEXITSTATUS(status) == 0));
  std::string words(65536, '\0');
  const ssize_t size = ::read(prints_.get(), words.data(), words.size());
  return words.substr(0, static_cast<std::size_t>(std::max<ssize_t>(size, 0)));
}

void Driver::kill(int signal) const {
  ::kill(pid_, signal);
}

std::string outcomes(const std::vector<schedule::Event>& events) {
  std::string text;
  for (const schedule::Event& event : events) {
    if (const auto* values = std::get_if<schedule::event::Values>(&event)) {
      for (std::uint64_t i = 0; i < values->count; ++i) text += fmt::format("{}:ok ", values->first + i);
    } else if (const auto* failed = std::get_if<schedule::event::Failed>(&event)) {
      text += fmt::format("{}!{}: {} ", failed->index, failed->kind, failed->message);
    } else if (const auto* printed = std::get_if<schedule::event::Printed>(&event)) {
      text += fmt::format("{}+{}@{}\"{}\" ", printed->first, printed->count, printed->level, printed->text);
    } else if (std::holds_alternative<schedule::event::Closed>(event)) {
      text += "closed";
    }
  }
  return text;
}

std::vector<std::uint64_t> numbers(const std::vector<schedule::Event>& events) {
  std::vector<std::uint64_t> found;
  for (const schedule::Event& event : events) {
    const auto* values = std::get_if<schedule::event::Values>(&event);
    if (values == nullptr) continue;
    for (std::size_t at = 0; at + 8 <= values->bytes.size(); at += 8) {
      std::memcpy(&found.emplace_back(), values->bytes.data() + at, 8);
    }
  }
  return found;
}

}  // namespace gantry::tests
