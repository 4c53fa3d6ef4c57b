#include "plan/file_source.hpp"

#include <algorithm>

#include <fmt/core.h>

#include "plan/file_pattern.hpp"
#include "plan/find_files.hpp"
#include "signature/little_endian.hpp"

namespace gantry::plan {
namespace {

namespace codes = config::codes;
using config::Reference;
using signature::Node;

/// A pattern, and how it got into the source.
struct Wanted {
  std::string text;
  config::Mark mark;
  std::vector<config::Note> notes;
};

class Finder {
 public:
  Finder(const Scope& scope, Complaints& complaints) : scope_(scope), complaints_(complaints) {}

  std::shared_ptr<const Table> find(const Node& written) {
    const bool list = written.kind == Node::Kind::list;
    for (const Node& one : list ? std::span(written.items) : std::span(&written, 1)) want(one);
    std::vector<std::string> all;
    for (const auto& wanted : wanted_) look_for(wanted, all);
    if (!good_) return nullptr;
    std::ranges::sort(all);
    const auto repeated = std::ranges::unique(all);
    all.erase(repeated.begin(), repeated.end());
    return encoded(all);
  }

 private:
  /// Reads a scalar of the file into patterns.
  void want(const Node& written) {
    const auto scalar = written.is_scalar() ? config::parse_scalar(written.text) : config::Scalar{};
    if (!scalar) {
      good_ = false;  // reported by config::read
    } else if (const auto* reference = scalar->reference()) {
      if (const auto* found = constant(*reference, written.mark)) want_constant(*found, *reference, written.mark);
    } else {
      Wanted wanted{"", written.mark, {}};
      bool known = true;
      for (const auto& part : scalar->parts) known = append(part, wanted) && known;
      if (known) wanted_.push_back(std::move(wanted));
    }
  }

  /// A param may hold one pattern, or a list of them.
  void want_constant(const Node& found, const Reference& reference, config::Mark use) {
    if (found.kind == Node::Kind::list && !found.items.empty()) {
      for (const Node& item : found.items) {
        if (!item.is_scalar()) return refuse(item, reference, use);
        wanted_.push_back({item.text, use, set_here(item, reference)});
      }
    } else if (found.is_scalar()) {
      wanted_.push_back({found.text, use, set_here(found, reference)});
    } else {
      refuse(found, reference, use);
    }
  }

  bool append(const std::variant<std::string, Reference>& part, Wanted& to) {
    if (const auto* text = std::get_if<std::string>(&part)) {
      to.text += *text;
      return true;
    }
    const auto& reference = std::get<Reference>(part);
    const auto* found = constant(reference, to.mark);
    if (found == nullptr) return false;
    if (!found->is_scalar()) {
      refuse(*found, reference, to.mark);
      return false;
    }
    to.text += found->text;
    for (auto& note : set_here(*found, reference)) to.notes.push_back(std::move(note));
    return true;
  }

  /// What a param or variable gives. Others are not known when files are looked for.
  const Node* constant(const Reference& reference, config::Mark use) {
    if (reference.name == "params" || reference.name == "env") {
      const auto found = scope_.names.constant(reference);
      if (found) return *found;
    }
    good_ = false;
    if (scope_.names.step(reference.name)) {
      complaints_.push_back(
          complain(codes::file_pattern, use,
                   fmt::format("files are looked for before the run, and {} is a result", config::to_text(reference)),
                   {}, "write the pattern, or let a step give a list of paths and bind that"));
    }
    return nullptr;
  }

  void refuse(const Node& found, const Reference& reference, config::Mark use) {
    good_ = false;
    complaints_.push_back(complain(
        codes::file_pattern, use,
        fmt::format("files wants a pattern, and {} is {}", config::to_text(reference), signature::describe(found)),
        set_here(found, reference)));
  }

  static std::vector<config::Note> set_here(const Node& found, const Reference& reference) {
    if (found.mark.line == 0) return {};
    return {{fmt::format("{} is set here", config::to_text(reference)), found.mark}};
  }

  void look_for(const Wanted& wanted, std::vector<std::string>& all) {
    const auto pattern = read_file_pattern(wanted.text, scope_.config.given_folder);
    if (!pattern)
      return say(codes::file_pattern, wanted, fmt::format("files: {}: {}", wanted.text, pattern.error()), "");
    auto found = find_files(*pattern);
    if (!found)
      return say(codes::unusable_file, wanted, fmt::format("files: {}", found.error()),
                 "leave it out of the pattern, or put it right");
    if (found->empty())
      return say(codes::no_file, wanted, fmt::format("no file matches {}", wanted.text), tell_search(*pattern));
    all.insert(all.end(), std::make_move_iterator(found->begin()), std::make_move_iterator(found->end()));
  }

  void say(const config::Code& code, const Wanted& wanted, std::string sentence, std::string help) {
    good_ = false;
    complaints_.push_back(complain(code, wanted.mark, std::move(sentence), wanted.notes, std::move(help)));
  }

  static std::shared_ptr<const Table> encoded(const std::vector<std::string>& paths) {
    auto table = std::make_shared<Table>();
    std::size_t size = 0;
    for (const auto& path : paths) size += sizeof(std::uint64_t) + path.size();
    table->bytes.reserve(size);
    table->ends.reserve(paths.size());
    for (const auto& path : paths) {
      signature::append_scalar(table->bytes, std::uint64_t{path.size()});
      signature::append(table->bytes, std::as_bytes(std::span(path)));
      table->ends.push_back(table->bytes.size());
    }
    return table;
  }

  const Scope& scope_;
  Complaints& complaints_;
  std::vector<Wanted> wanted_;
  bool good_ = true;
};

}  // namespace

void compile_files(const Scope& scope, const config::Source& written, Source& source, Complaints& complaints) {
  source.kind = Source::Kind::files;
  source.written = "files";
  source.table = Finder(scope, complaints).find(written.values);
  source.typed = source.table != nullptr;
  if (source.table) source.count = source.table->size();
}

}  // namespace gantry::plan
