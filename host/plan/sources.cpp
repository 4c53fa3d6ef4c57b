#include "plan/sources.hpp"

#include <algorithm>
#include <limits>

#include <fmt/core.h>

#include "plan/axis.hpp"
#include "plan/file_source.hpp"
#include "plan/result_part.hpp"
#include "signature/codec.hpp"

namespace gantry::plan {
namespace {

namespace codes = config::codes;
using config::Reference;
using signature::Kind;
using signature::Node;

/// What an integer type holds.
std::pair<Wide, Wide> interval_of(Kind kind) {
  const auto of = [](auto zero) {
    using Limits = std::numeric_limits<decltype(zero)>;
    return std::pair<Wide, Wide>{Limits::min(), Limits::max()};
  };
  switch (kind) {
    case Kind::u8:
      return of(std::uint8_t{});
    case Kind::u16:
      return of(std::uint16_t{});
    case Kind::u32:
      return of(std::uint32_t{});
    case Kind::u64:
      return of(std::uint64_t{});
    case Kind::i8:
      return of(std::int8_t{});
    case Kind::i16:
      return of(std::int16_t{});
    case Kind::i32:
      return of(std::int32_t{});
    default:
      return of(std::int64_t{});
  }
}

class Compiler {
 public:
  Compiler(const Scope& scope, Complaints& complaints) : scope_(scope), complaints_(complaints) {}

  Source compile(const config::Source& written) {
    Source source;
    source.mark = written.mark;
    switch (written.kind) {
      case config::Source::Kind::range:
        source.kind = Source::Kind::range;
        source.written = "range";
        numbers(written, source);
        break;
      case config::Source::Kind::chunks:
        source.kind = Source::Kind::chunks;
        source.written = "chunks";
        numbers(written, source);
        break;
      case config::Source::Kind::values:
        values(written.values, source);
        break;
      case config::Source::Kind::files:
        compile_files(scope_, written, source, complaints_);
        break;
      case config::Source::Kind::reference:
        reference(written.values, source);
        break;
      case config::Source::Kind::groups:
        groups(written, source);
        break;
    }
    return source;
  }

 private:
  void numbers(const config::Source& written, Source& source) {
    for (const auto& node : written.numbers) {
      auto number = bound(node, source.written);
      source.typed = source.typed && number.has_value();
      if (number) source.numbers.push_back(std::move(*number));
    }
    const bool shaped =
        source.numbers.size() == 3 || (source.numbers.size() == 2 && source.kind == Source::Kind::range);
    if (!source.typed || !shaped) {
      source.typed = false;  // config::read has said which numbers are missing
      return;
    }
    const auto one = Bound{1, {}, 1, 1, "1"};
    const auto& from = source.numbers[0];
    const auto& to = source.numbers[1];
    const auto& step = source.numbers.size() == 3 ? source.numbers[2] : one;
    const bool known = from.value && to.value && step.value;
    // With unknown ends, laying out an empty stretch still checks the step.
    const auto axis = known ? lay_out(source.kind, *from.value, *to.value, *step.value)
                            : lay_out(source.kind, 0, 0, step.value.value_or(1));
    if (!axis) return reject(source, codes::source_bound, fmt::format("{}: {}", source.written, axis.error()));
    if (known) {
      source.count = axis->count;
      source.low = axis->low;
      source.high = axis->high;
      source.natural = axis->is_signed ? Kind::i64 : Kind::u64;
    } else {
      interval(from, to, step, source);
    }
  }

  /// The elements lie between the ends, whatever these turn out to be.
  static void interval(const Bound& from, const Bound& to, const Bound& step, Source& source) {
    const Wide excluded = source.kind == Source::Kind::range ? 1 : 0;
    if (step.low > 0 || source.kind == Source::Kind::chunks) {
      source.low = from.low;
      source.high = to.high - excluded;
    } else if (step.high < 0) {
      source.low = to.low + excluded;
      source.high = from.high;
    } else {
      source.low = std::min(from.low, to.low);
      source.high = std::max(from.high, to.high);
    }
    source.high = std::max(source.low, source.high);
    source.natural = !from.value      ? from.part.type.kind
                     : !to.value      ? to.part.type.kind
                     : source.low < 0 ? Kind::i64
                                      : Kind::u64;
  }

