// Thread mode: the workers are threads of one process, which the first of them leads. They are born into it once it is
// ready, and all die with it; each has a channel of its own, as a process has.
#include <algorithm>
#include <utility>

#include "pool/crew.hpp"

namespace gantry::pool {

std::vector<Crew::Place*> Crew::housemates(Place& leader) {
  std::vector<Place*> all{&leader};
  if (!shares_process()) return all;
  for (Place& place : places_) {
    const bool inside = place.worker && place.worker->phase() != Worker::Phase::spawning;
    if (inside && &place != &leader) all.push_back(&place);
  }
  return all;
}

void Crew::bear_thread(Place& place) {
  Place& leader = leader_of(place);
  if (!leader.worker && !leader.retry) bear(leader);
  host::Result<std::unique_ptr<Worker>> made = Worker::make_thread(place.index, ++lives_, shelves_);
  if (!made) return postpone(place, std::move(made.error()));
  place.worker = std::move(*made);
  if (leader.worker && leader.worker->phase() == Worker::Phase::ready) admit(place);
}

// An error: most likely the process is gone, which will be heard of; another try follows in any case.
void Crew::admit(Place& place) {
  host::Result<void> admitted = leader_of(place).worker->admit(*place.worker, reactor_, Clock::now());
  if (!admitted) postpone(place, std::move(admitted.error()));
}

void Crew::admit_all() {
  for (Place& place : places_) {
    if (place.worker && place.worker->is_thread() && place.worker->phase() == Worker::Phase::spawning) admit(place);
  }
}

// A worker without work has written out what its tasks printed: it is not to wait for the next look.
void Crew::drain_shared() {
  Worker* leader = places_.front().worker.get();
  if (leader != nullptr && leader->runs()) leader->drain({}, events_);
}

// Of tasks that began together, all that are over their limit are late: not only the one that was looked at first.
void Crew::condemn_late_together(Time now) {
  const auto is_late = [](const Place& place) {
    return place.worker && place.worker->condemned() && place.worker->condemned()->overdue;
  };
  if (std::ranges::none_of(places_, is_late)) return;
  for (Place& place : places_) {
    if (place.worker && place.worker->phase() == Worker::Phase::ready) place.worker->condemn_if_late(now);
  }
}

}  // namespace gantry::pool
