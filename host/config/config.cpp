#include "config/config.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "config/readers.hpp"
#include "config/settings.hpp"
#include "config/yaml.hpp"

namespace gantry::config {
namespace {

enum class TopKey : std::uint8_t { gantry, plugins, params, run, steps, shared };
constexpr std::array top_keys{Key{"gantry"}, Key{"plugins"}, Key{"params"}, Key{"run"}, Key{"steps"}, Key{"shared"}};

void check_format(const Node& node, Diagnostics& diagnostics) {
  if (node.is_scalar() && node.text == "1") return;
  report(diagnostics, codes::format_version, node.mark,
         fmt::format("the format version is {}; this version of gantry reads 1", shown(node)), "write gantry: 1");
}

/// The values of the file's keys.
class Top {
 public:
  Top(Node& root, Diagnostics& diagnostics) : mark_(root.mark), diagnostics_(diagnostics) {
    std::vector<std::string> names;
    names.reserve(top_keys.size());
    for (const Key& key : top_keys) names.emplace_back(key.name);
    for (Node::Entry& entry : root.entries) {
      if (const auto key = recognise(entry, top_keys, "a pipeline", diagnostics)) {
        values_[*key] = &entry.value;
      } else {
        meant_.push_back(nearest(entry.key, names));
      }
    }
  }

  [[nodiscard]] Node* value(TopKey key) const { return values_[static_cast<std::size_t>(key)]; }

  /// The value of a key that must be there. One that was only misspelled is not reported again.
  [[nodiscard]] Node* required(TopKey key, std::string_view sentence, std::string_view help) const {
    Node* found = value(key);
    const std::string_view name = top_keys.at(static_cast<std::size_t>(key)).name;
    if (found == nullptr && std::ranges::find(meant_, name) == meant_.end()) {
      report(diagnostics_, codes::missing_key, mark_, std::string(sentence), std::string(help));
    }
    return found;
  }

 private:
  Mark mark_;
  Diagnostics& diagnostics_;
  std::array<Node*, top_keys.size()> values_{};
  std::vector<std::string> meant_;  ///< by the keys that are unknown
};

/// The keys of the file in an order of their own: steps are checked against plugins, wherever they stand.
void read_keys(Node root, const std::vector<Override>& overrides, Sources& sources, Config& config,
               Diagnostics& diagnostics) {
  const Top top(root, diagnostics);
  if (const Node* format =
          top.required(TopKey::gantry, "the format version is missing", "begin the file with gantry: 1")) {
    check_format(*format, diagnostics);
  }
  Plugins plugins{{}, true};
  if (const Node* node = top.required(TopKey::plugins, "the pipeline has no plugins", "add plugins: [name]")) {
    plugins = read_plugins(*node, config.folder, diagnostics);
  }
  if (Node* params = top.value(TopKey::params)) config.params = read_params(std::move(*params), diagnostics);
  apply_overrides(overrides, config.params, sources, diagnostics);
  if (Node* shared = top.value(TopKey::shared)) config.shared = read_shared(std::move(*shared), diagnostics);
  if (const Node* run = top.value(TopKey::run)) config.run = read_run(*run, diagnostics);
  if (Node* steps = top.required(TopKey::steps, "the pipeline has no steps", "add steps:")) {
    config.steps = read_steps(std::move(*steps), plugins, diagnostics);
  }
  config.plugins = std::move(plugins.uses);
}

}  // namespace

Config read(std::string name, std::string text, const std::filesystem::path& folder,
            const std::vector<Override>& overrides, Sources& sources, Diagnostics& diagnostics) {
  Config config;
  std::error_code ignored;  // without a current folder, relative paths stay relative
  config.given_folder = folder;
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
