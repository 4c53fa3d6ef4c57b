#include <fmt/format.h>
#include <gantry/abi.h>

#include <nlohmann/json.hpp>
#include <utility>

#include "cli/running.hpp"
#include "cli/verbs.hpp"
#include "signature/nearest.hpp"
#include "signature/printable.hpp"

namespace gantry::cli {

namespace {

using nlohmann::ordered_json;
using signature::printable;

/// The files to inspect: one by path or name, or all on the plugin path.
host::Result<std::vector<std::string>> files_of(const std::string& target, const host::PluginPath& path) {
  if (target.find('/') != std::string::npos) {
    std::error_code ignored;
    return std::vector{std::filesystem::absolute(target, ignored).string()};
  }
  std::vector<std::string> files;
  const std::vector<std::string> names = path.names();
  for (const std::string& name : target.empty() ? names : std::vector{target}) {
    const auto file = path.find(name);
    if (!file) {
      return host::fail(host::ErrorKind::plugin, fmt::format("there is no lib{}.so on the plugin path{}", name,
                                                             signature::or_did_you_mean(name, names)));
    }
    files.push_back(file->string());
  }
  return files;
}

/// "(path: str = x.db)".
std::string configuration_of(const signature::Plugin& plugin) {
  const std::string written = signature::to_text(*plugin.begin);
  return written.substr(0, written.rfind(" -> "));
}

std::string as_text(const host::Loaded& loaded) {
  std::string text;
  for (const signature::Plugin& plugin : loaded.catalog.plugins) {
    text += fmt::format("{}{} {}  {}\n", text.empty() ? "" : "\n", plugin.name, printable(plugin.version),
                        printable(plugin.path));
    if (plugin.begin) {
      text += fmt::format("  configuration {}\n", printable(configuration_of(plugin)));
    }
    for (const signature::Function& function : plugin.functions) {
      text += fmt::format("  {}{}{}\n", function.name, printable(signature::to_text(function.signature)),
                          (function.flags & GANTRY_THREAD_SAFE) != 0 ? "  [thread-safe]" : "");
      if (!function.doc.empty()) text += fmt::format("      {}\n", printable(function.doc));
    }
  }
  return text;
}

std::string as_json(const host::Loaded& loaded, const std::vector<std::string>& files) {
  ordered_json all{{"version", 1}, {"plugins", ordered_json::array()}, {"refused", ordered_json::array()}};
  for (const signature::Plugin& plugin : loaded.catalog.plugins) {
    ordered_json functions = ordered_json::array();
    for (const signature::Function& function : plugin.functions) {
      functions.push_back({{"name", function.name},
                           {"signature", signature::to_text(function.signature)},
                           {"doc", function.doc},
                           {"thread_safe", (function.flags & GANTRY_THREAD_SAFE) != 0}});
    }
    all["plugins"].push_back({{"name", plugin.name},
                              {"version", plugin.version},
                              {"build", plugin.build},
                              {"path", plugin.path},
                              {"functions", std::move(functions)}});
    if (plugin.begin) all["plugins"].back()["configuration"] = configuration_of(plugin);
  }
  for (std::size_t i = 0; i < files.size(); ++i) {
    if (loaded.refusals[i]) all["refused"].push_back({{"path", files[i]}, {"reason", *loaded.refusals[i]}});
  }
  return signature::printable_json(all.dump(2, ' ', false, ordered_json::error_handler_t::replace)) + "\n";
}

}  // namespace

Exit inspect(const Arguments& arguments, report::Console& console) {
  const host::Signals signals;
  const host::Opening how = opening(arguments, console);
  auto files = files_of(arguments.target, how.plugin_path);
  if (!files) return complain(files.error(), console);
  if (files->empty()) {
    return complain(
        {host::ErrorKind::plugin, "there are no plugins on the plugin path; name folders by --plugin-path", {}},
        console);
  }
  pool::Options options;
  options.tell = how.tell;
  auto loaded = host::load(*files, std::move(options));
  if (!loaded) return complain(loaded.error(), console);
  const Exit printed = write_whole(arguments.output == "json" ? as_json(*loaded, *files) : as_text(*loaded), console);
  bool refused = false;
  for (std::size_t i = 0; i < files->size(); ++i) {
    if (!loaded->refusals[i]) continue;
    refused = true;
    const std::string& sentence = *loaded->refusals[i];
    const bool names_it = sentence.find((*files)[i]) != std::string::npos;
    static_cast<void>(complain({host::ErrorKind::plugin, sentence, names_it ? "" : (*files)[i]}, console));
  }
  return printed == Exit::all_values && refused ? Exit::plugin : printed;
}

Exit version(report::Console& console) {
  return write_whole(fmt::format("gantry {}\nplugin edge {}.{}\nwire {}\n", GANTRY_VERSION, GANTRY_ABI_MAJOR,
                                 GANTRY_ABI_MINOR, GANTRY_WIRE),
                     console);
}

}  // namespace gantry::cli
