// bench-inprocess: a whole run of `x + 1` over a range in one thread (see one_thread.hpp), for counting instructions.
#include <unistd.h>

#include <cstdio>
#include <string>
#include <utility>
#include <vector>

#include "../peers/work.hpp"
#include "execution.hpp"
#include "one_thread.hpp"
#include "pipeline.hpp"

namespace {

using namespace gantry;

constexpr unsigned limit_s = 600;       // a worker that waits for room would wait for ever
constexpr unsigned range_chunk = 8192;  // two of them fit a worker's window several times

[[noreturn]] void die(const std::string& why) {
  std::fprintf(stderr, "bench-inprocess: %s\n", why.c_str());
  std::exit(1);
}

template <class T>
T must(host::Result<T> result) {
  if (!result) die(result.error().sentence);
  if constexpr (!std::is_void_v<T>) return std::move(*result);
}

std::string text_of(bench::u64 tasks, unsigned chunk) {
  return "gantry: 1\nplugins: [bench]\nsteps:\n  - {id: a, call: bench.increment, each: {x: {range: [0, " +
         std::to_string(tasks) + "]}}, args: {x: $x}, chunk: " + std::to_string(chunk) + "}\n";
}

/// The pipeline, checked against the plugin that this very process has loaded.
void open(host::Pipeline& pipeline, const worker::Module& module, std::string text) {
  pipeline.config = config::read("bench", std::move(text), "/", {}, pipeline.sources, pipeline.diagnostics);
  pipeline.catalog.plugins.push_back(module.offer.plugin);
  pipeline.plugins_complete = true;
  host::make_plan(pipeline);
  if (!pipeline.diagnostics.empty()) die(config::render(pipeline.diagnostics, pipeline.sources));
}

report::Column column_of(const plan::Step& step) {
  report::Column column;
  column.id = step.id;
  column.result = step.result;
  column.result_size = step.result_size;
  column.each = step.each;
  column.printed = step.printed;
  return column;
}

void run(const host::Pipeline& pipeline, schedule::Runner& runner, report::Format format, bench::u64 tasks) {
  const plan::Plan& plan = pipeline.plan;
  report::Sink sink = must(report::Sink::to_descriptor(STDOUT_FILENO, "standard output"));
  const auto task_id = [&plan](host::StepIndex step, bench::u64 index) { return plan.task_id(step, index); };
  report::Printer printer({column_of(plan.steps().front())}, task_id, format, report::Order::id, sink);
  host::Execution execution(plan, pipeline.catalog, runner, {});
  const host::Ending ending = must(execution.run(printer, report::Order::id, {}));
  must(sink.close());
  if (ending.values != tasks) die("only " + std::to_string(ending.values) + " tasks have a value");
}

}  // namespace

int main(int argc, char** argv) {
  bench::Words words(argc, argv, "PLUGIN one|range TASKS none|digest");
  const std::string plugin(words.text());
  const auto work = words.text();
  if (work != "one" && work != "range") words.fail();
  const bench::u64 tasks = words.number();
  const auto format = report::format_named(words.text());
  if (format != report::Format::none && format != report::Format::digest) words.fail();

  ::alarm(limit_s);
  std::vector<worker::Module> modules;
  worker::UniqueSymbols known;
  modules.push_back(must(worker::load_module(plugin, known)));
  host::Pipeline pipeline;
  open(pipeline, modules.front(), text_of(tasks, work == "one" ? 1 : range_chunk));
  const auto runner = must(bench::OneThread::make(modules));
  run(pipeline, *runner, *format, tasks);
}
