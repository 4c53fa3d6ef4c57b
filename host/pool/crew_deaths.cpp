// Deaths: what a dead worker leaves, who is to blame, who replaces it, and the end of all.
#include <fmt/format.h>

#include <algorithm>
#include <csignal>
#include <iterator>
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

// Only our own SIGKILL makes a death ours: it may have died of something else in that moment.
bool is_ours(const Ending& ending) {
  return ending.how != Ending::How::signalled || ending.code == SIGKILL;
}

// `reason`: why the pool killed it, if it did.
Death death_of(const Ending& ending, const std::optional<Condemned>& reason, bool running) {
  Death death{how_of(ending), ending.code, sentence_of(ending, running), 0, {}};
  if (reason && is_ours(ending)) {
    death.how = reason->how;
    death.sentence = reason->sentence;
  }
  return death;
}

// A worker that we killed because it stood still was not killed for its own sake either.
Blame blame_of(const Ending& ending, const std::optional<Condemned>& reason) {
  const bool killed = ending.how == Ending::How::signalled && ending.code == SIGKILL;
  return killed && (!reason || reason->stopped) ? Blame::others : Blame::own;
}

}  // namespace

// What a worker reported to the last, and what it had not yet reported.
Crew::Left Crew::take_left(Place& place) {
  Left left{&place, std::exchange(place.worker, nullptr), {}, false, false};
  Worker& worker = *left.worker;
  worker.hear(Clock::now());  // its last words
  left.was_ready = worker.phase() == Worker::Phase::ready;
  if (!left.was_ready) return left;
  while (collect_from(place, worker)) continue;
  left.remains = worker.channel().remains();
  // A worker that lied is not believed in its testament either.
  const std::optional<Condemned>& reason = worker.condemned();
  const bool trusted = !reason || reason->how != Death::How::protocol;
  left.remains.spoilt = left.remains.spoilt || !trusted;
  if (left.remains.values && trusted) {
    events_.emplace_back(std::move(*left.remains.values));
    crash_loop_.progress();
  }
  return left;
}

void Crew::bury(Place& place, const Ending& ending) {
  std::vector<Left> dead;
  for (Place* each : housemates(place)) dead.push_back(take_left(*each));
  const Left& first = dead.front();
  std::optional<wire::Running> running;
  if (first.remains.running && !shares_process()) {
    running = wire::Running{first.remains.lease, *first.remains.running, 0};
  }
  first.worker->drain(running, events_);
  if (stopping_) {  // whoever ends all of them sweeps for all
    if (first.was_ready) static_cast<void>(tell_deaths(dead, ending));
    return;
  }
  sweep(Clock::now());
  // A plugin's file that was written to is the commonest cause of such deaths, and worth more than the task's error.
  if (auto same = files_.check(); !same) return give_up(std::move(same.error()));
  if (first.worker->retired()) {
    dead.clear();  // the next one gets the same descriptors
    return bear(place);
  }
  const Blame blame = blame_of(ending, first.worker->condemned());
  if (!first.was_ready) {
    const Death death = death_of(ending, first.worker->condemned(), false);
    Stillborn stillborn{first.worker->loading(),
                        first.worker->plugins(),
                        death.sentence,
                        ending.name(),
                        death.how == Death::How::not_started,
                        blame,
                        first.worker->prints().last_lines()};
    dead.clear();  // the next one gets the same descriptors
    return mourn(place, std::move(stillborn));
  }
  const bool late = std::ranges::any_of(dead, [](const Left& left) {
    return left.worker->condemned() && left.worker->condemned()->how == Death::How::not_started;
  });
  if (late) {
    return give_up({host::ErrorKind::infrastructure,
                    "a worker process does not start the threads that it is asked for: one was not ready after " +
                        duration_text(options_.load_limit),
                    {}});
  }
  const bool at_work = tell_deaths(dead, ending);
  const std::string sentence = std::get<schedule::event::Lost>(events_.back()).death.sentence;
  if (!at_work && is_hopeless(place, blame, sentence)) {
    return give_up({host::ErrorKind::infrastructure,
                    fmt::format("{} workers died within {} without completing a task, the last one {}", CrashLoop::most,
                                duration_text(CrashLoop::within), sentence),
                    {}});
  }
  // First what the dead were watched by: the next ones get the same descriptors.
  for (Left& left : dead) left.worker.reset();
  for (const Left& left : dead) {
    if (at_work) {
      bear(*left.place);
    } else {
      replace(*left.place, sentence);
    }
  }
}

// Nothing but dying happens, and nobody is there who could go on; where somebody is, that is told now and then.
bool Crew::is_hopeless(const Place& place, Blame blame, const std::string& death) {
  const Time now = Clock::now();
  if (!crash_loop_.died(now, blame)) return false;
  if (!some_ready()) return true;
  if (loop_told_ && now - *loop_told_ < Shortage::next_word) return false;
  loop_told_ = now;
  tell(place, "workers die one after another, the last one " + death + "; the others go on without it");
  return false;
}

