#include "execution.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <utility>

namespace gantry::host {

namespace {

using Clock = std::chrono::steady_clock;

/// No event comes for longer than this only if nothing happens: the observer is still asked, so that ^C is honoured.
constexpr std::chrono::milliseconds kTurn{50};

/// Leases for one worker before it is another's turn.
constexpr unsigned kBurst = 64;

/// Arguments of one chunk that vary by more than their index are sent as rows; so many bytes of them at most.
constexpr std::size_t kRowBytes = 4U << 20;

schedule::Edge schedule_edge(const plan::Edge& edge) {
  using From = plan::Edge::Kind;
  using To = schedule::Edge::Kind;
  To kind = To::order;
  if (edge.kind == From::stream) kind = To::stream;
  if (edge.kind == From::keep) kind = To::keep;
  if (edge.kind == From::after) kind = To::after;
  return {kind, edge.producer, edge.element, edge.within.has_value(), edge.within && !edge.within->row};
}

std::vector<schedule::Step> schedule_steps(const plan::Plan& plan, const Policy& policy) {
  std::vector<schedule::Step> steps;
  steps.reserve(plan.steps().size());
  std::map<std::pair<std::uint32_t, std::uint32_t>, std::uint32_t> kin;
  for (std::size_t i = 0; i < plan.steps().size(); ++i) {
    const plan::Step& step = plan.steps()[i];
    schedule::Step& to = steps.emplace_back();
    to.tasks = step.tasks;
    to.asks = step.asks;
    to.edges.reserve(step.edges.size());
    for (const plan::Edge& edge : step.edges) to.edges.push_back(schedule_edge(edge));
    to.kept = step.kept || (i < policy.buffered.size() && policy.buffered[i]);
    to.consumed = true;
    to.window = policy.window;
    // What may not start twice is leased alone: no other task's death can take its result along.
    to.alone = !step.shared.empty();
    to.waits = std::ranges::any_of(step.shared, [&](const plan::SharedUse& use) {
      return plan.shared()[use.object].type.kind == signature::Kind::queue;
    });
    to.chunk = step.idempotent && !to.alone ? step.chunk.value_or(0) : 1;
    to.kin = kin.try_emplace({step.plugin, step.function}, static_cast<std::uint32_t>(kin.size())).first->second;
    to.retries = step.retries.value_or(policy.retries);
    const std::uint8_t on = step.retry_on.value_or(static_cast<std::uint8_t>(config::RetryOn::crash));
    to.retry_crash = (on & static_cast<std::uint8_t>(config::RetryOn::crash)) != 0;
    to.retry_timeout = (on & static_cast<std::uint8_t>(config::RetryOn::timeout)) != 0;
    to.retry_error = (on & static_cast<std::uint8_t>(config::RetryOn::error)) != 0;
    to.idempotent = step.idempotent;
    to.residence = step.residence;
    for (const plan::ResidentUse& use : step.residents) to.residents.push_back({use.producer, use.stride, use.changes});
  }
  return steps;
}

std::vector<std::optional<std::uint64_t>> result_sizes(const plan::Plan& plan) {
  std::vector<std::optional<std::uint64_t>> sizes;
  sizes.reserve(plan.steps().size());
  for (const plan::Step& step : plan.steps()) sizes.push_back(step.result_size);
  return sizes;
}

}  // namespace

Execution::Execution(const plan::Plan& plan, const signature::Catalog& catalog, schedule::Runner& runner, Policy policy)
    : plan_(plan),
      catalog_(catalog),
      runner_(runner),
      policy_(std::move(policy)),
      schedule_(schedule_steps(plan, policy_), runner.workers(), runner.spare(), runner.shares_process()),
      store_(result_sizes(plan)),
      sharing_(plan, schedule_, runner),
      residency_(plan, schedule_, runner),
      arguments_(plan.steps().size()),
      assignments_(plan.steps().size()),
      is_touched_(plan.steps().size(), false),
      absent_(runner.workers() + runner.spare(), false),
      spent_(plan.steps().size(), runner.workers() + runner.spare()) {
  for (std::size_t i = 0; i < plan.steps().size(); ++i) {
    const auto step = static_cast<StepIndex>(i);
    if (plan.steps()[i].tasks) store_.sized(step, *plan.steps()[i].tasks);
    for (const plan::Edge& edge : plan.steps()[i].edges) {
      if (edge.kind == plan::Edge::Kind::keep && !edge.element && !edge.within) store_.shelve_all(edge.producer);
    }
    touch(step);  // a step without tasks is complete from the start: its consumers must hear of it
  }
}

Result<Ending> Execution::run(report::Printer& printer, report::Order order, const Observer& observer) {
  printer_ = &printer;
  order_ = order;
  if (auto done = loop(observer); !done) {
    if (done.error().kind == ErrorKind::output) return std::unexpected(std::move(done.error()));
    ending_.how = Ending::How::broken;
    ending_.error = std::move(done.error());
  }
  if (ending_.how != Ending::How::finished) {
    if (auto done = end_early(observer); !done) return std::unexpected(std::move(done.error()));
  }
  std::sort(ending_.failures.begin(), ending_.failures.end(), [](const auto& a, const auto& b) {
    return std::pair(raw(a.step), a.index) < std::pair(raw(b.step), b.index);
  });
  spent_.enter(TimeSpent::Doing::decode);
  if (auto done = printer.finish(store_); !done) return std::unexpected(std::move(done.error()));
  ending_.spent = spent_.finish();
  return std::move(ending_);
}

Result<void> Execution::loop(const Observer& observer) {
  const auto began = Clock::now();
  std::vector<schedule::Event> events;
  for (;;) {
    if (auto done = turn(events.empty()); !done) return done;
    if (observer.turn) observer.turn(schedule_, store_, ending_);
    // What was consumed may have opened the last window of tasks that are decided without a start.
    if (schedule_.finished() && !schedule_.has_decided()) return {};

    const Wish wish = observer.wish ? observer.wish() : Wish::go_on;
    if (wish == Wish::kill) {
      ending_.how = Ending::How::killed;
      return {};
    }
    if (wish == Wish::drain) drain(Ending::How::drained);
    if (policy_.deadline && Clock::now() - began >= *policy_.deadline) {
      ending_.how = Ending::How::deadline;
      return {};
    }
    std::chrono::nanoseconds patience = schedule_.has_decided() ? std::chrono::nanoseconds{0} : kTurn;
    if (policy_.deadline && patience > std::chrono::nanoseconds{0}) {
      patience = std::clamp<std::chrono::nanoseconds>(*policy_.deadline - (Clock::now() - began),
                                                      std::chrono::milliseconds{1}, kTurn);
    }
    events.clear();
    spent_.enter(TimeSpent::Doing::wait);
    spent_.slept(runner_.wait(patience, events));
    spent_.enter(TimeSpent::Doing::decode);
    Result<void> handled;
    for (schedule::Event& event : events) {  // all of them: what was reported has its outcome, even if the run is over
      if (auto done = handle(std::move(event), observer); !done && handled) handled = std::move(done);
    }
    if (!handled) return handled;
  }
}

// One turn: what became ready is sized, skipped or started; what is in order is consumed; what nobody needs is freed.
// Freeing opens windows and sizing makes tasks ready, so it goes round until nothing new is found.
Result<void> Execution::turn(bool quiet) {
  do {
    if (auto done = size_steps(); !done) return done;
    drop();
    spent_.enter(TimeSpent::Doing::decode);
    if (auto done = consume(); !done) return done;
    spent_.enter(TimeSpent::Doing::encode);
    if (auto done = dispatch(); !done) return done;
  } while (!touched_.empty());
  // Who waits may be waiting for what is not drawn yet.
  return schedule_.has_decided() ? Result<void>() : sharing_.resolve(draining_, quiet);
}

Result<void> Execution::dispatch() {
  // One lease a worker, so that no worker gets its second before all have their first; then runs of leases, because
  // neighbours are cheaper to keep.
  unsigned burst = 1;
  for (;;) {
    bool started = false;
    const unsigned places = schedule_.places();
    for (unsigned worker = 0; worker < places; ++worker) {
      if (absent_[worker]) continue;
      for (unsigned i = 0; i < burst; ++i) {
        const auto lease = schedule_.next(static_cast<WorkerIndex>(worker));
        if (!lease) break;
        started = true;
        if (auto done = start(*lease); !done) return done;
      }
    }
    burst = kBurst;
    if (started) continue;
    // What is taken back is for idle workers that are there.
    if (!draining_ && std::find(absent_.begin(), absent_.end(), true) != absent_.end()) return {};
    const auto recall = schedule_.wants_recall();
    if (!recall) return {};
    schedule_.recalled(recall->id, runner_.recall(*recall));
  }
}

Result<const std::shared_ptr<const schedule::Assignment>*> Execution::assignment(StepIndex at) {
  auto& made = assignments_[raw(at)];
  if (made) return &made;
  const plan::Step& step = plan_.steps()[raw(at)];
  auto& arguments = arguments_[raw(at)];
  if (!arguments) {
    auto prepared = plan_.prepare(at, store_);
    if (!prepared) {
      return fail(ErrorKind::infrastructure, fmt::format("the arguments of step {} could not be prepared: {}", step.id,
                                                         prepared.error().sentence));
    }
    arguments = std::move(*prepared);
  }
  schedule::Assignment assignment;
  assignment.plugin = step.plugin;
  assignment.function = catalog_.plugins[step.plugin].functions[step.function].entry;
  assignment.step = at;
  assignment.step_id = step.id;
  assignment.residence = step.residence;
  assignment.indexed = step.each;
  assignment.seed = policy_.seed;
  assignment.result_size = step.result_size;
  assignment.timeout = step.timeout.value_or(policy_.timeout);
  assignment.pattern = arguments->as_template();
  assignment.shared = Sharing::uses_of(plan_, step);
  made = std::make_shared<const schedule::Assignment>(std::move(assignment));
  return &made;
}

Result<void> Execution::start(const schedule::Lease& lease) {
  const auto prepared = assignment(lease.step);
  if (!prepared) return std::unexpected(prepared.error());
  schedule::Chunk chunk{lease, **prepared, {}, {}};
  const plan::Arguments* arguments = arguments_[raw(lease.step)].get();
  if (!plan_.steps()[raw(lease.step)].residents.empty()) {
    const auto tasks = residency_.attach(chunk, *arguments);
    if (!tasks) return std::unexpected(tasks.error());
    if (*tasks < lease.count) schedule_.recalled(lease.id, lease.first + *tasks);
    chunk.lease.count = *tasks;
  }
  if (chunk.assignment->pattern) {
    spent_.leased(lease.worker);
    return runner_.start(std::move(chunk));
  }
  schedule::Rows& rows = chunk.rows;
  std::uint64_t index = lease.first;
  const std::uint64_t end = lease.first + chunk.lease.count;
  for (; index < end && (index == lease.first || rows.bytes.size() < kRowBytes); ++index) {
    const std::size_t before = rows.bytes.size();
    auto appended = arguments->append(index, store_, rows.bytes);
    if (!appended) {
      rows.bytes.resize(before);
      if (index > lease.first) break;
      // The first task has no arguments: it fails here, and the rest goes back to be leased again.
      if (lease.again) residency_.failed_again(lease, "argument", appended.error().sentence);
      schedule_.refused(lease.id, index);
      schedule_.closed(lease.id);
      if (lease.again) return {};
      return fail_task(lease.step, index, {results::Status::error, "argument", appended.error().sentence}, {}, {});
    }
    rows.lengths.push_back(rows.bytes.size() - before);
  }
  if (index < end) {
    schedule_.recalled(lease.id, index);
    chunk.lease.count = index - lease.first;
  }
  spent_.leased(lease.worker);
  return runner_.start(std::move(chunk));
}

// What was decided without a start is recorded first: arguments are made of what is in the store. A step of no tasks
// ends at once, so that others are to be sized.
Result<void> Execution::size_steps() {
  for (;;) {
    if (auto done = take_skipped(); !done) return done;
    if (auto done = take_refused(); !done) return done;
    if (auto done = take_forsaken(); !done) return done;
    const std::vector<StepIndex> steps = schedule_.unsized();
    if (steps.empty()) return {};
    for (const StepIndex step : steps) {
      if (auto done = size(step); !done) return done;
    }
  }
}

Result<void> Execution::size(StepIndex step) {
  auto prepared = plan_.prepare(step, store_);
  if (!prepared) {
    store_.sized(step, 1);
    schedule_.unsizable(step);
    return fail_task(step, 0, {results::Status::error, "size", prepared.error().sentence}, {}, {});
  }
  if (!store_.size(step)) store_.sized(step, (*prepared)->tasks());
  if (auto why = (*prepared)->refusal()) {
    schedule_.refuse(step);
    refusals_[step] = std::move(why->sentence);
  }
  schedule_.sized(step, (*prepared)->tasks(), (*prepared)->strides(), (*prepared)->shares());
  arguments_[raw(step)] = std::move(*prepared);
  touch(step);
  return {};
}

Result<void> Execution::take_skipped() {
  for (const schedule::Skipped& skipped : schedule_.take_skipped()) {
    if (!store_.size(skipped.step)) store_.sized(skipped.step, schedule_.tasks(skipped.step).value_or(1));
    const std::string cause =
        skipped.cause_index ? plan_.task_id(skipped.cause, *skipped.cause_index) : plan_.steps()[raw(skipped.cause)].id;
    ending_.skipped += skipped.count;
    auto done = put(skipped.step, skipped.first, skipped.count,
                    {results::Status::skipped, "skipped", fmt::format("{} has no value", cause)});
    if (!done) return done;
  }
  return {};
}

Result<void> Execution::take_refused() {
  for (const schedule::TaskRun& run : schedule_.take_refused()) {
    const results::Reason reason{results::Status::error, "argument", refusals_.at(run.step)};
    if (auto done = fail_tasks(run, reason); !done) return done;
  }
  return {};
}

Result<void> Execution::take_forsaken() {
  for (const schedule::Forsaken& forsaken : schedule_.take_forsaken()) {
    auto done = fail_task(forsaken.step, forsaken.index,
                          {results::Status::error, "lost", residency_.why(forsaken.loss)}, {}, {});
    if (!done) return done;
  }
  return {};
}

// What a dropped value might have been made of again is not needed any more either.
void Execution::drop() {
  for (const StepIndex step : residency_.drop()) touch(step);
}

Result<void> Execution::consume() {
  if (touched_.empty()) return {};
  const std::vector<StepIndex> touched = std::exchange(touched_, {});
  for (const StepIndex step : touched) is_touched_[raw(step)] = false;
  if (auto done = printer_->advance(store_, touched); !done) return done;
  for (const StepIndex step : printer_->moved()) schedule_.consumed(step, printer_->position(step));
  for (const StepIndex step : printer_->moved()) release(step);
  for (const StepIndex step : touched) {
    spent_.held_up(step, schedule_.ended(step) > store_.frontier(step));
    release(step);
    for (const plan::Edge& edge : plan_.steps()[raw(step)].edges) release(edge.producer);
    if (schedule_.tasks(step) == schedule_.ended(step)) {
      arguments_[raw(step)].reset();
      assignments_[raw(step)].reset();
    }
  }
  return {};
}

void Execution::release(StepIndex step) {
  if (store_.size(step)) store_.release(step, std::min(schedule_.releasable(step), store_.frontier(step)));
}

void Execution::drain(Ending::How how) {
  if (draining_) return;
  draining_ = true;
  ending_.how = how;
  schedule_.drain();
}

void Execution::touch(StepIndex step) {
  if (is_touched_[raw(step)]) return;
  is_touched_[raw(step)] = true;
  touched_.push_back(step);
}

}  // namespace gantry::host
