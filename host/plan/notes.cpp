#include "plan/notes.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

namespace gantry::plan {
namespace {

using signature::Residence;

std::string where_it_runs(const Plan& plan, const ResidentUse& use) {
  const Step& producer = plan.steps()[host::raw(use.producer)];
  const std::string one = plan.task_id(use.producer, use.element);
  switch (producer.residence) {
    case Residence::worker:
      if (use.binding) {
        return fmt::format("each task runs in the worker that has its value of {} (pinned)", producer.id);
      }
      return fmt::format("all tasks run in the one worker that has {} (pinned)", one);
    case Residence::process:
      return fmt::format("any thread may run its tasks: they share {} (pinned)", use.binding ? producer.id : one);
    case Residence::host:
      return fmt::format("each task is given the open file of {}", use.binding ? producer.id : one);
    case Residence::nowhere:
      break;
  }
  return {};
}

std::string where_it_stays(const Step& step) {
  switch (step.residence) {
    case Residence::worker:
      return "its values stay in the workers that make them (pinned); the makers are spread over all workers";
    case Residence::process:
      return "its values stay in the worker process (pinned), for any of its threads";
    case Residence::host:
      return "its values are open files: gantry holds each until its last user is done";
    case Residence::nowhere:
      break;
  }
  return {};
}

void add(std::vector<std::string>& to, std::string sentence) {
  if (!sentence.empty() && std::ranges::find(to, sentence) == to.end()) to.push_back(std::move(sentence));
}

}  // namespace

std::vector<std::string> notes(const Plan& plan, StepIndex step) {
  const Step& at = plan.steps()[host::raw(step)];
  std::vector<std::string> all;
  add(all, where_it_stays(at));
  const bool pins = at.residence == Residence::worker || at.residence == Residence::process;
  if (pins && !at.idempotent) add(all, "it may not run twice: what dies with its worker is lost to later users");
  for (const ResidentUse& use : at.residents) add(all, where_it_runs(plan, use));
  if (std::ranges::any_of(at.residents, &ResidentUse::changes)) {
    add(all, "its tasks change what is pinned: they run in task order, each at most once");
  }
  if (at.unordered) {
    add(all,
        "which task gives what depends on who took what of the shared objects: its digest is over sorted outcomes");
  }
  return all;
}

}  // namespace gantry::plan
