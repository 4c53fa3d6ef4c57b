// The workers of a pool: one place for each, with one life after another in it. Births, deaths, replacements and the
// one loop that waits for all of them. Used by the pool's thread.
#pragma once

#include <cstdint>
#include <deque>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "pool/clock.hpp"
#include "pool/crash_loop.hpp"
#include "pool/plugin_files.hpp"
#include "pool/pool.hpp"
#include "pool/reactor.hpp"
#include "pool/shortage.hpp"
#include "pool/spawner.hpp"
#include "pool/strays.hpp"
#include "pool/worker.hpp"
#include "wire/spin.hpp"

namespace gantry::pool {

class Crew {
  struct Key {};

 public:
  [[nodiscard]] static host::Result<std::unique_ptr<Crew>> make(Options options);
  Crew(Key, Options options, Reactor reactor, std::unique_ptr<Spawner> spawner, Watch watch);
  Crew(const Crew&) = delete;
  Crew& operator=(const Crew&) = delete;
  ~Crew();

  [[nodiscard]] bool shares_process() const { return options_.mode == host::Mode::thread; }
  [[nodiscard]] unsigned size() const { return options_.workers; }
  [[nodiscard]] unsigned spare() const { return static_cast<unsigned>(places_.size()) - options_.workers; }
  /// See Pool.
  [[nodiscard]] host::Result<Offer> catalog();
  void configure(std::vector<signature::Bytes> configurations);
  void lend(unsigned spare);
  [[nodiscard]] host::Result<void> check_plugins() { return files_.check(); }
  void summon(unsigned count);
  [[nodiscard]] host::Result<void> start(schedule::Chunk chunk);
  [[nodiscard]] std::uint64_t recall(const schedule::Lease& lease);
  [[nodiscard]] host::Result<void> answer(const schedule::Lease& lease, schedule::Answer answer);
  [[nodiscard]] std::chrono::nanoseconds wait(std::chrono::nanoseconds at_most, std::vector<schedule::Event>& events);
  [[nodiscard]] std::vector<schedule::Running> running() const;
  [[nodiscard]] std::vector<schedule::Running> cancel();
  void interrupt(std::vector<schedule::Event>& events);
  void drop(host::WorkerIndex worker, signature::Resident pinned);
  void reuse(signature::Bytes buffer);
  void stop(std::chrono::nanoseconds grace);

 private:
  struct Place {
    host::WorkerIndex index{};
    std::unique_ptr<Worker> worker;       ///< none: not wanted yet, or to be started again at `retry`
    std::deque<schedule::Chunk> waiting;  ///< until the worker is ready, or has room
    std::optional<Time> retry;
    std::chrono::milliseconds patience{0};  ///< before the next retry; 0: it was born, or completed a task
    bool busy = false;                      ///< when the pool was stopped: it ran a task
    bool lost = false;                      ///< its leases are void, and the driver has not been told yet
    std::uint64_t mark = 0;                 ///< of the worker's process
    bool drifted = false;                   ///< tasks changed the state of its process: it is to be replaced
    bool may_go = false;                    ///< and it held no pinned value when it said so last: it gets no chunk
  };
  /// A life that the spawner was asked for, and whose process was not taken yet.
  struct Unborn {
    std::uint32_t life = 0;
    std::uint64_t mark = 0;
  };
  /// How a worker that never became ready ended.
  struct Stillborn {
    Loading loading{0};
    std::vector<std::uint32_t> plugins;
    std::string sentence;  ///< "killed by SIGBUS"
    std::string ending;    ///< "SIGBUS"
    bool hung = false;
    Blame blame = Blame::own;
    std::vector<std::string> last_lines;
  };

  /// What a worker of a process that is dead left.
  struct Left {
    Place* place = nullptr;
    std::unique_ptr<Worker> worker;
    wire::Remains remains;
    bool was_ready = false;
    bool excused = false;  ///< it did not die for what it ran
  };

  // crew_threads.cpp: where all workers are threads of the first one's process
  [[nodiscard]] Place& leader_of(Place& place) { return shares_process() ? places_.front() : place; }
  /// Those that live in the process of this one, it first.
  [[nodiscard]] std::vector<Place*> housemates(Place& leader);
  void bear_thread(Place& place);
  void admit(Place& place);
  void admit_all();
  void drain_shared();
  void condemn_late_together(Time now);

  // crew_births.cpp
  void let_begin(Worker& worker);
  void bear(Place& place);
  void postpone(Place& place, host::Error error);
  void rest(Place& place, const std::string& why);
  void tell(schedule::event::Printed warning);
  void tell(const Place& place, std::string sentence);
  void take_born(Time now);
  void greet(Place& place);
  [[nodiscard]] bool verify(Place& place);
  [[nodiscard]] host::Result<void> inspect(const Worker& worker) const;
  void settle(const Worker& worker);
  void refuse_guilty(Stillborn dead);
  void end_early();

