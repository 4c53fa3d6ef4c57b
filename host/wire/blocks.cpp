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
      return signature::SharedBytes::Place{kept.memory->get(), 0, kept.memory};
  }
  auto memory = memory_of(assignment->pattern->row);
  if (!memory) return std::unexpected(std::move(memory).error());
  auto kept = std::make_shared<const Descriptor>(*std::move(memory));
  kept_.push_back({assignment, kept});
  return signature::SharedBytes::Place{kept->get(), 0, kept};
}

}  // namespace gantry::wire
