// Arguments of a prepared step: a program that varies with the index alone, over laid-out sources.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "plan/axis.hpp"
#include "plan/plan.hpp"
#include "plan/program.hpp"

namespace gantry::plan {

/// A laid-out source with its place in the product: element (index / divide) % axis.count.
struct BoundAxis {
  Axis axis;
  std::uint64_t divide = 1;

  [[nodiscard]] std::uint64_t position(std::uint64_t index) const { return index / divide % axis.count; }
};

class PreparedArguments final : public Arguments {
 public:
  /// `program` holds no piece that waits for results.
  PreparedArguments(std::uint64_t tasks, std::vector<BoundAxis> axes, Program program,
                    const std::vector<ResidentUse>& residents);

  [[nodiscard]] std::uint64_t tasks() const override { return tasks_; }
  [[nodiscard]] std::vector<signature::Stride> strides() const override { return strides_; }
  [[nodiscard]] std::vector<signature::Share> shares() const override { return shares_; }
  [[nodiscard]] std::optional<host::Error> refusal() const override { return refusal_; }
  [[nodiscard]] std::shared_ptr<const signature::Template> as_template() const override { return template_; }
  [[nodiscard]] host::Result<void> append(std::uint64_t index, const Values& values,
                                          signature::Bytes& to) const override;

  /// See Arguments::shares.
  void set_shares(std::vector<signature::Share> shares) { shares_ = std::move(shares); }
  /// Data lacks what all tasks ask for: the program is not read.
  void refuse(host::Error why);

 private:
  std::uint64_t tasks_;
  std::vector<BoundAxis> axes_;
  std::vector<signature::Stride> strides_;
  std::vector<signature::Share> shares_;
  std::optional<host::Error> refusal_;
  Program program_;  ///< empty if all of it is in the template
  std::shared_ptr<const signature::Template> template_;
};

/// Writes a value that resides somewhere, as the argument of a task: by the task that made it.
void append_resident(StepIndex step, std::uint64_t element, signature::Bytes& to);

/// Writes element k of a laid-out source. `values` is asked for streamed and kept elements.
[[nodiscard]] host::Result<void> append_element(const Element& element, const Axis& axis, std::uint64_t k,
                                                const Values& values, signature::Bytes& to);

/// The program as bytes that lie in shared memory already: one shared piece among constants.
[[nodiscard]] std::optional<signature::Template> make_shared_template(const Program& program);

/// The program as a row with slots, if all that varies are numbers of ranges and chunks, and `$index`.
[[nodiscard]] std::optional<signature::Template> make_template(const Program& program, std::uint64_t tasks,
                                                               const std::vector<BoundAxis>& axes);

}  // namespace gantry::plan
