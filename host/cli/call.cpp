#include <fmt/format.h>

#include <algorithm>
#include <fstream>
#include <sstream>
#include <utility>

#include "cli/running.hpp"
#include "cli/verbs.hpp"

namespace gantry::cli {

namespace {

using signature::Node;

/// On the command line a dollar is a dollar; in a pipeline's arguments it is written twice.
void escape_dollars(Node& node) {
  for (std::size_t at = 0; (at = node.text.find('$', at)) != std::string::npos; at += 2) node.text.insert(at, 1, '$');
  for (Node& item : node.items) escape_dollars(item);
  for (Node::Entry& entry : node.entries) escape_dollars(entry.value);
}

/// Words that begin so are the plugin's configuration: config.path=x.db.
constexpr std::string_view kConfig = "config.";

/// The value of `name=@file.json`.
host::Result<Node> read_json(const std::string& file, config::Sources& sources) {
  std::ifstream in(file, std::ios::binary);
  std::ostringstream text;
  text << in.rdbuf();
  if (!in) return host::fail(host::ErrorKind::usage, "cannot be read: is it there, and a file?", file);
  auto node = signature::parse_json(text.str(), sources.add(file, text.str()));
  if (!node) return host::fail(host::ErrorKind::usage, std::move(node.error().sentence), file);
  return node;
}

/// One `name=value` word as an argument; wrong YAML goes to the pipeline's diagnostics.
host::Result<void> add_argument(const std::string& word, host::Pipeline& pipeline, std::vector<Node::Entry>& to) {
  const std::size_t equals = word.find('=');
  if (equals == std::string::npos || equals == 0) {
    return host::fail(host::ErrorKind::usage, fmt::format("{}: write name=value, or name=@file.json", word));
  }
  const std::string name = word.substr(0, equals);
  const std::string text = word.substr(equals + 1);
  const auto same = std::ranges::find(to, name, &Node::Entry::key);
  if (same != to.end()) {
    return host::fail(host::ErrorKind::usage, fmt::format("{}: the argument {} is given twice", word, name));
  }
  std::optional<Node> value;
  if (text.starts_with('@')) {
    auto read = read_json(text.substr(1), pipeline.sources);
    if (!read) return std::unexpected(std::move(read.error()));
    value = std::move(*read);
  } else {
    value = config::read_value(name, text, pipeline.sources, pipeline.diagnostics);
  }
  if (!value) return {};
  escape_dollars(*value);
  const config::Mark mark = value->mark;
  to.push_back({name, mark, std::move(*value)});
  return {};
}

}  // namespace

Exit call(const Arguments& arguments, report::Console& console, Began began) {
  host::Signals signals;
  const std::size_t dot = arguments.target.rfind('.');
  if (dot == std::string::npos || dot == 0 || dot + 1 == arguments.target.size()) {
    return complain({host::ErrorKind::usage, fmt::format("{}: write plugin.function", arguments.target), {}}, console);
  }
  const std::string plugin = arguments.target.substr(0, dot);
  const std::string function = arguments.target.substr(dot + 1);

  host::Pipeline pipeline;
  const config::Mark whole{pipeline.sources.add(arguments.target, arguments.target), 1, 1};
  config::PluginUse use{plugin, {}, std::nullopt, whole, {}};
  std::error_code ignored;
  if (plugin.find('/') != std::string::npos) use.path = std::filesystem::absolute(plugin, ignored);
  config::Step step;
  step.id = {"call", whole};
  step.call = {arguments.target, whole};
  step.mark = whole;
  for (const std::string& word : arguments.words) {
    const bool configures = word.starts_with(kConfig);
    auto added =
        add_argument(configures ? word.substr(kConfig.size()) : word, pipeline, configures ? use.config : step.args);
    if (!added) return complain(added.error(), console);
  }
  pipeline.config.plugins.push_back(std::move(use));

  if (auto loaded = host::load_plugins(pipeline, opening(arguments, console)); !loaded)
    return complain(loaded.error(), console);
  if (!pipeline.catalog.plugins.empty()) {
    // A plugin given as a file is called by the name that it gives itself.
    step.call.value = fmt::format("{}.{}", pipeline.catalog.plugins.front().name, function);
  }
  pipeline.config.steps.push_back(std::move(step));
  host::make_plan(pipeline);
  if (!pipeline.diagnostics.empty()) return refuse(pipeline, arguments, console);
  return execute(pipeline, arguments, console, signals, true, began);
}

}  // namespace gantry::cli
