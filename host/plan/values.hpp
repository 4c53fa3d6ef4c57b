// What a plan asks of results while a run goes on. The results room implements it; plan tests use a table.
#pragma once

#include <cstdint>
#include <memory>

#include "signature/bytes.hpp"
#include "signature/ids.hpp"
#include "signature/shared_bytes.hpp"

namespace gantry::plan {

class Values {
 public:
  virtual ~Values() = default;
  /// Number of tasks of a step whose size is known.
  [[nodiscard]] virtual std::uint64_t tasks(host::StepIndex step) const = 0;
  /// Bytes of a task that ended with a value and is not released; valid until the store changes.
  [[nodiscard]] virtual signature::View value(host::StepIndex step, std::uint64_t index) const = 0;
  /// Of a task that ended and is not released.
  [[nodiscard]] virtual bool has_value(host::StepIndex step, std::uint64_t index) const = 0;
  /// Appends the bytes of all values of a kept step, in index order, without gaps.
  virtual void append_all(host::StepIndex step, signature::Bytes& to) const = 0;
  /// The same bytes where they lie, if they lie so that others can map them; else nothing. Of results of fixed size.
  [[nodiscard]] virtual std::shared_ptr<const signature::SharedBytes> shared_all(host::StepIndex /*step*/) const {
    return nullptr;
  }
  /// The same for one task's value.
  [[nodiscard]] virtual std::shared_ptr<const signature::SharedBytes> shared_value(host::StepIndex /*step*/,
                                                                                   std::uint64_t /*index*/) const {
    return nullptr;
  }
};

}  // namespace gantry::plan
