#include "config/config.hpp"

#include <fmt/format.h>

#include <array>

#include "config/readers.hpp"
#include "config/settings.hpp"
#include "config/yaml.hpp"

namespace gantry::config {
namespace {

enum class TopKey : std::uint8_t { gantry, plugins, params, run, steps };
constexpr std::array top_keys{Key{"gantry"}, Key{"plugins"}, Key{"params"},
                              Key{"run"},    Key{"steps"},   Key{"shared", true}};

void check_format(const Node& node, Diagnostics& diagnostics) {
  if (node.is_scalar() && node.text == "1") return;
  report(diagnostics, codes::format_version, node.mark,
         fmt::format("the format version is {}; this version of gantry reads 1", shown(node)), "write gantry: 1");
}

/// The keys of the file in an order of their own: steps are checked against plugins, wherever they stand.
void read_keys(Node root, const std::vector<Override>& overrides, Sources& sources, Config& config,
               Diagnostics& diagnostics) {
  std::array<Node*, top_keys.size()> found{};
  for (Node::Entry& entry : root.entries) {
    const auto key = recognise(entry, top_keys, "a pipeline", diagnostics);
    if (key) found[*key] = &entry.value;
  }
  const auto value = [&found](TopKey key) { return found[static_cast<std::size_t>(key)]; };
  if (const Node* format = value(TopKey::gantry)) {
    check_format(*format, diagnostics);
  } else {
    report(diagnostics, codes::missing_key, root.mark, "the format version is missing",
           "begin the file with gantry: 1");
  }
  if (const Node* plugins = value(TopKey::plugins)) config.plugins = read_plugins(*plugins, config.folder, diagnostics);
  if (Node* params = value(TopKey::params)) config.params = read_params(std::move(*params), diagnostics);
  apply_overrides(overrides, config.params, sources, diagnostics);
  if (const Node* run = value(TopKey::run)) config.run = read_run(*run, diagnostics);
  if (Node* steps = value(TopKey::steps)) {
    config.steps = read_steps(std::move(*steps), config.plugins, diagnostics);
  } else {
    report(diagnostics, codes::missing_key, root.mark, "the pipeline has no steps", "add steps:");
  }
}

}  // namespace

Config read(std::string name, std::string text, const std::filesystem::path& folder,
            const std::vector<Override>& overrides, Sources& sources, Diagnostics& diagnostics) {
  Config config;
  std::error_code ignored;  // without a current folder, relative paths stay relative
  config.folder = std::filesystem::absolute(folder.empty() ? "." : folder, ignored).lexically_normal();
  constexpr std::string_view byte_order_mark = "\xEF\xBB\xBF";
  if (text.starts_with(byte_order_mark)) text.erase(0, byte_order_mark.size());
  const std::uint32_t source = sources.add(std::move(name), std::move(text));
  auto root = parse_yaml(sources.text(source), source, Root::map, diagnostics);
  // The text is borrowed from `sources` only while it is parsed: overrides add sources.
  if (root) read_keys(std::move(*root), overrides, sources, config, diagnostics);
  return config;
}

}  // namespace gantry::config
