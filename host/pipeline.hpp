// A pipeline opened: its file read, its plugins loaded by a worker, and all of it checked. `check` ends here, `run`
// goes on with the same object, so what check accepts never fails run for a reason in the file.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "config/config.hpp"
#include "plan/plan.hpp"
#include "plugin_path.hpp"
#include "pool/pool.hpp"
#include "signature/catalog.hpp"
#include "signature/mode.hpp"

namespace gantry::host {

/// What to open, and how.
struct Opening {
  PluginPath plugin_path;
  std::optional<std::uint32_t> workers;          ///< nothing: what the file says, else the CPUs that may be used
  bool workers_said = false;                     ///< `workers` (auto, if nothing) was asked for: the file is not heard
  std::optional<Mode> mode;                      ///< nothing: what the file says, else processes
  bool runs = false;                             ///< if nothing is wrong: workers are started before it is known
  std::function<void(const std::string&)> tell;  ///< what a user should know while plugins are loaded, at once
};

struct Pipeline {
  config::Sources sources;
  config::Diagnostics diagnostics;  ///< not empty: the plan is not to be run
  bool plugins_complete = false;    ///< all of the config's plugins are in the catalog
  bool plugins_at_fault = false;    ///< all that is wrong is that some are not
  config::Config config;
  Mode mode = Mode::process;  ///< as asked for, else as the config says
  signature::Catalog catalog;
  plan::Plan plan;
  std::unique_ptr<pool::Pool> pool;  ///< nullptr if there is nothing to load
};

/// Reads, loads and checks the file ("-": stdin). Errors: the file cannot be read, or no worker can be started; what is
/// wrong with the pipeline or its plugins is in its diagnostics.
[[nodiscard]] Result<std::unique_ptr<Pipeline>> open(const std::string& file,
                                                     const std::vector<config::Override>& overrides,
                                                     const Opening& opening);

/// The two halves of open(), for a pipeline that was put together in memory and has its sources and config: loads the
/// plugins, and then checks everything against them.
[[nodiscard]] Result<void> load_plugins(Pipeline& pipeline, const Opening& opening);
void make_plan(Pipeline& pipeline);

/// What worker(s) say of the files: the catalog of those that can be loaded, and a sentence for each that cannot.
struct Loaded {
  std::unique_ptr<pool::Pool> pool;
  signature::Catalog catalog;
  std::vector<std::optional<std::string>> refusals;  ///< one a file; nothing: it is in the catalog
};
/// Of the options, program and plugins are filled in.
[[nodiscard]] Result<Loaded> load(const std::vector<std::string>& files, pool::Options options);

}  // namespace gantry::host
