// `shared:` of a pipeline: queues, counters and arrays, and where their first content comes from.
#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "config/code_points.hpp"
#include "config/name.hpp"
#include "config/readers.hpp"
#include "config/reference.hpp"
#include "config/settings.hpp"

namespace gantry::config {
namespace {

constexpr std::array keys{Key{"queue"}, Key{"counter"}, Key{"array"}, Key{"values"}, Key{"each"}, Key{"size"}};
constexpr std::array<std::string_view, 3> kinds{"queue", "counter", "array"};
constexpr std::string_view forms =
    "write {queue: u64, values: [...]}, {queue: u64, each: {range: [from, to]}}, {counter: 0}, {array: u64, size: n} "
    "or "
    "{array: u64, values: [...]}";

/// Reads one entry: every key at most once, so that each has one reader.
class SharedReader {
 public:
  SharedReader(Shared& shared, Diagnostics& diagnostics) : shared_(shared), diagnostics_(diagnostics) {}

  void read(Node node) {
    if (node.kind != Node::Kind::map) return refuse(node.mark, fmt::format("{} is no shared object", shown(node)));
    check_dollars(node, diagnostics_);
    for (Node::Entry& entry : node.entries) {
      const auto key = recognise(entry, keys, "a shared object", diagnostics_);
      if (!key) {
        shared_.broken = true;
      } else if (*key < kinds.size()) {
        read_kind(*key, entry);
      } else if (*key == 3) {
        read_values(entry);
      } else if (*key == 4) {
        read_each(entry);
      } else {
        read_size(entry);
      }
    }
    check(node.mark);
  }

 private:
  void refuse(Mark mark, std::string sentence, std::string_view help = forms) {
    shared_.broken = true;
    report(diagnostics_, codes::shared_form, mark, std::move(sentence), std::string(help));
  }

  void read_kind(std::size_t key, Node::Entry& entry) {
    if (kind_) {
      return refuse(entry.mark, fmt::format("a shared object is one thing, and {} is its second kind", kinds[key]));
    }
    kind_ = key;
    shared_.type_mark = entry.value.mark;
    if (kinds[key] == "counter") {
      shared_.type = signature::of_kind(signature::Kind::counter);
      if (!entry.value.is_scalar()) return refuse(entry.value.mark, "a counter starts at a whole number");
      shared_.values = std::move(entry.value);
      return;
    }
    if (!entry.value.is_scalar() || entry.value.text.find('$') != std::string::npos) {
      return refuse(entry.value.mark, fmt::format("{}: {} is no type", kinds[key], shown(entry.value)),
                    fmt::format("write {}: u64, or another type as signatures have it", kinds[key]));
    }
    auto type = signature::parse_parameter_type(fmt::format("{}<{}>", kinds[key], entry.value.text));
    if (!type) {
      // Positions are of the text as written.
      const auto element = signature::parse_type(entry.value.text);
      return refuse(entry.value.mark,
                    fmt::format("{}: {} is no type for it: {}", kinds[key], shown(entry.value),
                                element ? after_position(type.error().sentence) : element.error().sentence),
                    "");
    }
    shared_.type = std::move(*type);
  }

  static std::string after_position(const std::string& sentence) {
    const auto colon = sentence.find(": ");
    return colon == std::string::npos ? sentence : sentence.substr(colon + 2);
  }

  void read_values(Node::Entry& entry) {
    const auto scalar = entry.value.is_scalar() ? parse_scalar(entry.value.text) : Scalar{};
    const bool named = scalar && scalar->reference() != nullptr;
    if (entry.value.kind != Node::Kind::list && !named && scalar) {
      return refuse(entry.value.mark, fmt::format("values is {}, not a list", shown(entry.value)),
                    "write values: [...], or values: $params.name");
    }
    if (!scalar) shared_.broken = true;  // check_dollars has reported it
    content(entry);
    values_ = std::move(entry.value);
  }

  void read_each(Node::Entry& entry) {
    content(entry);
    const Mark mark = entry.value.mark;
    auto source = read_source(std::move(entry.value), diagnostics_);
    if (!source) {
      shared_.broken = true;
    } else if (source->kind != Source::Kind::range && source->kind != Source::Kind::chunks &&
               source->kind != Source::Kind::values) {
      refuse(mark, "the content of a shared object is known before the run",
             "write each: {range: [from, to]}, {chunks: [from, to, size]} or {values: [...]}");
    } else {
      shared_.each = std::move(*source);
    }
  }

  void read_size(Node::Entry& entry) {
    content(entry);
    if (!entry.value.is_scalar()) return refuse(entry.value.mark, "size is a whole number", "write size: 100");
    shared_.size = std::move(entry.value);
  }

  /// Of values, each and size there is one at most.
  void content(const Node::Entry& entry) {
    if (content_) {
      refuse(entry.mark, fmt::format("{} and {} both say what is in it", in_quotes(*content_), in_quotes(entry.key)));
    }
    content_ = entry.key;
    content_mark_ = entry.mark;
  }

  void check(Mark mark) {
    if (!kind_) {
      if (!shared_.broken) refuse(mark, "a shared object says what it is: queue, counter or array");
      return;
    }
    const std::string_view kind = kinds[*kind_];
    if (kind == "counter") {
      if (content_) refuse(content_mark_, fmt::format("a counter has no {}", *content_), "write {counter: 0}");
      return;
    }
    if (values_) shared_.values = std::move(*values_);
    if (kind == "queue" && shared_.size) refuse(content_mark_, "a queue has no size: it grows");
    if (kind == "array" && !content_ && !shared_.broken) refuse(mark, "an array needs a size, or values");
  }

  Shared& shared_;
  Diagnostics& diagnostics_;
  std::optional<std::size_t> kind_;
  std::optional<std::string> content_;
  Mark content_mark_;
  std::optional<Node> values_;
};

}  // namespace

std::vector<Shared> read_shared(Node node, Diagnostics& diagnostics) {
  std::vector<Shared> all;
  if (node.kind == Node::Kind::null || !expect_map(node, "shared", diagnostics)) return all;
  for (Node::Entry& entry : node.entries) {
    Shared& shared = all.emplace_back();
    shared.name = entry.key;
    shared.mark = entry.mark;
    if (!is_name(entry.key)) {
      shared.broken = true;
      report(diagnostics, codes::name_form, entry.mark,
             fmt::format("{} is no name of a shared object", in_quotes(entry.key)), "names match [a-z][a-z0-9_]*");
    }
    SharedReader(shared, diagnostics).read(std::move(entry.value));
  }
  return all;
}

}  // namespace gantry::config
