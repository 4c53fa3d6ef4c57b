// What plugins are begun with: the configurations of a pipeline's plugins, checked like arguments and encoded.
#pragma once

#include <vector>

#include "config/diagnostic.hpp"
#include "plan/scope.hpp"
#include "signature/bytes.hpp"

namespace gantry::plan {

/// Where the file asks for the plugin: by path, else by name; nullptr: nowhere.
[[nodiscard]] const config::PluginUse* use_of(const config::Config& config, const signature::Plugin& plugin);

/// One a plugin of the catalog; empty for those without a begin. Parameters of a begin that the configuration does not
/// name get their defaults; texts may be $params and $env references.
[[nodiscard]] std::vector<signature::Bytes> compile_configurations(const Scope& scope,
                                                                   config::Diagnostics& diagnostics);

}  // namespace gantry::plan
