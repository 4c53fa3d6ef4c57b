#include <algorithm>
#include <unordered_map>

#include <fmt/format.h>

#include "gantry/abi.h"
#include "plan/body.hpp"
#include "plan/call.hpp"
#include "plan/homes.hpp"
#include "plan/lacking.hpp"
#include "plan/names.hpp"
#include "plan/order.hpp"
#include "plan/plan.hpp"
#include "plan/plugin_config.hpp"
#include "plan/scope.hpp"
#include "plan/shared_content.hpp"
#include "plan/sources.hpp"
#include "plan/task_text.hpp"
#include "plan/uses.hpp"

namespace gantry::plan {

namespace codes = config::codes;

/// Makes a plan in four passes over the steps: what each uses, the order, types and programs, who is used how.
class Builder {
 public:
  Builder(const config::Config& config, const signature::Catalog& catalog, const Environment& environment,
          config::Diagnostics& diagnostics, host::Mode mode)
      : config_(config),
        catalog_(catalog),
        diagnostics_(diagnostics),
        mode_(mode),
        names_(config, catalog, environment),
        typed_(config.steps.size()),
        scope_{config_, names_, typed_, shared_} {}

  Plan build() {
    Plan plan;
    plan.body_->steps.resize(config_.steps.size());
    plan.body_->recipes.resize(config_.steps.size());
    check_plugins();
    plan.body_->configurations = compile_configurations(scope_, diagnostics_);
    compile_shared(scope_, shared_, diagnostics_);
    std::vector<std::vector<Use>> uses;
    uses.reserve(config_.steps.size());
    for (const auto& step : config_.steps) uses.push_back(find_uses(config_, step, names_, diagnostics_));
    report_cycles(config_, uses, diagnostics_);
    for (std::size_t i = 0; i < typed_.size(); ++i) typed_[i].each = !config_.steps[i].each.empty();
    Homes homes(scope_, plan.body_->steps, diagnostics_);
    for (const auto position : order_of(uses)) {
      auto& step = plan.body_->steps[position];
      settings(config_.steps[position], step);
      step.edges = edges_of(uses[position]);
      const auto residents = type(position, step, plan.body_->recipes[position]);
      homes.add(position, plan.body_->recipes[position].sources, residents);
      asks(step, plan.body_->recipes[position], plan.body_->steps);
      step.unordered = !step.shared.empty() || std::ranges::any_of(step.edges, [&](const Edge& edge) {
        return uses_results(edge) && plan.body_->steps[raw(edge.producer)].unordered;
      });
    }
    connect(plan.body_->steps);
    homes.settle(mode_);
    report_unused_shared();
    plan.body_->shared = std::move(shared_);
    return plan;
  }

 private:
  /// Calls name plugins by name, so no two files may give the same one.
  void check_plugins() {
    std::unordered_map<std::string, const signature::Plugin*> first;
    for (const auto& plugin : catalog_.plugins) {
      const auto [other, fresh] = first.try_emplace(plugin.name, &plugin);
      if (fresh || other->second->path == plugin.path) continue;
      std::vector<config::Note> notes{{fmt::format("{} is one of them", other->second->path), place_of(*other->second)},
                                      {fmt::format("{} is the other", plugin.path), {}}};
      diagnostics_.report({std::string(codes::two_plugins_of_one_name.number), place_of(plugin),
                           fmt::format("two files give a plugin called {}", plugin.name), std::move(notes),
                           "leave one of them out of plugins"});
    }
  }

  /// Where the file asks for the plugin: by path, else by name.
  [[nodiscard]] config::Mark place_of(const signature::Plugin& plugin) const {
    const config::PluginUse* written = use_of(config_, plugin);
    return written == nullptr ? config::Mark{} : written->mark;
  }

  void report_unused_shared() {
    for (std::size_t i = 0; i < config_.shared.size(); ++i) {
      const auto& written = config_.shared[i];
      const bool broken = std::ranges::any_of(config_.steps, [](const auto& step) { return step.broken; });
      if (names_.is_used(i) || written.broken || broken) continue;
      diagnostics_.report({std::string(codes::unused_shared.number),
                           written.mark,
                           fmt::format("the shared object `{}` is used by no step", written.name),
                           {},
                           fmt::format("pass it in the args of a step: $shared.{}", written.name)});
    }
  }

  static void settings(const config::Step& written, Step& step) {
    step.id = written.id.value;
    step.call = written.call.value;
    step.each = !written.each.empty();
    step.timeout = written.timeout;
    step.retries = written.retries;
    step.retry_on = written.retry_on;
    step.idempotent = written.idempotent;
    step.chunk = written.chunk;
    step.mark = written.mark;
  }

