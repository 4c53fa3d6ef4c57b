// `gantry plan`: what would run. Ends where `check` ends; what it prints is a function of file, flags and plugins.
#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "cli/running.hpp"
#include "cli/verbs.hpp"
#include "plan/notes.hpp"
#include "pool/clock.hpp"
#include "report/outline.hpp"
#include "signature/codec.hpp"

namespace gantry::cli {

namespace {

using pool::duration_text;
using report::Outline;
using report::Setting;

std::string retry_on_text(std::uint8_t bits) {
  std::string text;
  const auto add = [&](config::RetryOn bit, std::string_view name) {
    if ((bits & static_cast<std::uint8_t>(bit)) != 0) text += fmt::format("{}{}", text.empty() ? "" : ", ", name);
  };
  add(config::RetryOn::crash, "crash");
  add(config::RetryOn::timeout, "timeout");
  add(config::RetryOn::error, "error");
  return "[" + text + "]";
}

/// Who set what: a flag, the environment in its place, the file, or nobody.
class Settings {
 public:
  explicit Settings(const Arguments& arguments) : arguments_(arguments) {}

  /// `flag` and `file`: whether they say it.
  void add(std::string name, std::string value, bool flag, bool file) {
    const std::string variable = "GANTRY_" + upper(name);
    std::string from = file ? "file" : "default";
    if (flag) from = arguments_.from_environment.contains(variable) ? variable : "--" + name;
    all_.push_back({std::move(name), std::move(value), std::move(from)});
  }
  [[nodiscard]] std::vector<Setting> take() { return std::move(all_); }

 private:
  static std::string upper(std::string text) {
    for (char& letter : text) {
      if (letter >= 'a' && letter <= 'z') letter = static_cast<char>(letter - 'a' + 'A');
    }
    return text;
  }

