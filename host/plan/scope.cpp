#include "plan/scope.hpp"

#include <algorithm>

#include <fmt/core.h>

#include "signature/codec.hpp"

namespace gantry::plan {
namespace {

namespace codes = config::codes;

Complaint no_such_part(config::Mark mark, std::string sentence, std::string help, config::Note note) {
  auto complaint = complain(codes::no_such_part, mark, std::move(sentence), {std::move(note)}, std::move(help));
  complaint.about_reference = true;
  return complaint;
}

}  // namespace

std::optional<Referred> refer_to_result(const Scope& scope, const config::Reference& reference, StepIndex producer,
                                        config::Mark mark, Complaints& complaints) {
  const auto& step = scope.steps[raw(producer)];
  if (!step.typed) return std::nullopt;
  Referred referred;
  referred.part.step = producer;
  referred.part.root = step.result;
  auto type = step.result;
  std::size_t from = 0;
  if (step.each) {
    if (reference.path.empty()) {
      referred.all = true;
      referred.type = signature::Type{signature::Kind::list, {step.result}, {}, 0};
      return referred;
    }
    const auto& name = reference.path.front();
    const auto element = position(name);
    if (!element) {
      complaints.push_back(
          no_such_part(mark, fmt::format("${} is the list of all results and has no part `{}`", reference.name, name),
                       fmt::format("write ${0}.0.{1} for a part of one result", reference.name, name),
                       producer_note(scope, producer)));
      return std::nullopt;
    }
    if (step.tasks && *element >= *step.tasks) {
      complaints.push_back(no_such_part(
          mark, fmt::format("{} has {} tasks, so there is no result {}", reference.name, *step.tasks, *element),
          "positions begin at 0", producer_note(scope, producer)));
      return std::nullopt;
    }
    referred.part.element = *element;
    from = 1;
  }
  for (std::size_t i = from; i < reference.path.size(); ++i) {
    auto selected = signature::select_type(type, reference.path[i]);
    if (!selected) {
      complaints.push_back(no_such_part(mark,
                                        fmt::format("{}: {}", config::to_text(reference), selected.error().sentence),
                                        "", producer_note(scope, producer)));
      return std::nullopt;
    }
    type = std::move(*selected);
    referred.part.path.push_back(reference.path[i]);
  }
  referred.part.type = type;
  referred.type = std::move(type);
  return referred;
}

config::Note producer_note(const Scope& scope, StepIndex producer) {
  const auto& step = scope.steps[raw(producer)];
  const auto& written = scope.config.steps[raw(producer)];
  const auto& plugin = scope.names.catalog().plugins[step.plugin];
  return {fmt::format("{} is {}{}", written.id.value, step.each ? "the list of all results of " : "",
                      show(plugin, plugin.functions[step.function])),
          written.call.mark};
}

bool has_dollar(const signature::Node& node) {
  if (node.text.find('$') != std::string::npos) return true;
  return std::ranges::any_of(node.items, has_dollar) ||
         std::ranges::any_of(node.entries, [](const auto& entry) { return has_dollar(entry.value); });
}

}  // namespace gantry::plan