  std::optional<Bound> bound(const Node& node, const std::string& of) {
    const auto scalar = node.is_scalar() ? config::parse_scalar(node.text) : config::Scalar{};
    if (!scalar) return std::nullopt;  // reported by config::read
    if (const auto* reference = scalar->reference()) return referred_bound(*reference, node, of);
    return literal_bound(node, node, node.text, of);
  }

  std::optional<Bound> referred_bound(const Reference& reference, const Node& use, const std::string& of) {
    if (reference.name == "params" || reference.name == "env") {
      const auto found = scope_.names.constant(reference);
      if (!found) return std::nullopt;
      return literal_bound(**found, use, config::to_text(reference), of);
    }
    const auto producer = scope_.names.step(reference.name);
    if (!producer) return std::nullopt;
    auto referred = refer_to_result(scope_, reference, *producer, use.mark, complaints_);
    if (!referred) return std::nullopt;
    if (!signature::is_integer(referred->type.kind)) {
      complaints_.push_back(complain(codes::source_bound, use.mark,
                                     fmt::format("{} wants whole numbers, and {} is {}", of, config::to_text(reference),
                                                 signature::to_text(referred->type)),
                                     {producer_note(scope_, *producer)}));
      return std::nullopt;
    }
    const auto [low, high] = interval_of(referred->type.kind);
    return Bound{std::nullopt, std::move(referred->part), low, high, config::to_text(reference)};
  }

  /// `node` is what is written, or the param that `use` refers to.
  std::optional<Bound> literal_bound(const Node& node, const Node& use, const std::string& written,
                                     const std::string& of) {
    for (const auto kind : {Kind::u64, Kind::i64}) {
      signature::Bytes bytes;
      if (!signature::encode(node, signature::Type{kind, {}, {}, 0}, "", bytes)) continue;
      const auto value = read_integer(kind, bytes);
      return Bound{value, {}, value, value, written};
    }
    std::vector<config::Note> notes;
    std::string what = signature::describe(node);
    if (&node != &use) {
      if (node.mark.line != 0) notes.push_back({fmt::format("{} is set here", written), node.mark});
      what = fmt::format("{} is {}", written, what);
    } else {
      what = "this is " + what;
    }
    complaints_.push_back(complain(codes::source_bound, use.mark,
                                   fmt::format("{} wants whole numbers of 64 bits, and {}", of, what),
                                   std::move(notes)));
    return std::nullopt;
  }

  void values(const Node& written, Source& source) {
    source.kind = Source::Kind::values;
    source.written = "values";
    const Node* list = &written;
    if (written.is_scalar()) {
      const auto scalar = config::parse_scalar(written.text);
      const auto* reference = scalar ? scalar->reference() : nullptr;
      source.written = written.text;
      if (reference != nullptr && scope_.names.step(reference->name)) {
        return reject(source, codes::source_not_a_list,
                      fmt::format("values wants a list, and {} is a result", written.text),
                      fmt::format("bind it without values: {{x: {}}}", written.text), written.mark);
      }
      if (reference != nullptr) {
        const auto found = scope_.names.constant(*reference);
        source.typed = found.has_value();
        if (!found) return;
        list = *found;
        source.constant_items = true;
      }
    }
    if (list->kind != Node::Kind::list) {
      reject(source, codes::source_not_a_list,
             fmt::format("values wants a list, and {} is {}", written.is_scalar() ? written.text : "this",
                         signature::describe(*list)),
             "", written.mark);
      if (list != &written && list->mark.line != 0)
        complaints_.back().diagnostic.notes.push_back({fmt::format("{} is set here", written.text), list->mark});
      return;
    }
    for (const auto& item : list->items) source.items.push_back(&item);
    source.count = source.items.size();
  }

