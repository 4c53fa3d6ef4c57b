// The scheduler's state, in three parts: what may be leased (dispatch.cpp), what workers report (report.cpp),
// what follows from an outcome (settle.cpp), and which tasks cannot run (screen.cpp). Values that reside somewhere:
// residents.cpp, where their tasks run: tenancy.cpp, and where all others do: placement.cpp.
#pragma once

#include <array>
#include <chrono>
#include <cstdint>
#include <optional>
#include <set>
#include <utility>
#include <vector>

#include "schedule/homes.hpp"
#include "schedule/leases.hpp"
#include "schedule/schedule.hpp"
#include "schedule/standing.hpp"
#include "schedule/step_set.hpp"
#include "schedule/step_state.hpp"
#include "schedule/uses.hpp"

namespace gantry::schedule {

class Schedule::State {
 public:
  State(std::vector<Step> steps, unsigned workers, unsigned spare, bool shared_process);

  // dispatch.cpp
  [[nodiscard]] std::optional<Lease> next(std::uint32_t worker);
  /// Tasks of an open lease that nobody will report under it: free again, at no cost.
  void give_back(OpenLease& open, Range range);

  // recall.cpp
  [[nodiscard]] std::optional<Lease> wants_recall();

  // settle.cpp
  /// The step has this many tasks, and starts. `shapeless`: nobody knows how many; one stands for all.
  void set_size(std::uint32_t step, std::uint64_t tasks, bool shapeless);
  void open(std::uint32_t step, std::uint64_t tasks);
  /// Tasks have their outcome: values, or none for this cause. Takes effect with follow().
  void settle(std::uint32_t step, Range range, std::optional<Cause> cause);
  /// Draws all consequences of what has been settled.
  void follow();

  // screen.cpp
  /// Before the step opens: which of its tasks cannot run, by the failures of its producers.
  void screen(std::uint32_t step, const std::vector<Share>& shares);
  void refuse(std::uint32_t step);
  /// Tasks of an open step have all they use. They may be leased, are skipped, or fail, for which follow() is due.
  void admit(std::uint32_t step, Range tasks);
  /// The step's limit has moved: more of its tasks are asked. Takes effect with follow().
  void admit_more(std::uint32_t step) {
    if (steps_[step].screening) ask_more(step);
  }

  // report.cpp
  /// Takes a run of tasks out of an open lease, because of what its worker said of them. False: they are not in it.
  [[nodiscard]] bool take(OpenLease& open, Range range);
  /// A task of an open lease ended badly: for good, or (if the step `wants` that, and may) to start again.
  /// `died`: with its process.
  [[nodiscard]] Verdict judge(OpenLease& open, std::uint64_t index, bool wants, bool died);
  [[nodiscard]] Verdict lost(std::uint32_t worker, LeaseId lease, std::optional<std::uint64_t> running, bool timed_out,
                             bool spoilt);
  void suspect(OpenLease& open, std::optional<std::uint64_t> last);
  /// Its task waits for others, or does so no more.
  void block(OpenLease& open, bool waits);
  void close(OpenLease& open);

  // residents.cpp
  /// Tasks of a step were given values that reside somewhere, by this worker.
  void made(std::uint32_t step, Range tasks, std::uint32_t worker);
  void made_again(const OpenLease& open);
  void not_made_again(const OpenLease& open, Loss::Why why);
  /// Nobody made it again yet.
  void make_again_later(const OpenLease& open);
  /// The worker is dead, with all that was pinned in it.
  void move_out(std::uint32_t worker);
  /// Drops the value if all who use it are done.
  void try_drop(Resident value);

  // tenancy.cpp
  /// The value by which the home is known that the task belongs to.
  [[nodiscard]] Resident root_of(std::uint32_t step, std::uint64_t index) const;
  /// Tasks of a bound step have all that they need: they go to their homes.
  void send_home(std::uint32_t step, Range tasks);

  // placement.cpp
  /// Whether the step has work is to be looked at again.
  void refresh(std::uint32_t step);
  /// The driver need not ask places from this one on.
  [[nodiscard]] std::uint32_t places();
  /// Some place can have such a task now, or once the task that it runs has ended.
  [[nodiscard]] bool has_place(Placing placing);

  // standing.cpp
  [[nodiscard]] std::vector<Standing> standing();
  /// Who waits where tasks of the step are to run that could run otherwise.
  [[nodiscard]] const OpenLease* holds_up(std::uint32_t step) const;

  /// How long tasks of the step take: as they did, or as those of its kin did.
  [[nodiscard]] const ChunkSize& pace(const StepState& state) const {
    return state.chunk.known() || !state.step.kin ? state.chunk : kin_[*state.step.kin];
  }
  void measured(StepState& state, std::uint64_t tasks, std::chrono::nanoseconds busy);

  std::vector<StepState> steps_;
  std::vector<ChunkSize> kin_;  ///< what is known of functions
  Uses uses_;
  Leases leases_;
  std::array<StepSet, placings> ready_;  ///< steps that have work, by what their tasks ask of a place
  std::vector<Skipped> skipped_;
  std::vector<StepIndex> unsized_;
  std::vector<TaskRun> refused_;
  std::vector<TaskRun> unrepeatable_;
  /// Tasks in retries->waiting that may have ruined their process, by step and index: each is to run alone.
  std::set<std::pair<std::uint32_t, std::uint64_t>> suspects_;
  LeaseId alone_{};  ///< the last lease of one of them
  bool shared_process_;
  Homes homes_;
  std::set<Resident> alive_;   ///< values that reside somewhere, and that somebody may still use
  std::set<Resident> broken_;  ///< homes with lost values
  std::vector<bool> present_;  ///< by worker
  std::vector<Forsaken> forsaken_;
  std::vector<Dropped> dropped_;
  std::size_t ended_ = 0;      ///< steps
  std::uint64_t changes_ = 0;  ///< see Schedule::changes()
  bool draining_ = false;

