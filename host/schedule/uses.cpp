#include "schedule/uses.hpp"

#include <algorithm>
#include <numeric>

namespace gantry::schedule {

namespace {

constexpr std::size_t kGroups = 3;

std::size_t group_of(const Edge& edge) {
  std::size_t kind = 1;
  if (edge.kind == Edge::Kind::stream) kind = 0;
  if (edge.kind == Edge::Kind::keep && edge.element) kind = 2;
  return host::raw(edge.producer) * kGroups + kind;
}

}  // namespace

Uses::Uses(const std::vector<Step>& steps) : starts_(steps.size() * kGroups + 1, 0) {
  for (const Step& step : steps)
    for (const Edge& edge : step.edges) ++starts_[group_of(edge) + 1];
  std::partial_sum(starts_.begin(), starts_.end(), starts_.begin());
  uses_.resize(starts_.back());
  std::vector<std::size_t> next(starts_.begin(), starts_.end() - 1);
  for (std::uint32_t user = 0; user < steps.size(); ++user) {
    std::uint32_t number = 0;
    for (const Edge& edge : steps[user].edges)
      uses_[next[group_of(edge)]++] = {user, number++, edge.element.value_or(0)};
  }
  for (std::size_t step = 0; step < steps.size(); ++step) {
    const auto begin = uses_.begin() + static_cast<std::ptrdiff_t>(starts_[step * kGroups + 2]);
    const auto end = uses_.begin() + static_cast<std::ptrdiff_t>(starts_[step * kGroups + 3]);
    std::stable_sort(begin, end, [](const Use& a, const Use& b) { return a.element < b.element; });
  }
}

std::span<const Use> Uses::group(std::uint32_t producer, std::size_t kind) const {
  const std::size_t at = producer * kGroups + kind;
  return std::span(uses_).subspan(starts_[at], starts_[at + 1] - starts_[at]);
}

std::span<const Use> Uses::elements(std::uint32_t producer, Range range) const {
  const auto all = group(producer, 2);
  const auto below = [](const Use& use, std::uint64_t element) { return use.element < element; };
  const auto from = std::lower_bound(all.begin(), all.end(), range.first, below);
  const auto to = std::lower_bound(from, all.end(), range.end, below);
  return {from, to};
}

}  // namespace gantry::schedule
