#include "plan/shared_content.hpp"

#include <array>
#include <utility>

#include <fmt/core.h>

#include "plan/argument.hpp"
#include "plan/axis.hpp"
#include "signature/codec.hpp"
#include "signature/little_endian.hpp"

namespace gantry::plan {
namespace {

namespace codes = config::codes;
using signature::Bytes;
using signature::Kind;
using signature::Node;
using signature::Type;
using signature::View;

const Type u64{Kind::u64, {}, {}, 0};
const Type i64{Kind::i64, {}, {}, 0};

/// One declaration.
class Content {
 public:
  Content(const Scope& scope, const config::Shared& written, config::Diagnostics& diagnostics)
      : scope_(scope), written_(written), path_("shared." + written.name), diagnostics_(diagnostics) {}

  SharedObject compile() {
    SharedObject object{written_.name, written_.type, {}, {}};
    if (written_.broken) return object;
    if (object.type.kind == Kind::counter) {
      if (written_.values) object.numbers = constant(*written_.values, i64, path_ + ".counter").value_or(Bytes(8));
    } else if (written_.size) {
      zeros(object);
    } else if (written_.values) {
      values(*written_.values, ".values", object);
    } else if (written_.each && written_.each->kind == config::Source::Kind::values) {
      values(written_.each->values, ".each", object);
    } else if (written_.each) {
      numbers(*written_.each, object);
    }
    return object;
  }

 private:
  void report(const config::Code& code, config::Mark mark, std::string sentence, std::string help = {}) {
    diagnostics_.report({std::string(code.number), mark, std::move(sentence), {}, std::move(help)});
  }

  /// Only what is known before the run may stand in it.
  bool known(const Node& node) {
    bool good = true;
    if (node.is_scalar() && node.text.find('$') != std::string::npos) {
      const auto scalar = config::parse_scalar(node.text);
      if (!scalar) return false;  // config::read has reported it
      for (const auto& part : scalar->parts) {
        const auto* reference = std::get_if<config::Reference>(&part);
        if (reference != nullptr) good = known(*reference, node.mark) && good;
      }
    }
    for (const auto& item : node.items) good = known(item) && good;
    for (const auto& entry : node.entries) good = known(entry.value) && good;
    return good;
  }

  bool known(const config::Reference& reference, config::Mark mark) {
    if (reference.name != "params" && reference.name != "env") {
      report(codes::reference_here, mark,
             fmt::format("{}: the content of a shared object is known before the run", config::to_text(reference)),
             "write values, $params.name or $env.NAME");
      return false;
    }
    const auto found = scope_.names.constant(reference);
    if (found) return true;
    report(found.error().part ? codes::no_such_part : codes::no_such_reference, mark, found.error().sentence,
           found.error().help);
    return false;
  }

  std::optional<Bytes> constant(const Node& node, const Type& type, const std::string& path) {
    if (!known(node)) return std::nullopt;
    Complaints complaints;
    Program program;
    const bool fits = ArgumentCompiler(scope_, nullptr, complaints).compile(node, type, path, program);
    for (auto& complaint : complaints) diagnostics_.report(std::move(complaint.diagnostic));
    if (!fits || !is_constant(program)) return std::nullopt;
    if (program.empty()) return Bytes{};
    return std::get<piece::Constant>(std::move(program.front().is)).bytes;
  }

  void values(const Node& node, const char* key, SharedObject& object) {
    const Type& element = object.type.of.front();
    const auto list = constant(node, Type{Kind::list, {element}, {}, 0}, path_ + key);
    if (!list) return;
    const View all = View(*list).subspan(sizeof(std::uint64_t));
    if (object.type.kind == Kind::shared_array) {
      object.numbers.assign(all.begin(), all.end());
      return;
    }
    for (View left = all; !left.empty();) {
      const View value = left.first(signature::extent(element, left).value_or(left.size()));
      object.values.emplace_back(value.begin(), value.end());
      left = left.subspan(value.size());
    }
  }

