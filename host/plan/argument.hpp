// One YAML tree of `args` -> pieces of the argument program, by the type of the parameter that wants it.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <vector>

#include "plan/program.hpp"
#include "plan/resident.hpp"
#include "plan/scope.hpp"
#include "plan/source.hpp"

namespace gantry::plan {

/// Names that the arguments of one step can use besides all others'.
struct Bindings {
  const config::Step& step;
  const std::vector<Source>& sources;  ///< one a binding of step.each
  std::optional<std::uint64_t> tasks;
};

class ArgumentCompiler {
 public:
  /// Borrows all for as long as it lives. Without bindings, it compiles elements of a `values` source: bound names and
  /// `$index` are passed over there (find_uses has reported them).
  ArgumentCompiler(const Scope& scope, const Bindings* bindings, Complaints& complaints)
      : scope_(scope), bindings_(bindings), complaints_(complaints) {}

  /// Appends the pieces of `node` as `type`; `path` is where it stands, "args.low". False: a complaint, or the tree
  /// uses something that an error was reported for.
  [[nodiscard]] bool compile(const signature::Node& node, const signature::Type& type, const std::string& path,
                             Program& to);

  /// The shared object that the last tree was.
  [[nodiscard]] std::optional<SharedUse> shared() const { return shared_; }

  /// The pinned value or open file that the last tree was.
  [[nodiscard]] const std::optional<ResidentUse>& resident() const { return resident_; }

  /// True as long as everything had the wanted type of itself. The rule, which chooses between overloads: a result or
  /// an element of one has its own type; integers of ranges and chunks have the type of the bound that is a result,
  /// else u64, or i64 if one is negative; $index is u64; a plain integer is u64, or i64 if negative; another plain
  /// number is f64; true and false are bool; all other text, quoted or plain, is str; null is T?; a list or map is
  /// what its elements are. So no literal is u8, f32, bytes or an enum of itself: these take it by conversion.
  [[nodiscard]] bool exact() const { return exact_; }

 private:
  /// A reference that is being read: for messages.
  struct Place {
    std::string written;  ///< "$span.begin"
    config::Mark mark;
    const std::string& path;  ///< "args.low"
  };

  // argument.cpp: trees
  bool constant(const signature::Node& node, const signature::Type& type, const std::string& path, Program& to);
  bool constant_by_name(const signature::Node& node, const signature::Type& type, const Place& place, Program& to);
  bool list(const signature::Node& node, const signature::Type& type, const std::string& path, Program& to);
  bool map(const signature::Node& node, const signature::Type& type, const std::string& path, Program& to);
  bool structure(const signature::Node& node, const signature::Type& type, const std::string& path, Program& to);
  bool scalar(const signature::Node& node, const signature::Type& type, const std::string& path, Program& to);
  bool misshapen(const signature::Node& node, const signature::Type& type, const std::string& path);

  // argument_reference.cpp: what references give
  bool refer(const config::Reference& reference, const signature::Type& type, const Place& place, Program& to);
  bool index(const signature::Type& type, const Place& place, Program& to);
  bool shared(const config::Reference& reference, const signature::Type& type, const Place& place, Program& to);
  bool resident_bound(std::uint32_t binding, const signature::Type& type, const Place& place, Program& to);
  bool resident_result(const Referred& referred, const signature::Type& type, const Place& place, Program& to);
  bool result(const config::Reference& reference, StepIndex producer, const signature::Type& type, const Place& place,
              Program& to);
  bool converts(const signature::Type& from, const signature::Type& to, const Place& place,
                std::optional<StepIndex> producer);
  [[nodiscard]] std::optional<std::uint32_t> binding(const std::string& name) const;

  // argument_element.cpp: elements of sources
  std::optional<Element> element(const Source& source, std::span<const std::string> path, const signature::Type& type,
                                 const Place& place);
  std::optional<Element> numbers(const Source& source, std::span<const std::string> path, const signature::Type& type,
                                 const Place& place);
  std::optional<Element> chunk(const Source& source, const signature::Type& type, const Place& place);
  std::optional<Element> of_result(const Source& source, std::span<const std::string> path, const signature::Type& type,
                                   const Place& place);
  std::optional<Element> file(const Source& source, std::span<const std::string> path, const signature::Type& type,
                              const Place& place);
  std::optional<Element> group(const Source& source, std::span<const std::string> path, const signature::Type& type,
                               const Place& place);
  bool number_fits(const Source& source, const signature::Type& type, const Place& place);
  std::optional<signature::Type> type_of_part(const Source& source, std::span<const std::string> path,
                                              const Place& place);

  // argument_rows.cpp: elements of `values`
  std::optional<Element> rows(const Source& source, std::span<const std::string> path, const signature::Type* type,
                              const Place& place);
  bool row(const Source& source, const signature::Node& item, std::span<const std::string> path,
           const signature::Type* type, const Place& place, Program& to);

  // argument_text.cpp: interpolation
  bool text(const config::Scalar& scalar, const signature::Node& node, const signature::Type& type,
            const std::string& path, Program& to);
  bool text_part(const config::Reference& reference, const Place& place, std::vector<piece::Text::Scalar>& to);
  std::optional<piece::Text::Scalar> text_of_bound(const config::Reference& reference, std::uint32_t binding,
                                                   const Place& place);
  bool in_a_text(const signature::Type& type, const Place& place);

  bool complain_here(const config::Code& code, const Place& place, std::string sentence,
                     std::vector<config::Note> notes = {}, std::string help = {});

  const Scope& scope_;
  const Bindings* bindings_;
  Complaints& complaints_;
  bool exact_ = true;
  std::optional<ResidentUse> resident_;
  std::optional<SharedUse> shared_;
};

/// The rule of ArgumentCompiler::exact for a tree without references that fits `type`.
[[nodiscard]] bool is_exact(const signature::Node& node, const signature::Type& type);

}  // namespace gantry::plan
