#include "cli/words.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <optional>

#include "config/code_points.hpp"
#include "signature/nearest.hpp"

namespace gantry::cli {
namespace {

std::unexpected<host::Error> usage(std::string sentence, std::string where = {}) {
  return host::fail(host::ErrorKind::usage, std::move(sentence), std::move(where));
}

/// One word that begins with a dash.
struct Flag {
  std::string name;                  ///< "--seed", "-j"
  std::optional<std::string> value;  ///< what stands in the same word
};

Flag flag_in(const std::string& word) {
  if (!word.starts_with("--")) {
    return {word.substr(0, 2), word.size() > 2 ? std::optional(word.substr(2)) : std::nullopt};
  }
  const std::size_t equals = word.find('=');
  if (equals == std::string::npos) return {word, std::nullopt};
  return {word.substr(0, equals), word.substr(equals + 1)};
}

const Option* find(const VerbUsage& verb, const std::string& name) {
  const auto is_it = [&](const Option* option) {
    return long_name(*option) == name || (name.size() == 2 && option->names.starts_with(name + ","));
  };
  const auto found = std::ranges::find_if(verb.options, is_it);
  return found == verb.options.end() ? nullptr : *found;
}

std::unexpected<host::Error> no_flag(const VerbUsage& verb, const std::string& name) {
  std::vector<std::string> names{"--help"};
  for (const Option* option : verb.options) names.emplace_back(long_name(*option));
  const std::string help = name.starts_with("--") ? signature::or_did_you_mean(name, names) : "";
  return usage(fmt::format("gantry {} has no flag {}{}", verb.name, config::in_quotes(name),
                           help.empty() ? fmt::format("; gantry help {} lists them", verb.name) : help));
}

host::Result<void> check_count(const VerbUsage& verb, const std::vector<std::string>& positionals) {
  const std::size_t most = verb.target.name.empty() ? 0 : 1;
  if (positionals.size() > most && verb.words.name.empty()) {
    return usage(fmt::format("{} is one word too many for gantry {}", config::in_quotes(positionals[most]), verb.name));
  }
  if (positionals.empty() && verb.target.required) {
    return usage(fmt::format("gantry {} needs {}; gantry help {} tells more", verb.name, verb.target.name, verb.name));
  }
  return {};
}

}  // namespace

host::Result<Words> tell_apart(const VerbUsage& verb, const std::vector<std::string>& words) {
  Words apart;
  bool flags_end = false;
  for (auto word = words.begin(); word != words.end(); ++word) {
    if (flags_end || !word->starts_with('-') || *word == "-") {
      apart.positionals.push_back(*word);
      continue;
    }
    if (*word == "--") {
      flags_end = true;
      continue;
    }
    Flag flag = flag_in(*word);
    if (flag.name == "-h" || flag.name == "--help") {
      apart.wants_help = true;
      return apart;
    }
    const Option* option = find(verb, flag.name);
    if (option == nullptr) return no_flag(verb, flag.name);
    const bool is_switch = option->value.empty();
    if (is_switch && flag.value) return usage("takes no value", flag.name);
    if (!is_switch && !flag.value) {
      const auto next = word + 1;
      if (next == words.end() || next->starts_with("--")) return usage("needs a value", flag.name);
      flag.value = *++word;
    }
    apart.flags[option].push_back(flag.value.value_or(""));
  }
  if (auto good = check_count(verb, apart.positionals); !good) return std::unexpected(std::move(good.error()));
  return apart;
}

}  // namespace gantry::cli
