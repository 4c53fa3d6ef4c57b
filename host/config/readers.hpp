// The parts of a pipeline file, one reader each. Nodes are consumed; what is wrong is reported, the rest returned.
#pragma once

#include <filesystem>
#include <vector>

#include "config/config.hpp"
#include "config/diagnostic.hpp"

namespace gantry::config {

struct Plugins {
  std::vector<PluginUse> uses;
  bool open = false;  ///< more names than those listed may be called: of a path only a worker knows the name
};

/// `plugins:`; relative paths are those of `folder`.
[[nodiscard]] Plugins read_plugins(const Node& node, const std::filesystem::path& folder, Diagnostics& diagnostics);

/// `params:`: no references; `$$` becomes a dollar.
[[nodiscard]] std::vector<Node::Entry> read_params(Node node, Diagnostics& diagnostics);

/// Puts the texts of `--set` into the params.
void apply_overrides(const std::vector<Override>& overrides, std::vector<Node::Entry>& params, Sources& sources,
                     Diagnostics& diagnostics);

/// `run:`.
[[nodiscard]] Run read_run(const Node& node, Diagnostics& diagnostics);

/// `steps:`; ids unique, calls of listed plugins.
[[nodiscard]] std::vector<Step> read_steps(Node node, const Plugins& plugins, Diagnostics& diagnostics);

/// `shared:`; names unique.
[[nodiscard]] std::vector<Shared> read_shared(Node node, Diagnostics& diagnostics);

/// One source of `each:`; nothing after a report.
[[nodiscard]] std::optional<Source> read_source(Node node, Diagnostics& diagnostics);

/// `each:` or `zip:` of a step.
[[nodiscard]] std::vector<Binding> read_bindings(Node node, std::string_view key, Diagnostics& diagnostics);

}  // namespace gantry::config
