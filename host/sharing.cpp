#include "sharing.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace gantry::host {

namespace {

constexpr std::size_t kNamed = 4;  // others that an error names

/// Steps that a search may look at for each change of the schedule: 1 µs of work.
constexpr std::uint64_t kLooks = 256;

std::vector<schedule::Holder> holders_of(const plan::Plan& plan) {
  std::vector<schedule::Holder> all;
  all.reserve(plan.steps().size());
  for (const plan::Step& step : plan.steps()) {
    schedule::Holder& holder = all.emplace_back();
    for (const plan::Edge& edge : step.edges) {
      (edge.kind == plan::Edge::Kind::stream ? holder.streams : holder.whole).push_back(edge.producer);
    }
    for (const plan::SharedUse& use : step.shared) {
      if (plan.shared()[use.object].type.kind == signature::Kind::queue) holder.queues.push_back(use.object);
    }
  }
  return all;
}

}  // namespace

Sharing::Sharing(const plan::Plan& plan, schedule::Schedule& schedule, schedule::Runner& runner)
    : plan_(plan),
      schedule_(schedule),
      runner_(runner),
      objects_(plan.shared()),
      search_(plan.shared().empty() ? std::vector<schedule::Holder>{} : holders_of(plan)),
      open_holders_(plan.shared().size()) {
  for (std::uint32_t queue = 0; queue < open_holders_.size(); ++queue) {
    open_holders_[queue] = search_.holders(queue).size();
  }
}

std::vector<schedule::SharedUse> Sharing::uses_of(const plan::Plan& plan, const plan::Step& step) {
  std::vector<schedule::SharedUse> uses;
  uses.reserve(step.shared.size());
  for (const plan::SharedUse& use : step.shared) {
    uses.push_back({use.object, use.parameter, plan.shared()[use.object].type, use.size});
  }
  return uses;
}

/// Hands out the answers; who got one waits no more.
Result<void> Sharing::tell() {
  for (results::SharedObjects::Reply& reply : objects_.take_replies()) {
    const schedule::Lease* lease = schedule_.find(reply.lease);
    if (lease == nullptr) continue;
    const schedule::Lease held = *lease;
    schedule_.blocked(held.id, false);
    if (auto told = runner_.answer(held, std::move(reply.answer)); !told) return told;
  }
  return {};
}

Result<void> Sharing::asked(const schedule::event::Asked& event) {
  if (schedule_.find(event.lease) == nullptr) return {};
  objects_.ask(event.lease, event.ask);
  if (objects_.waits(event.lease)) schedule_.blocked(event.lease, true);
  return tell();
}

std::optional<std::string> Sharing::refusal(const schedule::event::Values& event) const {
  return event.changes ? objects_.refusal(*event.changes) : std::nullopt;
}

Result<void> Sharing::has_value(LeaseId lease, const schedule::Changes* changes) {
  objects_.commit(lease, changes);
  return tell();
}

Result<void> Sharing::has_error(LeaseId lease, bool again) {
  if (again)
    objects_.give_back(lease);
  else
    objects_.consume(lease);
  return tell();
}

Result<void> Sharing::lost(WorkerIndex worker) {
  for (const LeaseId lease : schedule_.leases(worker)) {
    schedule_.blocked(lease, false);
    objects_.give_back(lease);
  }
  return tell();
}

std::vector<schedule::Waiter> Sharing::waiters() const {
  std::vector<schedule::Waiter> all;
  for (const auto& waiting : objects_.waiting()) {
    const schedule::Lease* lease = schedule_.find(waiting.lease);
    all.push_back({lease != nullptr ? lease->step : StepIndex{}, waiting.object, waiting.timed || lease == nullptr});
  }
  return all;
}

/// Somebody who holds the queue runs, and does not wait.
bool Sharing::has_runner(std::uint32_t queue, const std::vector<schedule::Waiter>& waiters) {
  const std::vector<std::uint32_t>& holders = search_.holders(queue);
  // The latest steps are the first to end.
  std::size_t& open = open_holders_[queue];
  while (open > 0 && schedule_.tasks(StepIndex{holders[open - 1]}) == schedule_.ended(StepIndex{holders[open - 1]})) {
    --open;
  }
  for (std::size_t at = open; at > 0; --at) {
    const StepIndex step{holders[at - 1]};
    const auto waits = [&](const schedule::Waiter& one) { return one.step == step && !one.timed; };
    const std::uint64_t leased = schedule_.leased(step);
    if (leased > 0 && leased > static_cast<std::uint64_t>(std::ranges::count_if(waiters, waits))) return true;
  }
  return false;
}

