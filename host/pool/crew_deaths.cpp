// Deaths: what a dead worker leaves, who is to blame, who replaces it, and the end of all.
#include <algorithm>
#include <csignal>
#include <utility>

#include "pool/crew.hpp"

namespace gantry::pool {
namespace {

using schedule::Death;
using namespace std::chrono_literals;

constexpr auto kSweepEvery = 10ms;
constexpr auto kEndPatience = 2s;  // for the ends of plugins

Death::How how_of(const Ending& ending) {
  return ending.how == Ending::How::signalled ? Death::How::signalled : Death::How::exited;
}

std::string sentence_of(const Ending& ending, bool running) {
  switch (ending.how) {
    case Ending::How::signalled:
      return "killed by " + ending.name();
    case Ending::How::exited:
      return "exited with " + ending.name() + (running ? " in the middle of a task" : " without being asked");
    case Ending::How::unknown:
      break;
  }
  return "ended, and another part of this program took its exit status";
}

}  // namespace

// Only our own SIGKILL makes a death ours: it may have died of something else in that moment.
Death Crew::death_of(Worker& worker, const Ending& ending, const wire::Remains& remains) const {
  Death death{how_of(ending), ending.code, sentence_of(ending, remains.running.has_value()), remains.tasks_run,
              worker.prints().last_lines()};
  const std::optional<Condemned>& condemned = worker.condemned();
  if (condemned && (ending.how != Ending::How::signalled || ending.code == SIGKILL)) {
    death.how = condemned->how;
    death.sentence = condemned->sentence;
  }
  return death;
}

void Crew::bury(Place& place, const Ending& ending) {
  const std::unique_ptr<Worker> worker = std::exchange(place.worker, nullptr);
  if (worker->phase() == Worker::Phase::loading) worker->hear(Clock::now());  // its last words
  const bool was_ready = worker->phase() == Worker::Phase::ready;
  wire::Remains remains;
  if (was_ready) {
    while (collect_from(*worker)) continue;
    remains = worker->channel().remains();
    // A worker that lied is not believed in its testament either.
    const std::optional<Condemned> reason = worker->condemned();
    const bool trusted = !reason || reason->how != Death::How::protocol;
    if (remains.values && trusted) {
      events_.emplace_back(std::move(*remains.values));
      crash_loop_.progress();
    }
  }
  std::optional<wire::Running> running;
  if (remains.running) running = wire::Running{remains.lease, *remains.running, 0};
  worker->drain(running, events_);
  const Death death = death_of(*worker, ending, remains);
  strays_.orphaned(worker->process_id());
  sweep(Clock::now());
  if (stopping_) return;
  if (!was_ready) {
    return mourn(place, {worker->loading(), worker->plugins(), death.sentence, ending.name(),
                         death.how == Death::How::not_started, death.last_lines});
  }
  // Between the look at the clock and the kill the late task may have ended: the next one is not to blame.
  if (death.how == Death::How::timed_out && !worker->was_overdue(remains)) remains.running.reset();
  place.waiting.clear();
  events_.emplace_back(schedule::event::Lost{place.index, remains.lease, remains.running, death});
  if (!remains.running && death.how != Death::How::timed_out && crash_loop_.died(Clock::now())) {
    return give_up({host::ErrorKind::infrastructure,
                    "5 workers died within 10 s without completing a task, the last one " + death.sentence,
                    {}});
  }
  bear(place);
}

// It died before it was ready: its chunks wait for the next one.
void Crew::mourn(Place& place, Stillborn dead) {
  if (probing_) {
    stillborn_ = std::move(dead);
    return;
  }
  const bool beginning = dead.loading.beginning().has_value();
  const std::optional<std::size_t> guilty = beginning ? dead.loading.beginning() : dead.loading.busy_with();
  if (dead.hung || crash_loop_.died(Clock::now())) {
    const std::string last = dead.last_lines.empty() ? std::string() : "; it last printed: " + dead.last_lines.back();
    return give_up({host::ErrorKind::infrastructure,
                    "workers do not become ready, the last one " + dead.sentence +
                        (beginning ? " while a plugin began"
                         : guilty  ? " while it was loading a plugin"
                                   : "") +
                        last,
                    guilty ? paths_[dead.plugins[*guilty]] : options_.program.string()});
  }
  bear(place);
}

void Crew::give_up(host::Error error) {
  if (broken_) return;
  broken_ = error;
  events_.emplace_back(schedule::event::Broken{std::move(error)});
}

std::vector<Living> Crew::living() const {
  std::vector<Living> all;
  for (const Place& place : places_) {
    if (place.worker && place.worker->runs()) all.push_back({place.worker->process_id(), place.worker->life()});
  }
  return all;
}

bool Crew::watched_by_clock() const {
  return std::ranges::any_of(places_, [](const Place& place) { return place.worker && place.worker->unwatched(); });
}

void Crew::sweep(Time now) {
  std::vector<Living> workers = living();
  // One that is being started may be there already, though its birth has not been heard of: it is no stray.
  for (const Place& place : places_) {
    if (place.worker && !place.worker->runs()) workers.push_back({-1, place.worker->life()});
  }
  sweep_.reset();
  if (strays_.sweep(workers)) sweep_ = now + kSweepEvery;
}

void Crew::stop(std::chrono::nanoseconds grace) {
  stopping_ = true;
  for (Place& place : places_) {
    place.waiting.clear();
    place.retry.reset();
    if (!place.worker) continue;
    if (!place.worker->runs()) {
      place.worker.reset();  // the spawner's answer finds no place, and the process dies
    } else if (place.worker->phase() != Worker::Phase::ready) {
      place.worker->condemn({Death::How::signalled, "killed: the pool was stopped", {}});
    } else {
      place.busy = place.worker->channel().open_leases() > 0;
      place.worker->dismiss();
    }
  }
  end_all(Clock::now() + grace);
}

void Crew::end_all(Time until) {
  while (!living().empty()) {
    const Time now = Clock::now();
    if (now >= until) {
      for (Place& place : places_) {
        const bool may_end = begins_ && !place.busy && now < until + kEndPatience;  // plugins may have much to close
        if (place.worker && !may_end)
          place.worker->condemn({Death::How::signalled, "killed: the pool was stopped", {}});
      }
    }
    // SIGKILL is enough, however long the kernel takes about it: no bound on the number of looks.
    for (const Readable& readable :
         reactor_.wait(now < until ? std::min<std::chrono::nanoseconds>(until - now, 50ms) : 50ms)) {
      if (readable.source == Source::prints || readable.source == Source::process) handle(readable, Clock::now());
    }
    for (Place& place : places_) {
      if (!place.worker) continue;
      if (const std::optional<Ending> ending = place.worker->reap()) bury(place, *ending);
    }
  }
  sweep(Clock::now());
  spawner_watch_ = {};
  spawner_.reset();  // processes that nobody took are killed with it
}

Crew::~Crew() {
  stop(200ms);
}

}  // namespace gantry::pool
