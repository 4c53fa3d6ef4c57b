// The name that was probably meant.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace gantry::signature {

/// The candidate nearest to `name` (restricted Damerau-Levenshtein distance, at most a third of its length + 1, the
/// first of equals), or "".
[[nodiscard]] std::string nearest(std::string_view name, const std::vector<std::string>& candidates);

/// "did you mean `red`?", or "" if no candidate is near.
[[nodiscard]] std::string did_you_mean(std::string_view name, const std::vector<std::string>& candidates);
/// The same as the end of a sentence: "; did you mean `red`?".
[[nodiscard]] std::string or_did_you_mean(std::string_view name, const std::vector<std::string>& candidates);

}  // namespace gantry::signature
