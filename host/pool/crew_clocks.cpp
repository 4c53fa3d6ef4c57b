// What is due: clocks of workers, retries, sweeps, and looks at workers that may have been stopped.
#include <algorithm>

#include "pool/crew.hpp"

namespace gantry::pool {
namespace {

constexpr std::chrono::seconds kCheckFilesEvery{1};
constexpr std::chrono::seconds ring_again{1};  // to workers that had work and were silent for so long

// Of a worker that has nothing to do, nobody waits for anything.
bool is_busy(Worker& worker) {
  return worker.phase() == Worker::Phase::loading || worker.channel().open_leases() > 0;
}

}  // namespace

Time Crew::next_due(Time now) const {
  Time next = sweep_.value_or(Time::max());
  for (const Place& place : places_) {
    if (place.worker) next = std::min(next, place.worker->due(now, options_.load_limit));
    if (place.worker && is_busy(*place.worker)) next = std::min(next, stop_look_);
    if (place.retry) next = std::min(next, *place.retry);
  }
  return next;
}

void Crew::pass_time(Time now, bool stalled) {
  look_for_silent(now);
  const bool reap = watched_by_clock();
  for (Place& place : places_) {
    if (place.worker && !place.worker->watch_room()) speak(place);
    if (place.worker) place.worker->channel().forget_gone();
    if (place.worker) place.worker->time_passed(reactor_, now, stalled, options_.load_limit, events_);
    if (reap && place.worker) {
      if (const std::optional<Ending> ending = place.worker->reap()) bury(place, *ending);
    }
    if (place.retry && now >= *place.retry) {
      place.retry.reset();
      if (!broken_ && !stopping_) bear(place);
    }
  }
  look_for_stopped(now, stalled);
  if (shares_process()) condemn_late_together(now);
  if (sweep_ && now >= *sweep_) sweep(now);
  if (now >= files_checked_ + kCheckFilesEvery) {
    files_checked_ = now;
    if (auto same = files_.check(); !same) give_up(std::move(same.error()));
  }
}

// Should a ring ever be lost, nothing else would tell.
void Crew::look_for_silent(Time now) {
  if (now - rung_ < ring_again) return;
  rung_ = now;
  take_born(now);
  for (Place& place : places_) {
    if (place.worker && place.worker->is_silent()) place.worker->channel().ring_again();
  }
}

void Crew::look_for_stopped(Time now, bool stalled) {
  if (now < stop_look_ && !stalled) return;
  stop_look_ = now + StopWatch::look_every;
  for (Place& leader : places_) {
    if (!leader.worker || !leader.worker->runs()) continue;
    const auto busy = [](const Place* place) { return is_busy(*place->worker); };
    auto warning = leader.worker->check_stopped(std::ranges::any_of(housemates(leader), busy), now, stalled);
    if (warning) tell(std::move(*warning));
  }
}

bool Crew::watched_by_clock() const {
  return std::ranges::any_of(places_, [](const Place& place) { return place.worker && place.worker->unwatched(); });
}

}  // namespace gantry::pool
