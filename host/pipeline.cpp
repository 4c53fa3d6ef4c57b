#include "pipeline.hpp"

#include <fcntl.h>
#include <fmt/format.h>

#include <algorithm>
#include <cstdlib>
#include <limits>
#include <utility>

#include "config/codes.hpp"
#include "pool/cpus.hpp"
#include "pool/sha256.hpp"
#include "pool/worker_path.hpp"
#include "signature/nearest.hpp"
#include "wire/descriptor.hpp"

namespace gantry::host {

namespace {

namespace codes = config::codes;

config::Diagnostic diagnostic(const config::Code& code, config::Mark mark, std::string sentence,
                              std::string help = {}) {
  return {std::string(code.number), mark, std::move(sentence), {}, std::move(help)};
}

/// The file that a plugin use means, or nothing and a diagnostic.
std::optional<std::string> file_of(const config::PluginUse& use, const PluginPath& path,
                                   config::Diagnostics& diagnostics) {
  std::optional<std::filesystem::path> file = use.path;
  if (use.path.empty()) file = path.find(use.name);
  if (!file) {
    std::string folders;
    for (const auto& folder : path.folders()) folders += (folders.empty() ? "" : ", ") + folder.string();
    config::Diagnostic missing =
        diagnostic(codes::plugin_missing, use.mark, fmt::format("there is no lib{}.so on the plugin path", use.name),
                   signature::did_you_mean(use.name, path.names()));
    missing.notes.push_back({"looked in " + folders, {}});
    diagnostics.report(std::move(missing));
    return std::nullopt;
  }
  if (use.sha256) {
    const wire::Descriptor opened(::open(file->c_str(), O_RDONLY | O_NONBLOCK | O_CLOEXEC));
    const auto found = opened ? pool::sha256_of(opened.get()) : std::nullopt;
    if (found && *found != *use.sha256) {
      diagnostics.report(diagnostic(
          codes::plugin_changed, use.mark,
          fmt::format("{} is not the file that the pipeline names: its SHA-256 is {}", file->string(), *found)));
      return std::nullopt;
    }
  }
  return file->string();
}

unsigned worker_count(const config::Config& config, const Opening& opening) {
  const auto wanted = opening.workers_said ? opening.workers : config.run.workers;
  return wanted ? *wanted : pool::usable_cpus();
}

/// Places for more workers than may work at a time. Tasks that wait in a queue lend theirs to others: so many in all,
/// however many may work, that the outcome does not depend on it. And where a pinned value cannot be made again, tasks
/// that do not need its worker have another (in thread mode all share one process, and one fate).
unsigned spare_count(const plan::Plan& plan, unsigned workers, Mode mode) {
  constexpr unsigned most = 256;
  const auto is_queue = [](const plan::SharedObject& shared) { return shared.type.kind == signature::Kind::queue; };
  if (std::ranges::any_of(plan.shared(), is_queue)) return std::max(workers, most - std::min(most, workers));
  const auto is_fragile = [](const plan::Step& step) {
    const bool makes = step.result.kind == signature::Kind::pin && (!step.idempotent || !step.shared.empty());
    return makes || std::ranges::any_of(step.residents, &plan::ResidentUse::changes);
  };
  return mode == Mode::process && std::ranges::any_of(plan.steps(), is_fragile) ? workers : 0;
}

/// How many workers will have work at once, as far as the file tells: all, or one. (Whether steps of one task each wait
/// for one another is for the plan to find.)
unsigned early_count(const Pipeline& pipeline, const Opening& opening) {
  const auto& steps = pipeline.config.steps;
  const bool has_many = std::any_of(steps.begin(), steps.end(), [](const auto& step) { return !step.each.empty(); });
  const bool will_run = opening.runs && has_many && pipeline.plugins_complete && pipeline.diagnostics.empty();
  return will_run ? std::numeric_limits<unsigned>::max() : 1;
}

/// A plugin that could not be had is one error: what follows from it is not told again.
void drop_consequences(Pipeline& pipeline) {
  config::Diagnostics kept;
  for (config::Diagnostic& one : pipeline.diagnostics.sorted()) {
    if (one.code != codes::no_such_plugin.number) kept.report(std::move(one));
  }
  pipeline.diagnostics = std::move(kept);
}

bool about_plugins(const config::Diagnostic& one) {
  return one.code == codes::plugin_missing.number || one.code == codes::plugin_changed.number ||
         one.code == codes::plugin_refused.number;
}

}  // namespace

Result<Loaded> load(const std::vector<std::string>& files, pool::Options options) {
  auto program = pool::worker_program();
  if (!program) return std::unexpected(std::move(program.error()));
  options.program = *program;
  options.plugins = {files.begin(), files.end()};
  auto pool = pool::Pool::make(std::move(options));
  if (!pool) return std::unexpected(std::move(pool.error()));
  auto offer = (*pool)->catalog();
  if (!offer) return std::unexpected(std::move(offer.error()));
  Loaded loaded{std::move(*pool), std::move(offer->catalog), {}};
  loaded.refusals.resize(files.size());
  for (pool::Refusal& refusal : offer->refusals) loaded.refusals[refusal.position] = std::move(refusal.sentence);
  return loaded;
}

Result<void> load_plugins(Pipeline& pipeline, const Opening& opening) {
  pipeline.mode = opening.mode.value_or(pipeline.config.run.mode.value_or(Mode::process));
  std::vector<std::string> files;
  std::vector<const config::PluginUse*> uses;
  pipeline.plugins_complete = true;
  for (const config::PluginUse& use : pipeline.config.plugins) {
    if (auto file = file_of(use, opening.plugin_path, pipeline.diagnostics)) {
      files.push_back(std::move(*file));
      uses.push_back(&use);
    } else {
      pipeline.plugins_complete = false;
    }
  }
  if (!files.empty()) {
    pool::Options options;
    options.workers = worker_count(pipeline.config, opening);
    options.mode = pipeline.mode;
    options.early = early_count(pipeline, opening);
    options.tell = opening.tell;
    for (const config::PluginUse* use : uses) options.sha256.push_back(use->sha256);
    auto loaded = load(files, std::move(options));
    if (!loaded) return std::unexpected(std::move(loaded.error()));
    pipeline.pool = std::move(loaded->pool);
    pipeline.catalog = std::move(loaded->catalog);
    for (std::size_t i = 0; i < uses.size(); ++i) {
      if (!loaded->refusals[i]) continue;
      pipeline.plugins_complete = false;
      pipeline.diagnostics.report(diagnostic(codes::plugin_refused, uses[i]->mark,
                                             fmt::format("plugin {}: {}", uses[i]->name, *loaded->refusals[i])));
    }
  }
  return {};
}

void make_plan(Pipeline& pipeline) {
  const plan::Environment environment = [](const std::string& name) -> std::optional<std::string> {
    const char* value = std::getenv(name.c_str());
    return value == nullptr ? std::nullopt : std::optional<std::string>(value);
  };
  pipeline.plan = plan::build(pipeline.config, pipeline.catalog, environment, pipeline.sources, pipeline.diagnostics,
                              pipeline.mode);
  if (pipeline.pool) {
    pipeline.pool->lend(spare_count(pipeline.plan, pipeline.pool->workers(), pipeline.mode));
  }
  if (!pipeline.plugins_complete) drop_consequences(pipeline);
  const auto errors = pipeline.diagnostics.sorted();
  pipeline.plugins_at_fault = !errors.empty() && std::all_of(errors.begin(), errors.end(), about_plugins);
}

Result<std::unique_ptr<Pipeline>> open(const std::string& file, const std::vector<config::Override>& overrides,
                                       const Opening& opening) {
  auto text = config::load(file);
  if (!text) return std::unexpected(std::move(text.error()));
  std::filesystem::path folder;
  if (file != "-") folder = std::filesystem::path(file).parent_path();
  auto pipeline = std::make_unique<Pipeline>();
  pipeline->config = config::read(file == "-" ? "<stdin>" : file, std::move(*text), folder, overrides,
                                  pipeline->sources, pipeline->diagnostics);
  if (auto done = load_plugins(*pipeline, opening); !done) return std::unexpected(std::move(done.error()));
  make_plan(*pipeline);
  return pipeline;
}

}  // namespace gantry::host
