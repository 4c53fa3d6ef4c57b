#include "plan/homes.hpp"

#include <algorithm>
#include <ranges>
#include <utility>

#include <fmt/core.h>

namespace gantry::plan {
namespace {

namespace codes = config::codes;
using signature::Kind;
using signature::Residence;

/// Which element of a bound name each task has, as far as the lengths are known.
std::optional<signature::Stride> stride_of(const config::Step& step, const std::vector<Source>& sources,
                                           std::uint32_t binding) {
  signature::Stride stride;
  if (!sources[binding].count) return std::nullopt;
  stride.modulo = std::max<std::uint64_t>(*sources[binding].count, 1);
  for (std::size_t later = binding + 1; later < sources.size() && !step.zip; ++later) {
    if (!sources[later].count) return std::nullopt;
    stride.divide *= std::max<std::uint64_t>(*sources[later].count, 1);  // the product was checked to fit
  }
  return stride;
}

}  // namespace

bool Homes::pins(StepIndex step) const {
  return steps_[raw(step)].result.kind == Kind::pin;
}

bool Homes::may_wait(const Step& step) const {
  return std::ranges::any_of(step.shared,
                             [&](const SharedUse& use) { return scope_.shared[use.object].type.kind == Kind::queue; });
}

void Homes::add(std::uint32_t position, const std::vector<Source>& sources,
                const std::vector<ResidentArgument>& arguments) {
  Step& step = steps_[position];
  for (const ResidentArgument& argument : arguments) {
    step.residents.push_back(argument.use);
    ResidentUse& use = step.residents.back();
    if (use.binding) use.stride = stride_of(written(position), sources, *use.binding);
  }
  check_home(position, arguments);
  check_settings(position);
  for (const ResidentUse& use : step.residents) {
    if (pins(use.producer)) put_in_order(position, use);
  }
}

Homes::Home Homes::home_of(const config::Step& step, const ResidentUse& use) const {
  const auto& base = homes_[raw(use.producer)];
  const bool product = !step.zip && step.each.size() > 1;
  const std::string own = product ? fmt::format("b{}", use.binding.value_or(0)) : "i";
  if (!base) {
    if (use.binding) return {use.producer, std::nullopt, own};
    return {use.producer, use.element, ""};
  }
  if (base->element) return *base;
  if (use.binding)
    return {base->root, std::nullopt, base->key == "i" ? own : fmt::format("{}/{}", own, raw(use.producer))};
  if (base->key == "i") return {base->root, use.element, ""};
  return {base->root, std::nullopt, fmt::format("{}@{}", raw(use.producer), use.element)};
}

/// "databases[0]", "databases[$database]".
std::string Homes::name_of(const config::Step& step, const ResidentUse& use) const {
  const config::Step& producer = written(raw(use.producer));
  if (use.binding) return fmt::format("{}[${}]", producer.id.value, step.each[*use.binding].name);
  return producer.each.empty() ? producer.id.value : fmt::format("{}[{}]", producer.id.value, use.element);
}

void Homes::check_home(std::uint32_t position, const std::vector<ResidentArgument>& arguments) {
  const config::Step& step = written(position);
  const ResidentArgument* first = nullptr;
  for (const ResidentArgument& argument : arguments) {
    if (!pins(argument.use.producer)) continue;
    Home home = home_of(step, argument.use);
    if (first == nullptr) {
      first = &argument;
      homes_[position] = std::move(home);
    } else if (home != homes_[position]) {
      std::vector<config::Note> notes{{fmt::format("args.{} is given here", first->parameter), first->mark},
                                      producer_note(scope_, first->use.producer)};
      if (argument.use.producer != first->use.producer) notes.push_back(producer_note(scope_, argument.use.producer));
      report(
          codes::two_homes, argument.mark,
          fmt::format("args.{}: {} wants what {} and {} pin, which may be in two workers", argument.parameter,
                      step.id.value, name_of(step, first->use), name_of(step, argument.use)),
          std::move(notes),
          "a task runs in one worker: let one task make both, or make one from the other, or pass results as values");
      return;
    }
  }
}

void Homes::check_settings(std::uint32_t position) {
  const config::Step& step = written(position);
  Step& planned = steps_[position];
  if (signature::is_resident(planned.result.kind)) {
    if (step.chunk.value_or(1) > 1) {
      report(codes::resident_setting, step.chunk_mark,
             fmt::format("chunk: {} gives {}, so its tasks are leased one by one", step.id.value,
                         signature::to_text(planned.result)),
             {}, "leave out chunk");
    }
    planned.chunk = 1;
  }
  if (!std::ranges::any_of(planned.residents, &ResidentUse::changes)) return;
  if (step.retries.value_or(0) > 0) {
    report(codes::resident_setting, step.retries_mark,
           fmt::format("retries: {} changes what is pinned, so its tasks never start twice", step.id.value), {},
           "leave out retries");
  }
  planned.idempotent = false;
}

/// A user waits for those before it that change what it uses, or may hold up its worker; one that does, for all.
void Homes::put_in_order(std::uint32_t position, const ResidentUse& use) {
  std::vector<User>& users = users_[raw(use.producer)];
  const User self{position, use.binding ? std::nullopt : std::optional(use.element),
                  use.changes || may_wait(steps_[position])};
  const auto meets = [&](const User& other) {
    return !self.element || !other.element || *self.element == *other.element;
  };
  std::vector<Edge>& edges = steps_[position].edges;
  for (const User& other : users) {
    if (other.step == position || !meets(other) || (!self.in_order && !other.in_order)) continue;
    edges.push_back({Edge::Kind::after, StepIndex{other.step}, std::nullopt, std::nullopt});
  }
  // Who comes later waits for this one, and so for those.
  const auto is_behind = [&](const User& other) {
    return self.in_order && other.step != position && (!self.element || self.element == other.element);
  };
  std::erase_if(users, is_behind);
  users.push_back(self);
}

void Homes::settle(host::Mode mode) {
  std::vector<bool> changed(steps_.size(), false);
  for (const Step& step : steps_) {
    for (const ResidentUse& use : step.residents)
      changed[raw(use.producer)] = changed[raw(use.producer)] || use.changes;
  }
  for (std::size_t i = 0; i < steps_.size(); ++i) {
    Step& step = steps_[i];
    if (step.result.kind == Kind::descriptor) step.residence = Residence::host;
    if (step.result.kind != Kind::pin) continue;
    const bool anywhere = mode == host::Mode::thread && signature::is_sync_pin(step.result) && !changed[i];
    step.residence = anywhere ? Residence::process : Residence::worker;
  }
  // What one thread alone may use is made where it stays, so what it is made from is there as well.
  for (bool moved = true; moved;) {
    moved = false;
    for (const Step& step : steps_) {
      if (step.residence != Residence::worker) continue;
      for (const ResidentUse& use : step.residents) {
        Residence& residence = steps_[raw(use.producer)].residence;
        if (std::exchange(residence, residence == Residence::process ? Residence::worker : residence) != residence) {
          moved = true;
        }
      }
    }
  }
  for (std::uint32_t i = 0; i < steps_.size(); ++i) {
    if (!steps_[i].printed || !signature::is_resident(steps_[i].result.kind)) continue;
    const config::Step& step = written(i);
    const std::string what = signature::to_text(steps_[i].result);
    if (step.output) {
      report(codes::resident_output, step.output_mark,
             fmt::format("output: {} gives {}, which cannot be printed", step.id.value, what),
             {producer_note(scope_, StepIndex{i})}, "leave out output, and print what is made from it");
    } else {
      report(codes::resident_output, step.call.mark,
             fmt::format("no step uses {}, and its {} cannot be printed", step.id.value, what),
             {producer_note(scope_, StepIndex{i})}, "use it in another step; or write output: false");
    }
  }
}

void Homes::report(const config::Code& code, config::Mark mark, std::string sentence, std::vector<config::Note> notes,
                   std::string help) {
  diagnostics_.report({std::string(code.number), mark, std::move(sentence), std::move(notes), std::move(help)});
}

}  // namespace gantry::plan
