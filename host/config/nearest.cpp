// "did you mean": the restricted Damerau-Levenshtein distance (Boytsov 2011, optimal string alignment).
#include <algorithm>
#include <array>
#include <optional>

#include "config/diagnostic.hpp"

namespace gantry::config {
namespace {

/// The distance between two texts if it is at most `limit`: insertions, deletions, substitutions and swaps of
/// neighbours, each part edited once.
std::optional<std::size_t> distance(std::string_view a, std::string_view b, std::size_t limit) {
  if (std::max(a.size(), b.size()) - std::min(a.size(), b.size()) > limit) return {};
  std::array<std::vector<std::size_t>, 3> rows;  // of i - 2, i - 1 and i
  for (std::vector<std::size_t>& row : rows) row.resize(b.size() + 1);
  for (std::size_t j = 0; j <= b.size(); ++j) rows[1][j] = j;
  for (std::size_t i = 1; i <= a.size(); ++i) {
    auto& [before, above, row] = rows;
    row[0] = i;
    for (std::size_t j = 1; j <= b.size(); ++j) {
      const std::size_t substitution = above[j - 1] + (a[i - 1] == b[j - 1] ? 0 : 1);
      row[j] = std::min({above[j] + 1, row[j - 1] + 1, substitution});
      if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1]) row[j] = std::min(row[j], before[j - 2] + 1);
    }
    if (std::ranges::min(row) > limit) return {};
    std::ranges::rotate(rows, rows.begin() + 1);
  }
  const std::size_t edits = rows[1][b.size()];
  return edits <= limit ? std::optional(edits) : std::nullopt;
}

}  // namespace

std::string nearest(std::string_view name, const std::vector<std::string>& candidates) {
  // Texts that share nothing are not near, however short they are.
  if (name.empty() || name.size() > 256) return {};
  std::size_t limit = std::min(name.size() / 3 + 1, name.size() - 1);
  const std::string* best = nullptr;
  for (const std::string& candidate : candidates) {
    const auto edits = distance(name, candidate, limit);
    if (!edits) continue;
    best = &candidate;
    if (*edits == 0) break;
    limit = *edits - 1;  // only a nearer one replaces it
  }
  return best ? *best : std::string();
}

}  // namespace gantry::config