/// Whether a search may find anything: not if nothing has changed, and not if all can still be put what they wait for.
/// A large pipeline is not searched at every event, but when enough has happened or nothing does.
bool Sharing::may_be_stuck(const std::vector<schedule::Waiter>& waiters, bool quiet) {
  const std::uint64_t changes = schedule_.changes();
  if (searched_ && changes == *searched_) return false;
  if (searched_ && !quiet && (changes - *searched_) * kLooks < search_.size()) return false;
  return std::ranges::any_of(
      waiters, [&](const schedule::Waiter& one) { return !one.timed && !has_runner(one.queue, waiters); });
}

Result<void> Sharing::resolve(bool draining, bool quiet) {
  // Who is told something may ask again, but only in a later turn; closing one queue may end what waits for another.
  for (;;) {
    if (objects_.waiting().empty()) return {};
    const auto waiting = objects_.waiting();
    const auto waiters = this->waiters();
    if (!may_be_stuck(waiters, quiet)) return {};
    const auto found = search_.find(schedule_.standing(), waiters, draining);
    for (const std::uint32_t queue : found.ended) objects_.close(queue);
    std::vector<std::string> reasons;
    reasons.reserve(found.waiters.size());
    for (const std::size_t at : found.waiters) {
      reasons.push_back(why(waiting[at].lease, waiting[at].object, draining));
    }
    for (std::size_t i = 0; i < reasons.size(); ++i) {
      objects_.refuse(waiting[found.waiters[i]].lease, std::move(reasons[i]));
    }
    if (auto told = tell(); !told) return told;
    if (found.ended.empty()) {
      searched_ = schedule_.changes();
      return {};
    }
  }
}

std::string Sharing::task(LeaseId lease) const {
  const schedule::Lease* held = schedule_.find(lease);
  return held == nullptr ? "a task" : plan_.task_id(held->step, held->first);
}

/// Who could put into the queue, and what keeps them.
std::string Sharing::why(LeaseId lease, std::uint32_t queue, bool draining) const {
  std::vector<std::string> others;
  for (const auto& one : objects_.waiting()) {
    const schedule::Lease* held = schedule_.find(one.lease);
    if (one.lease == lease || held == nullptr) continue;
    const auto& uses = plan_.steps()[raw(held->step)].shared;
    if (std::ranges::find(uses, queue, &plan::SharedUse::object) == uses.end()) continue;
    others.push_back(fmt::format("{} waits for a value in {}", task(one.lease), objects_.name(one.object)));
  }
  std::ranges::sort(others);  // not by who came first
  for (const std::uint32_t holder : search_.holders(queue)) {
    const StepIndex step{holder};
    const bool unstarted = schedule_.tasks(step).value_or(1) > schedule_.ended(step) + schedule_.leased(step);
    if (!unstarted) continue;
    others.push_back(fmt::format("{} {}", plan_.steps()[holder].id, why_not(step, draining)));
  }
  std::string text =
      fmt::format("it waits for a value in {}, and nobody who could put one there will", objects_.name(queue));
  const std::size_t named = std::min(others.size(), kNamed);
  for (std::size_t i = 0; i < named; ++i) text += (i == 0 ? ": " : "; ") + others[i];
  if (others.size() > named) text += fmt::format("; and {} more", others.size() - named);
  return text;
}

/// Why tasks of the step do not start.
std::string Sharing::why_not(StepIndex step, bool draining) const {
  if (draining) return "does not start any more";
  const schedule::Holder& holder = search_.holder(step);
  for (const auto* producers : {&holder.whole, &holder.streams}) {
    const auto is_open = [&](StepIndex producer) { return schedule_.tasks(producer) != schedule_.ended(producer); };
    const auto first = std::ranges::find_if(*producers, is_open);
    if (first != producers->end()) return fmt::format("cannot start before {} ends", plan_.steps()[raw(*first)].id);
  }
  if (const auto holds_up = schedule_.holds_up(step)) {
    return fmt::format("can only run where what it uses is pinned, and there {} waits", task(*holds_up));
  }
  return "finds no worker, because all wait";
}

}  // namespace gantry::host
