#include "pool/crew.hpp"

#include <algorithm>
#include <iterator>
#include <utility>

#include "pool/cpus.hpp"
#include "wire/drift.hpp"
#include "wire/layout.hpp"

namespace gantry::pool {
namespace {

using schedule::Event;
using namespace std::chrono_literals;

constexpr auto kLookEvery = 1ms;     // under load, rings are looked at more often than clocks and descriptors
constexpr auto kLongestSleep = 1s;   // should a doorbell ever be missed
constexpr auto kStall = 250ms;       // more than this between two looks: the host itself stood still
constexpr auto kReapEvery = 50ms;    // where there are no pidfds
constexpr auto kLookAnyway = 5ms;    // a worker with more work at hand may put off ringing, and then begin a long task
constexpr unsigned kRingEvery = 32;  // chunks: then workers start on what they have while more is made

static_assert(wire::leases_cap == schedule::leases_most);

}  // namespace

host::Result<std::unique_ptr<Crew>> Crew::make(Options options) {
  if (options.workers == 0) return host::fail(host::ErrorKind::usage, "a pool needs at least one worker");
  // Told at once: what every channel needs will not be there later either.
  if (auto allowed = wire::check_file_size_limit(std::max(wire::shared_size, wire::window_capacity)); !allowed) {
    return std::unexpected(std::move(allowed).error());
  }
  host::Result<std::unique_ptr<Spawner>> spawner = Spawner::make(options.program);
  if (!spawner) return std::unexpected(std::move(spawner.error()));
  host::Result<Reactor> reactor = Reactor::make();
  if (!reactor) return std::unexpected(std::move(reactor.error()));
  host::Result<Watch> watch = reactor->watch((*spawner)->descriptor(), {Source::spawner, {}, 0});
  if (!watch) return std::unexpected(std::move(watch.error()));
  return std::make_unique<Crew>(Key{}, std::move(options), std::move(*reactor), std::move(*spawner), std::move(*watch));
}

Crew::Crew(Key, Options options, Reactor reactor, std::unique_ptr<Spawner> spawner, Watch watch)
    : options_(std::move(options)),
      reactor_(std::move(reactor)),
      strays_(reactor_.descriptor()),
      spawner_(std::move(spawner)),
      spawner_watch_(std::move(watch)),
      looked_(Clock::now()) {
  lend(0);
  for (std::uint32_t i = 0; i < options_.plugins.size(); ++i) {
    paths_.push_back(options_.plugins[i].string());
    plugins_.push_back(i);
  }
}

void Crew::lend(unsigned spare) {
  places_.resize(std::size_t{options_.workers} + spare);
  for (std::uint32_t i = 0; i < places_.size(); ++i) places_[i].index = host::WorkerIndex{i};
}

void Crew::summon(unsigned count) {
  if (broken_ || stopping_) return;
  for (unsigned i = 0; i < std::min(count, size()); ++i) {
    if (!places_[i].worker && !places_[i].retry) bear(places_[i]);
  }
}

// Of a plugin of the catalog, in the list that this worker was given: they differ when some were refused.
std::uint32_t Crew::position_for(const Worker& worker, std::uint32_t plugin) const {
  if (plugin >= plugins_.size()) return plugin;  // the worker says that there is none
  const auto place = std::ranges::find(worker.plugins(), plugins_[plugin]);
  return static_cast<std::uint32_t>(place - worker.plugins().begin());
}

host::Result<void> Crew::start(schedule::Chunk chunk) {
  if (broken_) return std::unexpected(*broken_);
  if (stopping_) return host::fail(host::ErrorKind::infrastructure, "the pool was stopped");
  const std::size_t at = host::raw(chunk.lease.worker);
  if (at >= places_.size()) {
    return host::fail(host::ErrorKind::infrastructure, "there is no worker " + std::to_string(at));
  }
  Place& place = places_[at];
  if (place.lost) return {};  // what it was leased before the driver hears of that is void as well
  if (!place.worker && !place.retry) {
    ring();  // a birth takes a while: those who have work are to begin before it
    bear(place);
  }
  place.waiting.push_back(std::move(chunk));
  if (!place.worker || place.worker->phase() != Worker::Phase::ready) return {};
  if (host::Result<void> sent = send_waiting(place); !sent) return sent;
  if (++unrung_ >= kRingEvery) ring();
  return {};
}

// What the ring has no room for waits until the worker has read.
host::Result<void> Crew::send_waiting(Place& place) {
  if (place.drifted && place.may_go) return {};  // the next life gets them
  while (place.worker && !place.waiting.empty()) {
    const schedule::Chunk& chunk = place.waiting.front();
    host::Result<bool> sent =
        place.worker->start(chunk, position_for(*place.worker, chunk.assignment->plugin), blocks_);
    if (sent && !*sent) return {};
    if (!sent && !place.worker->condemned()) {
      // A worker that is gone cannot take anything: its death will say so, and void the lease.
      Place& leader = leader_of(place);
      if (const std::optional<Ending> ending = leader.worker ? leader.worker->reap() : std::nullopt) {
        bury(leader, *ending);
        return {};
      }
      place.worker->hear(Clock::now());
      if (!place.worker->channel().hung_up()) return std::unexpected(std::move(sent.error()));
    }
    place.waiting.pop_front();
  }
  return {};
}

void Crew::ring() {
  unrung_ = 0;
  for (Place& place : places_) {
    if (place.worker && place.worker->phase() == Worker::Phase::ready) place.worker->channel().ring();
  }
}

std::uint64_t Crew::recall(const schedule::Lease& lease) {
  const std::size_t at = host::raw(lease.worker);
  if (at >= places_.size()) return lease.first + lease.count;
  Place& place = places_[at];
  const auto waiting = std::ranges::find(place.waiting, lease.id, [](const auto& chunk) { return chunk.lease.id; });
  if (waiting != place.waiting.end()) {
    place.waiting.erase(waiting);
    events_.emplace_back(schedule::event::Closed{lease.id});
    return lease.first;
  }
  if (!place.worker || place.worker->phase() != Worker::Phase::ready) return lease.first + lease.count;
  return std::min(place.worker->channel().recall(lease.id), lease.first + lease.count);
}

// An error of the channel is the worker's: it is found out when the channel is read.
host::Result<void> Crew::answer(const schedule::Lease& lease, schedule::Answer answer) {
  const std::size_t at = host::raw(lease.worker);
  if (at >= places_.size() || !places_[at].worker || places_[at].worker->phase() != Worker::Phase::ready) return {};
  [[maybe_unused]] const auto sent = places_[at].worker->channel().answer(lease.id, std::move(answer));
  return {};
}

std::chrono::nanoseconds Crew::wait(std::chrono::nanoseconds at_most, std::vector<Event>& events) {
  slept_ = 0ns;
  ring();
  const Time start = Clock::now();
  const Time until = later(start, at_most);
  do {
    turn(until);
  } while (events_.empty() && Clock::now() < until);
  std::ranges::move(events_, std::back_inserter(events));
  events_.clear();
  for (Place& place : places_) place.lost = false;
  return slept_;
}

// In another life the worker has no such value.
void Crew::drop(host::WorkerIndex worker, signature::Resident pinned) {
  const std::size_t at = host::raw(worker);
  if (at >= places_.size() || !places_[at].worker || places_[at].worker->phase() != Worker::Phase::ready) return;
  places_[at].worker->channel().drop(pinned);
}

// In turn: workers that report more find more.
void Crew::reuse(signature::Bytes buffer) {
  next_reuse_ = (next_reuse_ + 1) % places_.size();
  Place& place = places_[next_reuse_];
  if (place.worker && place.worker->phase() == Worker::Phase::ready) place.worker->channel().reuse(std::move(buffer));
}

void Crew::turn(Time until) {
  collect();
  const Time before = Clock::now();
  if (!events_.empty() && before - looked_ < kLookEvery) return;
  ring();  // collect() made room that a worker may sleep over
  const bool reported = events_.empty() && until > before && may_spin() && spin();
  if (reported) {
    collect();
    ring();
    const Time found = Clock::now();
    slept_ += found - before;
    if (found - looked_ < kLookEvery) return;
  }
  std::vector<Readable> readable;
  const std::chrono::nanoseconds meant = sleep(before, std::min(until, next_due(before)), readable);
  const Time now = Clock::now();
  if (!reported && meant > 0ns) slept_ += now - before;
  const bool stalled = before - looked_ > kStall || now - before > meant + kStall;
  looked_ = now;
  collect();
  for (const Readable& each : readable) handle(each, now);
  pass_time(now, stalled);
}

unsigned Crew::cpus() {
  if (!cpus_) cpus_ = usable_cpus();
  return *cpus_;
}

// With a worker on every processor, who spins keeps a worker from its task.
bool Crew::may_spin() {
  std::size_t busy = 0;
  for (const Place& place : places_) busy += place.worker && place.worker->channel().open_leases() > 0 ? 1 : 0;
  const bool spare = busy < cpus();
  for (Place& place : places_) {
    if (place.worker) place.worker->channel().let_spin(spare);
  }
  return spare && busy > 0;
}

bool Crew::spin() {
  return spin_.until([this] {
    return std::ranges::any_of(places_, [](const Place& place) {
      return place.worker && place.worker->phase() == Worker::Phase::ready && place.worker->channel().has_reports();
    });
  });
}

std::chrono::nanoseconds Crew::sleep(Time now, Time until, std::vector<Readable>& readable) {
  std::chrono::nanoseconds at_most{0};
  if (events_.empty() && until > now) at_most = std::min<std::chrono::nanoseconds>(until - now, kLongestSleep);
  if (std::ranges::any_of(places_, [](const Place& place) { return place.worker && place.worker->has_next(); })) {
    at_most = std::min<std::chrono::nanoseconds>(at_most, kLookAnyway);
  }
  if (std::ranges::any_of(places_,
                          [](const Place& place) { return place.worker && place.worker->channel().answers_wait(); })) {
    at_most = std::min<std::chrono::nanoseconds>(at_most, kLookEvery);  // a worker makes room without ringing
  }
  if (std::ranges::any_of(places_,
                          [](const Place& place) { return place.worker && place.worker->channel().ring_waits(); })) {
    at_most = std::min<std::chrono::nanoseconds>(at_most, kLookAnyway);
  }
  for (Place& place : places_) {
    if (place.worker && !place.worker->watch_room()) {
      at_most = std::min<std::chrono::nanoseconds>(at_most, kLookEvery);
    }
  }
  if (watched_by_clock()) at_most = std::min<std::chrono::nanoseconds>(at_most, kReapEvery);
  std::size_t asked = 0;
  for (; asked < places_.size() && at_most > 0ns; ++asked) {
    Worker* worker = places_[asked].worker.get();
    if (worker != nullptr && worker->phase() == Worker::Phase::ready && !worker->channel().prepare_sleep())
      at_most = 0ns;
  }
  readable = reactor_.wait(at_most);
  for (std::size_t i = 0; i < asked; ++i) {
    Worker* worker = places_[i].worker.get();
    if (worker != nullptr && worker->phase() == Worker::Phase::ready) worker->channel().awake();
  }
  for (const Readable& each : readable) {
    if (each.source != Source::doorbell) continue;
    if (const Place* place = find(each)) place->worker->channel().drain_doorbell();
  }
  return at_most;
}

void Crew::collect() {
  for (Place& place : places_) {
    if (!place.worker || place.worker->phase() != Worker::Phase::ready || !collect_from(place, *place.worker)) continue;
    replace_drifted(place);
    if (place.waiting.empty()) continue;
    if (host::Result<void> sent = send_waiting(place); !sent) give_up(std::move(sent.error()));
  }
}

bool Crew::collect_from(Place& place, Worker& worker) {
  const std::size_t before = events_.size();
  const bool any = worker.collect(events_);
  for (std::size_t i = before; i < events_.size(); ++i) {
    const bool completed = std::holds_alternative<schedule::event::Values>(events_[i]) ||
                           std::holds_alternative<schedule::event::Failed>(events_[i]);
    auto* told = std::get_if<schedule::event::Printed>(&events_[i]);
    if (told != nullptr && told->level <= wire::drifted_level) take_drift(*told);
    if (!completed) continue;
    crash_loop_.progress();
    place.patience = 0ms;
  }
  // What was for the pool alone.
  const auto fresh = events_.begin() + static_cast<std::ptrdiff_t>(before);
  events_.erase(std::remove_if(fresh, events_.end(),
                               [](const Event& event) {
                                 const auto* told = std::get_if<schedule::event::Printed>(&event);
                                 return told != nullptr && told->level <= wire::drifted_level;
                               }),
                events_.end());
  if (any && shares_process() && worker.channel().open_leases() == 0) drain_shared();
  return any;
}

Crew::Place* Crew::find(const Readable& readable) {
  const std::size_t at = host::raw(readable.worker);
  if (at >= places_.size() || !places_[at].worker || places_[at].worker->life() != readable.life) return nullptr;
  return &places_[at];
}

void Crew::handle(const Readable& readable, Time now) {
  if (readable.source == Source::spawner) return take_born(now);
  Place* place = find(readable);
  if (place == nullptr) return;  // of a life that has ended meanwhile
  switch (readable.source) {
    case Source::process:
      if (const std::optional<Ending> ending = place->worker->reap()) bury(*place, *ending);
      return;
    case Source::socket:
      speak(*place);
      if (find(readable) != place) return;
      return hear(*place, now);
    case Source::prints:
      if (stopping_) return place->worker->drain({}, events_);  // nobody counts on the worker to read them any more
      return place->worker->printed(reactor_, now, events_);
    case Source::doorbell:  // collect() was there already
    case Source::spawner:
      return;
  }
}

// What found no room in the worker's sockets, and the chunks behind it.
void Crew::speak(Place& place) {
  if (!place.worker) return;
  if (auto sent = place.worker->flush(); !sent) return give_up(std::move(sent.error()));
  if (place.waiting.empty() || place.worker->phase() != Worker::Phase::ready) return;
  if (auto sent = send_waiting(place); !sent) give_up(std::move(sent.error()));
}

void Crew::hear(Place& place, Time now) {
  Worker& worker = *place.worker;
  const bool was_ready = worker.phase() == Worker::Phase::ready;
  worker.hear(now);
  if (was_ready) return;
  if (const auto& failure = worker.loading().failure()) {
    return give_up({host::ErrorKind::plugin, "a plugin could not begin in a worker: " + failure->sentence,
                    paths_[worker.plugins()[failure->position]]});
  }
  if (worker.is_thread() && worker.phase() == Worker::Phase::loading && worker.channel().hung_up()) {
    return postpone(place, {host::ErrorKind::infrastructure, "a worker process cannot start a thread", {}});
  }
  if (worker.phase() == Worker::Phase::ready) greet(place);  // which may find it dead, and replace it: nothing after
}

}  // namespace gantry::pool
