#include "sharing.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace gantry::host {

namespace {

constexpr std::size_t kNamed = 4;  // others that an error names

}  // namespace

Sharing::Sharing(const plan::Plan& plan, schedule::Schedule& schedule, schedule::Runner& runner)
    : plan_(plan), schedule_(schedule), runner_(runner), objects_(plan.shared()) {}

std::vector<schedule::SharedUse> Sharing::uses_of(const plan::Plan& plan, const plan::Step& step) {
  std::vector<schedule::SharedUse> uses;
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

std::vector<schedule::Holder> Sharing::holders() const {
  std::vector<schedule::Holder> all;
  all.reserve(plan_.steps().size());
  for (const plan::Step& step : plan_.steps()) {
    const auto index = static_cast<StepIndex>(all.size());
    schedule::Holder& holder = all.emplace_back();
    const auto tasks = schedule_.tasks(index);
    holder.unended = tasks ? *tasks - std::min(*tasks, schedule_.ended(index)) : 1;
    holder.leased = schedule_.leased(index);
    holder.has_work = schedule_.has_work(index);
    for (const plan::Edge& edge : step.edges) {
      (edge.kind == plan::Edge::Kind::stream ? holder.streams : holder.whole).push_back(edge.producer);
    }
    for (const plan::SharedUse& use : step.shared) {
      if (plan_.shared()[use.object].type.kind == signature::Kind::queue) holder.queues.push_back(use.object);
    }
  }
  return all;
}

std::vector<schedule::Waiter> Sharing::waiters() const {
  std::vector<schedule::Waiter> all;
  for (const auto& waiting : objects_.waiting()) {
    const schedule::Lease* lease = schedule_.find(waiting.lease);
    all.push_back({lease != nullptr ? lease->step : StepIndex{}, waiting.object, waiting.timed || lease == nullptr});
  }
  return all;
}

Result<void> Sharing::resolve(bool draining) {
  // Who is told something may ask again, but only in a later turn; closing one queue may end what waits for another.
  for (;;) {
    const auto waiting = objects_.waiting();
    const bool endless = std::ranges::any_of(waiting, [](const auto& one) { return !one.timed; });
    if (!endless) return {};
    const auto found = schedule::find_stuck(holders(), waiters(), schedule_.has_place(), draining);
    for (const std::uint32_t queue : found.ended) objects_.close(queue);
    std::vector<std::string> reasons;
    for (const std::size_t at : found.waiters) reasons.push_back(why(waiting[at].lease, waiting[at].object, draining));
    for (std::size_t i = 0; i < reasons.size(); ++i) {
      objects_.refuse(waiting[found.waiters[i]].lease, std::move(reasons[i]));
    }
    if (auto told = tell(); !told) return told;
    if (found.ended.empty()) return {};
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
  const auto holders = this->holders();
  for (std::size_t i = 0; i < holders.size(); ++i) {
    const schedule::Holder& holder = holders[i];
    if (holder.unstarted() == 0 || std::ranges::find(holder.queues, queue) == holder.queues.end()) continue;
    std::string reason = "finds no worker, because all wait";
    if (draining) reason = "does not start any more";
    const auto not_ended = [&](StepIndex step) { return holders[raw(step)].unended > 0; };
    for (const auto* producers : {&holder.whole, &holder.streams}) {
      const auto first = std::ranges::find_if(*producers, not_ended);
      if (first == producers->end() || draining) continue;
      reason = fmt::format("cannot start before {} ends", plan_.steps()[raw(*first)].id);
      break;
    }
    others.push_back(fmt::format("{} {}", plan_.steps()[i].id, reason));
  }
  std::string text =
      fmt::format("it waits for a value in {}, and nobody who could put one there will", objects_.name(queue));
  const std::size_t named = std::min(others.size(), kNamed);
  for (std::size_t i = 0; i < named; ++i) text += (i == 0 ? ": " : "; ") + others[i];
  if (others.size() > named) text += fmt::format("; and {} more", others.size() - named);
  return text;
}

}  // namespace gantry::host
