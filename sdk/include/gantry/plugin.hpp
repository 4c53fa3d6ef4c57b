// All that the author of a plugin includes. The guide is sdk/README.md; in short:
//
//   static std::uint64_t count(std::uint64_t low, std::uint64_t high);   // any plain function
//   GANTRY_PLUGIN("primes", "1.0.0",
//       gantry::function<count>("count", {"low", "high = 100"}, "Counts the primes in [low, high)."));
#pragma once

#include <cereal/cereal.hpp>
#include <cereal/types/base_class.hpp>

#include <gantry/abi.h>
#include <gantry/context.hpp>
#include <gantry/detail/table.hpp>
#include <gantry/error.hpp>
#include <gantry/fd.hpp>
#include <gantry/function.hpp>
#include <gantry/names.hpp>
#include <gantry/pinned.hpp>
#include <gantry/random.hpp>
#include <gantry/shared.hpp>
#include <gantry/state.hpp>
#include <gantry/types.hpp>
#include <gantry/worker.hpp>

static_assert(sizeof(gantry_header) == 16 && offsetof(gantry_header, size) == 12, "the header is frozen");

/// Defines the one symbol that a plugin exports. Once a library, after the functions.
#define GANTRY_PLUGIN(NAME, VERSION, ...)                                 \
  static constexpr ::gantry::detail::Table gantry_functions{__VA_ARGS__}; \
  extern "C" GANTRY_EXPORT constinit const gantry_descriptor gantry_plugin = gantry_functions.descriptor(NAME, VERSION)
