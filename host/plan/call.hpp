// A call of a step against the overloads of its function: which is meant, and the program of its arguments.
#pragma once

#include <cstdint>

#include "plan/argument.hpp"
#include "plan/program.hpp"
#include "plan/resident.hpp"
#include "plan/scope.hpp"

namespace gantry::plan {

struct Call {
  std::uint32_t function = 0;  ///< position in the plugin
  bool typed = false;          ///< the result's type is certain, whether or not the arguments fit
  Program program;
  std::vector<SharedUse> shared;            ///< what its tasks hold
  std::vector<ResidentArgument> residents;  ///< that its tasks use
  bool chosen = true;                       ///< false: none of several overloads takes the arguments
};

/// The only overload, or the first whose arguments all have its types of themselves (ArgumentCompiler::exact), else
/// the first that takes them. Reports what does not fit; for several overloads one error that lists all.
[[nodiscard]] Call compile_call(const Scope& scope, const Bindings& bindings, const Overloads& overloads,
                                config::Diagnostics& diagnostics);

}  // namespace gantry::plan
