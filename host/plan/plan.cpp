#include "plan/plan.hpp"

#include <fmt/core.h>

#include "plan/body.hpp"
#include "plan/prepare.hpp"
#include "plan/task_text.hpp"

namespace gantry::plan {

Plan::Plan() : body_(std::make_unique<Body>()) {}
Plan::~Plan() = default;
Plan::Plan(Plan&&) noexcept = default;
Plan& Plan::operator=(Plan&&) noexcept = default;

const std::vector<Step>& Plan::steps() const {
  return body_->steps;
}

const std::vector<signature::Bytes>& Plan::configurations() const {
  return body_->configurations;
}

const std::vector<SharedObject>& Plan::shared() const {
  return body_->shared;
}

std::string Plan::task_id(StepIndex step, std::uint64_t index) const {
  const auto& planned = body_->steps[raw(step)];
  if (!planned.each) return planned.id;
  return fmt::format("{}[{}]{}", planned.id, index, show_bound_values(body_->recipes[raw(step)], index));
}

host::Result<std::unique_ptr<Arguments>> Plan::prepare(StepIndex step, const Values& values) const {
  return prepare_arguments(body_->recipes[raw(step)], values);
}

}  // namespace gantry::plan
