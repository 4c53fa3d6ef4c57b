#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <unordered_map>

#include "config/code_points.hpp"
#include "config/name.hpp"
#include "config/readers.hpp"
#include "config/settings.hpp"

namespace gantry::config {
namespace {

enum class StepKey : std::uint8_t {
  id,
  call,
  each,
  zip,
  args,
  needs,
  timeout,
  retries,
  retry_on,
  idempotent,
  chunk,
  output
};
constexpr std::array step_keys{Key{"id"},          Key{"call"},           Key{"each"},         Key{"zip"},
                               Key{"args"},        Key{"needs"},          Key{"timeout"},      Key{"retries"},
                               Key{"retry_on"},    Key{"idempotent"},     Key{"chunk"},        Key{"output"},
                               Key{"limit", true}, Key{"on_error", true}, Key{"limits", true}, Key{"shared", true}};

constexpr std::string_view names_match = "ids match [a-z][a-z0-9_]*";

/// Reads the steps one by one; what they are checked against grows with them.
class StepReader {
 public:
  StepReader(const Plugins& plugins, Diagnostics& diagnostics) : diagnostics_(diagnostics), open_(plugins.open) {
    for (const PluginUse& plugin : plugins.uses) {
      if (plugin.path.empty()) plugins_.push_back(plugin.name);
    }
  }

  Step read(Node node);
  /// When all ids are known: no bound name may be one of them.
  void check_bound_names(const std::vector<Step>& steps) const;

 private:
  bool read_key(StepKey key, Node::Entry& entry, Step& step);
  bool read_id(const Node& node, Step& step);
  bool read_call(const Node& node, Step& step);
  bool read_each(Node::Entry& entry, Step& step);
  bool read_args(Node node, Step& step);
  void read_needs(const Node& node, Step& step);
  std::optional<std::uint8_t> read_retry_on(const Node& node);

