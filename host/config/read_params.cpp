#include <fmt/format.h>

#include <algorithm>

#include "config/code_points.hpp"
#include "config/name.hpp"
#include "config/raw_text.hpp"
#include "config/readers.hpp"
#include "config/reference.hpp"
#include "config/settings.hpp"
#include "config/yaml.hpp"

namespace gantry::config {
namespace {

/// A param is text that each use reads by its own type: `$$` is a dollar, and nothing else may begin with one.
void resolve_dollars(Node& node, Diagnostics& diagnostics) {
  if (node.is_scalar() && node.text.find('$') != std::string::npos) {
    auto scalar = parse_scalar(node.text);
    if (!scalar) {
      report(diagnostics, codes::dollar, node.mark, std::move(scalar.error().sentence));
    } else if (!scalar->literal()) {
      report(diagnostics, codes::reference_here, node.mark,
             fmt::format("{}: params cannot hold references", in_quotes(node.text)), "write $$ for a dollar");
    } else {
      node.text = scalar->text();
    }
  }
  for (Node& item : node.items) resolve_dollars(item, diagnostics);
  for (Node::Entry& entry : node.entries) resolve_dollars(entry.value, diagnostics);
}

/// What YAML reads as null.
bool is_null_word(std::string_view text) {
  return text == "~" || text == "null" || text == "Null" || text == "NULL";
}

std::optional<Node> read_override(const Override& override, Sources& sources, Diagnostics& diagnostics) {
  auto node = read_value("--set " + override.name, override.text, sources, diagnostics);
  if (node && node->kind != Node::Kind::plain) resolve_dollars(*node, diagnostics);
  return node;
}

}  // namespace

std::optional<Node> read_value(std::string name, const std::string& text, Sources& sources, Diagnostics& diagnostics) {
  const std::uint32_t source = sources.add(std::move(name), text);
  if (!text.empty() && std::string_view("[{\"'").find(text[0]) != std::string_view::npos) {
    return parse_yaml(text, source, Root::any, diagnostics);
  }
  if (!check_characters(text, source, diagnostics)) return {};
  Node node;
  node.kind = is_null_word(text) ? Node::Kind::null : Node::Kind::plain;
  node.mark = {source, 1, 1};
  if (node.kind == Node::Kind::plain) node.text = text;
  return node;
}

std::vector<Node::Entry> read_params(Node node, Diagnostics& diagnostics) {
  if (node.kind == Node::Kind::null || !expect_map(node, "params", diagnostics)) return {};
  for (Node::Entry& entry : node.entries) {
    if (!is_name(entry.key)) {
      report(diagnostics, codes::name_form, entry.mark, fmt::format("{} is no name of a param", in_quotes(entry.key)),
             "names match [a-z][a-z0-9_]*");
    }
    resolve_dollars(entry.value, diagnostics);
  }
  return std::move(node.entries);
}

void apply_overrides(const std::vector<Override>& overrides, std::vector<Node::Entry>& params, Sources& sources,
                     Diagnostics& diagnostics) {
  for (const Override& override : overrides) {
    const auto param = std::ranges::find(params, override.name, &Node::Entry::key);
    if (param != params.end()) {
      if (auto node = read_override(override, sources, diagnostics)) param->value = std::move(*node);
      continue;
    }
    std::vector<std::string> names;
    names.reserve(params.size());
    for (const Node::Entry& entry : params) names.push_back(entry.key);
    const std::uint32_t source = sources.add(fmt::format("--set {}={}", override.name, override.text), override.text);
    report(diagnostics, codes::no_such_param, {source, 0, 0},
           fmt::format("the file has no param {}", in_quotes(override.name)), did_you_mean(override.name, names));
  }
}

}  // namespace gantry::config
