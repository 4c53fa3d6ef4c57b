#include "plan/prepare.hpp"

#include <fmt/core.h>

#include "plan/arguments.hpp"
#include "plan/axis.hpp"
#include "plan/result_part.hpp"
#include "signature/codec.hpp"
#include "signature/little_endian.hpp"

namespace gantry::plan {
namespace {

using host::ErrorKind;
using host::Result;
using signature::Bytes;

/// Every piece that waits for results becomes a constant, or is shared where it lies.
Result<Program> resolve_sharing(const Program& program, const Values& values);
/// The same without shared pieces.
Result<Program> resolve(const Program& program, const Values& values);

/// The list of all results: bytes untouched if the types are equal, which is what large lists are.
Result<void> append_all(const piece::All& all, const Values& values, Bytes& to) {
  const auto count = values.tasks(all.step);
  signature::append_scalar(to, count);
  if (all.from == all.to) {
    if (const auto size = signature::fixed_size(all.from)) to.reserve(to.size() + count * *size);
    values.append_all(all.step, to);
    return {};
  }
  for (std::uint64_t k = 0; k < count; ++k) {
    if (auto done = signature::convert(all.from, all.to, values.value(all.step, k), to); !done) return done;
  }
  return {};
}

/// The list as it lies, if its types are equal and it can be mapped.
bool share_all(const piece::All& all, const Values& values, Program& to) {
  if (all.from != all.to || !signature::fixed_size(all.from)) return false;
  auto shared = values.shared_all(all.step);
  if (!shared) return false;
  Bytes count;
  signature::append_scalar(count, values.tasks(all.step));
  append_constant(to, count);
  to.push_back({piece::Shared{std::move(shared)}});
  return true;
}

bool share_kept(const piece::Kept& kept, const Values& values, Program& to) {
  const Part& part = kept.part;
  if (!part.path.empty() || part.type != kept.to || part.element >= values.tasks(part.step)) return false;
  auto shared = values.shared_value(part.step, part.element);
  if (!shared) return false;
  to.push_back({piece::Shared{std::move(shared)}});
  return true;
}

Result<void> append_kept(const piece::Kept& kept, const Values& values, Bytes& to) {
  const auto bytes = read_part(kept.part, values);
  if (!bytes) return std::unexpected(bytes.error());
  return signature::convert(kept.part.type, kept.to, *bytes, to);
}

/// What a row asks for may have no value: the row's tasks are skipped, others run.
Result<void> require_values(const Program& program, const Values& values) {
  const auto require = [&](StepIndex step, std::uint64_t element) -> Result<void> {
    if (element >= values.tasks(step) || values.has_value(step, element)) return {};
    return host::fail(ErrorKind::value, fmt::format("task {} of the step it uses has no value", element));
  };
  Result<void> all;
  for (auto piece = program.begin(); all && piece != program.end(); ++piece) {
    if (const auto* kept = std::get_if<piece::Kept>(&piece->is)) {
      all = require(kept->part.step, kept->part.element);
    } else if (const auto* list = std::get_if<piece::All>(&piece->is)) {
      for (std::uint64_t k = 0; all && k < values.tasks(list->step); ++k) all = require(list->step, k);
    } else if (const auto* text = std::get_if<piece::Text>(&piece->is)) {
      for (auto part = text->parts.begin(); all && part != text->parts.end(); ++part)
        all = require_values({part->piece}, values);
    }
  }
  return all;
}

/// Rows that waited for results become a table. One that cannot be made says why to the tasks that ask for it.
Result<Row> resolve_rows(const Rows& rows, const Values& values) {
  auto table = std::make_shared<Table>();
  for (const auto& program : rows.programs) {
    const auto there = require_values(program, values);
    auto row = there ? resolve(program, values) : std::unexpected(there.error());
    if (!row) {
      table->lacks.emplace(table->size(), std::move(row.error().sentence));
      row.emplace();
    }
    for (const auto& piece : *row) {
      const auto* constant = std::get_if<piece::Constant>(&piece.is);
      if (constant == nullptr)
        return host::fail(ErrorKind::infrastructure, "an element of values varies with the task");
      signature::append(table->bytes, constant->bytes);
    }
    table->ends.push_back(table->bytes.size());
  }
  return Row{std::move(table)};
}

Result<Element> resolve_element(const Element& element, const Values& values) {
  if (const auto* rows = std::get_if<Rows>(&element.from)) {
    auto row = resolve_rows(*rows, values);
    if (!row) return std::unexpected(row.error());
    return Element{element.present, std::move(*row)};
  }
  if (const auto* group = std::get_if<Group>(&element.from)) {
    auto inner = resolve_element(*group->inner, values);
    if (!inner) return std::unexpected(inner.error());
    return Element{element.present, Group(std::move(*inner))};
  }
  return element;
}

/// Parts that are known become one text; the others stay.
Result<Piece> resolve_text(const piece::Text& text, const Values& values) {
  piece::Text resolved;
  std::string whole;
  bool known = true;
  for (const auto& scalar : text.parts) {
    auto part = resolve({scalar.piece}, values);
    if (!part) return std::unexpected(part.error());
    const auto* constant = part->empty() ? nullptr : std::get_if<piece::Constant>(&part->front().is);
    known = known && constant != nullptr;
    if (known) {
      if (auto shown = append_text(scalar.type, constant->bytes, whole); !shown) return std::unexpected(shown.error());
    }
    resolved.parts.push_back({std::move(part->front()), scalar.type});
  }
  if (!known) return Piece{std::move(resolved)};
  Bytes bytes;
  signature::append_scalar(bytes, std::uint64_t{whole.size()});
  signature::append(bytes, std::as_bytes(std::span(whole)));
  return Piece{piece::Constant{std::move(bytes)}};
}

/// Appends bytes made in place: large lists are not copied once more.
template <class Append>
Result<void> extend(Program& to, Append append) {
  if (to.empty() || !std::holds_alternative<piece::Constant>(to.back().is)) to.push_back({piece::Constant{}});
  return append(std::get<piece::Constant>(to.back().is).bytes);
}

Result<void> resolve_piece(const Piece& piece, const Values& values, Program& to) {
  if (const auto* constant = std::get_if<piece::Constant>(&piece.is)) {
    append_constant(to, constant->bytes);
  } else if (const auto* kept = std::get_if<piece::Kept>(&piece.is)) {
    if (share_kept(*kept, values, to)) return {};
    return extend(to, [&](Bytes& bytes) { return append_kept(*kept, values, bytes); });
  } else if (const auto* all = std::get_if<piece::All>(&piece.is)) {
    if (share_all(*all, values, to)) return {};
    return extend(to, [&](Bytes& bytes) { return append_all(*all, values, bytes); });
  } else if (const auto* varying = std::get_if<piece::Varying>(&piece.is)) {
    auto element = resolve_element(varying->element, values);
    if (!element) return std::unexpected(element.error());
    to.push_back({piece::Varying{varying->binding, std::move(*element)}});
  } else if (const auto* text = std::get_if<piece::Text>(&piece.is)) {
    auto resolved = resolve_text(*text, values);
    if (!resolved) return std::unexpected(resolved.error());
    if (const auto* known = std::get_if<piece::Constant>(&resolved->is)) {
      append_constant(to, known->bytes);
    } else {
      to.push_back(std::move(*resolved));
    }
  } else {
    to.push_back(piece);
  }
  return {};
}

Result<Program> resolve_sharing(const Program& program, const Values& values) {
  Program resolved;
  for (const auto& piece : program) {
    if (auto done = resolve_piece(piece, values, resolved); !done) return std::unexpected(done.error());
  }
  return resolved;
}

Result<Program> resolve(const Program& program, const Values& values) {
  auto resolved = resolve_sharing(program, values);
  return resolved ? Result<Program>(flattened(*std::move(resolved))) : std::move(resolved);
}

/// Divisors of a product, the last name fastest; its number of tasks.
Result<std::uint64_t> multiply(std::vector<BoundAxis>& axes) {
  Wide tasks = 1;
  bool none = false;
  for (const auto& one : axes) none = none || one.axis.count == 0;
  if (none) return 0;
  for (auto one = axes.rbegin(); one != axes.rend(); ++one) {
    one->divide = static_cast<std::uint64_t>(tasks);
    tasks *= one->axis.count;
    if (tasks > most_tasks)
      return host::fail(ErrorKind::value, "the product of the bound names has more than 2^63 tasks");
  }
  return static_cast<std::uint64_t>(tasks);
}

Result<std::uint64_t> walk_together(const std::vector<BoundAxis>& axes) {
  const auto count = axes.front().axis.count;
  for (const auto& one : axes) {
    if (one.axis.count != count) {
      return host::fail(
          ErrorKind::value,
          fmt::format("zip walks its names together, and one has {} elements, another {}", count, one.axis.count));
    }
  }
  return count;
}

/// A list that is not there has its length all the same where the file or a type says it.
Result<Axis> lay_out_as_known(const Source& source, const Values& values, std::optional<host::Error>& lacks) {
  auto axis = lay_out(source, values);
  if (axis || !source.count) return axis;
  if (!lacks) lacks = std::move(axis.error());
  Axis empty;
  empty.count = *source.count;
  return empty;
}

/// Pinned values and open files are not read here, but have to be there.
Result<void> require_residents(const std::vector<ResidentUse>& residents, const Values& values) {
  for (const auto& use : residents) {
    const auto tasks = values.tasks(use.producer);
    if (!use.binding && use.element >= tasks) return no_such_task(use.element, tasks);
  }
  return {};
}

signature::Share share_of(const Within& within, const std::vector<BoundAxis>& axes) {
  const BoundAxis& bound = axes[within.binding];
  signature::Share share{bound.divide, std::max<std::uint64_t>(bound.axis.count, 1), 1, std::nullopt};
  for (const Axis* axis = &bound.axis; axis->inner; axis = axis->inner.get()) share.group *= axis->group;
  if (within.row) share.position = *within.row / share.group;
  return share;
}

}  // namespace

Result<std::unique_ptr<Arguments>> prepare_arguments(const Recipe& recipe, const Values& values) {
  std::vector<BoundAxis> axes;
  std::optional<host::Error> lacks;
  for (const auto& source : recipe.sources) {
    auto axis = lay_out_as_known(source, values, lacks);
    if (!axis) return std::unexpected(axis.error());
    axes.push_back({std::move(*axis), 1});
  }
  const auto tasks = recipe.zip && !axes.empty() ? walk_together(axes) : multiply(axes);
  if (!tasks) return std::unexpected(tasks.error());
  std::vector<signature::Share> shares;
  shares.reserve(recipe.within.size());
  for (const auto& within : recipe.within) shares.push_back(share_of(within, axes));
  Program program;
  if (*tasks > 0 && !lacks) {
    const auto there = require_residents(recipe.residents, values);
    auto resolved = there ? resolve_sharing(recipe.program, values) : std::unexpected(there.error());
    if (resolved) program = std::move(*resolved);
    if (!resolved) lacks = std::move(resolved.error());
  }
  auto arguments = std::make_unique<PreparedArguments>(*tasks, std::move(axes), std::move(program), recipe.residents);
  arguments->set_shares(std::move(shares));
  if (lacks) arguments->refuse(std::move(*lacks));
  return arguments;
}

}  // namespace gantry::plan