bool Crew::some_ready() const {
  return std::ranges::any_of(places_, [](const Place& place) {
    return place.worker && place.worker->phase() == Worker::Phase::ready && !place.worker->condemned();
  });
}

// The first time at once; then ever more rarely, until it completes a task.
void Crew::replace(Place& place, const std::string& death) {
  if (place.patience > 0ms) return rest(place, death);
  place.patience = 1ms;
  bear(place);
}

// Once: a task that stops its own process would do so for ever.
bool Crew::excuse(const Left& left) {
  const std::optional<host::StepIndex> step = left.worker->step_of(left.remains.lease);
  if (!step || !left.remains.running) return false;
  const std::pair task(*step, *left.remains.running);
  if (std::ranges::find(excused_, task) != excused_.end()) return false;
  excused_.push_back(task);
  return true;
}

// One Lost for each worker of the process. False: no task ran that had to do with it.
bool Crew::tell_deaths(std::vector<Left>& dead, const Ending& ending) {
  std::optional<Condemned> reason;   // the first that any of them was killed for
  std::optional<Condemned> overdue;  // the first that was killed for its time limit
  std::uint32_t guilty = 0;
  std::uint64_t tasks_run = 0;
  bool spoilt = false;
  for (Left& left : dead) {
    spoilt = spoilt || (left.was_ready && left.remains.spoilt && host::raw(left.remains.lease) != 0);
    const std::optional<Condemned>& own = left.worker->condemned();
    if (own && !reason) reason = own;
    if (own && own->how == Death::How::timed_out && is_ours(ending)) {
      if (!overdue) overdue = own;
      // Between the look at the clock and the kill the late task may have ended: the next one is not to blame.
      left.excused = !left.worker->was_overdue(left.remains);
    }
    if (reason && reason->stopped && is_ours(ending)) left.excused = excuse(left);
    guilty += left.remains.running && !left.excused ? 1 : 0;
    tasks_run += left.remains.tasks_run;
  }
  if (spoilt && !overdue) {
    tell(*dead.front().place, "this worker ended (" + death_of(ending, reason, false).sentence +
                                  "): nothing that lay in its memory is believed, and tasks that it had begun run "
                                  "again, each alone");
  }
  for (Left& left : dead) {
    if (!left.was_ready) continue;  // its chunks wait for the next one
    const std::optional<Condemned>& own = left.worker->condemned();
    schedule::event::Lost lost{left.place->index, left.remains.lease, left.remains.running, {}, 0, left.excused, {}};
    lost.death = death_of(ending, own ? own : reason, left.remains.running.has_value());
    lost.death.tasks_run = tasks_run;
    lost.death.last_lines = left.worker->prints().last_lines();
    if (overdue && lost.death.how == Death::How::timed_out && (!own || left.excused)) {
      lost.death.how = Death::How::signalled;
      lost.death.sentence = "killed with its process";
      if (!own) lost.overdue = {overdue->step, overdue->overdue->index};
    } else if (lost.running && !overdue && !left.excused) {
      lost.others = guilty - 1;
    }
    lost.spoilt = spoilt && !overdue;
    tell_lost(*left.place, std::move(lost));
  }
  return guilty > 0 || overdue || spoilt || std::ranges::any_of(dead, &Left::excused);
}

// It died before it was ready: its chunks wait for the next one.
void Crew::mourn(Place& place, Stillborn dead) {
  if (probing_) {
    // An early one is born again when it has work: if a plugin is to blame, the probe finds that out by itself.
    if (&place == &places_.front()) stillborn_ = std::move(dead);
    return;
  }
  const bool beginning = dead.loading.beginning().has_value();
  const std::optional<std::size_t> guilty = beginning ? dead.loading.beginning() : dead.loading.busy_with();
  const bool hopeless = is_hopeless(place, dead.blame, dead.sentence);
  if (hopeless || (dead.hung && !some_ready())) {
    const std::string last = dead.last_lines.empty() ? std::string() : "; it last printed: " + dead.last_lines.back();
    return give_up({host::ErrorKind::infrastructure,
                    "workers do not become ready, the last one " + dead.sentence +
                        (beginning ? " while a plugin began"
                         : guilty  ? " while it was loading a plugin"
                                   : "") +
                        last,
                    guilty ? paths_[dead.plugins[*guilty]] : options_.program.string()});
  }
  replace(place, dead.sentence);
}

// The driver hears of it with the next events: what it sends until then is void too.
void Crew::tell_lost(Place& place, schedule::event::Lost lost) {
  place.waiting.clear();
  place.lost = true;
  lost.worker = place.index;
  events_.emplace_back(std::move(lost));
}

