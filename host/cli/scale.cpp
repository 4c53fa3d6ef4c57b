// Runs a pipeline at several numbers of workers and compares the times. Every run starts anew, as `run` does, and its
// results must be those of the others.
#include <fmt/format.h>
#include <sys/mman.h>

#include <algorithm>
#include <array>
#include <chrono>
#include <utility>

#include "cli/running.hpp"
#include "cli/verbs.hpp"
#include "pool/cpus.hpp"
#include "report/scaling_forms.hpp"
#include "report/summary.hpp"
#include "report/width.hpp"
#include "signature/printable.hpp"

namespace gantry::cli {

namespace {

using Clock = std::chrono::steady_clock;

/// One run: how it ended and where its time went, from reading the file to the last result.
struct Measured {
  host::Ending ending;
  std::string digest;  ///< a line a step
};

/// 1, 2, 4 … up to the CPUs, and their number itself; 1 and 2 always.
std::vector<unsigned> usual_sizes(unsigned cpus) {
  std::vector<unsigned> sizes{1, 2};
  for (unsigned size = 4; size < cpus; size *= 2) sizes.push_back(size);
  if (cpus > 2) sizes.push_back(cpus);
  return sizes;
}

host::Result<report::Descriptor> memory() {
  report::Descriptor file(::memfd_create("digest", MFD_CLOEXEC));
  if (file.get() < 0) return host::fail(host::ErrorKind::infrastructure, "there is no memory for the digests");
  return file;
}

std::string text_of(const report::Descriptor& file) {
  std::string all;
  std::array<char, 4096> piece{};
  for (ssize_t got = 0; (got = ::pread(file.get(), piece.data(), piece.size(), static_cast<off_t>(all.size()))) > 0;) {
    all.append(piece.data(), static_cast<std::size_t>(got));
  }
  return all;
}

/// Runs an opened pipeline with its results digested; ^C ends it at once.
host::Result<Measured> measure(host::Pipeline& pipeline, const Arguments& arguments, host::Signals& signals,
                               report::Console& console, Clock::time_point began) {
  const auto columns = columns_of(pipeline.plan);
  auto file = memory();
  if (!file) return std::unexpected(std::move(file.error()));
  auto sink = report::Sink::to_descriptor(file->get(), "the digests");
  if (!sink) return std::unexpected(std::move(sink.error()));
  report::Printer printer(columns, {}, report::Format::digest, report::Order::id, *sink);
  host::Policy policy = policy_of(pipeline, arguments);
  policy.buffered = report::buffered(columns, report::Format::digest, report::Order::id);
  host::Observer observer;
  observer.wish = [&signals] { return signals.count() > 0 ? host::Wish::kill : host::Wish::go_on; };
  const unsigned workers = pipeline.pool->workers();
  pipeline.pool->configure(pipeline.plan.configurations());
  host::Execution execution(pipeline.plan, pipeline.catalog, *pipeline.pool, std::move(policy));
  const host::Signals::Loop listening(signals, console, std::chrono::nanoseconds{0});
  const auto opened = Clock::now();
  auto ending = execution.run(printer, report::Order::id, observer);
  if (!ending) return std::unexpected(std::move(ending.error()));
  if (ending->error) return std::unexpected(std::move(*ending->error));
  ending->spent.host.start = opened - began;
  ending->spent.workers.start += (opened - began) * workers;
  return Measured{std::move(*ending), text_of(*file)};
}

/// Which run of which size this is, for messages.
struct Turn {
  std::size_t number = 0;  ///< from 1
  std::size_t of = 0;
  unsigned workers = 1;
};

Exit complain_of(const Turn& turn, const std::string& sentence, report::Console& console) {
  console.say(fmt::format("gantry: error: run {} of {}, with {}: {}\n", turn.number, turn.of,
                          report::workers_text(turn.workers), signature::printable(sentence)));
  return Exit::some_without;
}

/// The first line that differs, as "step: …, not …".
std::string difference(std::string_view found, std::string_view expected) {
  const auto line = [](std::string_view& text) {
    const std::size_t end = std::min(text.find('\n'), text.size());
    const std::string_view first = text.substr(0, end);
    text.remove_prefix(std::min(end + 1, text.size()));
    return first;
  };
  while (!found.empty() || !expected.empty()) {
    const auto a = line(found);
    const auto b = line(expected);
    if (a != b) return fmt::format("{}, not {}", a, b);
  }
  return {};
}

/// Is the run fit to be compared? Says what is wrong with it.
Exit check(const Measured& measured, const Turn& turn, const host::Signals& signals, std::string& digest,
           report::Console& console) {
  const host::Ending& ending = measured.ending;
  if (ending.how == host::Ending::How::deadline) {
    complain_of(turn, "the run's deadline came before its end, so there are no times to compare", console);
    return Exit::halted;
  }
  if (ending.how != host::Ending::How::finished) return static_cast<Exit>(128 + signals.first());
  const report::Counts counts{ending.values, ending.errors, ending.skipped, ending.not_run};
  if (counts.ok != counts.total()) {
    console.say(report::summary(counts, ending.failures, console.terminal()));
    return complain_of(turn, "tasks ended without a value, so its time is not compared", console);
  }
  if (digest.empty()) digest = measured.digest;
  if (digest == measured.digest) return Exit::all_values;
  return complain_of(turn,
                     fmt::format("its results differ from those of run 1: {}; tasks must give the same results "
                                 "every time for their times to be compared",
                                 difference(measured.digest, digest)),
                     console);
}

/// Runs all sizes in turn and fills them in.
Exit measure_all(const Arguments& arguments, std::vector<report::ScaleSize>& sizes, report::Console& console) {
  host::Signals signals;  // before any thread or worker is started
  host::Opening how = opening(arguments, console);
  how.workers_said = true;
  std::string digest;
  Turn turn{0, sizes.size() * arguments.repeats, 1};
  for (unsigned repeat = 0; repeat < arguments.repeats; ++repeat) {
    for (report::ScaleSize& size : sizes) {
      ++turn.number;
      turn.workers = size.workers;
      how.workers = size.workers;
      console.set_status(
          [text = fmt::format("run {} of {}: {} …", turn.number, turn.of, report::workers_text(size.workers))](
              std::size_t columns) { return report::cut_to_columns(text, columns); });
      console.refresh();
      const auto began = Clock::now();
      auto pipeline = open(arguments, how);
      const bool runs = pipeline && (*pipeline)->diagnostics.empty();
      auto measured = runs ? measure(**pipeline, arguments, signals, console, began) : host::Result<Measured>{};
      console.clear();
      if (!pipeline) return complain(pipeline.error(), console);
      if (!runs) return refuse(**pipeline, arguments, console);
      if (!measured) return complain(measured.error(), console);
      if (const Exit code = check(*measured, turn, signals, digest, console); code != Exit::all_values) return code;
      size.seconds.push_back(std::chrono::duration<double>(measured->ending.spent.host.total()).count());
      size.spent += measured->ending.spent;
    }
  }
  return Exit::all_values;
}

std::string form(const report::Scaling& scaling, const std::string& output) {
  if (output == "json") return report::scaling_json(scaling);
  if (output == "svg") return report::scaling_svg(scaling);
  if (output == "html") return report::scaling_html(scaling);
  return report::scaling_text(scaling);
}

}  // namespace

Exit scale(const Arguments& arguments, report::Console& console) {
  if (arguments.target == "-") {
    return complain({host::ErrorKind::usage, "the pipeline is read again for every run: write it to a file", "-"},
                    console);
  }
  report::Scaling scaling;
  scaling.file = arguments.target;
  scaling.cpus = pool::usable_cpus();
  scaling.repeats = arguments.repeats;
  for (const unsigned size : arguments.sizes.empty() ? usual_sizes(scaling.cpus) : arguments.sizes) {
    scaling.sizes.push_back({size, {}, {}});
  }
  for (const std::string& sentence : report::warnings(report::workers_of(scaling.sizes), scaling.cpus)) {
    console.say(fmt::format("gantry: warning: {}\n", sentence));
  }
  if (const Exit code = measure_all(arguments, scaling.sizes, console); code != Exit::all_values) return code;
  std::ranges::sort(scaling.sizes, {}, &report::ScaleSize::workers);
  report::fit(scaling);
  return write_whole(form(scaling, arguments.output), console, arguments.output_file);
}

}  // namespace gantry::cli