  Diagnostics& diagnostics_;
  std::vector<std::string> plugins_;  ///< listed by name
  bool open_;                         ///< others may be called, too
  std::unordered_map<std::string, Mark> ids_;
  std::optional<Mark> bound_;  ///< the step's first key that binds names
};

bool StepReader::read_id(const Node& node, Step& step) {
  auto id = read_text(node, "id", diagnostics_);
  if (!id) return false;
  if (!is_name(*id)) {
    report(diagnostics_, codes::name_form, node.mark, fmt::format("{} is no id", in_quotes(*id)),
           std::string(names_match));
    return false;
  }
  if (is_reserved(*id)) {
    report(diagnostics_, codes::reserved_name, node.mark,
           fmt::format("{} is reserved and cannot be an id", in_quotes(*id)));
    return false;
  }
  const auto [first, added] = ids_.emplace(*id, node.mark);
  if (!added) {
    report(diagnostics_, codes::duplicate_id, node.mark, fmt::format("a second step has the id {}", in_quotes(*id)), {},
           {{"the first one is here", first->second}});
  }
  step.id = {std::move(*id), node.mark};
  return added;
}

bool StepReader::read_call(const Node& node, Step& step) {
  auto call = read_text(node, "call", diagnostics_);
  if (!call) return false;
  const std::size_t dot = call->find('.');
  const std::string plugin = call->substr(0, dot);
  const bool form =
      dot != std::string::npos && is_name(plugin) && is_identifier(std::string_view(*call).substr(dot + 1));
  if (!form) {
    report(diagnostics_, codes::call_form, node.mark,
           fmt::format("{} is not of the form plugin.function", in_quotes(*call)));
    return false;
  }
  if (!open_ && std::ranges::find(plugins_, plugin) == plugins_.end()) {
    std::string help = did_you_mean(plugin, plugins_);
    if (help.empty()) help = fmt::format("add {} to plugins", plugin);
    report(diagnostics_, codes::plugin_not_listed, node.mark,
           fmt::format("the plugin {} is not listed under plugins", in_quotes(plugin)), std::move(help));
    step.call.mark = node.mark;
    return false;
  }
  step.call = {std::move(*call), node.mark};
  return true;
}

bool StepReader::read_each(Node::Entry& entry, Step& step) {
  if (bound_) {
    report(diagnostics_, codes::exclusive_keys, entry.mark, "a step has each or zip, not both", {},
           {{"the first one is here", *bound_}});
    return false;
  }
  bound_ = entry.mark;
  step.zip = entry.key == "zip";
  step.each = read_bindings(std::move(entry.value), entry.key, diagnostics_);
  return !step.each.empty() && std::ranges::none_of(step.each, &Binding::broken);
}

bool StepReader::read_args(Node node, Step& step) {
  if (!expect_map(node, "args", diagnostics_)) return false;
  check_dollars(node, diagnostics_);
  step.args = std::move(node.entries);
  return true;
}

void StepReader::read_needs(const Node& node, Step& step) {
  const auto read_one = [&](const Node& item) {
    auto id = read_text(item, "needs", diagnostics_);
    if (id && !is_name(*id)) {
      report(diagnostics_, codes::name_form, item.mark, fmt::format("{} is no id", in_quotes(*id)),
             std::string(names_match));
    } else if (id) {
      step.needs.push_back({std::move(*id), item.mark});
    }
  };
  if (node.is_scalar()) return read_one(node);
  if (!expect_list(node, "needs", diagnostics_)) return;
  for (const Node& item : node.items) read_one(item);
}

std::optional<std::uint8_t> StepReader::read_retry_on(const Node& node) {
  if (!expect_list(node, "retry_on", diagnostics_)) return {};
  constexpr std::array bits{RetryOn::crash, RetryOn::timeout, RetryOn::error};
  unsigned set = 0;
  for (const Node& item : node.items) {
    const auto word = read_word(item, "retry_on", {"crash", "timeout", "error"}, diagnostics_);
    if (word) set |= static_cast<unsigned>(bits[*word]);
  }
  return static_cast<std::uint8_t>(set);
}

/// Returns whether the step is whole after it.
bool StepReader::read_key(StepKey key, Node::Entry& entry, Step& step) {
  Node& value = entry.value;
  switch (key) {
    case StepKey::id:
      return read_id(value, step);
    case StepKey::call:
      return read_call(value, step);
    case StepKey::each:
    case StepKey::zip:
      return read_each(entry, step);
    case StepKey::args:
      return read_args(std::move(value), step);
    case StepKey::needs:
      read_needs(value, step);
      return true;
    case StepKey::timeout:
      step.timeout = read_duration(value, "timeout", diagnostics_);
      return true;
    case StepKey::retries:
      step.retries = read_count(value, "retries", diagnostics_);
      step.retries_mark = value.mark;
      return true;
    case StepKey::retry_on:
      step.retry_on = read_retry_on(value);
      return true;
    case StepKey::idempotent:
      step.idempotent = read_bool(value, "idempotent", diagnostics_).value_or(true);
      return true;
    case StepKey::chunk:
      step.chunk = read_whole(value, "chunk", 1, std::numeric_limits<std::uint64_t>::max(), diagnostics_);
      step.chunk_mark = value.mark;
      return true;
    case StepKey::output:
      step.output = read_bool(value, "output", diagnostics_);
      step.output_mark = value.mark;
      return true;
  }
  return true;
}

Step StepReader::read(Node node) {
  Step step;
  step.mark = node.mark;
  if (!expect_map(node, "a step", diagnostics_)) {
    step.broken = true;
    return step;
  }
  bound_.reset();
  bool has_id = false;
  bool has_call = false;
  for (Node::Entry& entry : node.entries) {
    const auto position = recognise(entry, step_keys, "a step", diagnostics_);
    if (!position) continue;
    const auto key = static_cast<StepKey>(*position);
    has_id = has_id || key == StepKey::id;
    has_call = has_call || key == StepKey::call;
    if (!read_key(key, entry, step)) step.broken = true;
  }
  if (!has_id) report(diagnostics_, codes::missing_key, node.mark, "this step has no id", "write id: name");
  if (!has_call) {
    const std::string who = step.id.value.empty() ? "this step" : fmt::format("the step {}", in_quotes(step.id.value));
    report(diagnostics_, codes::missing_key, node.mark, who + " has no call", "write call: plugin.function");
  }
  step.broken = step.broken || !has_id || !has_call;
  return step;
}

void StepReader::check_bound_names(const std::vector<Step>& steps) const {
  for (const Step& step : steps) {
    for (const Binding& binding : step.each) {
      const auto id = ids_.find(binding.name);
      if (id == ids_.end()) continue;
      report(diagnostics_, codes::bound_name_is_step, binding.mark,
             fmt::format("{} is bound here, and is the id of a step", in_quotes(binding.name)), "bind another name",
             {{"the step is here", id->second}});
    }
  }
}

}  // namespace

std::vector<Step> read_steps(Node node, const Plugins& plugins, Diagnostics& diagnostics) {
  std::vector<Step> steps;
  if (!expect_list(node, "steps", diagnostics)) return steps;
  if (node.items.empty()) {
    report(diagnostics, codes::wrong_shape, node.mark, "steps is empty", "a pipeline has at least one step");
  }
  StepReader reader(plugins, diagnostics);
  steps.reserve(node.items.size());
  for (Node& item : node.items) steps.push_back(reader.read(std::move(item)));
  reader.check_bound_names(steps);
  return steps;
}

}  // namespace gantry::config
