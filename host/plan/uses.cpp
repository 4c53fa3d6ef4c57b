#include "plan/uses.hpp"

#include <algorithm>
#include <utility>

#include <fmt/core.h>

#include "config/codes.hpp"
#include "config/reference.hpp"

namespace gantry::plan {
namespace {

namespace codes = config::codes;
using config::Reference;
using signature::Mark;
using signature::Node;

/// Walks all scalars of one step.
class Finder {
 public:
  Finder(const config::Config& config, const config::Step& step, Names& names, config::Diagnostics& diagnostics)
      : config_(config), step_(step), names_(names), diagnostics_(diagnostics), used_(step.each.size(), false) {}

  std::vector<Use> find() {
    const bool streams = step_.each.size() == 1 || step_.zip;
    for (const auto& binding : step_.each) source(binding.source, streams);
    for (const auto& argument : step_.args) tree(argument.value, false);
    for (const auto& id : step_.needs) need(id);
    for (std::size_t i = 0; i < used_.size(); ++i) {
      const auto& binding = step_.each[i];
      if (used_[i] || step_.broken || binding.name.starts_with('_')) continue;
      report(codes::unused_bound_name, binding.mark,
             fmt::format("the bound name `{}` is used by no argument", binding.name),
             fmt::format("use ${0} in args, or call it _{0}", binding.name));
    }
    return std::move(uses_);
  }

 private:
  void source(const config::Source& from, bool streams) {
    for (const auto& number : from.numbers) tree(number, true);
    for (const auto& inner : from.inner) source(inner, false);
    streams_ = streams && from.kind == config::Source::Kind::reference;
    tree(from.values, true);
    streams_ = false;
  }

  void tree(const Node& node, bool in_source) {
    if (node.is_scalar() && node.text.find('$') != std::string::npos) {
      if (const auto scalar = config::parse_scalar(node.text)) {  // else config::read has reported it
        for (const auto& part : scalar->parts) {
          if (const auto* reference = std::get_if<Reference>(&part)) refer(*reference, node.mark, in_source);
        }
      }
    }
    for (const auto& item : node.items) tree(item, in_source);
    for (const auto& entry : node.entries) tree(entry.value, in_source);
  }

  void refer(const Reference& to, Mark mark, bool in_source) {
    if (to.name == "params" || to.name == "env") {
      if (const auto found = names_.constant(to); !found) unknown(found.error(), mark);
    } else if (to.name == "shared") {
      if (const auto found = names_.shared(to); !found) {
        unknown(found.error(), mark);
      } else if (in_source) {
        report(codes::shared_here, mark, fmt::format("{} is no source of values", config::to_text(to)),
               "shared objects are passed in args");
      }
    } else if (to.name == "index") {
      index(to, mark, in_source);
    } else if (const auto binding = bound(to.name)) {
      used_[*binding] = true;
      if (in_source) {
        report(codes::bound_name_in_source, mark, fmt::format("a source cannot depend on the bound name ${}", to.name),
               "sources are params, environment, literals and results of other steps");
      }
    } else if (const auto producer = names_.step(to.name)) {
      use(to, *producer, mark);
    } else {
      std::vector<std::string> candidates;
      for (const auto& one : step_.each) candidates.push_back(one.name);
      report(codes::no_such_reference, mark, fmt::format("nothing is called `{}`", to.name),
             names_.suggest_reference(to.name, std::move(candidates)));
    }
  }

  void index(const Reference& to, Mark mark, bool in_source) {
    if (!to.path.empty()) {
      report(codes::no_such_part, mark, fmt::format("$index is a u64 and has no part `{}`", to.path.front()), "");
    } else if (in_source) {
      report(codes::bound_name_in_source, mark, "a source cannot depend on $index",
             "sources are params, environment, literals and results of other steps");
    } else if (step_.each.empty()) {
      report(codes::index_without_each, mark,
             fmt::format("the step {} has no each, so its one task has no index", step_.id.value),
             "give the step an each or a zip");
    }
  }

  void use(const Reference& to, StepIndex producer, Mark mark) {
    Use found{Edge::Kind::keep, producer, std::nullopt, mark};
    const bool each = !config_.steps[raw(producer)].each.empty();
    if (each && to.path.empty() && streams_) found.kind = Edge::Kind::stream;
    if (each && !to.path.empty()) found.element = position(to.path.front());
    uses_.push_back(found);
  }

  void need(const config::Marked<std::string>& id) {
    if (const auto producer = names_.step(id.value)) {
      uses_.push_back({Edge::Kind::order, *producer, std::nullopt, id.mark});
    } else {
      report(codes::no_such_reference, id.mark, fmt::format("there is no step `{}`", id.value),
             names_.suggest_step(id.value));
    }
  }

  [[nodiscard]] std::optional<std::size_t> bound(const std::string& name) const {
    const auto found = std::ranges::find(step_.each, name, &config::Binding::name);
    if (found == step_.each.end()) return std::nullopt;
    return static_cast<std::size_t>(found - step_.each.begin());
  }

  void unknown(const Unknown& what, Mark mark) {
    report(what.part ? codes::no_such_part : codes::no_such_reference, mark, what.sentence, what.help);
  }

  void report(const config::Code& code, Mark mark, std::string sentence, std::string help) {
    diagnostics_.report({std::string(code.number), mark, std::move(sentence), {}, std::move(help)});
  }

  const config::Config& config_;
  const config::Step& step_;
  Names& names_;
  config::Diagnostics& diagnostics_;
  std::vector<bool> used_;
  std::vector<Use> uses_;
  bool streams_ = false;
};

}  // namespace

std::vector<Use> find_uses(const config::Config& config, const config::Step& step, Names& names,
                           config::Diagnostics& diagnostics) {
  return Finder(config, step, names, diagnostics).find();
}

std::vector<Edge> edges_of(const std::vector<Use>& uses) {
  std::vector<std::pair<std::size_t, Edge>> first;  // position of the use, edge
  first.reserve(uses.size());
  for (std::size_t i = 0; i < uses.size(); ++i) first.push_back({i, {uses[i].kind, uses[i].producer, uses[i].element}});
  const auto same = [](const auto& one) { return std::pair(one.second.producer, one.second.kind); };
  std::ranges::sort(first, {}, [&](const auto& one) { return std::pair(same(one), one.first); });
  std::vector<std::pair<std::size_t, Edge>> merged;
  for (const auto& one : first) {
    if (merged.empty() || same(merged.back()) != same(one)) {
      merged.push_back(one);
    } else if (merged.back().second.element != one.second.element) {
      merged.back().second.element.reset();
    }
  }
  std::ranges::sort(merged, {}, [](const auto& one) { return one.first; });
  std::vector<Edge> edges;
  edges.reserve(merged.size());
  for (const auto& one : merged) edges.push_back(one.second);
  return edges;
}

}  // namespace gantry::plan
