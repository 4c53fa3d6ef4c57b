// Reading a plugin's descriptor: everything that it points to is checked and copied before any of it is believed. The
// descriptor may lie; what cannot be checked (a pointer to nowhere) costs this process, which the host survives.
#pragma once

#include <string>
#include <vector>

#include "gantry/abi.h"
#include "signature/catalog.hpp"
#include "signature/error.hpp"

namespace gantry::worker {

/// What a plugin offers, and how to call it.
struct Offer {
  signature::Plugin plugin;
  std::vector<const gantry_function*> functions;  ///< as long as plugin.functions; the plugin's, never unloaded
  const gantry_function* begin = nullptr;         ///< if there is plugin.begin
  void (*end)(void* state) = nullptr;             ///< may be none
};

/// The error's sentence reads after "plugin X: ". Calls `spell` of functions without a signature text, nothing else.
[[nodiscard]] host::Result<Offer> read_offer(const gantry_descriptor& descriptor, const std::string& path);

/// run_many of the function, or nullptr if it has none (or is of an older SDK that knew none).
[[nodiscard]] decltype(gantry_function::run_many) run_many_of(const gantry_function& function);

}  // namespace gantry::worker
