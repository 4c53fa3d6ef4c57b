#include "plan/lacking.hpp"

#include <algorithm>

#include "signature/codec.hpp"

namespace gantry::plan {
namespace {

bool may_lack(const Part& part, const std::vector<Step>& steps) {
  const Step& producer = steps[raw(part.step)];
  if (producer.each && !producer.tasks) return true;
  auto type = part.root;
  for (const auto& name : part.path) {
    if (type.kind == signature::Kind::list) return true;
    auto selected = signature::select_type(type, name);
    if (!selected) return true;
    type = std::move(*selected);
  }
  return false;
}

bool may_lack(const Piece& piece, const std::vector<Step>& steps) {
  if (const auto* kept = std::get_if<piece::Kept>(&piece.is)) return may_lack(kept->part, steps);
  const auto* text = std::get_if<piece::Text>(&piece.is);
  return text != nullptr &&
         std::ranges::any_of(text->parts, [&](const auto& part) { return may_lack(part.piece, steps); });
}

bool may_lack(const Source& source, const std::vector<Step>& steps) {
  if (source.inner) return may_lack(*source.inner, steps);
  return source.kind == Source::Kind::list && may_lack(source.part, steps);
}

}  // namespace

bool may_lack(const Recipe& recipe, const std::vector<Step>& steps) {
  const auto resident = [&](const ResidentUse& use) {
    const Step& producer = steps[raw(use.producer)];
    return !use.binding && producer.each && !producer.tasks;
  };
  return std::ranges::any_of(recipe.program, [&](const Piece& piece) { return may_lack(piece, steps); }) ||
         std::ranges::any_of(recipe.sources, [&](const Source& source) { return may_lack(source, steps); }) ||
         std::ranges::any_of(recipe.residents, resident);
}

}  // namespace gantry::plan
