// Printing order never brings a run to a stand: random pipelines with random windows, run by a driver of a screen.
#include <algorithm>
#include <random>
#include <set>

#include "paper.hpp"
#include "report/printer.hpp"

namespace {

using namespace paper;
using gantry::report::Format;
using gantry::report::Order;
using gantry::report::Printer;

struct Made {
  std::uint64_t tasks = 1;
  std::uint64_t window = 1;
  bool kept = false;  ///< some step keeps its results
  std::vector<unsigned> streams;
  std::vector<unsigned> keeps;
};

struct Pipeline {
  std::vector<Column> columns;
  std::vector<Made> steps;
};

template <class Random>
Pipeline make_pipeline(Random& below) {
  Pipeline made;
  const std::uint64_t count = 2 + below(7);
  std::vector<unsigned> order(count);  // edges go from earlier to later in it; the file's order is another
  for (unsigned i = 0; i < count; ++i) order[i] = i;
  for (std::uint64_t i = count; i > 1; --i) std::swap(order[i - 1], order[below(i)]);
  made.steps.resize(count);
  const std::uint64_t tasks = 1 + below(9);
  std::vector<std::pair<StepIndex, StepIndex>> streams;
  for (std::uint64_t i = 0; i < count; ++i) {
    Made& step = made.steps[order[i]];
    step.window = 1 + below(3);
    step.tasks = tasks;
    for (std::uint64_t j = 0; j < i; ++j) {
      if (below(3) > 0) continue;
      if (below(2) == 0) {
        step.streams.push_back(order[j]);
        streams.emplace_back(StepIndex{order[j]}, StepIndex{order[i]});
      } else {
        step.keeps.push_back(order[j]);
        made.steps[order[j]].kept = true;
      }
    }
  }
  const auto components = gantry::report::components(count, streams);
  for (unsigned i = 0; i < count; ++i) {
    Column one = column("s" + std::to_string(i), "u64", true, below(3) > 0);
    one.component = components[i];
    for (const unsigned producer : made.steps[i].keeps) one.waits_for.push_back(StepIndex{producer});
    made.columns.push_back(std::move(one));
  }
  return made;
}

/// A schedule, reduced to what matters here: a task starts when its inputs are there and its step's window has room.
class Driver {
 public:
  Driver(const Pipeline& pipeline, std::vector<bool> buffered)
      : pipeline_(pipeline), buffered_(std::move(buffered)), ended_(pipeline.steps.size(), 0), printed_(ended_) {}

  /// One task that can start, ended; false if there is none. Tasks of a step start in order, which loses nothing here.
  template <class Random>
  bool step(Store& store, Random& below) {
    std::vector<unsigned> ready;
    for (unsigned i = 0; i < ended_.size(); ++i) {
      if (can_start(i)) ready.push_back(i);
    }
    if (ready.empty()) return false;
    const unsigned chosen = ready[below(ready.size())];
    store.put(StepIndex{chosen}, ended_[chosen]++, 1, number<std::uint64_t>(chosen), {});
    last_ = StepIndex{chosen};
    return true;
  }
  void printed(StepIndex step, std::uint64_t position) { printed_[gantry::host::raw(step)] = position; }
  [[nodiscard]] StepIndex last() const { return last_; }
  [[nodiscard]] bool finished() const {
    for (unsigned i = 0; i < ended_.size(); ++i) {
      if (ended_[i] < pipeline_.steps[i].tasks) return false;
    }
    return true;
  }
  /// What nobody reads any more.
  [[nodiscard]] std::uint64_t releasable(unsigned step) const {
    std::uint64_t least = printed_[step];
    for (unsigned user = 0; user < ended_.size(); ++user) {
      const Made& made = pipeline_.steps[user];
      if (std::count(made.streams.begin(), made.streams.end(), step) > 0) least = std::min(least, ended_[user]);
      const bool keeps = std::count(made.keeps.begin(), made.keeps.end(), step) > 0;
      if (keeps && ended_[user] < made.tasks) least = 0;
    }
    return least;
  }

 private:
  [[nodiscard]] bool can_start(unsigned step) const {
    const Made& made = pipeline_.steps[step];
    const std::uint64_t index = ended_[step];
    if (index == made.tasks) return false;
    if (!made.kept && !buffered_[step] && index - releasable(step) >= made.window) return false;
    const auto has_element = [&](unsigned producer) { return ended_[producer] > index; };
    const auto has_all = [&](unsigned producer) { return ended_[producer] == pipeline_.steps[producer].tasks; };
    return std::all_of(made.streams.begin(), made.streams.end(), has_element) &&
           std::all_of(made.keeps.begin(), made.keeps.end(), has_all);
  }

