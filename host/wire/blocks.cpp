#include "wire/blocks.hpp"

#include <algorithm>

namespace gantry::wire {

host::Result<Descriptor> memory_of(signature::View bytes) {
  auto memory = sealed_memory("gantry-arguments", bytes.size());
  if (!memory) return std::unexpected(std::move(memory).error());
  const auto mapped = map(*memory, bytes.size(), Access::write);
  if (!mapped) return std::unexpected(mapped.error());
  std::ranges::copy(bytes, mapped->data());
  return *std::move(memory);
}

host::Result<signature::SharedBytes::Place> Blocks::of(const std::shared_ptr<const schedule::Assignment>& assignment) {
  if (assignment->pattern->shared) return assignment->pattern->shared->place();
  std::erase_if(kept_, [](const Kept& kept) { return kept.assignment.expired(); });
  for (const Kept& kept : kept_) {
    if (!kept.assignment.owner_before(assignment) && !assignment.owner_before(kept.assignment))
      return signature::SharedBytes::Place{kept.memory.get(), 0};
  }
  auto memory = memory_of(assignment->pattern->row);
  if (!memory) return std::unexpected(std::move(memory).error());
  kept_.push_back({assignment, *std::move(memory)});
  return signature::SharedBytes::Place{kept_.back().memory.get(), 0};
}

}  // namespace gantry::wire
