#include "config/settings.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "config/code_points.hpp"
#include "config/name.hpp"
#include "config/quantity.hpp"
#include "config/reference.hpp"

namespace gantry::config {
namespace {

bool expect(Node::Kind kind, const Node& node, std::string_view what, std::string_view wanted,
            Diagnostics& diagnostics) {
  if (node.kind == kind) return true;
  if (node.kind == Node::Kind::null) {
    report(diagnostics, codes::wrong_shape, node.mark, fmt::format("{} has no value; it is {}", what, wanted));
    return false;
  }
  // `args:` above a lone `low:$a` is a scalar for YAML.
  const std::size_t colon = node.kind == Node::Kind::plain ? node.text.find(':') : std::string::npos;
  const bool space = kind == Node::Kind::map && colon != std::string::npos && is_name(node.text.substr(0, colon));
  report(diagnostics, codes::wrong_shape, node.mark, fmt::format("{} is {}, not {}", what, shown(node), wanted),
         space ? "a space after the colon" : "");
  return false;
}

}  // namespace

void report(Diagnostics& diagnostics, const Code& code, Mark mark, std::string sentence, std::string help,
            std::vector<Note> notes) {
  diagnostics.report({std::string(code.number), mark, std::move(sentence), std::move(notes), std::move(help)});
}

std::string shown(const Node& node) {
  return node.is_scalar() ? in_quotes(node.text) : signature::describe(node);
}

std::string alternatives(std::initializer_list<std::string_view> words) {
  std::string text;
  for (const std::string_view* word = words.begin(); word != words.end(); ++word) {
    if (word != words.begin()) text += word + 1 == words.end() ? " or " : ", ";
    text += *word;
  }
  return text;
}

std::optional<std::size_t> recognise(const Node::Entry& entry, std::span<const Key> keys, std::string_view owner,
                                     Diagnostics& diagnostics) {
  std::vector<std::string> names;
  for (std::size_t i = 0; i < keys.size(); ++i) {
    if (keys[i].name != entry.key) continue;
    if (!keys[i].later) return i;
    report(diagnostics, codes::later_version, entry.mark,
           fmt::format("{} is not supported by this version of gantry", in_quotes(entry.key)));
    return {};
  }
  for (const Key& key : keys) {
    if (!key.later) names.emplace_back(key.name);
  }
  std::string help = did_you_mean(entry.key, names);
  if (help.empty()) help = fmt::format("its keys are {}", fmt::join(names, ", "));
  report(diagnostics, codes::unknown_key, entry.mark, fmt::format("{} has no key {}", owner, in_quotes(entry.key)),
         std::move(help));
  return {};
}

bool expect_list(const Node& node, std::string_view what, Diagnostics& diagnostics) {
  return expect(Node::Kind::list, node, what, "a list", diagnostics);
}

bool expect_map(const Node& node, std::string_view what, Diagnostics& diagnostics) {
  return expect(Node::Kind::map, node, what, "a map", diagnostics);
}

std::optional<std::string> read_text(const Node& node, std::string_view what, Diagnostics& diagnostics) {
  if (!node.is_scalar()) {
    const std::string_view told = node.kind == Node::Kind::null ? "has no value" : "is";
    report(diagnostics, codes::wrong_shape, node.mark,
           node.kind == Node::Kind::null ? fmt::format("{} {}", what, told)
                                         : fmt::format("{} {} {}, not a single value", what, told, shown(node)));
    return {};
  }
  if (node.text.find('$') != std::string::npos) {
    report(diagnostics, codes::reference_here, node.mark, fmt::format("{} cannot hold a reference", what),
           "references stand in args, and in the sources of each and zip");
    return {};
  }
  return node.text;
}

std::optional<std::uint64_t> read_whole(const Node& node, std::string_view what, std::uint64_t least,
                                        std::uint64_t most, Diagnostics& diagnostics) {
  const auto text = read_text(node, what, diagnostics);
  if (!text) return {};
  auto value = parse_whole(*text, least, most);
  if (value) return *value;
  report(diagnostics, codes::not_a_number, node.mark,
         fmt::format("{}: {} {}", what, in_quotes(*text), value.error().sentence));
  return {};
}

std::optional<std::uint32_t> read_count(const Node& node, std::string_view what, Diagnostics& diagnostics) {
  const auto value = read_whole(node, what, 0, std::numeric_limits<std::uint32_t>::max(), diagnostics);
  return value ? std::optional(static_cast<std::uint32_t>(*value)) : std::nullopt;
}

std::optional<std::chrono::nanoseconds> read_duration(const Node& node, std::string_view what,
                                                      Diagnostics& diagnostics) {
  const auto text = read_text(node, what, diagnostics);
  if (!text) return {};
  auto value = parse_duration(*text);
  if (value) return *value;
  report(diagnostics, codes::not_a_duration, node.mark,
         fmt::format("{}: {} {}", what, in_quotes(*text), value.error().sentence));
  return {};
}

std::optional<std::size_t> read_word(const Node& node, std::string_view what,
                                     std::initializer_list<std::string_view> words, Diagnostics& diagnostics) {
  const auto text = read_text(node, what, diagnostics);
  if (!text) return {};
  for (const std::string_view* word = words.begin(); word != words.end(); ++word) {
    if (*word == *text) return static_cast<std::size_t>(word - words.begin());
  }
  report(diagnostics, codes::not_a_word, node.mark,
         fmt::format("{} is {}, not {}", what, in_quotes(*text), alternatives(words)),
         did_you_mean(*text, {words.begin(), words.end()}));
  return {};
}

std::optional<bool> read_bool(const Node& node, std::string_view what, Diagnostics& diagnostics) {
  const auto word = read_word(node, what, {"true", "false"}, diagnostics);
  return word ? std::optional(*word == 0) : std::nullopt;
}

void check_dollars(const Node& node, Diagnostics& diagnostics) {
  if (node.is_scalar()) {
    if (node.text.find('$') == std::string::npos) return;
    if (auto scalar = parse_scalar(node.text); !scalar) {
      report(diagnostics, codes::dollar, node.mark, std::move(scalar.error().sentence));
    }
  }
  for (const Node& item : node.items) check_dollars(item, diagnostics);
  for (const Node::Entry& entry : node.entries) check_dollars(entry.value, diagnostics);
}

}  // namespace gantry::config