  // crew_deaths.cpp
  void bury(Place& place, const Ending& ending);
  void mourn(Place& place, Stillborn dead);
  void replace(Place& place, const std::string& death);
  [[nodiscard]] bool is_hopeless(const Place& place, Blame blame, const std::string& death);
  [[nodiscard]] bool some_ready() const;
  [[nodiscard]] bool excuse(const Left& left);
  [[nodiscard]] Left take_left(Place& place);
  [[nodiscard]] bool tell_deaths(std::vector<Left>& dead, const Ending& ending);
  void give_up(host::Error error);
  void tell_lost(Place& place, schedule::event::Lost lost);
  void sweep(Time now);
  [[nodiscard]] std::vector<Living> living() const;
  [[nodiscard]] bool watched_by_clock() const;
  void end_all(Time until);
  [[nodiscard]] static std::optional<schedule::Running> running_in(const Place& place, bool cancels);
  void await_end(std::chrono::nanoseconds at_most);

  // crew_drift.cpp
  void take_drift(schedule::event::Printed& told);
  void replace_drifted(Place& place);

  // crew.cpp
  [[nodiscard]] std::uint32_t position_for(const Worker& worker, std::uint32_t plugin) const;
  [[nodiscard]] host::Result<void> send_waiting(Place& place);
  void ring();
  void turn(Time until);
  void collect();
  bool collect_from(Place& place, Worker& worker);
  [[nodiscard]] Time next_due(Time now) const;
  /// Whether a processor is to spare while the workers do what they have; says so to them.
  [[nodiscard]] unsigned cpus();  ///< that host and workers share
  [[nodiscard]] bool may_spin();
  /// Looks at the rings for a moment, if that may pay: whether a worker reported.
  [[nodiscard]] bool spin();
  /// Until then at most; how long it meant to.
  std::chrono::nanoseconds sleep(Time now, Time until, std::vector<Readable>& readable);
  void handle(const Readable& readable, Time now);
  void hear(Place& place, Time now);
  void speak(Place& place);
  void pass_time(Time now, bool stalled);
  void look_for_silent(Time now);
  void look_for_stopped(Time now, bool stalled);
  [[nodiscard]] Place* find(const Readable& readable);

  Options options_;
  std::vector<std::string> paths_;
  PluginFiles files_;  ///< of plugins_
  Reactor reactor_;
  Strays strays_;  ///< outlives all processes
  std::unique_ptr<Spawner> spawner_;
  Watch spawner_watch_;
  std::vector<Place> places_;
  wire::Blocks blocks_;
  wire::Shelves shelves_;                ///< for large values of all workers
  std::size_t next_reuse_ = 0;           ///< the place that gets the next buffer
  unsigned unrung_ = 0;                  ///< chunks sent since ring()
  std::vector<schedule::Event> events_;  ///< that happened and were not yet taken
  std::vector<std::uint32_t> plugins_;   ///< what workers load now: positions in paths_
  std::vector<Refusal> refusals_;        ///< found by catalog()
  std::optional<Offer> offer_;
  std::vector<signature::Bytes> configurations_;  ///< of plugins in plugins_
  bool begins_ = false;                           ///< some plugin has a begin, and may have an end
  bool probing_ = false;                          ///< catalog() is going on: who dies at loading is not replaced
  std::optional<Stillborn> stillborn_;            ///< of the probe
  CrashLoop crash_loop_;
  std::optional<Time> loop_told_;               ///< that workers die one after another, while others work
  std::map<host::StepIndex, unsigned> drifts_;  ///< how often the tasks of a step changed the state of a process
  std::optional<host::Error> broken_;
  Shortage shortage_;
  bool stopping_ = false;
  std::uint32_t lives_ = 0;
  std::vector<Unborn> unborn_;
  std::optional<unsigned> cpus_;  ///< see cpus()
  wire::Spin spin_;
  std::chrono::nanoseconds slept_{0};  ///< in this wait(): with nothing to do
  Time files_checked_;                 ///< the last look at the plugins' files
  Time looked_;                        ///< the last look at descriptors and clocks
  Time rung_;                          ///< when silent workers were last rung
  std::optional<Time> sweep_;          ///< strays are on their way out
  Time stop_look_;                     ///< when workers are looked at that may have been stopped
  /// Tasks that were killed once because their process was stopped: the next time it is their own doing.
  std::vector<std::pair<host::StepIndex, std::uint64_t>> excused_;
};

}  // namespace gantry::pool