  void reference(const Node& written, Source& source) {
    source.written = written.text;
    const auto scalar = config::parse_scalar(written.text);
    const auto* reference = scalar ? scalar->reference() : nullptr;
    const auto producer = reference ? scope_.names.step(reference->name) : std::nullopt;
    if (reference != nullptr && !producer && (reference->name == "params" || reference->name == "env")) {
      return reject(source, codes::source_not_a_list, fmt::format("{} is no step", written.text),
                    fmt::format("write {{values: {}}}", written.text));
    }
    source.typed = false;
    if (!producer) return;
    auto referred = refer_to_result(scope_, *reference, *producer, written.mark, complaints_);
    if (!referred) return;
    source.typed = true;
    if (referred->all) {
      source.kind = Source::Kind::tasks;
      source.producer = *producer;
      source.element = referred->part.root;
      source.count = scope_.steps[raw(*producer)].tasks;
      return;
    }
    source.kind = Source::Kind::list;
    if (referred->type.kind != Kind::list && referred->type.kind != Kind::array) {
      reject(source, codes::source_not_a_list,
             fmt::format("{} is {}, and only the elements of a list can be bound", written.text,
                         signature::to_text(referred->type)));
      complaints_.back().diagnostic.notes.push_back(producer_note(scope_, *producer));
      return;
    }
    source.element = referred->type.of.front();
    if (referred->type.kind == Kind::array) source.count = referred->type.length;
    source.part = std::move(referred->part);
  }

  void groups(const config::Source& written, Source& source) {
    source.kind = Source::Kind::groups;
    source.written = "groups";
    if (written.inner.empty() || written.numbers.empty()) {
      source.typed = false;  // config::read has reported it
      return;
    }
    source.inner = std::make_unique<Source>(compile(written.inner.front()));
    auto size = bound(written.numbers.front(), "groups");
    if (size && size->value && *size->value < 1) {
      return reject(source, codes::source_bound, "a group has at least 1 element", "", written.numbers.front().mark);
    }
    source.typed = source.inner->typed && size.has_value();
    if (!source.typed) return;
    if (size->value && source.inner->count)
      source.count = count_groups(*source.inner->count, static_cast<std::uint64_t>(*size->value));
    source.numbers.push_back(std::move(*size));
  }

  void reject(Source& source, const config::Code& code, std::string sentence, std::string help = {},
              config::Mark mark = {}) {
    source.typed = false;
    complaints_.push_back(
        complain(code, mark.line == 0 ? source.mark : mark, std::move(sentence), {}, std::move(help)));
  }

  const Scope& scope_;
  Complaints& complaints_;
};

}  // namespace

Source compile_source(const Scope& scope, const config::Source& written, Complaints& complaints) {
  return Compiler(scope, complaints).compile(written);
}

std::optional<std::uint64_t> count_tasks(const config::Step& step, const std::vector<Source>& sources,
                                         Complaints& complaints) {
  if (sources.empty()) return 1;
  const bool known = std::ranges::all_of(sources, [](const Source& one) { return one.count.has_value(); });
  if (step.zip) {
    const auto first = std::ranges::find_if(sources, [](const Source& one) { return one.count.has_value(); });
    for (std::size_t i = 0; i < sources.size(); ++i) {
      if (!sources[i].count || *sources[i].count == *first->count) continue;
      const auto& other = step.each[static_cast<std::size_t>(first - sources.begin())];
      complaints.push_back(complain(codes::unequal_zip, step.each[i].mark,
                                    fmt::format("zip walks its names together, and {} has {} elements, {} has {}",
                                                other.name, *first->count, step.each[i].name, *sources[i].count),
                                    {{fmt::format("{} is bound here", other.name), other.mark}},
                                    "for all combinations write each"));
      return std::nullopt;
    }
    return known ? sources.front().count : std::nullopt;
  }
  if (!known) return std::nullopt;
  if (std::ranges::any_of(sources, [](const Source& one) { return *one.count == 0; })) return 0;
  Wide tasks = 1;
  for (const auto& source : sources) {
    tasks *= *source.count;
    if (tasks > most_tasks) {
      complaints.push_back(complain(codes::too_many_tasks, step.each.front().mark,
                                    "the product of these names has more than 2^63 tasks"));
      return std::nullopt;
    }
  }
  return static_cast<std::uint64_t>(tasks);
}

}  // namespace gantry::plan
