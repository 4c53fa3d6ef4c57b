// `each` and `zip` as written -> compiled sources, with their lengths as far as they are known.
#pragma once

#include "plan/scope.hpp"
#include "plan/source.hpp"

namespace gantry::plan {

/// A source that cannot be used comes back with typed = false, after a complaint or for an error elsewhere.
[[nodiscard]] Source compile_source(const Scope& scope, const config::Source& written, Complaints& complaints);

/// Tasks of a step over these sources, if known before the run: a product, or the common length of a zip.
/// Complaints: known lengths of a zip that differ, a product over 2^63.
[[nodiscard]] std::optional<std::uint64_t> count_tasks(const config::Step& step, const std::vector<Source>& sources,
                                                       Complaints& complaints);

}  // namespace gantry::plan