 private:
  /// Something that others wait for. Consequences are queued, not recursed into: chains are 10^5 steps long.
  struct Notice {
    enum class Kind : std::uint8_t { sized, settled, ended };
    Kind kind = Kind::settled;
    std::uint32_t step = 0;
    Range range;
    std::optional<Cause> cause;
  };

  /// What is in a place: pinned values, and what they are to be kept from.
  struct Holding {
    bool any = false;
    Isolation isolation;
  };
  /// Places with homes, and those of them that take more.
  struct Census {
    unsigned homes = 0;
    unsigned shared = 0;
  };

  void settle_in(std::uint32_t step);
  void connect(std::uint32_t step);
  void tell_sized(std::uint32_t step);
  void tell_settled(const Notice& notice);
  void tell_ended(std::uint32_t step);
  void decide_gate(const Use& use, const std::optional<Cause>& cause);
  void try_start(std::uint32_t step);
  void skip_all(std::uint32_t step, const Cause& cause);
  void skip(std::uint32_t step, Range range, const Cause& cause);
  void arrive(const Use& use, Range range, const std::optional<Cause>& cause);
  void land(std::uint32_t step, Range range, const std::optional<Cause>& cause);
  void ask_more(std::uint32_t step);
  void decide(std::uint32_t step, const Absences::Part& part);
  void move_to(std::uint32_t step, std::uint64_t position);
  [[nodiscard]] std::optional<Lease> choose(std::uint32_t worker);
  [[nodiscard]] std::optional<Lease> next_suspect(std::uint32_t worker);
  [[nodiscard]] std::uint64_t wanted(const StepState& state) const;
  /// The latest step whose tasks this worker may have.
  [[nodiscard]] std::optional<std::uint32_t> latest_ready(std::uint32_t worker);
  [[nodiscard]] std::optional<std::uint32_t> latest_of(StepSet& ready);
  [[nodiscard]] bool may_have_another(std::uint32_t worker, const StepState& state);
  [[nodiscard]] std::optional<Lease> next_free(std::uint32_t worker, std::uint32_t step);

  // recall.cpp
  [[nodiscard]] std::uint64_t unclaimed(const OpenLease& open) const;
  [[nodiscard]] OpenLease* best_to_recall();
  [[nodiscard]] OpenLease* any_to_recall();
  [[nodiscard]] bool has_taker(Placing placing);

  // tenancy.cpp
  [[nodiscard]] std::uint32_t pinned_producer(std::uint32_t step) const;
  [[nodiscard]] const ResidentUse& pinned_use(std::uint32_t step) const;
  /// A lost value that is to be made again here. `waits`: one is, once the worker has nothing else to do.
  [[nodiscard]] std::optional<Lease> next_again(std::uint32_t worker, bool& waits);
  [[nodiscard]] std::optional<Homes::Offer> best_offer(std::uint32_t worker);
  [[nodiscard]] std::optional<Lease> next_bound(std::uint32_t worker, const Homes::Offer& offer);
  [[nodiscard]] bool may_have_bound(std::uint32_t worker, const StepState& state, std::uint64_t size);
  [[nodiscard]] bool may_run(std::uint32_t worker, std::uint32_t step, std::uint64_t index);

  // placement.cpp
  void isolate();
  [[nodiscard]] Placing placing_of(const StepState& state) const;
  [[nodiscard]] bool has_ready() const;
  [[nodiscard]] Holding holding(std::uint32_t worker) const;
  [[nodiscard]] Census census();
  [[nodiscard]] bool has_place_at(Resident root, const Home& home, std::uint32_t step);
  [[nodiscard]] std::uint32_t places_in_use();
  [[nodiscard]] bool may_hold(std::uint32_t worker, Placing placing) const;
  [[nodiscard]] bool is_next_place(std::uint32_t worker, Placing placing) const;
  [[nodiscard]] bool may_settle(std::uint32_t worker, Placing placing, const Census& census) const;
  /// A new home may be made here now: it is idle, and no idle one that could have it has fewer.
  [[nodiscard]] bool may_pin(std::uint32_t worker, Placing placing);
  /// Some worker may_pin().
  [[nodiscard]] bool can_pin(Placing placing);
  [[nodiscard]] bool is_idle(std::uint32_t worker) const;
  /// A task that is not bound may be leased to this worker, now or when it has done what it has.
  [[nodiscard]] bool may_take(std::uint32_t worker, Placing placing);

  // residents.cpp
  void drop_unused(Resident root);
  void settle_root(Resident root, std::uint32_t worker);
  void forsake(std::uint32_t step, Range tasks, const Loss& loss);
  void give_up(Resident root, const Loss& loss);
  void bury(Resident value);
  [[nodiscard]] bool is_used(Resident value) const;
  void drop_inputs_of(std::uint32_t step, Range tasks);
  void drop_inputs_of_all(std::uint32_t step);
  void let_go_of_inputs(std::uint32_t step);

  bool makes_homes_ = false;              ///< some step does
  std::uint32_t in_use_ = 0;              ///< places below this have leases or homes, as last seen
  std::uint32_t recalls_from_ = 0;        ///< when draining: the worker whose leases are taken back
  std::vector<bool> loose_;               ///< of all edges: see waits.hpp
  std::vector<std::size_t> first_edges_;  ///< of each step, in loose_
  std::vector<Notice> notices_;
  std::vector<Arrival> landed_;
};

}  // namespace gantry::schedule
