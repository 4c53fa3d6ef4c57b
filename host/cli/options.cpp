// The table of verbs and flags.
#include <algorithm>
#include <array>

#include "cli/option.hpp"
#include "cli/readers.hpp"

namespace gantry::cli {
namespace {

using read::Read;
using read::word;

constexpr Option kSet{"--set", "NAME=VALUE", "Replace a param of the file", nullptr, true, read::set};
constexpr Option kWorkers{"-j,--workers",   "N|auto", "Workers at once; auto: the CPUs that this process may use",
                          "GANTRY_WORKERS", false,    read::workers};
constexpr Option kMode{"--mode",
                       "process|thread",
                       "What a worker is: a process, or a thread of one (for thread-safe functions)",
                       "GANTRY_MODE",
                       false,
                       read::mode};
constexpr Option kRetries{"--retries",      "N",   "Extra starts of a task whose worker died, for steps that name none",
                          "GANTRY_RETRIES", false, read::retries};
constexpr Option kTimeout{"--timeout",      "DURATION", "Time limit of one attempt of a task, for steps that name none",
                          "GANTRY_TIMEOUT", false,      read::timeout};
constexpr Option kDeadline{"--deadline",      "DURATION", "Time limit of the whole run",
                           "GANTRY_DEADLINE", false,      read::deadline};
constexpr Option kGrace{"--grace",      "DURATION", "For how long running tasks may go on after SIGTERM (default 10s)",
                        "GANTRY_GRACE", false,      read::grace};
constexpr Option kSeed{"--seed", "N", "Seed of all random numbers (default 0)", "GANTRY_SEED", false, read::seed};
constexpr Option kOutput{"-o,--output",
                         "text|json|ndjson|csv|digest|none",
                         "What is written to stdout",
                         nullptr,
                         false,
                         [](const std::string& text, Arguments& to) {
                           return word(text, {"text", "json", "ndjson", "csv", "digest", "none"}, to.output);
                         }};
constexpr Option kOutputFile{"--output-file", "FILE", "Write there instead, whole or not at all; - is stdout",
                             nullptr,         false,  read::output_file};
constexpr Option kOrder{
    "--order", "id|done", "id: in task order; done: as tasks end (text and ndjson)",
    nullptr,   false,     [](const std::string& text, Arguments& to) { return word(text, {"id", "done"}, to.order); }};
constexpr Option kProgress{
    "--progress",
    "auto|bar|plain|none",
    "Progress on stderr",
    nullptr,
    false,
    [](const std::string& text, Arguments& to) { return word(text, {"auto", "bar", "plain", "none"}, to.progress); }};
constexpr Option kTiming{
    "--timing", "", "Say on stderr where the time went", nullptr, false, [](const std::string&, Arguments& to) {
      to.timing = true;
      return Read{};
    }};
constexpr Option kPluginPath{"--plugin-path",
                             "DIR[:DIR…]",
                             "Folders to look for plugins in, before GANTRY_PLUGIN_PATH and gantry's own",
                             nullptr,
                             true,
                             [](const std::string& text, Arguments& to) {
                               to.plugin_path.push_back(text);
                               return Read{};
                             }};
constexpr Option kDiagnostics{
    "--diagnostics",
    "text|json",
    "How errors are written to stderr",
    nullptr,
    false,
    [](const std::string& text, Arguments& to) { return word(text, {"text", "json"}, to.diagnostics); }};
constexpr Option kPlanFormat{
    "--format",
    "text|json|dot|mermaid",
    "Form of the plan; dot and mermaid draw the steps as a graph",
    nullptr,
    false,
    [](const std::string& text, Arguments& to) { return word(text, {"text", "json", "dot", "mermaid"}, to.output); }};
constexpr Option kInspectOutput{
    "-o,--output", "text|json", "Form of the answer", nullptr, false, [](const std::string& text, Arguments& to) {
      return word(text, {"text", "json"}, to.output);
    }};
constexpr Option kScaleOutput{
    "-o,--output",
    "text|json|svg|html",
    "Form of the report",
    nullptr,
    false,
    [](const std::string& text, Arguments& to) { return word(text, {"text", "json", "svg", "html"}, to.output); }};
constexpr Option kSizes{"-j,--workers", "N,N…", "Numbers of workers to compare (default 1, 2, 4 … up to the CPUs)",
                        nullptr,        false,  read::sizes};
constexpr Option kRepeats{"--repeats", "N",   "Runs at each number of workers (default 3)",
                          nullptr,     false, read::repeats};

constexpr std::array kRun{&kSet,    &kWorkers,    &kMode,  &kRetries,  &kTimeout, &kDeadline,   &kGrace,      &kSeed,
                          &kOutput, &kOutputFile, &kOrder, &kProgress, &kTiming,  &kPluginPath, &kDiagnostics};
constexpr std::array kPlan{&kSet,   &kWorkers, &kMode,       &kRetries,    &kTimeout,    &kDeadline,
                           &kGrace, &kSeed,    &kPlanFormat, &kPluginPath, &kDiagnostics};
constexpr std::array kInspect{&kInspectOutput, &kPluginPath};
constexpr std::array kCall{&kWorkers, &kRetries,    &kTimeout,  &kDeadline, &kGrace,      &kSeed,
                           &kOutput,  &kOutputFile, &kProgress, &kTiming,   &kPluginPath, &kDiagnostics};
constexpr std::array kScale{&kSet,        &kSizes, &kMode,       &kRepeats,    &kScaleOutput,
                            &kOutputFile, &kSeed,  &kPluginPath, &kDiagnostics};

constexpr Positional kFile{"FILE", "The pipeline; - is stdin", true};
constexpr Positional kNone{"", "", false};

constexpr std::array kVerbs{
    VerbUsage{Verb::run, "run", "Run a pipeline and print its results in task order", kFile, kNone, kRun},
    VerbUsage{Verb::check, "check", "Every error in a pipeline, with nothing run (loads its plugins); flags as for run",
              kFile, kNone, kRun},
    VerbUsage{Verb::plan, "plan", "What would run, on what, with which settings, and what it keeps", kFile, kNone,
              kPlan},
    VerbUsage{Verb::inspect, "inspect", "What a plugin offers; without a name: all on the plugin path",
              Positional{"PLUGIN", "A name on the plugin path, or ./libx.so", false}, kNone, kInspect},
    VerbUsage{Verb::call, "call", "One task, from the shell",
              Positional{"FUNCTION", "plugin.function, or ./libx.so.function", true},
              Positional{"ARGUMENTS", "name=value; name=@file.json reads the value from a file", false}, kCall},
    VerbUsage{Verb::scale, "scale", "How much faster more workers are, and where the time goes",
              Positional{"FILE", "The pipeline", true}, kNone, kScale},
    VerbUsage{Verb::version, "version", "The versions of gantry, the plugin edge and the wire", kNone, kNone, {}},
};

}  // namespace

std::span<const VerbUsage> verbs() {
  return kVerbs;
}

const VerbUsage* find_verb(std::string_view name) {
  const auto* found = std::ranges::find(kVerbs, name, &VerbUsage::name);
  return found == kVerbs.end() ? nullptr : found;
}

std::string_view long_name(const Option& option) {
  return option.names.substr(option.names.find("--"));
}

}  // namespace gantry::cli
