#include "plan/uses.hpp"

#include <algorithm>
#include <set>
#include <tuple>
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
    for (std::uint32_t i = 0; i < step_.each.size(); ++i) source(step_.each[i].source, streams, i);
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
  void source(const config::Source& from, bool streams, std::uint32_t binding) {
    for (const auto& number : from.numbers) tree(number, true);
    for (const auto& inner : from.inner) source(inner, false, binding);
    const bool reference = from.kind == config::Source::Kind::reference;
    streams_ = streams && reference;
    if (reference && !streams) within_ = Within{binding, std::nullopt};
    if (from.values.kind == Node::Kind::list) {
      for (std::size_t row = 0; row < from.values.items.size(); ++row) {
        within_ = Within{binding, row};
        tree(from.values.items[row], true);
      }
    } else {
      tree(from.values, true);
    }
    within_.reset();
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
      candidates.reserve(step_.each.size());
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
    Use found{Edge::Kind::keep, producer, std::nullopt, std::nullopt, mark};
    const bool each = !config_.steps[raw(producer)].each.empty();
    if (each && to.path.empty() && streams_) found.kind = Edge::Kind::stream;
    if (each && !to.path.empty()) found.element = position(to.path.front());
    // The elements of one result are the step's size: all tasks need it.
    if (within_ && (within_->row || (each && to.path.empty()))) found.within = within_;
    uses_.push_back(found);
  }

  void need(const config::Marked<std::string>& id) {
    if (const auto producer = names_.step(id.value)) {
      uses_.push_back({Edge::Kind::order, *producer, std::nullopt, std::nullopt, id.mark});
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
  std::optional<Within> within_;
};

}  // namespace

std::vector<Use> find_uses(const config::Config& config, const config::Step& step, Names& names,
                           config::Diagnostics& diagnostics) {
  return Finder(config, step, names, diagnostics).find();
}

std::vector<Edge> edges_of(const std::vector<Use>& uses) {
  using Key =
      std::tuple<StepIndex, Edge::Kind, std::optional<std::uint64_t>, std::int64_t, std::optional<std::uint64_t>>;
  const auto key_of = [](const Edge& edge) -> Key {
    const auto binding = edge.within ? std::int64_t{edge.within->binding} : -1;
    return {edge.producer, edge.kind, edge.element, binding, edge.within ? edge.within->row : std::nullopt};
  };
  std::vector<Edge> edges;
  std::set<Key> known;
  for (const Use& use : uses) {
    const Edge edge{use.kind, use.producer, use.element, use.within};
    const bool whole = use.kind == Edge::Kind::keep && known.contains(key_of({use.kind, use.producer, {}, {}}));
    if (!whole && known.insert(key_of(edge)).second) edges.push_back(edge);
  }
  return edges;
}

}  // namespace gantry::plan
