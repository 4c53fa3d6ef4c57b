#include "plan/names.hpp"

#include <algorithm>
#include <charconv>
#include <filesystem>

#include <fmt/core.h>

namespace gantry::plan {
namespace {

using signature::Node;

/// Comparisons of names spent on help, at most.
constexpr std::uint64_t suggestion_budget = 500'000;

std::vector<std::string> parts_of(const Node& node) {
  std::vector<std::string> names;
  names.reserve(node.entries.size());
  for (const auto& entry : node.entries) names.push_back(entry.key);
  return names;
}

/// Walks a path; the error names what has no such part.
std::expected<const Node*, Unknown> walk(const Node* node, const config::Reference& reference, std::size_t from) {
  auto walked =
      config::Reference{reference.name, {reference.path.begin(), reference.path.begin() + std::ptrdiff_t(from)}};
  for (std::size_t i = from; i < reference.path.size(); ++i) {
    const auto& name = reference.path[i];
    const auto* part = find_part(*node, name);
    if (part == nullptr) {
      return std::unexpected(Unknown{
          fmt::format("{} is {} and has no part `{}`", config::to_text(walked), signature::describe(*node), name),
          did_you_mean(name, parts_of(*node)), true});
    }
    walked.path.push_back(name);
    node = part;
  }
  return node;
}

}  // namespace

Names::Names(const config::Config& config, const signature::Catalog& catalog, const Environment& environment)
    : config_(config), catalog_(catalog), environment_(environment), suggestions_left_(suggestion_budget) {
  steps_.reserve(config.steps.size());
  for (std::size_t i = 0; i < config.steps.size(); ++i) {
    steps_.try_emplace(config.steps[i].id.value, StepIndex{static_cast<std::uint32_t>(i)});
  }
  for (std::size_t i = 0; i < config.params.size(); ++i) {
    param_positions_.try_emplace(config.params[i].key, i);
  }
  for (std::size_t i = 0; i < config.shared.size(); ++i) {
    shared_.try_emplace(config.shared[i].name, static_cast<std::uint32_t>(i));
  }
  shared_used_.resize(config.shared.size(), false);
  for (std::size_t p = 0; p < catalog.plugins.size(); ++p) {
    const auto& plugin = catalog.plugins[p];
    const auto position = static_cast<std::uint32_t>(p);
    if (!plugins_.try_emplace(plugin.name, position).second) continue;
    for (std::size_t f = 0; f < plugin.functions.size(); ++f) {
      auto& overloads = functions_[plugin.name + "." + plugin.functions[f].name];
      overloads.plugin = position;
      overloads.functions.push_back(static_cast<std::uint32_t>(f));
    }
  }
}

std::optional<StepIndex> Names::step(std::string_view id) const {
  const auto found = steps_.find(id);
  if (found == steps_.end()) return std::nullopt;
  return found->second;
}

std::expected<const Node*, Unknown> Names::constant(const config::Reference& reference) {
  if (reference.path.empty()) {
    return std::unexpected(Unknown{fmt::format("${} alone is no value", reference.name),
                                   reference.name == "env" ? "write $env.NAME" : "write $params.name"});
  }
  if (reference.name == "env") return variable(reference);
  const auto found = param_positions_.find(reference.path.front());
  if (found != param_positions_.end()) return walk(&config_.params[found->second].value, reference, 1);
  std::vector<std::string> names;
  names.reserve(config_.params.size());
  for (const auto& param : config_.params) names.push_back(param.key);
  return std::unexpected(Unknown{fmt::format("there is no param `{}`", reference.path.front()),
                                 affordable() ? did_you_mean(reference.path.front(), names) : ""});
}

std::expected<const Node*, Unknown> Names::variable(const config::Reference& reference) {
  const auto& name = reference.path.front();
  auto [entry, fresh] = variables_.try_emplace(name);
  if (fresh) {
    if (auto text = environment_ ? environment_(name) : std::nullopt) {
      entry->second.emplace();
      entry->second->kind = Node::Kind::plain;
      entry->second->text = std::move(*text);
    }
  }
  if (!entry->second) {
    return std::unexpected(Unknown{fmt::format("the environment has no variable {}", name), "set it, or use a param"});
  }
  return walk(&*entry->second, reference, 1);
}

std::expected<std::uint32_t, Unknown> Names::shared(const config::Reference& reference) {
  if (reference.path.empty()) return std::unexpected(Unknown{"$shared alone is no value", "write $shared.name"});
  const auto found = shared_.find(reference.path.front());
  if (found == shared_.end()) {
    std::vector<std::string> names;
    names.reserve(config_.shared.size());
    for (const auto& one : config_.shared) names.push_back(one.name);
    return std::unexpected(Unknown{fmt::format("nothing is called `{}` under shared", reference.path.front()),
                                   affordable() ? did_you_mean(reference.path.front(), names) : ""});
  }
  shared_used_[found->second] = true;
  if (reference.path.size() > 1) {
    return std::unexpected(Unknown{fmt::format("$shared.{} has no part `{}`", reference.path[0], reference.path[1]),
                                   "pass it as it is", true});
  }
  return found->second;
}

std::expected<const Overloads*, Unknown> Names::function(std::string_view plugin, std::string_view function) const {
  const auto found = functions_.find(fmt::format("{}.{}", plugin, function));
  if (found != functions_.end()) return &found->second;
  std::vector<std::string> names;
  if (const auto known = plugins_.find(std::string(plugin)); known != plugins_.end()) {
    for (const auto& one : catalog_.plugins[known->second].functions) names.push_back(one.name);
    return std::unexpected(
        Unknown{fmt::format("{} has no function `{}`", plugin, function), did_you_mean(function, names)});
  }
  for (const auto& one : catalog_.plugins) names.push_back(one.name);
  return std::unexpected(Unknown{fmt::format("there is no plugin `{}`", plugin), did_you_mean(plugin, names)});
}

bool Names::affordable() {
  const auto cost = steps_.size() + config_.params.size() + 8;
  if (suggestions_left_ < cost) return false;
  suggestions_left_ -= cost;
  return true;
}

std::string Names::suggest_reference(std::string_view name, std::vector<std::string> bound) {
  if (!affordable()) return "";
  for (const auto& param : config_.params) {
    if (param.key == name) return fmt::format("a param is written $params.{}", name);
  }
  for (const auto& step : config_.steps) bound.push_back(step.id.value);
  for (const auto* reserved : {"params", "env", "index", "shared"}) bound.emplace_back(reserved);
  return did_you_mean(name, bound);
}

std::string Names::suggest_step(std::string_view name) {
  if (!affordable()) return "";
  std::vector<std::string> ids;
  ids.reserve(config_.steps.size());
  for (const auto& step : config_.steps) ids.push_back(step.id.value);
  return did_you_mean(name, ids);
}

std::string library(const signature::Plugin& plugin) {
  const auto file = std::filesystem::path(plugin.path).filename().string();
  return fmt::format("{} {}", file.empty() ? plugin.name : file, plugin.version);
}

std::string show(const signature::Plugin& plugin, const signature::Function& function) {
  return fmt::format("{}.{}{}, in {}", plugin.name, function.name, signature::to_text(function.signature),
                     library(plugin));
}

const Node* find_part(const Node& node, std::string_view name) {
  if (node.kind == Node::Kind::map) return node.find(name);
  if (node.kind != Node::Kind::list) return nullptr;
  const auto at = position(name);
  return at && *at < node.items.size() ? &node.items[*at] : nullptr;
}

std::optional<std::uint64_t> position(std::string_view digits) {
  std::uint64_t value = 0;
  const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), value);
  if (error != std::errc{} || end != digits.data() + digits.size()) return std::nullopt;
  return value;
}

}  // namespace gantry::plan
