// A plugin in this process: its file checked, loaded by Boost.DLL (all symbols bound at once, none shared with other
// plugins), its descriptor read. It is never unloaded: code of it may be on some thread's stack for ever.
#pragma once

#include <memory>
#include <string>

#include "signature/error.hpp"
#include "wire/descriptor.hpp"
#include "worker/offer.hpp"
#include "worker/unique_symbols.hpp"

namespace gantry::worker {

struct Module {
  Offer offer;
  std::unique_ptr<void*> scratch;  ///< the plugin's place for this thread: gantry_call.scratch
  void* state = nullptr;           ///< what its begin made: gantry_call.state
  bool has_begun = false;
  wire::Descriptor file;  ///< what was loaded, if its path led elsewhere by then: the linker knows it by this number
};

/// Loads the plugin at an absolute path, or `file`, if there is one: what that path led to before. `known` are the
/// symbols of the plugins that this process has loaded. Runs the plugin's static constructors: call it in a process
/// that may die of them. The error's sentence reads after "plugin X: ".
[[nodiscard]] host::Result<Module> load_module(const std::string& path, UniqueSymbols& known,
                                               wire::Descriptor file = {});

}  // namespace gantry::worker
