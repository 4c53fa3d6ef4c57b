#include "cli/running.hpp"

#include <fmt/format.h>
#include <unistd.h>

#include <cstdlib>
#include <optional>
#include <utility>

#include "cli/watch.hpp"
#include "report/progress.hpp"
#include "report/summary.hpp"
#include "signature/printable.hpp"

namespace gantry::cli {

namespace {

using Clock = std::chrono::steady_clock;
using host::StepIndex;

/// Sums over all steps are made at most this often, for progress.
constexpr std::chrono::milliseconds kProgress{100};
constexpr std::size_t kMostOfOthers = 4096;       // bytes of a sentence, which may quote a file or a plugin
constexpr std::chrono::milliseconds kGrace{200};  // for idle workers to end in order
constexpr std::chrono::milliseconds kFlush{20};   // what is written is seen so soon at the latest; the first at once

std::string printer_id(const plan::Plan& plan, const schedule::event::Printed& printed) {
  if (printed.count == 0) return fmt::format("worker {}", host::raw(printed.worker));
  std::string first = plan.task_id(printed.step, printed.first);
  if (printed.count == 1) return first;
  return fmt::format("{} … {}", first, plan.task_id(printed.step, printed.first + printed.count - 1));
}

report::Advance advance_of(const schedule::Schedule& schedule, std::size_t steps, std::uint64_t errors) {
  report::Advance advance;
  advance.failed = errors;
  advance.total = 0;
  for (std::size_t i = 0; i < steps; ++i) {
    const auto step = static_cast<StepIndex>(i);
    advance.ended += schedule.ended(step);
    const auto tasks = schedule.tasks(step);
    if (advance.total && tasks) {
      *advance.total += *tasks;
    } else {
      advance.total.reset();
    }
  }
  return advance;
}

Exit exit_code(const host::Ending& ending, const host::Signals& signals) {
  if (ending.how == host::Ending::How::deadline) return Exit::halted;
  if (ending.how != host::Ending::How::finished) return static_cast<Exit>(128 + signals.first());
  return ending.errors + ending.skipped + ending.not_run == 0 ? Exit::all_values : Exit::some_without;
}

void say_timing(const host::Ending& ending, Clock::time_point began, Clock::time_point opened, unsigned workers,
                report::Console& console) {
  const auto seconds = [](Clock::duration time) { return std::chrono::duration<double>(time).count(); };
  const auto now = Clock::now();
  console.say(fmt::format(
      "timing: {:.4f} s to open, {:.4f} s to run, {} tasks on {} workers, {} workers lost, {} tasks retried\n",
      seconds(opened - began), seconds(now - opened), ending.values + ending.errors + ending.skipped + ending.not_run,
      workers, ending.deaths, ending.retried));
}

/// Standard output, if no file is named.
host::Result<report::Sink> open_output(const std::string& file, report::Console& console) {
  if (file.empty()) return report::Sink::to_descriptor(STDOUT_FILENO, "standard output");
  return report::Sink::to_file(file, [&] { console.say(fmt::format("gantry: waits for a reader of {}\n", file)); });
}

Exit output_failed(const host::Error& error, const report::Sink& sink, report::Console& console) {
  return sink.reader_gone() ? Exit::reader_gone : complain(error, console);
}

}  // namespace

Exit write_whole(const std::string& text, report::Console& console, const std::string& output_file) {
  auto sink = open_output(output_file, console);
  if (!sink) return complain(sink.error(), console);
  auto written = sink->write(text);
  if (written) written = sink->close();
  if (written) return Exit::all_values;
  return sink->reader_gone() ? Exit::reader_gone : complain(written.error(), console);
}

host::Result<std::unique_ptr<host::Pipeline>> open(const Arguments& arguments, const host::Opening& opening) {
  return host::open(arguments.target, arguments.sets, opening);
}

std::vector<report::Column> columns_of(const plan::Plan& plan) {
  std::vector<std::pair<StepIndex, StepIndex>> streams;
  std::vector<report::Column> columns;
  columns.reserve(plan.steps().size());
  for (const plan::Step& step : plan.steps()) {
    const auto index = static_cast<StepIndex>(columns.size());
    report::Column& column = columns.emplace_back();
    column.id = step.id;
    column.result = step.result;
    column.result_size = step.result_size;
    column.each = step.each;
    column.printed = step.printed;
    column.unordered = step.unordered;
    for (const plan::Edge& edge : step.edges) {
      if (edge.kind == plan::Edge::Kind::stream) {
        streams.emplace_back(edge.producer, index);
      } else {
        column.waits_for.push_back(edge.producer);
      }
    }
  }
  const auto numbers = report::components(columns.size(), streams);
  for (std::size_t i = 0; i < columns.size(); ++i) columns[i].component = numbers[i];
  return columns;
}

Form form_of(const Arguments& arguments) {
  return {report::format_named(arguments.output).value_or(report::Format::text),
          arguments.order == "done" ? report::Order::done : report::Order::id};
}

host::Policy policy_of(const host::Pipeline& pipeline, const Arguments& arguments) {
  const config::Run& file = pipeline.config.run;
  host::Policy policy;
  policy.seed = arguments.seed.value_or(file.seed.value_or(0));
  policy.retries = arguments.retries.value_or(file.retries.value_or(0));
  policy.timeout = arguments.timeout.value_or(file.timeout.value_or(std::chrono::nanoseconds{0}));
  policy.deadline = arguments.deadline ? arguments.deadline : file.deadline;
  policy.grace = arguments.grace.value_or(file.grace.value_or(policy.grace));
  return policy;
}

Exit complain(const host::Error& error, report::Console& console) {
  console.say(fmt::format("gantry: error: {}{}{}\n", signature::printable_start(error.where, kMostOfOthers),
                          error.where.empty() ? "" : ": ", signature::printable_start(error.sentence, kMostOfOthers)));
  switch (error.kind) {
    case host::ErrorKind::usage:
      return Exit::usage;
    case host::ErrorKind::pipeline:
    case host::ErrorKind::value:
      return Exit::pipeline;
    case host::ErrorKind::plugin:
      return Exit::plugin;
    case host::ErrorKind::infrastructure:
    case host::ErrorKind::output:
      break;
  }
  return Exit::infrastructure;
}

Exit refuse(const host::Pipeline& pipeline, const Arguments& arguments, report::Console& console) {
  console.say(arguments.diagnostics == "json" ? config::render_json(pipeline.diagnostics, pipeline.sources)
                                              : config::render(pipeline.diagnostics, pipeline.sources));
  return pipeline.plugins_at_fault ? Exit::plugin : Exit::pipeline;
}

host::Opening opening(const Arguments& arguments, report::Console& console) {
  std::error_code ignored;
  const auto program = std::filesystem::read_symlink("/proc/self/exe", ignored);
  const char* environment = std::getenv("GANTRY_PLUGIN_PATH");
  return {host::PluginPath(arguments.plugin_path,
                           environment == nullptr ? std::nullopt : std::optional<std::string>(environment), program,
                           GANTRY_PLUGINS_FROM_PROGRAMS),
          arguments.workers,
          arguments.workers_said,
          arguments.mode,
          arguments.verb == Verb::run || arguments.verb == Verb::scale,
          [&console](const std::string& sentence) {
            console.say(fmt::format("gantry: warning: {}\n", signature::printable(sentence)));
          }};
}

/// Ends the workers, and shows what plugins say when they end.
void hear_last_words(pool::Pool& pool, const host::Observer& observer) {
  pool.stop(kGrace);
  std::vector<schedule::Event> events;
  static_cast<void>(pool.wait(std::chrono::nanoseconds{0}, events));
  for (const schedule::Event& event : events) {
    if (const auto* printed = std::get_if<schedule::event::Printed>(&event)) observer.printed(*printed);
  }
}

Exit execute(host::Pipeline& pipeline, const Arguments& arguments, report::Console& console, host::Signals& signals,
             bool bare, Clock::time_point began) {
  const auto opened = Clock::now();
  const std::vector<report::Column> columns = columns_of(pipeline.plan);
  const auto [format, order] = form_of(arguments);
  if (auto fits = report::check_format(columns, format, order); !fits) return complain(fits.error(), console);

  auto sink = open_output(arguments.output_file, console);
  if (!sink) return complain(sink.error(), console);
  console.share(*sink);
  report::Progress progress(report::progress_named(arguments.progress).value_or(report::ProgressStyle::none), console);

  const plan::Plan& plan = pipeline.plan;
  report::TaskId task_id = [&plan, bare](StepIndex step, std::uint64_t index) {
    return bare ? std::string() : plan.task_id(step, index);
  };
  report::Printer printer(columns, std::move(task_id), format, order, *sink);
  host::Policy policy = policy_of(pipeline, arguments);
  policy.buffered = report::buffered(columns, format, order);

  host::Observer observer;
  observer.printed = [&](const schedule::event::Printed& printed) {
    const std::string id = printer_id(plan, printed);
    if (printed.level < 0) {
      progress.printed(printed.worker, id, printed.text);
    } else {
      progress.logged(id, printed.level, printed.text);
    }
  };
  observer.progressed = [&](const schedule::event::Progressed& progressed) {
    progress.progressed(plan.task_id(progressed.step, progressed.index), progressed.fraction, progressed.text);
  };
  const std::chrono::nanoseconds grace = policy.grace;
  host::Execution execution(plan, pipeline.catalog, *pipeline.pool, std::move(policy));
  Watch watch(signals, console, plan, execution, grace);
  observer.wish = [&watch] { return watch.wish(); };
  auto shown = opened;
  auto flushed = opened - kFlush;
  observer.turn = [&](const schedule::Schedule& schedule, const results::Store&, const host::Ending& so_far) {
    const auto now = Clock::now();
    if (now - shown >= kProgress) {
      shown = now;
      const report::Advance advance = advance_of(schedule, plan.steps().size(), so_far.errors);
      progress.update(advance, now - opened);
      watch.look(advance.ended, now);
    }
    if (now - flushed < kFlush) return;
    flushed = now;
    if (sink->pending()) {
      [[maybe_unused]] const auto flush = sink->flush();  // the sink keeps its error: the next write tells
    }
    console.refresh();
  };

  const unsigned workers = pipeline.pool->workers();
  pipeline.pool->configure(plan.configurations());
  std::optional<host::Signals::Loop> listening(std::in_place, signals, console, grace);
  auto ending = execution.run(printer, order, observer);
  progress.finish();
  if (!ending) {
    return ending.error().kind == host::ErrorKind::output ? output_failed(ending.error(), *sink, console)
                                                          : complain(ending.error(), console);
  }
  if (auto same = pipeline.pool->check_plugins(); !same) return complain(same.error(), console);
  if (auto closed = sink->close(); !closed) return output_failed(closed.error(), *sink, console);
  listening.reset();
  hear_last_words(*pipeline.pool, observer);
  progress.finish();

  const report::Counts counts{ending->values, ending->errors, ending->skipped, ending->not_run};
  if (counts.ok != counts.total()) console.say(report::summary(counts, ending->failures, console.terminal()));
  for (std::uint32_t step = 0; step < plan.steps().size(); ++step) {
    if (!printer.replaced(StepIndex{step})) continue;
    console.say(
        fmt::format("{}: a text that is not UTF-8 was printed with U+FFFD for each byte that is none; return "
                    "gantry::bytes to keep them\n",
                    plan.steps()[step].id));
  }
  if (ending->abandoned > 0) {
    console.say(fmt::format("{} pinned value{} died with {} worker{}, not destroyed\n", ending->abandoned,
                            ending->abandoned == 1 ? "" : "s", ending->deaths, ending->deaths == 1 ? "" : "s"));
  }
  if (arguments.timing) say_timing(*ending, began, opened, workers, console);
  return ending->error ? complain(*ending->error, console) : exit_code(*ending, signals);
}

}  // namespace gantry::cli
