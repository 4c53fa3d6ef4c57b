// What is known of the steps while a plan is built, and how their results are referred to.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "config/codes.hpp"
#include "config/config.hpp"
#include "config/reference.hpp"
#include "plan/names.hpp"
#include "plan/program.hpp"

namespace gantry::plan {

/// A step as its users see it; steps are typed after the steps that they use.
struct TypedStep {
  bool typed = false;  ///< false: not yet, or an error was reported: users say no more about it
  bool each = false;
  std::uint32_t plugin = 0;
  std::uint32_t function = 0;
  signature::Type result;
  std::optional<std::uint64_t> tasks;
};

struct Scope {
  const config::Config& config;
  Names& names;
  const std::vector<TypedStep>& steps;
  const std::vector<SharedObject>& shared;  ///< by position in the config
};

/// What is wrong with one use. A thing that is not usable for an error elsewhere is no complaint.
struct Complaint {
  config::Diagnostic diagnostic;
  bool about_reference = false;  ///< true: whatever type is wanted
};
using Complaints = std::vector<Complaint>;

[[nodiscard]] inline Complaint complain(const config::Code& code, config::Mark mark, std::string sentence,
                                        std::vector<config::Note> notes = {}, std::string help = {}) {
  return {{std::string(code.number), mark, std::move(sentence), std::move(notes), std::move(help)}, false};
}

/// "$counts.3" as a value: one result's part, or the list of all.
struct Referred {
  Part part;
  bool all = false;
  signature::Type type;  ///< of the whole
};

/// Nothing: a complaint, or the producer is not typed.
[[nodiscard]] std::optional<Referred> refer_to_result(const Scope& scope, const config::Reference& reference,
                                                      StepIndex producer, config::Mark mark, Complaints& complaints);
/// "counts is primes.count(low: u64, high: u64) -> u64, in libprimes.so 1.0.0", where the step's call stands.
[[nodiscard]] config::Note producer_note(const Scope& scope, StepIndex producer);
/// A `$` in any scalar of the tree.
[[nodiscard]] bool has_dollar(const signature::Node& node);

}  // namespace gantry::plan
