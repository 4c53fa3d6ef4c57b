#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <optional>
#include <tuple>
#include <unordered_map>

#include "config/code_points.hpp"
#include "config/name.hpp"
#include "config/readers.hpp"
#include "config/settings.hpp"

namespace gantry::config {
namespace {

constexpr std::array use_keys{Key{"path"}, Key{"sha256"}, Key{"config"}, Key{"name"}};
constexpr std::string_view use_form = "write {path: ./libx.so} or {name: x}, and with it sha256 or config if need be";

bool looks_like_path(std::string_view text) {
  return text.find('/') != std::string_view::npos || text.ends_with(".so");
}

std::filesystem::path absolute(const std::filesystem::path& folder, const std::string& path) {
  return (folder / path).lexically_normal();
}

std::optional<std::string> read_sha256(const Node& node, Diagnostics& diagnostics) {
  auto text = read_text(node, "sha256", diagnostics);
  if (!text) return {};
  std::string lower = *text;
  std::ranges::transform(lower, lower.begin(),
                         [](char c) { return c >= 'A' && c <= 'F' ? static_cast<char>(c - 'A' + 'a') : c; });
  const auto hex = [](char c) { return is_digit(c) || (c >= 'a' && c <= 'f'); };
  if (lower.size() == 64 && std::ranges::all_of(lower, hex)) return lower;
  report(diagnostics, codes::plugin_form, node.mark,
         fmt::format("sha256 is {}, not 64 hexadecimal digits", in_quotes(*text)));
  return {};
}

std::optional<PluginUse> read_name(const Node& node, const std::filesystem::path& folder, Diagnostics& diagnostics) {
  const auto text = read_text(node, "a plugin", diagnostics);
  if (!text) return {};
  PluginUse use{*text, {}, {}, node.mark, {}};
  if (looks_like_path(*text)) {
    use.path = absolute(folder, *text);
  } else if (!is_name(*text)) {
    report(diagnostics, codes::plugin_form, node.mark, fmt::format("{} is no name of a plugin", in_quotes(*text)),
           "names match [a-z][a-z0-9_]*; a path holds a slash: ./libx.so");
    return {};
  }
  return use;
}

/// The value of `path`.
bool read_path(const Node& node, const std::filesystem::path& folder, PluginUse& use, Diagnostics& diagnostics) {
  const auto path = read_text(node, "path", diagnostics);
  if (!path) return false;
  if (path->empty()) {
    report(diagnostics, codes::plugin_form, node.mark, "path is empty");
    return false;
  }
  use.name = *path;
  use.path = absolute(folder, *path);
  return true;
}

std::optional<PluginUse> read_use(const Node& node, const std::filesystem::path& folder, Diagnostics& diagnostics) {
  PluginUse use{{}, {}, {}, node.mark, {}};
  bool good = true;
  std::optional<Mark> found;  // of path or name
  for (const Node::Entry& entry : node.entries) {
    const auto key = recognise(entry, use_keys, "a plugin", diagnostics);
    if (key == 1) {
      use.sha256 = read_sha256(entry.value, diagnostics);
    } else if (key == 2) {
      check_dollars(entry.value, diagnostics);
      if (expect_map(entry.value, "config", diagnostics)) use.config = entry.value.entries;
    } else if (key && found) {
      report(diagnostics, codes::exclusive_keys, entry.mark, "a plugin has a path or a name, not both", {},
             {{"the first one is here", *found}});
    } else if (key == 0) {
      found = entry.mark;
      good = read_path(entry.value, folder, use, diagnostics) && good;
    } else if (key == 3) {
      found = entry.mark;
      auto named = read_name(entry.value, folder, diagnostics);
      good = named && good;
      if (named) std::tie(use.name, use.path) = std::tie(named->name, named->path);
    }
  }
  if (!found) {
    report(diagnostics, codes::plugin_form, node.mark, "this plugin has neither a path nor a name",
           std::string(use_form));
  }
  return good && found ? std::optional(std::move(use)) : std::nullopt;
}

}  // namespace

Plugins read_plugins(const Node& node, const std::filesystem::path& folder, Diagnostics& diagnostics) {
  Plugins plugins;
  if (!expect_list(node, "plugins", diagnostics)) {
    plugins.open = true;
    return plugins;
  }
  std::unordered_map<std::string, Mark> seen;
  for (const Node& item : node.items) {
    auto use =
        item.kind == Node::Kind::map ? read_use(item, folder, diagnostics) : read_name(item, folder, diagnostics);
    // What was refused may be any plugin.
    plugins.open = plugins.open || !use || !use->path.empty();
    if (!use) continue;
    const auto [first, added] = seen.emplace(use->path.empty() ? use->name : use->path.string(), use->mark);
    if (!added) {
      report(diagnostics, codes::duplicate_id, use->mark,
             fmt::format("the plugin {} is listed twice", in_quotes(use->name)), {},
             {{"the first one is here", first->second}});
      continue;
    }
    plugins.uses.push_back(std::move(*use));
  }
  return plugins;
}

}  // namespace gantry::config
