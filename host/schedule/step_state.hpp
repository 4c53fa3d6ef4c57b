// What the scheduler knows of one step: ranges and counts, nothing per task but what failed.
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <vector>

#include "schedule/absences.hpp"
#include "schedule/arrivals.hpp"
#include "schedule/cause.hpp"
#include "schedule/chunk_size.hpp"
#include "schedule/homes.hpp"
#include "schedule/intervals.hpp"
#include "schedule/readers.hpp"
#include "schedule/schedule.hpp"

namespace gantry::schedule {

enum class Phase : std::uint8_t {
  waiting,  ///< for gates (keep and order edges), or for the sizes of stream producers
  sizing,   ///< the driver has been, or will be, asked for the number of tasks
  open,     ///< tasks may be leased as their elements arrive
  decided,  ///< skipped or failed as a whole: its outcomes are on their way
  ended,    ///< every task has its outcome
};

/// Tasks that have been started and must be started again.
struct Retries {
  std::map<std::uint64_t, std::uint32_t> starts;  ///< used up so far, by index; until the task's outcome
  std::set<std::uint64_t> waiting;                ///< those that are in no lease
};

/// What tasks that are not bound to a worker ask of the one that they are given: see placement.cpp.
enum class Placing : std::uint8_t {
  plain,        ///< they use and make no pinned value
  waits,        ///< the same, and they may wait for others
  makes,        ///< they make the root of a home
  makes_apart,  ///< of one that shares its worker with no other, or they may wait themselves
};
inline constexpr std::size_t placings = 4;

/// A use of a step's values by another.
struct Tenant {
  std::uint32_t step = 0;
  std::uint32_t use = 0;  ///< number in its residents
};

struct StepState {
  StepState(Step spec, bool is_kept) : step(std::move(spec)), chunk(step.chunk), kept(is_kept) {}

  Step step;
  ChunkSize chunk;
  IntervalSet ready;                     ///< elements are there; in no lease, never started. Not cut to the window
  IntervalSet ended;                     ///< with an outcome
  std::unique_ptr<Retries> retries;      ///< nothing: no task was ever to be retried
  std::unique_ptr<Arrivals> arrivals;    ///< of two and more stream producers
  std::vector<Arrival> doomed;           ///< elements without value that arrived before the step was open
  std::unique_ptr<Screening> screening;  ///< nothing: tasks that have what they need can run
  std::vector<Absence> absent;           ///< its tasks without a value, if some user shares them out
  std::vector<std::uint32_t> streams;    ///< numbers of its stream edges
  Readers holding;                       ///< the outside consumer, and stream users that hold it back
  Readers loose;                         ///< other stream users: see waits.hpp
  std::optional<Cause> failure;          ///< cause of the lowest task without a value
  std::optional<Cause> gate_failure;     ///< of the lowest-numbered failed gate
  std::uint64_t tasks = 0;               ///< once sized
  std::uint64_t leased = 0;              ///< in open leases, not reported
  std::uint64_t blocked = 0;             ///< of them, those whose task waits for others
  std::uint64_t position = 0;            ///< as a reader of its stream producers
  std::uint64_t consumed = 0;            ///< position of the outside consumer
  std::uint64_t failure_index = kNoEnd;
  std::uint32_t gate_edge = 0;
  std::uint32_t gates = 0;            ///< not yet decided
  std::uint32_t unsized_streams = 0;  ///< stream producers whose size is not known
  std::uint32_t keepers = 0;          ///< keep edges of users that have not ended
  std::vector<Tenant> tenants;        ///< uses of its values that reside somewhere
  std::uint64_t alive = 0;            ///< of them
  Isolation isolation;                ///< of the homes whose roots its tasks make
  Placing placing = Placing::plain;   ///< of a step that is not bound
  Phase phase = Phase::waiting;
  bool kept = false;
  bool sized = false;
  bool is_shared_out = false;  ///< among the tasks of some user
  bool bound = false;          ///< its tasks run where values are that they use: see homes.hpp
  bool keeps_inputs = false;   ///< what its tasks are given stays as long as its values, for they may be made again
  bool shapeless = false;      ///< failed or was skipped before its size was known: `tasks` is 1 and stands for all

  [[nodiscard]] bool retry_waits() const { return retries && !retries->waiting.empty(); }
  /// Tasks from here on must not start yet.
  [[nodiscard]] std::uint64_t limit() const;
  /// Results below it are not needed any more.
  [[nodiscard]] std::uint64_t releasable() const;
  /// Some task may be leased now, to any worker.
  [[nodiscard]] bool has_work() const {
    return phase == Phase::open && !bound && (retry_waits() || (!ready.empty() && ready.front().first < limit()));
  }
  /// Its values stay in the worker, or in the process, that made them.
  [[nodiscard]] bool pins() const {
    return step.residence == signature::Residence::worker || step.residence == signature::Residence::process;
  }
  /// They do, and it is open which one that will be.
  [[nodiscard]] bool pins_anew() const { return step.residence == signature::Residence::worker && !bound; }
  /// They can be made again.
  [[nodiscard]] bool is_repeatable() const { return step.idempotent && !step.alone; }
  /// Starts that a task to be retried has used up: 0 if it is not one.
  [[nodiscard]] std::uint32_t starts(std::uint64_t index) const;
};

}  // namespace gantry::schedule