void Crew::give_up(host::Error error) {
  if (broken_) return;
  broken_ = error;
  events_.emplace_back(schedule::event::Broken{std::move(error)});
}

std::vector<Living> Crew::living() const {
  std::vector<Living> all;
  for (const Place& place : places_) {
    if (place.worker && place.worker->runs()) all.push_back({place.worker->process_id(), place.mark});
  }
  return all;
}

void Crew::sweep(Time now) {
  std::vector<Living> workers = living();
  // One that is being started may be there already, though its birth has not been heard of: it is no stray, and if it
  // is not wanted any more, whoever takes the spawner's answer ends it.
  for (const Unborn& each : unborn_) workers.push_back({-1, each.mark});
  sweep_.reset();
  if (strays_.sweep(workers)) sweep_ = now + kSweepEvery;
}

void Crew::stop(std::chrono::nanoseconds grace) {
  stopping_ = true;
  for (Place& place : places_) {
    place.waiting.clear();
    place.retry.reset();
    if (!place.worker) continue;
    const bool admitted = place.worker->is_thread() && place.worker->phase() != Worker::Phase::spawning;
    if (!place.worker->runs() && !admitted) {
      place.worker.reset();  // the spawner's answer finds no place, and the process dies
    } else if (place.worker->phase() != Worker::Phase::ready && !admitted) {
      place.worker->condemn({Death::How::signalled, "killed: the pool was stopped", {}, {}});
    } else {
      Place& leader = leader_of(place);
      leader.busy = leader.busy || place.worker->channel().open_leases() > 0;
      place.worker->dismiss();
      if (place.worker->runs()) place.worker->watch_prints(reactor_);
    }
  }
  end_all(later(Clock::now(), grace));
}

void Crew::end_all(Time until) {
  while (!living().empty()) {
    const Time now = Clock::now();
    if (now >= until) {
      for (Place& place : places_) {
        if (!place.worker || !place.worker->runs() || place.worker->condemned()) continue;
        const bool ends = begins_ && !place.busy;  // plugins may have much to close
        if (ends && now < until + kEndPatience) continue;
        if (ends) {
          tell(place, "killed: its plugins did not end within " + duration_text(kEndPatience));
        }
        place.worker->condemn({Death::How::signalled, "killed: the pool was stopped", {}, {}});
      }
    }
    // SIGKILL is enough, however long the kernel takes about it: no bound on the number of looks.
    await_end(now < until ? std::min<std::chrono::nanoseconds>(until - now, 50ms) : 50ms);
  }
  spawner_watch_ = {};
  spawner_.reset();  // processes that nobody took are killed with it
  unborn_.clear();
  sweep(Clock::now());
}

// Waits for prints and for processes that end.
void Crew::await_end(std::chrono::nanoseconds at_most) {
  for (const Readable& readable : reactor_.wait(at_most)) {
    if (readable.source == Source::prints || readable.source == Source::process) handle(readable, Clock::now());
  }
  for (Place& place : places_) {
    if (!place.worker || !place.worker->unwatched()) continue;
    if (const std::optional<Ending> ending = place.worker->reap()) bury(place, *ending);
  }
  sweep(Clock::now());
}

std::optional<schedule::Running> Crew::running_in(const Place& place, bool cancels) {
  if (!place.worker || place.worker->phase() != Worker::Phase::ready) return std::nullopt;
  const std::optional<wire::Running> running = place.worker->channel().running();
  if (!running) return std::nullopt;
  if (cancels) place.worker->channel().cancel(*running);
  return schedule::Running{place.index, running->lease, running->index, since(running->since_ns, Clock::now())};
}

std::vector<schedule::Running> Crew::running() const {
  std::vector<schedule::Running> all;
  for (const Place& place : places_) {
    if (const auto running = running_in(place, false)) all.push_back(*running);
  }
  return all;
}

std::vector<schedule::Running> Crew::cancel() {
  std::vector<schedule::Running> all;
  for (const Place& place : places_) {
    if (const auto running = running_in(place, true)) all.push_back(*running);
  }
  return all;
}

void Crew::interrupt(std::vector<schedule::Event>& events) {
  stopping_ = true;
  for (Place& place : places_) {
    place.waiting.clear();
    place.retry.reset();
    if (!place.worker || place.worker->channel().open_leases() == 0) continue;
    if (Place& leader = leader_of(place); leader.worker) {
      leader.worker->condemn({Death::How::interrupted, "killed: the run was ended", {}, {}});
    }
  }
  const auto is_dying = [](const Place& place) {
    return place.worker && place.worker->runs() && place.worker->condemned();
  };
  while (std::ranges::any_of(places_, is_dying)) await_end(50ms);
  std::ranges::move(events_, std::back_inserter(events));
  events_.clear();
}

Crew::~Crew() {
  stop(200ms);
}

}  // namespace gantry::pool