  /// A whole number that is written, or a param's.
  std::optional<Wide> number(const Node& node, const std::string& path) {
    if (!known(node)) return std::nullopt;
    const auto scalar = config::parse_scalar(node.text);
    const auto* reference = scalar ? scalar->reference() : nullptr;
    const Node* meant = &node;
    if (reference != nullptr) meant = *scope_.names.constant(*reference);
    Bytes bytes;
    if (signature::encode(*meant, i64, path, bytes)) return Wide{signature::load<std::int64_t>(bytes.data())};
    if (const auto fits = signature::encode(*meant, u64, path, bytes); !fits) {
      report(codes::source_bound, node.mark, signature::to_text(fits.error()));
      return std::nullopt;
    }
    return Wide{signature::load<std::uint64_t>(bytes.data())};
  }

  void zeros(SharedObject& object) {
    const auto size = number(*written_.size, path_ + ".size");
    if (!size) return;
    if (*size < 1 || *size > Wide(most_content)) {
      return report(codes::shared_content, written_.size->mark,
                    fmt::format("{}.size: a shared array has 1 to {} elements", path_, most_content));
    }
    object.numbers.resize(static_cast<std::size_t>(*size) * signature::least_size(object.type.of.front()));
  }

  /// A range, or chunks.
  void numbers(const config::Source& source, SharedObject& object) {
    std::array<Wide, 3> bounds{0, 0, 1};
    for (std::size_t i = 0; i < source.numbers.size(); ++i) {
      const auto bound = number(source.numbers[i], fmt::format("{}.each[{}]", path_, i));
      if (!bound) return;
      bounds.at(i) = *bound;
    }
    const bool range = source.kind == config::Source::Kind::range;
    const auto axis = lay_out(range ? Source::Kind::range : Source::Kind::chunks, bounds[0], bounds[1], bounds[2]);
    if (!axis) return report(codes::source_bound, source.mark, fmt::format("{}.each: {}", path_, axis.error()));
    if (axis->count > most_content) {
      return report(codes::shared_content, source.mark,
                    fmt::format("{}.each has {} elements; the most is {}", path_, axis->count, most_content));
    }
    for (std::uint64_t k = 0; k < axis->count; ++k) {
      const std::uint64_t begin = axis->from + k * axis->step;
      const std::uint64_t end = k + 1 == axis->count ? axis->to : begin + axis->step;
      const Node node = range ? number_node(*axis, begin, source.mark) : chunk_node(*axis, begin, end, source.mark);
      Bytes value;
      if (const auto fits = signature::encode(node, object.type.of.front(), path_ + ".each", value); !fits) {
        return report(codes::shared_content, source.mark, signature::to_text(fits.error()));
      }
      if (object.type.kind == Kind::queue)
        object.values.push_back(std::move(value));
      else
        signature::append(object.numbers, value);
    }
  }

  static Node number_node(const Axis& axis, std::uint64_t value, config::Mark mark) {
    Node node;
    node.kind = Node::Kind::plain;
    node.mark = mark;
    node.text = axis.is_signed ? fmt::format("{}", static_cast<std::int64_t>(value)) : fmt::format("{}", value);
    return node;
  }

  static Node chunk_node(const Axis& axis, std::uint64_t begin, std::uint64_t end, config::Mark mark) {
    Node node;
    node.kind = Node::Kind::map;
    node.mark = mark;
    node.entries.push_back({"begin", mark, number_node(axis, begin, mark)});
    node.entries.push_back({"end", mark, number_node(axis, end, mark)});
    return node;
  }

  const Scope& scope_;
  const config::Shared& written_;
  std::string path_;
  config::Diagnostics& diagnostics_;
};

}  // namespace

void compile_shared(const Scope& scope, std::vector<SharedObject>& to, config::Diagnostics& diagnostics) {
  for (const auto& written : scope.config.shared) {
    SharedObject object = Content(scope, written, diagnostics).compile();
    if (object.type.kind == Kind::counter) object.numbers.resize(sizeof(std::int64_t));
    to.push_back(std::move(object));
  }
}

}  // namespace gantry::plan
