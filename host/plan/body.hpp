// What a Plan holds behind its interface.
#pragma once

#include <string>
#include <vector>

#include "plan/plan.hpp"
#include "plan/program.hpp"
#include "plan/source.hpp"

namespace gantry::plan {

/// How the tasks of a step get their arguments.
struct Recipe {
  std::vector<Source> sources;  ///< one a bound name
  bool zip = false;
  Program program;
  std::vector<ResidentUse> residents;           ///< of Step
  std::vector<Within> within;                   ///< of its edges that say so, in order
  std::vector<std::string> names;               ///< of a product: its bound names
  std::vector<std::vector<std::string>> shown;  ///< of a product: texts of the elements of `values` sources
};

struct Plan::Body {
  std::vector<Step> steps;
  std::vector<Recipe> recipes;
  std::vector<signature::Bytes> configurations;
  std::vector<SharedObject> shared;
};

}  // namespace gantry::plan
