// Config + catalog -> Plan: every type error of a pipeline is found here, before any task runs.
#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "config/config.hpp"
#include "plan/resident.hpp"
#include "plan/shared.hpp"
#include "plan/values.hpp"
#include "signature/catalog.hpp"
#include "signature/mode.hpp"
#include "signature/share.hpp"
#include "signature/slots.hpp"

namespace gantry::plan {

using host::StepIndex;

/// Which tasks use an edge: those that the element of a bound name gives it.
struct Within {
  std::uint32_t binding = 0;         ///< position in `each`
  std::optional<std::uint64_t> row;  ///< of a written list: only this element uses the edge, and all of it

  friend bool operator==(const Within&, const Within&) = default;
};

struct Edge {
  enum class Kind : std::uint8_t {
    stream,
    keep,
    order,
    after,  ///< as order, but the producer may fail
  };
  Kind kind = Kind::keep;
  StepIndex producer{};
  std::optional<std::uint64_t> element;  ///< keep: only this task's value is used
  std::optional<Within> within;          ///< keep: not every task needs what it is given by it

  friend bool operator==(const Edge&, const Edge&) = default;
};

/// What a step's tasks get, once all that it keeps is there: made by Plan::prepare when the step may start.
class Arguments {
 public:
  virtual ~Arguments() = default;
  [[nodiscard]] virtual std::uint64_t tasks() const = 0;
  /// Which value each of Step::residents means, in that order.
  [[nodiscard]] virtual std::vector<signature::Stride> strides() const = 0;
  /// What each task uses of each edge that says `within`, in the order of Step::edges.
  [[nodiscard]] virtual std::vector<signature::Share> shares() const = 0;
  /// Why no task has arguments, if none has: data lacks what all of them ask for.
  [[nodiscard]] virtual std::optional<host::Error> refusal() const = 0;
  /// Arguments that are a function of the task's index alone, or nothing: then append rows.
  [[nodiscard]] virtual std::shared_ptr<const signature::Template> as_template() const = 0;
  /// Appends the encoded arguments of one task. Errors: data that only a run can show (a position past a list's end,
  /// a stream element without that part): the task's error.
  [[nodiscard]] virtual host::Result<void> append(std::uint64_t index, const Values& values,
                                                  signature::Bytes& to) const = 0;
};

struct Step {
  std::string id;
  std::string call;            ///< "primes.count"
  std::uint32_t plugin = 0;    ///< position in the catalog
  std::uint32_t function = 0;  ///< position in the plugin's functions (overload chosen)
  signature::Type result;
  std::optional<std::uint64_t> result_size;
  bool each = false;
  std::optional<std::uint64_t> tasks;  ///< if known before the run
  std::vector<Edge> edges;             ///< each use once, in the order of the file: see edges_of
  bool asks = false;                   ///< only the run shows which of its tasks can be given arguments
  bool used = false;                   ///< another step uses its results
  bool kept = false;                   ///< some use is a keep edge
  bool printed = false;                ///< unused, or `output: true`
  std::optional<std::chrono::nanoseconds> timeout;
  std::optional<std::uint32_t> retries;
  std::optional<std::uint8_t> retry_on;  ///< bits of config::RetryOn
  bool idempotent = true;
  std::optional<std::uint64_t> chunk;
  std::vector<SharedUse> shared;                                   ///< each object once
  signature::Residence residence = signature::Residence::nowhere;  ///< of its results
  std::vector<ResidentUse> residents;  ///< values that reside somewhere and that its tasks use: each parameter's
  bool unordered = false;              ///< what its tasks give depends on who shared what, or on such a step
  config::Mark mark;
};

/// What of the process's environment a plan may read.
using Environment = std::function<std::optional<std::string>(const std::string& name)>;

class Plan {
 public:
  Plan();
  ~Plan();
  Plan(Plan&&) noexcept;
  Plan& operator=(Plan&&) noexcept;

  [[nodiscard]] const std::vector<Step>& steps() const;
  /// What each plugin of the catalog is begun with, encoded; empty for those without a begin.
  [[nodiscard]] const std::vector<signature::Bytes>& configurations() const;
  /// What tasks share; uses name objects by their position here.
  [[nodiscard]] const std::vector<SharedObject>& shared() const;
  /// "total", "counts[3]", "grid[17] (a=3, b=2)" (a product shows its bound values, as far as they are known).
  [[nodiscard]] std::string task_id(StepIndex step, std::uint64_t index) const;
  /// When all keep and order edges are satisfied and stream producers are sized. Errors: sizes and bounds that only
  /// the run could show (a step of 0, a product over 2^63), so that there is no number of tasks; the step then fails
  /// once. Whatever else data may lack is the matter of the tasks that ask for it.
  [[nodiscard]] host::Result<std::unique_ptr<Arguments>> prepare(StepIndex step, const Values& values) const;

 private:
  friend class Builder;
  struct Body;
  std::unique_ptr<Body> body_;
};

/// Checks everything; what is wrong is in `diagnostics`, and the plan is then not to be run. Linear in the steps:
/// 10^5 in at most 2 s. `mode`: thread mode takes only functions that are declared thread-safe.
[[nodiscard]] Plan build(const config::Config& config, const signature::Catalog& catalog,
                         const Environment& environment, config::Sources& sources, config::Diagnostics& diagnostics,
                         host::Mode mode = host::Mode::process);

}  // namespace gantry::plan
