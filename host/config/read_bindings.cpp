#include <fmt/format.h>

#include <array>

#include "config/code_points.hpp"
#include "config/name.hpp"
#include "config/readers.hpp"
#include "config/reference.hpp"
#include "config/settings.hpp"

namespace gantry::config {
namespace {

constexpr std::array source_keys{Key{"range"}, Key{"chunks"},      Key{"values"},   Key{"groups"},
                                 Key{"files"}, Key{"lines", true}, Key{"csv", true}};
constexpr std::string_view forms =
    "a source is {range: [from, to]}, {chunks: [from, to, size]}, {values: [...]}, {groups: [source, n]}, "
    "{files: \"*.txt\"} or $step";

/// Whether the list has one of the lengths allowed; `form` is how it is written.
bool expect_items(const Node& node, std::string_view form, std::size_t least, std::size_t most,
                  Diagnostics& diagnostics) {
  if (node.kind == Node::Kind::list && node.items.size() >= least && node.items.size() <= most) return true;
  report(diagnostics, codes::not_a_source, node.mark, fmt::format("{} is not of the form {}", shown(node), form));
  return false;
}

/// The bounds of a source: scalars, or references to them.
bool expect_numbers(const std::vector<Node>& numbers, std::string_view key, Diagnostics& diagnostics) {
  bool good = true;
  for (const Node& number : numbers) {
    if (number.is_scalar()) continue;
    report(diagnostics, codes::not_a_source, number.mark, fmt::format("{}: {} is not a number", key, shown(number)));
    good = false;
  }
  return good;
}

bool read_numbers(Source& source, Node list, std::string_view key, std::string_view form, std::size_t least,
                  std::size_t most, Diagnostics& diagnostics) {
  if (!expect_items(list, form, least, most, diagnostics)) return false;
  source.numbers = std::move(list.items);
  return expect_numbers(source.numbers, key, diagnostics);
}

bool read_values(Source& source, Node node, Diagnostics& diagnostics) {
  const auto scalar = node.is_scalar() ? parse_scalar(node.text) : Scalar{};
  // A wrong `$` has been reported with those of the other scalars.
  if (node.kind == Node::Kind::list || !scalar || scalar->reference() != nullptr) {
    source.values = std::move(node);
    return scalar.has_value();
  }
  report(diagnostics, codes::not_a_source, node.mark, fmt::format("values is {}, not a list", shown(node)),
         "write values: [...], or values: $params.name");
  return false;
}

/// One pattern, or some; a wrong `$` has been reported with those of the other scalars.
bool read_files(Source& source, Node node, Diagnostics& diagnostics) {
  const bool list = node.kind == Node::Kind::list;
  bool good = true;
  const auto expect_pattern = [&](const Node& one) {
    if (one.is_scalar()) {
      good = good && parse_scalar(one.text).has_value();
      return;
    }
    report(diagnostics, codes::not_a_source, one.mark, fmt::format("files: {} is no pattern", shown(one)),
           "write files: \"data/*.txt\"");
    good = false;
  };
  if (list && !node.items.empty()) {
    for (const Node& item : node.items) expect_pattern(item);
  } else {
    expect_pattern(node);
  }
  source.values = std::move(node);
  return good;
}

bool read_groups(Source& source, Node list, Diagnostics& diagnostics) {
  if (!expect_items(list, "groups: [source, n]", 2, 2, diagnostics)) return false;
  source.numbers.push_back(std::move(list.items[1]));
  auto inner = read_source(std::move(list.items[0]), diagnostics);
  const bool number = expect_numbers(source.numbers, "groups", diagnostics);
  if (inner) source.inner.push_back(std::move(*inner));
  return number && !source.inner.empty();
}

/// `$step`: a task for each element.
std::optional<Source> read_reference(Node node, Diagnostics& diagnostics) {
  const auto scalar = parse_scalar(node.text);
  if (!scalar) return {};  // reported with the other scalars
  const Reference* reference = scalar->reference();
  if (reference == nullptr || is_reserved(reference->name)) {
    const bool param = reference != nullptr && reference->name == "params";
    report(diagnostics, codes::not_a_source, node.mark, fmt::format("{} is no source of values", shown(node)),
           param ? fmt::format("write {{values: {}}}", node.text) : std::string(forms));
    return {};
  }
  Source source;
  source.kind = Source::Kind::reference;
  source.mark = node.mark;
  source.values = std::move(node);
  return source;
}

}  // namespace

std::optional<Source> read_source(Node node, Diagnostics& diagnostics) {
  if (node.is_scalar()) return read_reference(std::move(node), diagnostics);
  if (node.kind != Node::Kind::map || node.entries.empty()) {
    report(diagnostics, codes::not_a_source, node.mark, fmt::format("{} is no source of values", shown(node)),
           node.kind == Node::Kind::list ? "write {values: [...]}" : std::string(forms));
    return {};
  }
  std::optional<std::size_t> key;
  for (const Node::Entry& entry : node.entries) key = recognise(entry, source_keys, "a source", diagnostics);
  if (node.entries.size() > 1) {
    const Node::Entry& second = node.entries[1];
    report(diagnostics, codes::exclusive_keys, second.mark,
           fmt::format("a source has one key, and {} is its second", in_quotes(second.key)), std::string(forms));
    return {};
  }
  if (!key) return {};
  Source source;
  source.kind = static_cast<Source::Kind>(*key);
  source.mark = node.mark;
  Node value = std::move(node.entries.front().value);
  bool good = false;
  switch (source.kind) {
    case Source::Kind::range:
      good =
          read_numbers(source, std::move(value), "range", "range: [from, to] or [from, to, step]", 2, 3, diagnostics);
      break;
    case Source::Kind::chunks:
      good = read_numbers(source, std::move(value), "chunks", "chunks: [from, to, size]", 3, 3, diagnostics);
      break;
    case Source::Kind::values:
      good = read_values(source, std::move(value), diagnostics);
      break;
    case Source::Kind::groups:
      good = read_groups(source, std::move(value), diagnostics);
      break;
    case Source::Kind::files:
      good = read_files(source, std::move(value), diagnostics);
      break;
    case Source::Kind::reference:
      break;
  }
  return good ? std::optional(std::move(source)) : std::nullopt;
}

namespace {

void check_name(const Node::Entry& entry, Diagnostics& diagnostics) {
  if (!is_bound_name(entry.key)) {
    report(diagnostics, codes::name_form, entry.mark, fmt::format("{} is no name to bind", in_quotes(entry.key)),
           "names match [a-z_][a-z0-9_]*");
  } else if (is_reserved(entry.key)) {
    report(diagnostics, codes::reserved_name, entry.mark,
           fmt::format("{} is reserved and cannot be bound", in_quotes(entry.key)));
  }
}

/// In place of a source that will be refused: no elements, but the parts that references may select.
Source stand_in(const Node& node) {
  Source source;
  source.mark = node.mark;
  const bool chunks = node.kind == Node::Kind::map && node.find("chunks") != nullptr;
  source.kind = chunks ? Source::Kind::chunks : Source::Kind::values;
  source.values.kind = Node::Kind::list;
  source.values.mark = node.mark;
  for (const char* number : {"0", "0", "1"}) {
    if (!chunks) break;
    Node& bound = source.numbers.emplace_back();
    bound.kind = Node::Kind::plain;
    bound.mark = node.mark;
    bound.text = number;
  }
  return source;
}

}  // namespace

std::vector<Binding> read_bindings(Node node, std::string_view key, Diagnostics& diagnostics) {
  std::vector<Binding> bindings;
  if (!expect_map(node, key, diagnostics)) return bindings;
  if (node.entries.empty()) {
    report(diagnostics, codes::not_a_source, node.mark, fmt::format("{} binds no name", key), "write {name: source}");
  }
  for (Node::Entry& entry : node.entries) {
    check_name(entry, diagnostics);
    check_dollars(entry.value, diagnostics);
    Source instead = stand_in(entry.value);
    auto source = read_source(std::move(entry.value), diagnostics);
    const bool broken = !source;
    bindings.push_back({std::move(entry.key), entry.mark, source ? std::move(*source) : std::move(instead), broken});
  }
  return bindings;
}

}  // namespace gantry::config
