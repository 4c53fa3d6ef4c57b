#include "plan/plugin_config.hpp"

#include <fmt/core.h>

#include <algorithm>
#include <string>

#include "config/codes.hpp"
#include "plan/argument.hpp"
#include "signature/codec.hpp"

namespace gantry::plan {
namespace {

namespace codes = config::codes;
using signature::Node;

/// "store, begun with (path: str = x.db), in libstore.so 1.0.0".
std::string show_begin(const signature::Plugin& plugin) {
  std::string text = signature::to_text(*plugin.begin);
  text.resize(text.size() - std::string_view(" -> ()").size());
  return fmt::format("{} is configured by {}, in {}", plugin.name, text, library(plugin));
}

class Configurer {
 public:
  Configurer(const Scope& scope, config::Diagnostics& diagnostics) : scope_(scope), diagnostics_(diagnostics) {}

  signature::Bytes configure(const signature::Plugin& plugin, const config::PluginUse* use) {
    static const std::vector<Node::Entry> none;
    const std::vector<Node::Entry>& written = use != nullptr ? use->config : none;
    if (!plugin.begin) {
      if (!written.empty()) {
        report(codes::no_configuration, written.front().mark,
               fmt::format("the plugin {} takes no configuration", plugin.name), {}, "leave out config");
      }
      return {};
    }
    const auto misspelt = surplus(plugin, written);
    Program program;
    for (const signature::Parameter& parameter : plugin.begin->parameters) {
      const auto found = std::ranges::find(written, parameter.name, &Node::Entry::key);
      if (found != written.end()) {
        value(plugin, parameter, *found, program);
      } else if (std::ranges::find(misspelt, parameter.name) == misspelt.end()) {
        absent(plugin, parameter, use, program);
      }
    }
    signature::Bytes bytes;
    for (const Piece& piece : program) {
      if (const auto* constant = std::get_if<piece::Constant>(&piece.is)) signature::append(bytes, constant->bytes);
    }
    return bytes;
  }

 private:
  void report(const config::Code& code, config::Mark mark, std::string sentence, std::vector<config::Note> notes = {},
              std::string help = {}) {
    diagnostics_.report({std::string(code.number), mark, std::move(sentence), std::move(notes), std::move(help)});
  }

  /// Refuses keys that are no parameter's; gives the parameters that were probably meant.
  std::vector<std::string> surplus(const signature::Plugin& plugin, const std::vector<Node::Entry>& written) {
    std::vector<std::string> names;
    for (const signature::Parameter& parameter : plugin.begin->parameters) names.push_back(parameter.name);
    std::vector<std::string> meant;
    for (const Node::Entry& entry : written) {
      if (std::ranges::find(names, entry.key) != names.end()) continue;
      report(codes::no_such_parameter, entry.mark,
             fmt::format("the configuration of {} has no `{}`", plugin.name, entry.key), {{show_begin(plugin), {}}},
             did_you_mean(entry.key, names));
      meant.push_back(config::nearest(entry.key, names));
    }
    return meant;
  }

  void value(const signature::Plugin& plugin, const signature::Parameter& parameter, const Node::Entry& entry,
             Program& program) {
    if (refers_to_run(entry.value)) return;
    Complaints complaints;
    ArgumentCompiler compiler(scope_, nullptr, complaints);
    static_cast<void>(compiler.compile(entry.value, parameter.type, "config." + parameter.name, program));
    for (Complaint& complaint : complaints) {
      if (!complaint.about_reference) complaint.diagnostic.notes.push_back({show_begin(plugin), {}});
      diagnostics_.report(std::move(complaint.diagnostic));
    }
  }

  /// A plugin begins before any step: only what is known then may be used.
  bool refers_to_run(const Node& node) {
    bool refers = false;
    if (node.is_scalar() && has_dollar(node)) {
      const auto scalar = config::parse_scalar(node.text);
      if (!scalar) return true;  // reported by config::read
      const auto* reference = scalar->reference();
      const bool constant = reference != nullptr && (reference->name == "params" || reference->name == "env");
      if (!scalar->literal() && !constant) {
        report(codes::reference_here, node.mark,
               fmt::format("{}: a plugin's configuration may use $params.name and $env.NAME, each as a whole value",
                           node.text),
               {}, "write $$ for a dollar");
        refers = true;
      }
    }
    for (const Node& item : node.items) refers = refers_to_run(item) || refers;
    for (const Node::Entry& entry : node.entries) refers = refers_to_run(entry.value) || refers;
    return refers;
  }

  /// A parameter that is not configured: its default.
  void absent(const signature::Plugin& plugin, const signature::Parameter& parameter, const config::PluginUse* use,
              Program& program) {
    const config::Mark mark = use != nullptr ? use->mark : config::Mark{};
    if (!parameter.fallback) {
      return report(codes::missing_argument, mark,
                    fmt::format("the plugin {} needs the configuration `{}`, of type {}", plugin.name, parameter.name,
                                signature::to_text(parameter.type)),
                    {{show_begin(plugin), {}}},
                    fmt::format("write {{name: {}, config: {{{}: …}}}}; in a call, config.{}=…", plugin.name,
                                parameter.name, parameter.name));
    }
    const auto node = signature::parse_literal(*parameter.fallback);
    signature::Bytes bytes;
    if (!node || !signature::encode(*node, parameter.type, "", bytes)) {
      return report(codes::default_value, mark,
                    fmt::format("the default of `{}`, {}, does not fit its type {}: the plugin is wrong",
                                parameter.name, *parameter.fallback, signature::to_text(parameter.type)));
    }
    append_constant(program, bytes);
  }

  const Scope& scope_;
  config::Diagnostics& diagnostics_;
};

}  // namespace

const config::PluginUse* use_of(const config::Config& config, const signature::Plugin& plugin) {
  const auto file = std::filesystem::path(plugin.path).lexically_normal();
  auto written = std::ranges::find(config.plugins, file, &config::PluginUse::path);
  if (written == config.plugins.end())
    written = std::ranges::find(config.plugins, plugin.name, &config::PluginUse::name);
  return written == config.plugins.end() ? nullptr : &*written;
}

std::vector<signature::Bytes> compile_configurations(const Scope& scope, config::Diagnostics& diagnostics) {
  std::vector<signature::Bytes> all;
  Configurer configurer(scope, diagnostics);
  for (const signature::Plugin& plugin : scope.names.catalog().plugins) {
    all.push_back(configurer.configure(plugin, use_of(scope.config, plugin)));
  }
  return all;
}

}  // namespace gantry::plan
