#include "signature/nearest.hpp"

#include <algorithm>

#include "signature/printable.hpp"

namespace gantry::signature {

namespace {

/// Restricted Damerau-Levenshtein ("optimal string alignment") distance in bytes: three rows of the usual table.
[[nodiscard]] std::size_t distance(std::string_view a, std::string_view b) {
  std::vector<std::size_t> before(b.size() + 1);
  std::vector<std::size_t> above(b.size() + 1);
  std::vector<std::size_t> row(b.size() + 1);
  for (std::size_t j = 0; j <= b.size(); ++j) above[j] = j;
  for (std::size_t i = 1; i <= a.size(); ++i) {
    row[0] = i;
    for (std::size_t j = 1; j <= b.size(); ++j) {
      const std::size_t change = a[i - 1] == b[j - 1] ? 0 : 1;
      row[j] = std::min({above[j] + 1, row[j - 1] + 1, above[j - 1] + change});
      if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1]) {
        row[j] = std::min(row[j], before[j - 2] + 1);
      }
    }
    before.swap(above);
    above.swap(row);
  }
  return above[b.size()];
}

}  // namespace

std::string nearest(std::string_view name, const std::vector<std::string>& candidates) {
  std::size_t least = name.size() / 3 + 2;  // one more than the limit
  const std::string* found = nullptr;
  for (const auto& candidate : candidates) {
    // The difference in length is a lower bound: a long text costs nothing.
    const auto gap = std::max(candidate.size(), name.size()) - std::min(candidate.size(), name.size());
    if (gap >= least) continue;
    const auto far = distance(name, candidate);
    if (far >= least) continue;
    least = far;
    found = &candidate;
  }
  return found == nullptr ? std::string() : *found;
}

std::string did_you_mean(std::string_view name, const std::vector<std::string>& candidates) {
  const auto candidate = nearest(name, candidates);
  return candidate.empty() ? std::string() : "did you mean `" + printable(candidate) + "`?";
}

std::string or_did_you_mean(std::string_view name, const std::vector<std::string>& candidates) {
  const auto sentence = did_you_mean(name, candidates);
  return sentence.empty() ? sentence : "; " + sentence;
}

}  // namespace gantry::signature