  const Arguments& arguments_;
  std::vector<Setting> all_;
};

std::vector<Setting> settings_of(const host::Pipeline& pipeline, const Arguments& arguments) {
  const config::Run& file = pipeline.config.run;
  const host::Policy policy = policy_of(pipeline, arguments);
  Settings settings(arguments);
  settings.add("workers", fmt::format("{}", pipeline.pool ? pipeline.pool->workers() : 0), arguments.workers_said,
               file.workers.has_value());
  settings.add("mode", pipeline.mode == host::Mode::thread ? "thread" : "process", arguments.mode.has_value(),
               file.mode.has_value());
  settings.add("timeout", policy.timeout.count() == 0 ? "none" : duration_text(policy.timeout),
               arguments.timeout.has_value(), file.timeout.has_value());
  settings.add("deadline", policy.deadline ? duration_text(*policy.deadline) : "none", arguments.deadline.has_value(),
               file.deadline.has_value());
  settings.add("grace", duration_text(policy.grace), arguments.grace.has_value(), file.grace.has_value());
  settings.add("retries", fmt::format("{}", policy.retries), arguments.retries.has_value(), file.retries.has_value());
  settings.add("seed", fmt::format("{}", policy.seed), arguments.seed.has_value(), file.seed.has_value());
  return settings.take();
}

/// As the file could say it, on one line.
std::string written(const config::Node& node) {
  using Kind = config::Node::Kind;
  std::string text;
  switch (node.kind) {
    case Kind::null:
      return "null";
    case Kind::plain:
      return node.text;
    case Kind::quoted:
      signature::append_json_string(node.text, text);
      return text;
    case Kind::list:
      for (const config::Node& item : node.items) text += (text.empty() ? "" : ", ") + written(item);
      return "[" + text + "]";
    case Kind::map:
      for (const auto& entry : node.entries) {
        text += fmt::format("{}{}: {}", text.empty() ? "" : ", ", entry.key, written(entry.value));
      }
      return "{" + text + "}";
  }
  return text;
}

std::vector<Setting> params_of(const config::Config& config, const Arguments& arguments) {
  std::vector<Setting> params;
  params.reserve(config.params.size());
  for (const auto& param : config.params) {
    const auto sets_it = [&](const config::Override& set) { return set.name == param.key; };
    const bool set = std::ranges::any_of(arguments.sets, sets_it);
    params.push_back({param.key, written(param.value), set ? "--set" : "file"});
  }
  return params;
}

/// What a step has of its own; a plan may set the chunk where the file does not.
std::vector<Setting> settings_of(const plan::Step& step, bool file_names_chunk) {
  std::vector<Setting> own;
  const auto add = [&](std::string name, std::string value, std::string from = "file") {
    own.push_back({std::move(name), std::move(value), std::move(from)});
  };
  if (step.timeout) add("timeout", duration_text(*step.timeout));
  if (step.retries) add("retries", fmt::format("{}", *step.retries));
  if (step.retry_on) add("retry_on", retry_on_text(*step.retry_on));
  if (!step.idempotent) add("idempotent", "false");
  if (step.chunk) add("chunk", fmt::format("{}", *step.chunk), file_names_chunk ? "file" : "plan");
  return own;
}

std::string_view name_of(plan::Edge::Kind kind) {
  switch (kind) {
    case plan::Edge::Kind::stream:
      return "stream";
    case plan::Edge::Kind::keep:
      return "keep";
    case plan::Edge::Kind::order:
      return "order";
    case plan::Edge::Kind::after:
      return "after";
  }
  return {};
}

std::optional<std::uint64_t> product(std::uint64_t count, std::optional<std::uint64_t> size) {
  std::uint64_t bytes = 0;
  if (!size || __builtin_mul_overflow(count, *size, &bytes)) return std::nullopt;
  return bytes;
}

/// What the host holds of its values: all, or those in the window.
void add_memory(const plan::Step& from, Outline::Step& step) {
  const bool has_bytes = from.residence == signature::Residence::nowhere;
  step.kept = from.kept;
  step.value_size = has_bytes ? from.result_size : std::optional<std::uint64_t>(0);
  const std::uint64_t window = host::Policy().window;
  if (!step.kept) {
    step.window_bytes = product(std::min(from.tasks.value_or(window), window), step.value_size);
  } else if (from.tasks) {
    step.kept_bytes = product(*from.tasks, step.value_size);
  }
}

std::vector<Outline::Step> steps_of(const host::Pipeline& pipeline) {
  const std::vector<plan::Step>& steps = pipeline.plan.steps();
  std::vector<Outline::Step> outlined;
  outlined.reserve(steps.size());
  for (const plan::Step& from : steps) {
    const auto index = static_cast<host::StepIndex>(outlined.size());
    Outline::Step& step = outlined.emplace_back();
    step.id = from.id;
    step.call = from.call;
    step.signature = signature::to_text(pipeline.catalog.plugins[from.plugin].functions[from.function].signature);
    step.result = signature::to_text(from.result);
    step.each = from.each;
    step.tasks = from.tasks;
    step.printed = from.printed;
    add_memory(from, step);
    for (const plan::Edge& edge : from.edges) {
      report::Outline::Edge shown{steps[host::raw(edge.producer)].id, std::string(name_of(edge.kind)), edge.element,
                                  edge.within.has_value()};
      // Elements of one written list may be the same result.
      if (std::ranges::find(step.edges, shown) == step.edges.end()) step.edges.push_back(std::move(shown));
    }
    step.settings = settings_of(from, pipeline.config.steps[host::raw(index)].chunk.has_value());
    step.notes = plan::notes(pipeline.plan, index);
  }
  return outlined;
}

Outline outline_of(const host::Pipeline& pipeline, const Arguments& arguments) {
  Outline outline;
  outline.file = arguments.target;
  outline.settings = settings_of(pipeline, arguments);
  outline.params = params_of(pipeline.config, arguments);
  for (const auto& plugin : pipeline.catalog.plugins) {
    outline.plugins.push_back({plugin.name, plugin.version, plugin.path});
  }
  for (const plan::SharedObject& object : pipeline.plan.shared()) {
    outline.shared.push_back({object.name, signature::to_text(object.type)});
  }
  outline.steps = steps_of(pipeline);
  return outline;
}

}  // namespace

Exit plan(const Arguments& arguments, report::Console& console) {
  const host::Signals signals;  // before any thread or worker is started
  auto pipeline = open(arguments, opening(arguments, console));
  if (!pipeline) return complain(pipeline.error(), console);
  if (!(*pipeline)->diagnostics.empty()) return refuse(**pipeline, arguments, console);
  return write_whole(report::outline(outline_of(**pipeline, arguments), arguments.output), console);
}

}  // namespace gantry::cli
