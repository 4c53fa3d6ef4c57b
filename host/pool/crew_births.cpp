// Births: starting workers, hearing what they offer, refusing plugins that end them.
#include <gantry/abi.h>

#include <algorithm>
#include <iterator>
#include <utility>

#include "pool/crew.hpp"

namespace gantry::pool {
namespace {

using namespace std::chrono_literals;

constexpr auto kFirstRetry = 10ms;
constexpr auto kLongestRetry = 1000ms;
constexpr unsigned kLoadTries = 2;  // of a plugin that the worker dies of by itself

std::string last_line(const std::vector<std::string>& lines) {
  return lines.empty() ? std::string() : "; it last printed: " + lines.back();
}

}  // namespace

void Crew::bear(Place& place) {
  if (&leader_of(place) != &place) return bear_thread(place);
  place.drifted = place.may_go = false;
  host::Result<Worker::Made> made =
      Worker::make(place.index, ++lives_, paths_, plugins_, files_, shelves_, options_.mode);
  if (!made) return postpone(place, std::move(made.error()));
  made->birth.mark = strays_.mark().next();
  place.mark = made->birth.mark ? made->birth.mark->rlim_cur : 0;
  place.worker = std::move(made->worker);
  let_begin(*place.worker);
  unborn_.push_back({lives_, place.mark});
  spawner_->start(std::move(made->birth));
}

// Workers are told as soon as it is known: a new one finds all that it needs in its socket.
void Crew::let_begin(Worker& worker) {
  if (!offer_ || configurations_.size() != plugins_.size() || worker.was_told_to_begin()) return;
  for (std::uint32_t i = 0; i < worker.plugins().size(); ++i) {
    const auto known = std::ranges::find(plugins_, worker.plugins()[i]);
    if (known == plugins_.end()) continue;
    const auto position = static_cast<std::size_t>(known - plugins_.begin());
    if (!offer_->catalog.plugins[position].begin) continue;
    if (auto told = worker.begin(i, configurations_[position], Clock::now()); !told) {
      return give_up({host::ErrorKind::infrastructure,
                      "the configuration of a plugin cannot be sent to a worker: " + told.error().sentence,
                      paths_[plugins_[position]]});
    }
  }
}

void Crew::configure(std::vector<signature::Bytes> configurations) {
  configurations_ = std::move(configurations);
  for (const signature::Plugin& plugin : offer_ ? offer_->catalog.plugins : std::vector<signature::Plugin>{}) {
    begins_ = begins_ || plugin.begin.has_value();
  }
  for (Place& place : places_) {
    if (place.worker && !place.worker->is_thread()) let_begin(*place.worker);
  }
}

// What runs out (memory, processes, descriptors) may come back: try again, ever more rarely, as long as there is hope.
void Crew::postpone(Place& place, host::Error error) {
  place.worker.reset();
  if (probing_ && &place != &places_.front()) return;  // an early one is born again when it has work
  if (probing_) end_early();                           // what they hold may be what is short
  const bool alone = living().empty() && unborn_.empty();
  const std::optional<std::string> lack = lack_of_descriptors(options_.mode);
  if (lack) error = {host::ErrorKind::infrastructure, *lack, {}};
  rest(place, error.sentence);
  switch (shortage_.failed(Clock::now(), alone, lack.has_value())) {
    case Shortage::Verdict::bear:
      return;
    case Shortage::Verdict::tell:
      return tell(place, (alone ? "no worker can be started yet, which is tried again: "
                                : "a worker cannot be started yet, and the others go on without it: ") +
                             error.sentence);
    case Shortage::Verdict::give_up:
      error.sentence = (lack ? "no worker can be started: "
                             : "no worker could be started for " + duration_text(Shortage::limit) + ": ") +
                       error.sentence;
      return give_up(std::move(error));
  }
}

// Others are to have its chunks, rather than wait for it.
void Crew::rest(Place& place, const std::string& why) {
  place.patience = std::clamp<std::chrono::milliseconds>(place.patience, kFirstRetry, kLongestRetry);
  place.retry = Clock::now() + place.patience;
  place.patience *= 2;
  if (place.waiting.empty()) return;
  schedule::event::Lost lost;
  lost.death.how = schedule::Death::How::not_started;
  lost.death.sentence = why;
  tell_lost(place, std::move(lost));
}

// Before there is a run, nobody takes events.
void Crew::tell(schedule::event::Printed warning) {
  if (probing_ && options_.tell) return options_.tell(warning.text);
  events_.emplace_back(std::move(warning));
}

void Crew::tell(const Place& place, std::string sentence) {
  tell({place.index, {}, 0, 0, GANTRY_LOG_WARNING, std::move(sentence)});
}

void Crew::take_born(Time now) {
  if (!spawner_) return;  // the pool was stopped
  for (Born& born : spawner_->take()) {
    std::erase_if(unborn_, [&](const Unborn& each) { return each.life == born.life; });
    Place* place = find({Source::spawner, born.worker, born.life});
    if (place == nullptr) continue;  // not wanted any more: its owner goes out of scope, and it dies
    if (!born.process) {
      if (born.temporary) {
        postpone(*place, std::move(born.process.error()));
      } else {
        place->worker.reset();
        give_up(std::move(born.process.error()));
      }
    } else if (auto watched = place->worker->started(reactor_, std::move(*born.process), now); !watched) {
      postpone(*place, std::move(watched.error()));
    } else {
      shortage_.passed();
    }
  }
}

void Crew::greet(Place& place) {
  Worker& worker = *place.worker;
  if (!worker.is_thread()) {
    if (!probing_ && !verify(place)) return;
    worker.drain({}, events_);  // what was printed until now is no task's
    if (shares_process()) admit_all();
  }
  events_.emplace_back(schedule::event::Ready{place.index});
  if (host::Result<void> sent = send_waiting(place); !sent) return give_up(std::move(sent.error()));
  if (place.worker) place.worker->channel().ring();
}

// One that loaded another file, for its path had just come to lead elsewhere, is replaced by one that is handed the
// file; any other difference ends the run. False: the worker is not the one that it was.
bool Crew::verify(Place& place) {
  host::Result<void> fine = inspect(*place.worker);
  if (fine) return true;
  const auto is_moved = [&](std::uint32_t position) {
    const auto moved = files_.moved(position);
    return moved && moved->has_value();
  };
  if (std::ranges::count_if(place.worker->plugins(), is_moved) <= place.worker->files_passed()) {
    give_up(std::move(fine.error()));
    return false;
  }
  place.worker.reset();
  sweep(Clock::now());
  bear(place);
  return false;
}

// Every worker must offer what the plan was made of.
host::Result<void> Crew::inspect(const Worker& worker) const {
  for (std::size_t i = 0; i < worker.plugins().size(); ++i) {
    const auto known = std::ranges::find(plugins_, worker.plugins()[i]);
    if (known == plugins_.end()) continue;  // refused before: by this very worker, if it told the catalog
    const std::string& path = paths_[worker.plugins()[i]];
    if (const std::string* sentence = worker.loading().refused(i)) {
      return host::fail(host::ErrorKind::plugin, "a worker refused a plugin: " + *sentence, path);
    }
    if (!offer_) continue;
    const signature::Plugin& expected = offer_->catalog.plugins[static_cast<std::size_t>(known - plugins_.begin())];
    const signature::Plugin& loaded = *worker.loading().loaded(i);
    if (!same_offer(expected, loaded) || !files_.matches(worker.plugins()[i], loaded.file)) {
      return host::fail(host::ErrorKind::plugin, "the plugin was replaced during the run: start the run again", path);
    }
  }
  return {};
}

host::Result<Offer> Crew::catalog() {
  unsigned deaths = 0;  // by themselves, since the last refusal
  while (!offer_) {
    if (broken_) return std::unexpected(*broken_);
    if (stopping_) return host::fail(host::ErrorKind::infrastructure, "the pool was stopped");
    Place& place = places_.front();
    probing_ = true;
    stillborn_.reset();
    // Once one died of a plugin: one alone, until it is known whom else that would cost.
    const bool alone = shares_process() || !refusals_.empty();
    summon(1);  // before CPUs are counted, which takes a while
    if (!alone && options_.early > 1) summon(std::min(options_.early, cpus()));
    std::vector<schedule::Event> meanwhile;  // for wait(); out of the way, since turn() does not sleep on events
    while (!broken_ && !stillborn_ && !(place.worker && place.worker->loading().answered())) {
      turn(Clock::now() + 1s);
      std::ranges::move(std::exchange(events_, {}), std::back_inserter(meanwhile));
    }
    events_ = std::move(meanwhile);
    probing_ = false;
    if (stillborn_) {
      const bool by_itself = stillborn_->blame == Blame::own;
      const bool again = by_itself ? ++deaths < kLoadTries : !crash_loop_.died(Clock::now(), Blame::others);
      if (again && !stillborn_->hung) {
        replace(place, stillborn_->sentence);
        continue;
      }
      deaths = 0;
      refuse_guilty(std::move(*std::exchange(stillborn_, std::nullopt)));
    } else if (!broken_) {
      settle(*place.worker);
    }
  }
  return *offer_;
}

// The worker is ready: what it loaded is the catalog.
void Crew::settle(const Worker& worker) {
  crash_loop_.progress();
  Offer offer;
  std::vector<std::uint32_t> accepted;
  for (std::size_t i = 0; i < worker.plugins().size(); ++i) {
    if (const signature::Plugin* plugin = worker.loading().loaded(i)) {
      accepted.push_back(worker.plugins()[i]);
      offer.catalog.plugins.push_back(*plugin);
    } else {
      refusals_.push_back({worker.plugins()[i], *worker.loading().refused(i)});
    }
  }
  for (std::size_t i = 0; i < accepted.size(); ++i) {
    const std::uint32_t position = accepted[i];
    const auto pinned = position < options_.sha256.size() ? options_.sha256[position] : std::nullopt;
    if (auto held = files_.hold(position, paths_[position], offer.catalog.plugins[i].file, pinned); !held) {
      return give_up(std::move(held.error()));
    }
  }
  std::ranges::sort(refusals_, {}, &Refusal::position);
  offer.refusals = refusals_;
  plugins_ = std::move(accepted);
  offer_ = std::move(offer);
  if (!refusals_.empty()) return end_early();
  for (Place& place : places_) {  // who was ready before there was anything to compare with
    if (!place.worker || place.worker->phase() != Worker::Phase::ready) continue;
    static_cast<void>(verify(place));
  }
}

// They were asked to load what is refused now, and may die of it: nobody is to hear of that.
void Crew::end_early() {
  for (Place& place : places_) {
    if (&place == &places_.front()) continue;
    place.retry.reset();
    place.worker.reset();  // with its process, and if it has none yet: the spawner's answer finds no place
  }
  sweep(Clock::now());
}

// The worker died while it was loading: the plugin that it was busy with is refused, and the rest tried again.
void Crew::refuse_guilty(Stillborn dead) {
  const std::optional<std::size_t> guilty = dead.loading.busy_with();
  if (!guilty) {
    return give_up({host::ErrorKind::infrastructure,
                    "the worker program does not come up: " + dead.sentence +
                        (dead.loading.greeted() ? " after loading all plugins" : " before it said hello") +
                        last_line(dead.last_lines),
                    options_.program.string()});
  }
  std::vector<std::uint32_t> rest;
  for (std::size_t i = 0; i < dead.plugins.size(); ++i) {
    if (i == *guilty) {
      const std::string how =
          dead.hung ? "the worker was still loading it after " + duration_text(options_.load_limit) + ", and was killed"
                    : "the worker died while loading it: " + dead.ending;
      refusals_.push_back({dead.plugins[i], how + last_line(dead.last_lines)});
    } else if (const std::string* sentence = dead.loading.refused(i)) {
      refusals_.push_back({dead.plugins[i], *sentence});
    } else {
      rest.push_back(dead.plugins[i]);
    }
  }
  plugins_ = std::move(rest);
  end_early();
}

}  // namespace gantry::pool