  /// The values that reside somewhere and that its tasks use.
  std::vector<ResidentArgument> type(std::uint32_t position, Step& step, Recipe& recipe) {
    std::vector<ResidentArgument> residents;
    const auto& written = config_.steps[position];
    auto& typed = typed_[position];
    Complaints complaints;
    for (const auto& binding : written.each)
      recipe.sources.push_back(compile_source(scope_, binding.source, complaints));
    typed.tasks = step.tasks = count_tasks(written, recipe.sources, complaints);
    for (auto& complaint : complaints) diagnostics_.report(std::move(complaint.diagnostic));
    recipe.zip = written.zip;
    if (!written.zip && written.each.size() > 1) {
      for (std::size_t i = 0; i < written.each.size(); ++i) {
        recipe.names.push_back(written.each[i].name);
        recipe.shown.push_back(show_items(recipe.sources[i].items));
      }
    }
    if (const auto* overloads = find_function(written)) {
      auto call = compile_call(scope_, {written, recipe.sources, step.tasks}, *overloads, diagnostics_);
      step.plugin = typed.plugin = overloads->plugin;
      step.function = typed.function = call.function;
      step.result = typed.result = catalog_.plugins[step.plugin].functions[step.function].signature.result;
      step.result_size = signature::fixed_size(step.result);
      typed.typed = call.typed;
      recipe.program = std::move(call.program);
      if (call.chosen) check_mode(written.call, catalog_.plugins[step.plugin], step.function);
      step.shared = std::move(call.shared);
      residents = std::move(call.residents);
      if (!step.shared.empty() && step.chunk.value_or(1) > 1) {
        diagnostics_.report({std::string(codes::shared_chunk.number),
                             step.mark,
                             fmt::format("the tasks of {} share, so they are leased one by one", step.id),
                             {},
                             "leave out chunk"});
      }
    }
    for (auto& source : recipe.sources) forget_items(source);
    return residents;
  }

  /// The run is asked which tasks have all they use: where they share an edge out, or all use what may be missing.
  static void asks(Step& step, Recipe& recipe, const std::vector<Step>& steps) {
    recipe.residents = step.residents;
    for (const Edge& edge : step.edges) {
      if (edge.within) recipe.within.push_back(*edge.within);
    }
    step.asks = !recipe.within.empty() || may_lack(recipe, steps);
  }

  static bool uses_results(const Edge& edge) {
    return edge.kind != Edge::Kind::order && edge.kind != Edge::Kind::after;
  }

  /// Threads share what a function keeps outside of its arguments: its author must have said that it may.
  void check_mode(const config::Marked<std::string>& call, const signature::Plugin& plugin, std::uint32_t position) {
    const signature::Function& function = plugin.functions[position];
    if (mode_ == host::Mode::process || (function.flags & GANTRY_THREAD_SAFE) != 0) return;
    diagnostics_.report(
        {std::string(codes::not_thread_safe.number),
         call.mark,
         fmt::format("{} is not declared thread-safe, so it cannot run in thread mode", call.value),
         {{show(plugin, function), {}}},
         "use --mode process; or declare it gantry::thread_safe in its plugin, if it may run on several "
         "threads at once"});
  }

  /// The trees belong to the config, which the plan outlives.
  static void forget_items(Source& source) {
    source.items = {};
    if (source.inner) forget_items(*source.inner);
  }

  const Overloads* find_function(const config::Step& written) {
    const auto dot = written.call.value.find('.');
    if (written.broken || dot == std::string::npos) return nullptr;  // config::read has reported it
    const auto plugin = written.call.value.substr(0, dot);
    const auto found = names_.function(plugin, std::string_view(written.call.value).substr(dot + 1));
    if (found) return *found;
    const bool known = names_.has_plugin(plugin);
    const bool listed = std::ranges::any_of(config_.plugins, [&](const auto& use) { return use.name == plugin; });
    config::Diagnostic wrong{std::string((known ? codes::no_such_function : codes::no_such_plugin).number),
                             written.call.mark,
                             found.error().sentence,
                             {},
                             found.error().help};
    if (known) {
      const auto& loaded = *std::ranges::find(catalog_.plugins, plugin, &signature::Plugin::name);
      wrong.notes.push_back({fmt::format("{} is {}, with {}", plugin, library(loaded), function_names(loaded)), {}});
    } else {
      wrong.notes.push_back(
          {listed ? "it is listed under plugins, but was not loaded" : "no plugin that was loaded has this name", {}});
    }
    diagnostics_.report(std::move(wrong));
    return nullptr;
  }

  /// "count, find, nth": each name once, the first few.
  static std::string function_names(const signature::Plugin& plugin) {
    constexpr std::size_t most = 12;
    std::vector<std::string_view> names;
    for (const auto& function : plugin.functions) {
      if (std::ranges::find(names, function.name) == names.end()) names.push_back(function.name);
    }
    if (names.empty()) return "no function";
    const auto shown =
        fmt::format("{}", fmt::join(names.begin(), names.begin() + std::ptrdiff_t(std::min(most, names.size())), ", "));
    return names.size() <= most ? shown : fmt::format("{} and {} more", shown, names.size() - most);
  }

  void connect(std::vector<Step>& steps) const {
    for (const auto& step : steps) {
      for (const auto& edge : step.edges) {
        auto& producer = steps[raw(edge.producer)];
        producer.used = producer.used || uses_results(edge);
        producer.kept = producer.kept || edge.kind == Edge::Kind::keep;
      }
    }
    for (std::size_t i = 0; i < steps.size(); ++i) steps[i].printed = config_.steps[i].output.value_or(!steps[i].used);
  }

  const config::Config& config_;
  const signature::Catalog& catalog_;
  config::Diagnostics& diagnostics_;
  host::Mode mode_;
  Names names_;
  std::vector<TypedStep> typed_;
  std::vector<SharedObject> shared_;
  Scope scope_;
};

Plan build(const config::Config& config, const signature::Catalog& catalog, const Environment& environment,
           config::Sources& /*sources*/, config::Diagnostics& diagnostics, host::Mode mode) {
  return Builder(config, catalog, environment, diagnostics, mode).build();
}

}  // namespace gantry::plan
