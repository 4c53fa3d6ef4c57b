// What resides somewhere, in a run: passes open files on to the tasks that use them, lets workers drop what nobody uses
// any more, and says why a task whose value is gone cannot run. Belongs to the driver's thread.
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "plan/plan.hpp"
#include "schedule/runner.hpp"
#include "schedule/schedule.hpp"
#include "signature/error.hpp"

namespace gantry::host {

class Residency {
 public:
  /// Borrows all three.
  Residency(const plan::Plan& plan, schedule::Schedule& schedule, schedule::Runner& runner)
      : plan_(plan), schedule_(schedule), runner_(runner) {}

  /// A task has an open file as its value.
  void opened(const schedule::event::Values& event, StepIndex step);
  /// Adds the open files that the chunk's tasks use, of one task at least and no more than a message holds. Gives the
  /// number of its tasks that have theirs now. Error: a file is not there.
  [[nodiscard]] Result<std::uint64_t> attach(schedule::Chunk& chunk, const plan::Arguments& arguments) const;
  /// Making a value again failed, in the words of its task.
  void failed_again(const schedule::Lease& lease, const std::string& kind, const std::string& message);
  /// Lets go of what nobody uses any more; the steps whose values these were.
  [[nodiscard]] std::vector<StepIndex> drop();
  /// For the outcome of a task that needs it: a function of the pipeline alone.
  [[nodiscard]] std::string why(const schedule::Loss& loss) const;

 private:
  const plan::Plan& plan_;
  schedule::Schedule& schedule_;
  schedule::Runner& runner_;
  std::map<signature::Resident, std::shared_ptr<const signature::OpenFile>> files_;
  std::map<signature::Resident, std::string> failures_;
};

}  // namespace gantry::host
