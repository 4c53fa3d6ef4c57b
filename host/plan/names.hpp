// What names stand for while a plan is built: steps, params, environment, functions of the catalog; and the nearest
// name where one stands for nothing.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "config/config.hpp"
#include "config/reference.hpp"
#include "plan/plan.hpp"
#include "signature/catalog.hpp"
#include "signature/nearest.hpp"

namespace gantry::plan {

/// Why a name stands for nothing, and what to write instead.
struct Unknown {
  std::string sentence;
  std::string help;
  bool part = false;  ///< the name is known, its path is not
};

/// A function of the catalog by name: all its overloads.
struct Overloads {
  std::uint32_t plugin = 0;
  std::vector<std::uint32_t> functions;  ///< positions in the plugin, first preferred
};

class Names {
 public:
  /// Borrows all three for as long as it lives.
  Names(const config::Config& config, const signature::Catalog& catalog, const Environment& environment);

  [[nodiscard]] std::optional<StepIndex> step(std::string_view id) const;
  /// `params.x.path` or `env.NAME` as a tree in which a dollar is a dollar; valid as long as this.
  [[nodiscard]] std::expected<const signature::Node*, Unknown> constant(const config::Reference& reference);
  /// `shared.x` as a position among the shared objects, which is used from now on.
  [[nodiscard]] std::expected<std::uint32_t, Unknown> shared(const config::Reference& reference);
  [[nodiscard]] bool is_used(std::size_t shared) const { return shared_used_[shared]; }
  [[nodiscard]] std::expected<const Overloads*, Unknown> function(std::string_view plugin,
                                                                  std::string_view function) const;
  [[nodiscard]] bool has_plugin(std::string_view name) const { return plugins_.contains(std::string(name)); }
  [[nodiscard]] const signature::Catalog& catalog() const { return catalog_; }

  /// "did you mean `counts`?", among steps and these, or "". Large pipelines full of wrong names get the first few.
  [[nodiscard]] std::string suggest_reference(std::string_view name, std::vector<std::string> bound);
  /// The same among step ids alone.
  [[nodiscard]] std::string suggest_step(std::string_view name);

 private:
  [[nodiscard]] std::expected<const signature::Node*, Unknown> variable(const config::Reference& reference);
  [[nodiscard]] bool affordable();

  const config::Config& config_;
  const signature::Catalog& catalog_;
  const Environment& environment_;
  std::unordered_map<std::string_view, StepIndex> steps_;
  std::unordered_map<std::string, std::size_t> param_positions_;
  std::unordered_map<std::string, std::optional<signature::Node>> variables_;
  std::unordered_map<std::string, std::uint32_t> plugins_;
  std::unordered_map<std::string, Overloads> functions_;  ///< by "plugin.function"
  std::unordered_map<std::string_view, std::uint32_t> shared_;
  std::vector<bool> shared_used_;
  std::uint64_t suggestions_left_;  ///< comparisons; keeps the check linear
};

using signature::did_you_mean;
/// "primes.count(low: u64, high: u64) -> u64, in libprimes.so 1.0.0"
[[nodiscard]] std::string show(const signature::Plugin& plugin, const signature::Function& function);
/// "libprimes.so 1.0.0"
[[nodiscard]] std::string library(const signature::Plugin& plugin);
/// Part of a tree: a map's key or a list's position; nothing if there is none.
[[nodiscard]] const signature::Node* find_part(const signature::Node& node, std::string_view name);
/// A position: digits that fit 64 bits.
[[nodiscard]] std::optional<std::uint64_t> position(std::string_view digits);

}  // namespace gantry::plan
