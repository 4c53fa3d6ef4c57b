// Where pinned values and their users will be. A pinned value made without another is the root of a home; what is made
// from it, and all tasks that use any of these, run in its worker (schedule/homes.hpp). Here it is proved that each
// task needs one home at most, and users that change a value, or may wait in a queue while they have its worker, are
// put in order.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "plan/plan.hpp"
#include "plan/resident.hpp"
#include "plan/scope.hpp"
#include "plan/source.hpp"

namespace gantry::plan {

class Homes {
 public:
  /// Borrows all; `steps` is the plan's, filled in while it is built.
  Homes(const Scope& scope, std::vector<Step>& steps, config::Diagnostics& diagnostics)
      : scope_(scope), steps_(steps), diagnostics_(diagnostics), homes_(steps.size()), users_(steps.size()) {}

  /// The step uses and makes what it does: to be called after the steps that it uses. Completes Step::residents, adds
  /// edges to users that come before it, and settles what such a step may be told.
  void add(std::uint32_t position, const std::vector<Source>& sources, const std::vector<ResidentArgument>& arguments);
  /// All steps are there: where each one's results reside. Reports those that were to be printed.
  void settle(host::Mode mode);

 private:
  /// The home of each task of a step: by the root's element, or by what it depends on.
  struct Home {
    StepIndex root{};
    std::optional<std::uint64_t> element;
    std::string key;  ///< equal ones are the same element for each task; "i": that of the task's own index

    friend bool operator==(const Home&, const Home&) = default;
  };
  /// A step that uses a producer's values: all of them, or one.
  struct User {
    std::uint32_t step = 0;
    std::optional<std::uint64_t> element;
    bool in_order = false;  ///< it comes after all before it, and before all after it
  };

  [[nodiscard]] const config::Step& written(std::uint32_t position) const { return scope_.config.steps[position]; }
  [[nodiscard]] bool pins(StepIndex step) const;
  [[nodiscard]] bool may_wait(const Step& step) const;
  [[nodiscard]] Home home_of(const config::Step& step, const ResidentUse& use) const;
  void check_home(std::uint32_t position, const std::vector<ResidentArgument>& arguments);
  void check_settings(std::uint32_t position);
  void put_in_order(std::uint32_t position, const ResidentUse& use);
  [[nodiscard]] std::string name_of(const config::Step& step, const ResidentUse& use) const;
  void report(const config::Code& code, config::Mark mark, std::string sentence, std::vector<config::Note> notes,
              std::string help);

  const Scope& scope_;
  std::vector<Step>& steps_;
  config::Diagnostics& diagnostics_;
  std::vector<std::optional<Home>> homes_;  ///< of steps that use pinned values
  std::vector<std::vector<User>> users_;    ///< by producer: those that a later one may have to wait for
};

}  // namespace gantry::plan