  const Pipeline& pipeline_;
  std::vector<bool> buffered_;
  std::vector<std::uint64_t> ended_;
  std::vector<std::uint64_t> printed_;
  StepIndex last_{};
};

/// Runs to the end, or to where nothing can start; the text, or nothing if it came to a stand.
template <class Random>
std::optional<std::string> run(const Pipeline& pipeline, Format format, std::vector<bool> buffered, Random& below) {
  Store store = store_for(pipeline.columns);
  for (unsigned i = 0; i < pipeline.steps.size(); ++i) store.sized(StepIndex{i}, pipeline.steps[i].tasks);
  Paper paper;
  Printer printer(pipeline.columns, {}, format, Order::id, paper.sink());
  Driver driver(pipeline, std::move(buffered));
  while (driver.step(store, below)) {
    const StepIndex changed = driver.last();
    REQUIRE(printer.advance(store, std::span(&changed, 1)));
    for (const StepIndex moved : printer.moved()) driver.printed(moved, printer.position(moved));
    for (unsigned i = 0; i < pipeline.steps.size(); ++i) store.release(StepIndex{i}, driver.releasable(i));
  }
  if (!driver.finished()) return std::nullopt;
  REQUIRE(printer.finish(store));
  return paper.text();
}

}  // namespace

TEST_CASE("no pipeline, window or format deadlocks, and the bytes are those of any other schedule") {
  const auto seed = std::random_device{}();
  INFO("seed " << seed);
  std::mt19937 random(seed);
  auto below = [&random](std::uint64_t bound) {
    return std::uniform_int_distribution<std::uint64_t>(0, bound - 1)(random);
  };
  int ran = 0;
  int would_stand = 0;
  int kept = 0;
  for (int round = 0; round < 1500; ++round) {
    const Pipeline pipeline = make_pipeline(below);
    const std::vector<bool> nothing(pipeline.columns.size(), false);
    // Some pipelines stand still by their windows alone; that is not the printer's to cure.
    if (!run(pipeline, Format::none, nothing, below)) continue;
    ++ran;
    for (const Format format : {Format::text, Format::json, Format::digest}) {
      const std::vector<bool> buffered = gantry::report::buffered(pipeline.columns, format);
      const auto first = run(pipeline, format, buffered, below);
      REQUIRE(first);
      CHECK(run(pipeline, format, buffered, below) == first);
      kept += static_cast<int>(std::count(buffered.begin(), buffered.end(), true));
      if (!run(pipeline, format, nothing, below)) ++would_stand;
    }
  }
  // The cure is not idle.
  CHECK(ran > 100);
  CHECK(would_stand > 20);
  CHECK(kept > 20);
}

TEST_CASE("which steps are kept whole for printing") {
  struct Row {
    const char* what;
    Format format;
    std::vector<unsigned> component;
    std::vector<bool> printed;
    std::vector<std::vector<StepIndex>> waits_for;
    std::vector<bool> kept;
  };
  const StepIndex a{0};
  const StepIndex b{1};
  const StepIndex c{2};
  const std::vector<Row> rows{
      {"one step", Format::text, {0}, {true}, {{}}, {false}},
      {"two that stream, interleaved", Format::text, {0, 0}, {true, true}, {{}, {}}, {false, false}},
      {"two that stream, one after the other", Format::json, {0, 0}, {true, true}, {{}, {}}, {false, true}},
      {"two apart", Format::json, {0, 1}, {true, true}, {{}, {}}, {false, false}},
      {"the first waits for a later one", Format::text, {0, 1}, {true, true}, {{b}, {}}, {false, true}},
      {"the later waits for the first", Format::text, {0, 1}, {true, true}, {{}, {a}}, {false, false}},
      {"waits for an unprinted step of its component",
       Format::text,
       {0, 1, 1},
       {true, true, false},
       {{c}, {}, {}},
       {false, true, false}},
      {"over a third step", Format::text, {0, 1, 2}, {true, true, false}, {{c}, {}, {b}}, {false, true, false}},
      {"back into its own component",
       Format::text,
       {0, 0, 2},
       {true, true, false},
       {{}, {c}, {a}},
       {true, true, false}},
      {"back into its own component, alone",
       Format::text,
       {0, 0, 2},
       {true, false, false},
       {{}, {c}, {a}},
       {false, false, false}},
      {"nothing is printed", Format::digest, {0, 1}, {true, true}, {{b}, {}}, {false, false}},
  };
  for (const Row& row : rows) {
    INFO(row.what);
    std::vector<Column> columns;
    for (std::size_t i = 0; i < row.component.size(); ++i) {
      columns.push_back(column("s", "u64", true, row.printed[i]));
      columns.back().component = row.component[i];
      columns.back().waits_for = row.waits_for[i];
    }
    CHECK(gantry::report::buffered(columns, row.format) == row.kept);
    CHECK(gantry::report::buffered(columns, row.format, Order::done) == std::vector<bool>(columns.size(), false));
  }
}

TEST_CASE("components are what stream edges join") {
  const auto found = gantry::report::components(
      6, std::vector<std::pair<StepIndex, StepIndex>>{
             {StepIndex{3}, StepIndex{0}}, {StepIndex{0}, StepIndex{5}}, {StepIndex{2}, StepIndex{4}}});
  CHECK(found[0] == found[3]);
  CHECK(found[0] == found[5]);
  CHECK(found[2] == found[4]);
  CHECK(std::set<unsigned>(found.begin(), found.end()).size() == 3);
}
