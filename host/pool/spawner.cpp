#include "pool/spawner.hpp"

#include <fcntl.h>
#include <sys/eventfd.h>
#include <sys/resource.h>
#include <unistd.h>

#include <cerrno>
#include <csignal>
#include <cstdlib>
#include <cstring>
#include <exception>
#include <string_view>
#include <system_error>
#include <utility>

#include "pool/launch.hpp"
#include "wire/doorbell.hpp"

namespace gantry::pool {
namespace {

// memcpy by `rep movsb` is slow at some offsets (measured on Zen 4). Large vectors come and go with each task: huge
// pages make them cheap to touch, and what was freed is kept for the next task, up to 128 MiB.
constexpr const char* kTunables =
    "GLIBC_TUNABLES=glibc.cpu.x86_rep_movsb_threshold=1000000000:glibc.malloc.hugetlb=1"
    ":glibc.malloc.mmap_threshold=134217728:glibc.malloc.trim_threshold=134217728";

bool has(const std::vector<std::string>& environment, std::string_view name) {
  for (const std::string& entry : environment) {
    if (entry.starts_with(name) && entry.size() > name.size() && entry[name.size()] == '=') return true;
  }
  return false;
}

// Inherited, plus what makes workers fast: glibc's tunables; and math libraries would start a thread for each CPU in
// each worker. What the user set stays.
std::vector<std::string> worker_environment() {
  std::vector<std::string> environment;
  for (char** entry = environ; entry != nullptr && *entry != nullptr; ++entry) environment.emplace_back(*entry);
  if (!has(environment, "GLIBC_TUNABLES")) {
    environment.emplace_back(kTunables);
  }
  for (const char* name : {"OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"}) {
    if (!has(environment, name)) environment.push_back(std::string(name) + "=1");
  }
  return environment;
}

bool is_temporary(int error) {
  return error == EAGAIN || error == ENOMEM || error == EMFILE || error == ENFILE;
}

// A copy above the descriptors that the child gets new ones for, so that setting one never overwrites another.
wire::Descriptor lifted(const wire::Descriptor& source) {
  return wire::Descriptor(::fcntl(source.get(), F_DUPFD_CLOEXEC, first_free_descriptor));
}

// Signals are for the threads that know what to do about them; a new one begins with the mask of the one that starts
// it.
class AllSignalsBlocked {
 public:
  AllSignalsBlocked() {
    sigset_t all;
    sigfillset(&all);
    pthread_sigmask(SIG_SETMASK, &all, &former_);
  }
  AllSignalsBlocked(const AllSignalsBlocked&) = delete;
  AllSignalsBlocked& operator=(const AllSignalsBlocked&) = delete;
  ~AllSignalsBlocked() { pthread_sigmask(SIG_SETMASK, &former_, nullptr); }

 private:
  sigset_t former_{};
};

// What the kernel's EAGAIN does not say: how many there may be.
std::string process_limit() {
  rlimit limit{};
  if (::getrlimit(RLIMIT_NPROC, &limit) != 0 || limit.rlim_cur == RLIM_INFINITY) {
    return "; no more processes are allowed here";
  }
  return "; this user may have " + std::to_string(limit.rlim_cur) + " processes and threads (ulimit -u)";
}

}  // namespace

host::Result<std::unique_ptr<Spawner>> Spawner::make(std::filesystem::path program) {
  std::vector<wire::Descriptor> occupied;
  for (int number = 0; number < first_free_descriptor; ++number) {
    if (::fcntl(number, F_GETFD) >= 0) continue;
    wire::Descriptor filler(::open("/dev/null", O_RDWR | O_CLOEXEC));  // takes the lowest hole
    if (!filler) return host::fail(host::ErrorKind::infrastructure, wire::errno_text("open /dev/null"));
    occupied.push_back(std::move(filler));
  }
  wire::Descriptor nothing(::open("/dev/null", O_RDONLY | O_CLOEXEC));
  if (!nothing) return host::fail(host::ErrorKind::infrastructure, wire::errno_text("open /dev/null"));
  host::Result<wire::Descriptor> answered = wire::event_descriptor();
  if (!answered) return std::unexpected(std::move(answered.error()));
  try {
    auto spawner = std::make_unique<Spawner>(Key{}, std::move(program), std::move(*answered), std::move(nothing));
    spawner->occupied_ = std::move(occupied);
    return spawner;
  } catch (const std::system_error& error) {
    return host::fail(host::ErrorKind::infrastructure,
                      "no thread can be started for the workers: " + error.code().message());
  }
}

Spawner::Spawner(Key, std::filesystem::path program, wire::Descriptor answered, wire::Descriptor nothing)
    : program_(std::move(program)),
      environment_(worker_environment()),
      answered_(std::move(answered)),
      nothing_(std::move(nothing)) {
  const AllSignalsBlocked inherited;
  thread_ = std::thread([this] { serve(); });
}

Spawner::~Spawner() {
  {
    const std::lock_guard lock(mutex_);
    ending_ = true;
    births_.clear();
  }
  asked_.notify_one();
  thread_.join();
}

void Spawner::start(Birth birth) {
  {
    const std::lock_guard lock(mutex_);
    births_.push_back(std::move(birth));
    born_.reserve(born_.size() + ++unanswered_);
  }
  asked_.notify_one();
}

std::vector<Born> Spawner::take() {
  eventfd_t rings = 0;
  ::eventfd_read(answered_.get(), &rings);
  std::vector<Born> taken;
  const std::lock_guard lock(mutex_);
  taken.reserve(unanswered_);
  std::swap(taken, born_);
  return taken;
}

void Spawner::serve() {
  std::unique_lock lock(mutex_);
  while (true) {
    asked_.wait(lock, [this] { return ending_ || !births_.empty(); });
    if (ending_) return;
    Birth birth = std::move(births_.front());
    births_.pop_front();
    lock.unlock();
    Born born = bear(birth);
    birth = {};  // the worker alone has its ends now
    lock.lock();
    born_.push_back(std::move(born));
    --unanswered_;
    static_cast<void>(wire::ring(answered_.get()));  // should it fail: the pool looks from time to time
  }
}

// No exception leaves the thread: one would end the program.
Born Spawner::bear(const Birth& birth) const {
  try {
    return start_process(birth);
  } catch (const std::exception&) {  // of strings that found no memory; this one needs none
    return Born{birth.worker, birth.life, true,
                std::unexpected(host::Error{host::ErrorKind::infrastructure, "no memory", {}})};
  }
}

Born Spawner::start_process(const Birth& birth) const {
  const auto failed = [&](int error, std::string sentence) {
    return Born{birth.worker, birth.life, is_temporary(error),
                host::fail(host::ErrorKind::infrastructure, std::move(sentence), program_.string())};
  };
  Launched launched;
  {
    const wire::Descriptor channel = lifted(birth.channel);
    const wire::Descriptor print_in = lifted(birth.print_in);
    const wire::Descriptor print_out = lifted(birth.print_out);
    const wire::Descriptor input = lifted(nothing_);
    if (!channel || !print_in || !print_out || !input) return failed(errno, wire::errno_text("fcntl F_DUPFD_CLOEXEC"));
    launched = launch(program_, environment_,
                      {input.get(), print_in.get(), print_in.get(), channel.get(), print_out.get()}, birth.mark);
  }
  if (launched.error == 0) return Born{birth.worker, birth.life, false, Process(launched.pid)};
  return failed(launched.error, "the worker program cannot be started: " + launched.phase + ": " +
                                    std::generic_category().message(launched.error) +
                                    (launched.error == EAGAIN ? process_limit() : std::string()));
}

}  // namespace gantry::pool
