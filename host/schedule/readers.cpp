#include "schedule/readers.hpp"

namespace gantry::schedule {

void Readers::join() {
  lowest_ = 0;
  ++readers_;
  if (readers_ == 1) return;
  if (!positions_) {
    positions_ = std::make_unique<std::map<std::uint64_t, std::uint32_t>>();
    (*positions_)[0] = 1;
  }
  ++(*positions_)[0];
}

void Readers::advance(std::uint64_t from, std::uint64_t to) {
  if (!positions_) {
    lowest_ = to;
    return;
  }
  const auto left = positions_->find(from);
  if (--left->second > 0) {
    ++(*positions_)[to];
  } else {
    auto node = positions_->extract(left);
    node.key() = to;
    node.mapped() = 1;
    const auto placed = positions_->insert(std::move(node));
    if (!placed.inserted) ++placed.position->second;
  }
  lowest_ = positions_->begin()->first;
}

}  // namespace gantry::schedule
