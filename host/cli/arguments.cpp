#include "cli/arguments.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cstdlib>
#include <filesystem>

#include "cli/help.hpp"
#include "cli/option.hpp"
#include "cli/words.hpp"
#include "config/code_points.hpp"
#include "signature/nearest.hpp"
#include "signature/printable.hpp"

namespace gantry::cli {
namespace {

constexpr std::string_view kOurs = "GANTRY_";
/// Variables that stand for no flag, behind GANTRY_.
constexpr std::array kOtherVariables{"PLUGIN_PATH", "WORKER", "HOST"};

std::unexpected<host::Error> usage(std::string sentence, std::string where = {}) {
  return host::fail(host::ErrorKind::usage, std::move(sentence), std::move(where));
}

/// A word that is no verb: a misspelt one, or a file for which the verb was forgotten.
std::unexpected<host::Error> no_verb(const std::string& word) {
  const std::string shown = signature::printable(word);
  if (word.starts_with('-')) {
    return usage(fmt::format("{} stands before a verb: write gantry VERB {} …", config::in_quotes(word), shown));
  }
  std::error_code ignored;
  const std::filesystem::path path(word);
  const bool is_file =
      path.extension() == ".yaml" || path.extension() == ".yml" || std::filesystem::is_regular_file(path, ignored);
  std::vector<std::string> names{"help"};
  for (const VerbUsage& verb : verbs()) names.emplace_back(verb.name);
  std::string help =
      is_file ? fmt::format("; did you mean `gantry run {}`?", shown) : signature::or_did_you_mean(word, names);
  if (help.empty()) help = "; gantry help lists them";
  return usage(fmt::format("there is no verb {}{}", config::in_quotes(word), help));
}

/// Reads the flag's values, or else its variable, into the arguments.
host::Result<void> read_option(const Option& option, const Words& words, Arguments& to) {
  if (const auto given = words.flags.find(&option); given != words.flags.end()) {
    const std::vector<std::string>& texts = given->second;
    for (std::size_t i = option.repeats ? 0 : texts.size() - 1; i < texts.size(); ++i) {
      if (auto read = option.read(texts[i], to); !read) {
        return usage(std::move(read.error().sentence), std::string(long_name(option)));
      }
    }
    return {};
  }
  const char* const text = option.variable == nullptr ? nullptr : std::getenv(option.variable);
  if (text == nullptr || *text == '\0') return {};
  to.from_environment.insert(option.variable);
  if (auto read = option.read(text, to); !read) return usage(std::move(read.error().sentence), option.variable);
  return {};
}

host::Result<std::variant<Arguments, Answer>> parse_verb(const VerbUsage& verb, const std::vector<std::string>& rest) {
  auto words = tell_apart(verb, rest);
  if (!words) return std::unexpected(std::move(words.error()));
  if (words->wants_help) return Answer{help_of(verb), {}};
  Arguments to;
  to.verb = verb.verb;
  if (!words->positionals.empty()) {
    to.target = words->positionals.front();
    to.words.assign(words->positionals.begin() + 1, words->positionals.end());
  }
  for (const Option* option : verb.options) {
    if (auto read = read_option(*option, *words, to); !read) return std::unexpected(std::move(read.error()));
  }
  return to;
}

}  // namespace

host::Result<std::variant<Arguments, Answer>> parse(std::vector<std::string> words) {
  if (words.empty()) return Answer{{}, help()};
  const std::string first = words.front();
  words.erase(words.begin());
  if (first == "-V" || first == "--version") return parse_verb(*find_verb("version"), words);
  if (first == "help" || first == "-h" || first == "--help") {
    if (words.empty() || words.front() == "help") return Answer{help(), {}};
    const VerbUsage* verb = find_verb(words.front());
    if (verb == nullptr) return no_verb(words.front());
    return Answer{help_of(*verb), {}};
  }
  const VerbUsage* verb = find_verb(first);
  if (verb == nullptr) return no_verb(first);
  return parse_verb(*verb, words);
}

std::vector<std::string> strange_variables(const char* const* environment) {
  std::vector<std::string> known(kOtherVariables.begin(), kOtherVariables.end());
  for (const VerbUsage& verb : verbs()) {
    for (const Option* option : verb.options) {
      if (option->variable != nullptr) known.emplace_back(option->variable + kOurs.size());
    }
  }
  std::vector<std::string> warnings;
  for (; *environment != nullptr; ++environment) {
    const std::string_view entry = *environment;
    if (!entry.starts_with(kOurs)) continue;
    const std::string_view name = entry.substr(kOurs.size(), entry.find('=') - kOurs.size());
    const std::string near = signature::nearest(name, known);
    if (near.empty() || near == name) continue;
    warnings.push_back(fmt::format("{}{} in the environment means nothing; did you mean `{}{}`?", kOurs,
                                   signature::printable(name), kOurs, near));
  }
  return warnings;
}

}  // namespace gantry::cli
