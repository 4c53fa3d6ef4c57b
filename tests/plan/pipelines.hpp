// What tests of the plan share: pipelines as text, a catalog that no plugin stands behind, results as JSON.
#pragma once

#include <map>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "config/config.hpp"
#include "plan/plan.hpp"
#include "signature/catalog.hpp"

namespace gantry::test {

/// primes, std, numbers, shapes: functions of many types, as a worker would tell them.
[[nodiscard]] signature::Catalog catalog();

struct Built {
  config::Sources sources;
  config::Diagnostics diagnostics;
  plan::Plan plan;
};

/// Reads and plans: `gantry: 1` and `plugins: [primes, std, numbers, shapes]` stand before `text`, on lines 1 and 2.
/// The environment has HOME=/home/ada and COUNT=3.
[[nodiscard]] Built build(const std::string& text);
[[nodiscard]] Built build(const std::string& text, const signature::Catalog& catalog, const std::string& plugins,
                          host::Mode mode = host::Mode::process);

/// A pipeline, without its first two lines, and what is said of it.
struct Bad {
  std::string name;
  std::string text;
  std::string rendered;
};
/// A section a row.
void check_rendered(const std::vector<Bad>& rows);

/// Results as a table: encoded values of each step, by task.
class Table final : public plan::Values {
 public:
  void put(plan::StepIndex step, const signature::Type& type, const std::vector<std::string>& json);
  [[nodiscard]] std::uint64_t tasks(plan::StepIndex step) const override { return rows_.at(raw(step)).size(); }
  [[nodiscard]] signature::View value(plan::StepIndex step, std::uint64_t index) const override {
    return rows_.at(raw(step)).at(index);
  }
  [[nodiscard]] bool has_value(plan::StepIndex step, std::uint64_t index) const override {
    return index < tasks(step) && !missing_.contains({raw(step), index});
  }
  /// The task has no value.
  void miss(plan::StepIndex step, std::uint64_t index) { missing_.insert({raw(step), index}); }
  void append_all(plan::StepIndex step, signature::Bytes& to) const override;
  mutable std::uint64_t bulk = 0;  ///< calls of append_all

 private:
  std::map<std::uint32_t, std::vector<signature::Bytes>> rows_;
  std::set<std::pair<std::uint32_t, std::uint64_t>> missing_;
};

/// Position of a step by its id.
[[nodiscard]] plan::StepIndex step_of(const plan::Plan& plan, const std::string& id);
/// JSON → bytes of `type`; fails the test if it does not fit.
[[nodiscard]] signature::Bytes encoded(const std::string& json, const signature::Type& type);
/// Arguments of a planned step as one tuple type.
[[nodiscard]] signature::Type arguments_type(const plan::Step& step);
/// Bytes of one task's arguments, through append; equal to what the template gives, if there is one.
[[nodiscard]] signature::Bytes row(const plan::Arguments& arguments, std::uint64_t index, const plan::Values& values);
/// Every task's arguments as JSON, "[0,5] [5,9]"; or "error: …" where the step cannot be prepared, "refused: …" where
/// it can, but no task of it has arguments.
[[nodiscard]] std::string all_rows(const plan::Plan& plan, plan::StepIndex step, const plan::Values& values);

/// A pipeline, results of some of its steps, and the arguments of every task of the step `step`.
struct Good {
  struct Given {
    std::string step;
    std::vector<std::string> values;
  };
  std::string name;
  std::string text;
  std::vector<Given> given;
  std::string step;
  std::string arguments;
  bool is_template;
};
/// A section a row.
void check_arguments(const std::vector<Good>& rows);

}  // namespace gantry::test
