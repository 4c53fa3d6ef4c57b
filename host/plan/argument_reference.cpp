// What a scalar that is wholly a reference gives.
#include <algorithm>

#include <fmt/core.h>

#include "plan/argument.hpp"
#include "plan/arguments.hpp"
#include "signature/codec.hpp"
#include "signature/little_endian.hpp"

namespace gantry::plan {

namespace codes = config::codes;
using config::Reference;
using signature::Kind;
using signature::Type;

namespace {

bool is_resident_or_list(const Type& type) {
  return signature::is_resident(type.kind) || (type.kind == Kind::list && signature::is_resident(type.of[0].kind));
}

}  // namespace

bool ArgumentCompiler::refer(const Reference& reference, const Type& type, const Place& place, Program& to) {
  if (reference.name == "params" || reference.name == "env") {
    const auto found = scope_.names.constant(reference);
    return found && constant_by_name(**found, type, place, to);
  }
  if (reference.name == "index") return index(type, place, to);
  if (reference.name == "shared") return shared(reference, type, place, to);
  if (const auto bound = binding(reference.name)) {
    if (signature::is_resident(type.kind) && reference.path.empty()) return resident_bound(*bound, type, place, to);
    auto element = this->element(bindings_->sources[*bound], reference.path, type, place);
    if (!element) return false;
    to.push_back({piece::Varying{*bound, std::move(*element)}});
    return true;
  }
  const auto producer = scope_.names.step(reference.name);
  return producer && result(reference, *producer, type, place, to);
}

/// Its number, and the length of an array.
bool ArgumentCompiler::shared(const Reference& reference, const Type& type, const Place& place, Program& to) {
  const auto found = scope_.names.shared(reference);
  if (!found || scope_.config.shared[*found].broken) return false;  // reported
  const SharedObject& object = scope_.shared[*found];
  if (object.type != type) {
    return complain_here(codes::shared_type, place,
                         fmt::format("{} is a {}, which is not {}", place.written, signature::to_text(object.type),
                                     signature::to_text(type)),
                         {{fmt::format("{} is declared here", object.name), scope_.config.shared[*found].mark}});
  }
  SharedUse use{*found, 0, 0};
  signature::Bytes bytes;
  signature::append_scalar(bytes, use.object);
  if (type.kind == Kind::shared_array) {
    use.size = object.numbers.size() / std::max<std::uint64_t>(signature::least_size(type.of.front()), 1);
    signature::append_scalar(bytes, use.size);
  }
  append_constant(to, bytes);
  shared_ = use;
  return true;
}

bool ArgumentCompiler::index(const Type& type, const Place& place, Program& to) {
  if (bindings_ == nullptr || bindings_->step.each.empty()) return false;  // find_uses has reported it
  if (type.kind == Kind::optional) {
    exact_ = false;
    append_constant(to, std::array{std::byte{1}});
    return index(type.of.front(), place, to);
  }
  Source positions;  // as if bound to a range over all tasks
  positions.high = bindings_->tasks ? Wide(std::max<std::uint64_t>(*bindings_->tasks, 1)) - 1 : most_tasks - 1;
  positions.count = bindings_->tasks;
  if (!number_fits(positions, type, place)) return false;
  to.push_back({piece::Index{type.kind}});
  return true;
}

bool ArgumentCompiler::resident_bound(std::uint32_t binding, const Type& type, const Place& place, Program& to) {
  const Source& source = bindings_->sources[binding];
  auto element = this->element(source, {}, type, place);
  if (!element) return false;
  resident_ = {source.producer, binding, 0, std::nullopt, signature::changes_pin(type)};
  to.push_back({piece::Varying{binding, Element{0, ResidentKey{source.producer}}}});
  return true;
}

bool ArgumentCompiler::resident_result(const Referred& referred, const Type& type, const Place& place, Program& to) {
  if (bindings_ == nullptr) {
    return complain_here(codes::resident_here, place,
                         fmt::format("{} is {}, and no element of values", place.written, signature::to_text(type)), {},
                         "bind the step that makes them: {x: $step}");
  }
  const std::uint64_t element = referred.part.element;
  resident_ = {referred.part.step, std::nullopt, element, signature::Stride{element, 1, 1},
               signature::changes_pin(type)};
  signature::Bytes key;
  append_resident(referred.part.step, element, key);
  append_constant(to, key);
  return true;
}

bool ArgumentCompiler::result(const Reference& reference, StepIndex producer, const Type& type, const Place& place,
                              Program& to) {
  auto referred = refer_to_result(scope_, reference, producer, place.mark, complaints_);
  if (!referred) return false;
  if (!converts(referred->type, type, place, producer)) return false;
  if (signature::is_resident(type.kind)) return resident_result(*referred, type, place, to);
  if (!referred->all) {
    to.push_back({piece::Kept{std::move(referred->part), type}});
    return true;
  }
  const auto* list = &type;
  for (; list->kind == Kind::optional; list = &list->of.front()) append_constant(to, std::array{std::byte{1}});
  to.push_back({piece::All{producer, referred->part.root, list->of.front()}});
  return true;
}

bool ArgumentCompiler::converts(const Type& from, const Type& to, const Place& place,
                                std::optional<StepIndex> producer) {
  if (signature::same_resident(from, to)) return true;
  const bool resides = is_resident_or_list(from) || signature::is_resident(to.kind);
  if (from == to && !resides) return true;
  exact_ = false;
  if (!resides && signature::converts(from, to)) return true;
  std::vector<config::Note> notes;
  if (producer) notes.push_back(producer_note(scope_, *producer));
  if (resides) {
    const bool all = from.kind == Kind::list && signature::is_resident(to.kind);
    return complain_here(
        codes::result_type, place,
        fmt::format("{} is {}, which is not {}", place.written, signature::to_text(from), signature::to_text(to)),
        std::move(notes),
        all ? fmt::format("a task takes one of them: {}.0, or bind them with each", place.written) : "");
  }
  return complain_here(codes::result_type, place,
                       fmt::format("{} is {}, which does not convert to {} without loss", place.written,
                                   signature::to_text(from), signature::to_text(to)),
                       std::move(notes));
}

std::optional<std::uint32_t> ArgumentCompiler::binding(const std::string& name) const {
  if (bindings_ == nullptr) return std::nullopt;
  const auto& each = bindings_->step.each;
  const auto found = std::ranges::find(each, name, &config::Binding::name);
  if (found == each.end()) return std::nullopt;
  return static_cast<std::uint32_t>(found - each.begin());
}

}  // namespace gantry::plan
