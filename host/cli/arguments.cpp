#include "cli/arguments.hpp"

#include <fmt/format.h>

#include <CLI/App.hpp>
#include <CLI/Config.hpp>
#include <CLI/Formatter.hpp>
#include <algorithm>
#include <charconv>

#include "config/quantity.hpp"

namespace gantry::cli {

namespace {

constexpr const char* kFooter =
    "Exit codes: 0 all values, 1 some tasks without a value, 2 wrong usage, 3 pipeline invalid,\n"
    "4 plugin missing or refused, 5 infrastructure or output failed, 6 halted by deadline, 130/143 on ^C/TERM.\n"
    "run, check, plan, inspect, call and scale start worker processes, which load plugin code; gantry itself never "
    "does.";

// Flags as text, before they are read; what is read is checked by the same functions that read the file.
struct Texts {
  std::string workers, retries, timeout, deadline, seed;
  std::string sizes, repeats;  // scale
  std::string mode;
};

std::string duration_problem(const std::string& text) {
  const auto read = config::parse_duration(text);
  return read ? std::string() : read.error().sentence;
}

template <class Number>
std::optional<Number> number(const std::string& text) {
  Number value{};
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (text.empty() || error != std::errc() || end != text.data() + text.size()) return std::nullopt;
  return value;
}

template <class Number>
std::string number_problem(const std::string& text) {
  return number<Number>(text) ? std::string() : "'" + text + "' is not a whole number in range";
}

std::string workers_problem(const std::string& text) {
  if (text == "auto") return {};
  const auto count = number<std::uint32_t>(text);
  return count && *count >= 1 && *count <= 1024 ? std::string() : "'" + text + "' is neither auto nor 1 to 1024";
}

/// The entries between commas.
std::vector<std::string> entries_of(const std::string& text) {
  std::vector<std::string> entries(1);
  for (const char letter : text) {
    if (letter == ',') {
      entries.emplace_back();
    } else {
      entries.back() += letter;
    }
  }
  return entries;
}

std::string sizes_problem(const std::string& text) {
  std::vector<std::uint32_t> sizes;
  for (const std::string& entry : entries_of(text)) {
    const std::string place = fmt::format("entry {} of '{}', '{}', ", sizes.size() + 1, text, entry);
    const auto size = number<std::uint32_t>(entry);
    if (!size || *size < 1 || *size > 1024) return place + "is not a whole number from 1 to 1024";
    if (std::find(sizes.begin(), sizes.end(), *size) != sizes.end()) return place + "is there twice";
    sizes.push_back(*size);
  }
  return {};
}

std::string repeats_problem(const std::string& text) {
  const auto count = number<std::uint32_t>(text);
  return count && *count >= 1 && *count <= 1000 ? std::string() : "'" + text + "' is not a whole number from 1 to 1000";
}

std::string mode_problem(const std::string& text) {
  return host::mode_named(text) ? std::string() : "'" + text + "' is neither process nor thread";
}

void add_plugin_path(CLI::App& verb, Arguments& to) {
  verb.add_option("--plugin-path", to.plugin_path,
                  "Folders to look for plugins in, before GANTRY_PLUGIN_PATH and gantry's own")
      ->type_name("DIR[:DIR…]")
      ->allow_extra_args(false);
}

void add_diagnostics(CLI::App& verb, Arguments& to) {
  verb.add_option("--diagnostics", to.diagnostics, "How errors are written to stderr")
      ->check(CLI::IsMember({"text", "json"}))
      ->type_name("text|json");
}

void add_set(CLI::App& verb, Arguments& to) {
  verb.add_option("--set", to.sets, "Replace a param of the file")->type_name("NAME=VALUE")->allow_extra_args(false);
}

void add_mode(CLI::App& verb, Texts& texts) {
  verb.add_option("--mode", texts.mode, "What a worker is: a process, or a thread of one (for thread-safe functions)")
      ->type_name("process|thread")
      ->envname("GANTRY_MODE")
      ->check(CLI::Validator(mode_problem, "", "mode"));
}

void add_policy(CLI::App& verb, Texts& texts) {
  verb.add_option("-j,--workers", texts.workers, "Workers at once; auto: the CPUs that this process may use")
      ->type_name("N|auto")
      ->envname("GANTRY_WORKERS")
      ->check(CLI::Validator(workers_problem, "", "workers"));
  verb.add_option("--retries", texts.retries, "Extra starts of a task whose worker died, for steps that name none")
      ->type_name("N")
      ->envname("GANTRY_RETRIES")
      ->check(CLI::Validator(number_problem<std::uint32_t>, "", "retries"));
  verb.add_option("--timeout", texts.timeout, "Time limit of one attempt of a task, for steps that name none")
      ->type_name("DURATION")
      ->envname("GANTRY_TIMEOUT")
      ->check(CLI::Validator(duration_problem, "", "timeout"));
  verb.add_option("--deadline", texts.deadline, "Time limit of the whole run")
      ->type_name("DURATION")
      ->envname("GANTRY_DEADLINE")
      ->check(CLI::Validator(duration_problem, "", "deadline"));
  verb.add_option("--seed", texts.seed, "Seed of all random numbers (default 0)")
      ->type_name("N")
      ->envname("GANTRY_SEED")
      ->check(CLI::Validator(number_problem<std::uint64_t>, "", "seed"));
}

void add_output(CLI::App& verb, Arguments& to) {
  verb.add_option("-o,--output", to.output, "What is written to stdout")
      ->type_name("text|json|ndjson|csv|digest|none")
      ->check(CLI::IsMember({"text", "json", "ndjson", "csv", "digest", "none"}));
  verb.add_option("--output-file", to.output_file, "Write there instead, whole or not at all")->type_name("FILE");
  verb.add_option("--progress", to.progress, "Progress on stderr")
      ->type_name("auto|bar|plain|none")
      ->check(CLI::IsMember({"auto", "bar", "plain", "none"}));
  verb.add_flag("--timing", to.timing, "Say on stderr where the time went");
}

void add_scale(CLI::App& verb, Arguments& to, Texts& texts) {
  verb.add_option("-j,--workers", texts.sizes, "Numbers of workers to compare (default 1, 2, 4 … up to the CPUs)")
      ->type_name("N,N…")
      ->check(CLI::Validator(sizes_problem, "", "sizes"));
  verb.add_option("--repeats", texts.repeats, "Runs at each number of workers (default 3)")
      ->type_name("N")
      ->check(CLI::Validator(repeats_problem, "", "repeats"));
  verb.add_option("-o,--output", to.output, "Form of the report")
      ->type_name("text|json|svg|html")
      ->check(CLI::IsMember({"text", "json", "svg", "html"}));
  verb.add_option("--output-file", to.output_file, "Write there instead, whole or not at all")->type_name("FILE");
  verb.add_option("--seed", texts.seed, "Seed of all random numbers (default 0)")
      ->type_name("N")
      ->envname("GANTRY_SEED")
      ->check(CLI::Validator(number_problem<std::uint64_t>, "", "seed"));
}

void read_texts(const Texts& texts, Arguments& to) {
  to.mode = host::mode_named(texts.mode);
  to.workers_said = !texts.workers.empty();
  if (to.workers_said && texts.workers != "auto") to.workers = number<std::uint32_t>(texts.workers);
  if (!texts.retries.empty()) to.retries = number<std::uint32_t>(texts.retries);
  if (!texts.seed.empty()) to.seed = number<std::uint64_t>(texts.seed);
  if (!texts.timeout.empty()) to.timeout = *config::parse_duration(texts.timeout);
  if (!texts.deadline.empty()) to.deadline = *config::parse_duration(texts.deadline);
  if (!texts.sizes.empty()) {
    for (const std::string& entry : entries_of(texts.sizes)) to.sizes.push_back(*number<std::uint32_t>(entry));
  }
  if (!texts.repeats.empty()) to.repeats = *number<std::uint32_t>(texts.repeats);
}

/// Options of a verb are made when it is its turn, which most are not: that is a tenth of a short run's time, and the
/// library reads the environment for all that there are.
template <class Fill>
CLI::App* add_verb(CLI::App& app, const char* name, const char* doc, Fill fill) {
  CLI::App* verb = app.add_subcommand(name, doc);
  verb->preparse_callback([verb, fill](std::size_t) { fill(*verb); });
  return verb;
}

/// The variables that the library read, in place of flags that were not given.
std::set<std::string, std::less<>> from_environment(const CLI::App& verb) {
  std::set<std::string, std::less<>> variables;
  const auto& given = verb.parse_order();
  for (const CLI::Option* option : verb.get_options()) {
    const bool by_flag = std::find(given.begin(), given.end(), option) != given.end();
    if (option->count() > 0 && !by_flag && !option->get_envname().empty()) variables.insert(option->get_envname());
  }
  return variables;
}

void add_order(CLI::App& verb, Arguments& to) {
  verb.add_option("--order", to.order, "id: in task order; done: as tasks end (text and ndjson)")
      ->type_name("id|done")
      ->check(CLI::IsMember({"id", "done"}));
}

}  // namespace

std::variant<Arguments, int> parse(int argc, const char* const* argv) {
  Arguments to;
  Texts texts;
  CLI::App app("Runs plain C++ functions from drop-in libraries over a YAML pipeline, on isolated worker processes.",
               "gantry");
  app.footer(kFooter);
  app.require_subcommand(1);
  app.option_defaults()->always_capture_default(false);

  CLI::App* run = add_verb(app, "run", "Run a pipeline and print its results in task order", [&](CLI::App& verb) {
    verb.add_option("FILE", to.target, "The pipeline; - is stdin")->required();
    add_set(verb, to);
    add_policy(verb, texts);
    add_output(verb, to);
    add_mode(verb, texts);
    add_order(verb, to);
    add_plugin_path(verb, to);
    add_diagnostics(verb, to);
  });
  CLI::App* check =
      add_verb(app, "check", "Every error in a pipeline, with nothing run (loads its plugins)", [&](CLI::App& verb) {
        verb.add_option("FILE", to.target, "The pipeline; - is stdin")->required();
        add_set(verb, to);
        add_mode(verb, texts);
        add_plugin_path(verb, to);
        add_diagnostics(verb, to);
      });
  CLI::App* plan =
      add_verb(app, "plan", "What would run, on what, with which settings, and what it keeps", [&](CLI::App& verb) {
        verb.add_option("FILE", to.target, "The pipeline; - is stdin")->required();
        add_set(verb, to);
        add_policy(verb, texts);
        add_mode(verb, texts);
        verb.add_option("--format", to.output, "Form of the plan; dot and mermaid draw the steps as a graph")
            ->type_name("text|json|dot|mermaid")
            ->check(CLI::IsMember({"text", "json", "dot", "mermaid"}));
        add_plugin_path(verb, to);
        add_diagnostics(verb, to);
      });
  CLI::App* inspect =
      add_verb(app, "inspect", "What a plugin offers; without a name: all on the plugin path", [&](CLI::App& verb) {
        verb.add_option("PLUGIN", to.target, "A name on the plugin path, or ./libx.so");
        verb.add_option("-o,--output", to.output, "Form of the answer")
            ->type_name("text|json")
            ->check(CLI::IsMember({"text", "json"}));
        add_plugin_path(verb, to);
      });
  CLI::App* call = add_verb(app, "call", "One task, from the shell", [&](CLI::App& verb) {
    verb.add_option("FUNCTION", to.target, "plugin.function, or ./libx.so.function")->required();
    verb.add_option("ARGUMENTS", to.words, "name=value; name=@file.json reads the value from a file");
    add_policy(verb, texts);
    add_output(verb, to);
    add_plugin_path(verb, to);
    add_diagnostics(verb, to);
  });
  CLI::App* scale =
      add_verb(app, "scale", "How much faster more workers are, and where the time goes", [&](CLI::App& verb) {
        verb.add_option("FILE", to.target, "The pipeline")->required();
        add_set(verb, to);
        add_scale(verb, to, texts);
        add_mode(verb, texts);
        add_plugin_path(verb, to);
        add_diagnostics(verb, to);
      });
  app.add_subcommand("version", "The versions of gantry, the plugin edge and the wire");

  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& error) {
    const bool asked = error.get_exit_code() == static_cast<int>(CLI::ExitCodes::Success);
    app.exit(error);
    return asked ? 0 : static_cast<int>(Exit::usage);
  }
  to.verb = run->parsed()       ? Verb::run
            : check->parsed()   ? Verb::check
            : plan->parsed()    ? Verb::plan
            : inspect->parsed() ? Verb::inspect
            : call->parsed()    ? Verb::call
            : scale->parsed()   ? Verb::scale
                                : Verb::version;
  read_texts(texts, to);
  for (const CLI::App* verb : app.get_subcommands()) to.from_environment.merge(from_environment(*verb));
  return to;
}

}  // namespace gantry::cli
