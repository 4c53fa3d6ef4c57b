#include "plan/arguments.hpp"

#include <algorithm>

#include <fmt/core.h>

#include "plan/result_part.hpp"
#include "signature/codec.hpp"
#include "signature/little_endian.hpp"

namespace gantry::plan {
namespace {

using host::Result;
using signature::Bytes;
using signature::Kind;
using signature::View;

/// An integer as a scalar of that kind, which the plan proved to hold it.
void append_number(std::uint64_t number, bool is_signed, Kind kind, Bytes& to) {
  const auto as_integer = static_cast<std::int64_t>(number);
  switch (kind) {
    case Kind::u8:
    case Kind::i8:
      return signature::append_scalar(to, static_cast<std::uint8_t>(number));
    case Kind::u16:
    case Kind::i16:
      return signature::append_scalar(to, static_cast<std::uint16_t>(number));
    case Kind::u32:
    case Kind::i32:
      return signature::append_scalar(to, static_cast<std::uint32_t>(number));
    case Kind::f32:
      return signature::append_scalar(to, is_signed ? static_cast<float>(as_integer) : static_cast<float>(number));
    case Kind::f64:
      return signature::append_scalar(to, is_signed ? static_cast<double>(as_integer) : static_cast<double>(number));
    default:
      return signature::append_scalar(to, number);
  }
}

std::uint64_t number_at(Numbers::Role role, const Axis& axis, std::uint64_t k) {
  if (role != Numbers::Role::end) return axis.from + k * axis.step;
  return k + 1 == axis.count ? axis.to : axis.from + (k + 1) * axis.step;
}

Result<void> append_part(const signature::Type& root, std::span<const std::string> path, const signature::Type& from,
                         const signature::Type& wanted, View bytes, Bytes& to) {
  const auto part = select_path(root, path, bytes);
  if (!part) return std::unexpected(part.error());
  return signature::convert(from, wanted, *part, to);
}

Result<void> append_group(const Group& group, const Axis& axis, std::uint64_t k, const Values& values, Bytes& to) {
  const auto first = k * axis.group;
  const auto count = std::min(axis.group, axis.inner->count - first);
  signature::append_scalar(to, count);
  for (std::uint64_t i = 0; i < count; ++i) {
    if (auto done = append_element(*group.inner, *axis.inner, first + i, values, to); !done) return done;
  }
  return {};
}

Result<void> append_piece(const Piece& piece, std::uint64_t index, const std::vector<BoundAxis>& axes,
                          const Values& values, Bytes& to) {
  if (const auto* constant = std::get_if<piece::Constant>(&piece.is)) {
    signature::append(to, constant->bytes);
  } else if (const auto* varying = std::get_if<piece::Varying>(&piece.is)) {
    const auto& bound = axes[varying->binding];
    return append_element(varying->element, bound.axis, bound.position(index), values, to);
  } else if (const auto* position = std::get_if<piece::Index>(&piece.is)) {
    append_number(index, false, position->kind, to);
  } else if (const auto* text = std::get_if<piece::Text>(&piece.is)) {
    std::string whole;
    Bytes part;
    for (const auto& scalar : text->parts) {
      part.clear();
      if (auto done = append_piece(scalar.piece, index, axes, values, part); !done) return done;
      if (auto done = append_text(scalar.type, part, whole); !done) return done;
    }
    signature::append_scalar(to, std::uint64_t{whole.size()});
    signature::append(to, std::as_bytes(std::span(whole)));
  } else {
    return host::fail(host::ErrorKind::infrastructure, "an argument waits for a result that prepare did not read");
  }
  return {};
}

signature::Slot slot_of(const Numbers::Number& number, const BoundAxis& bound) {
  const auto& axis = bound.axis;
  signature::Slot slot;
  slot.kind = number.kind;
  slot.from = number_at(number.role, axis, 0);
  slot.step = axis.step;
  slot.divide = bound.divide;
  slot.modulo = std::max<std::uint64_t>(axis.count, 1);
  slot.last_value = axis.count == 0 ? slot.from : number_at(number.role, axis, axis.count - 1);
  // With one chunk, `from` of its end is never read; keep it equal, so that equal arguments give equal slots.
  if (axis.count <= 1) slot.from = slot.last_value;
  slot.is_signed = axis.is_signed;
  return slot;
}

std::shared_ptr<const signature::Template> share(std::optional<signature::Template> made) {
  return made ? std::make_shared<const signature::Template>(*std::move(made)) : nullptr;
}

void append_slot(signature::Slot slot, signature::Template& to) {
  slot.offset = to.row.size();
  to.row.resize(to.row.size() + *signature::fixed_size(signature::Type{slot.kind, {}, {}, 0}));
  to.slots.push_back(slot);
}

/// The step's number, and the task's, which is the element's.
void append_key_slot(const ResidentKey& key, const BoundAxis& bound, signature::Template& to) {
  signature::append_scalar(to.row, std::uint64_t{raw(key.step)});
  signature::Slot slot;
  slot.step = 1;
  slot.divide = bound.divide;
  slot.modulo = std::max<std::uint64_t>(bound.axis.count, 1);
  slot.last_value = slot.modulo - 1;
  append_slot(slot, to);
}

}  // namespace

void append_resident(StepIndex step, std::uint64_t element, Bytes& to) {
  signature::append_scalar(to, std::uint64_t{raw(step)});
  signature::append_scalar(to, element);
}

Result<void> append_element(const Element& element, const Axis& axis, std::uint64_t k, const Values& values,
                            Bytes& to) {
  to.insert(to.end(), element.present, std::byte{1});
  if (const auto* numbers = std::get_if<Numbers>(&element.from)) {
    for (const auto& number : numbers->all)
      append_number(number_at(number.role, axis, k), axis.is_signed, number.kind, to);
  } else if (const auto* row = std::get_if<Row>(&element.from)) {
    const auto& lacks = row->table->lacks;
    if (const auto why = lacks.find(k); why != lacks.end()) return host::fail(host::ErrorKind::value, why->second);
    signature::append(to, row->table->row(k));
  } else if (const auto* task = std::get_if<TaskValue>(&element.from)) {
    return append_part(task->root, task->path, task->from, task->to, values.value(task->step, k), to);
  } else if (const auto* item = std::get_if<ListItem>(&element.from)) {
    return append_part(item->root, item->path, item->from, item->to, axis.item(k), to);
  } else if (const auto* key = std::get_if<ResidentKey>(&element.from)) {
    append_resident(key->step, k, to);
  } else if (const auto* group = std::get_if<Group>(&element.from)) {
    return append_group(*group, axis, k, values, to);
  } else {
    return host::fail(host::ErrorKind::infrastructure, "an element waits for a result that prepare did not read");
  }
  return {};
}

std::optional<signature::Template> make_shared_template(const Program& program) {
  Bytes around[2];  // before the one shared piece, and after it
  std::shared_ptr<const signature::SharedBytes> shared;
  for (const auto& piece : program) {
    if (const auto* constant = std::get_if<piece::Constant>(&piece.is)) {
      signature::append(around[shared ? 1 : 0], constant->bytes);
    } else if (const auto* part = std::get_if<piece::Shared>(&piece.is); part != nullptr && !shared) {
      shared = part->bytes;
    } else {
      return std::nullopt;
    }
  }
  if (shared) shared = shared->framed(around[0], around[1]);
  if (!shared) return std::nullopt;
  signature::Template made;
  made.shared = std::move(shared);
  return made;
}

std::optional<signature::Template> make_template(const Program& program, std::uint64_t tasks,
                                                 const std::vector<BoundAxis>& axes) {
  signature::Template made;
  for (const auto& piece : program) {
    if (const auto* constant = std::get_if<piece::Constant>(&piece.is)) {
      signature::append(made.row, constant->bytes);
    } else if (const auto* position = std::get_if<piece::Index>(&piece.is)) {
      signature::Slot slot;
      slot.step = 1;
      slot.modulo = std::max<std::uint64_t>(tasks, 1);
      slot.last_value = slot.modulo - 1;
      slot.kind = position->kind;
      append_slot(slot, made);
    } else {
      const auto* varying = std::get_if<piece::Varying>(&piece.is);
      if (const auto* key = varying ? std::get_if<ResidentKey>(&varying->element.from) : nullptr) {
        append_key_slot(*key, axes[varying->binding], made);
        continue;
      }
      const auto* numbers = varying ? std::get_if<Numbers>(&varying->element.from) : nullptr;
      if (numbers == nullptr) return std::nullopt;
      made.row.insert(made.row.end(), varying->element.present, std::byte{1});
      for (const auto& number : numbers->all) append_slot(slot_of(number, axes[varying->binding]), made);
    }
  }
  if (made.slots.size() > signature::most_slots) return std::nullopt;
  return made;
}

PreparedArguments::PreparedArguments(std::uint64_t tasks, std::vector<BoundAxis> axes, Program program,
                                     const std::vector<ResidentUse>& residents)
    : tasks_(tasks), axes_(std::move(axes)), template_(share(make_shared_template(program))) {
  strides_.reserve(residents.size());
  for (const ResidentUse& use : residents) {
    strides_.push_back({use.element, 1, 1});
    if (!use.binding) continue;
    const BoundAxis& bound = axes_[*use.binding];
    strides_.back() = {0, bound.divide, std::max<std::uint64_t>(bound.axis.count, 1)};
  }
  if (!template_) {
    program_ = flattened(std::move(program));
    template_ = share(make_template(program_, tasks_, axes_));
  }
  // A large constant (a list of all results) is held once.
  if (template_ && template_->slots.empty()) program_.clear();
}

void PreparedArguments::refuse(host::Error why) {
  template_.reset();
  program_.clear();
  refusal_ = std::move(why);
}

Result<void> PreparedArguments::append(std::uint64_t index, const Values& values, Bytes& to) const {
  if (refusal_) return std::unexpected(*refusal_);
  if (template_ && template_->slots.empty()) {
    signature::append(to, template_->arguments());
    return {};
  }
  const auto begin = to.size();
  for (const auto& piece : program_) {
    if (auto done = append_piece(piece, index, axes_, values, to); !done) {
      to.resize(begin);
      return done;
    }
  }
  return {};
}

}  // namespace gantry::plan
