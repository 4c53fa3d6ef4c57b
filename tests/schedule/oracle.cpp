#include "schedule/oracle.hpp"

#include <algorithm>
#include <numeric>
#include <random>
#include <set>
#include <utility>

namespace gantry::test {

using host::StepIndex;
using schedule::Cause;
using schedule::Edge;
using schedule::Step;

namespace {

using Kind = Outcome::Kind;

std::uint64_t mix(std::uint64_t a, std::uint64_t b) {  // splitmix64
  std::uint64_t x = a + 0x9e3779b97f4a7c15U * (b + 1);
  x = (x ^ (x >> 30U)) * 0xbf58476d1ce4e5b9U;
  x = (x ^ (x >> 27U)) * 0x94d049bb133111ebU;
  return x ^ (x >> 31U);
}

std::optional<Cause> first_failure(const std::vector<Outcome>& outcomes) {
  for (const Outcome& outcome : outcomes)
    if (outcome.kind != Kind::value) return outcome.cause;
  return std::nullopt;
}

class Serial {
 public:
  explicit Serial(const Pipeline& pipeline)
      : pipeline_(pipeline), outcomes_(pipeline.steps.size()), shapeless_(pipeline.steps.size(), false) {}

  std::vector<std::vector<Outcome>> run() {
    for (const std::uint32_t step : pipeline_.order) run(step);
    return std::move(outcomes_);
  }

 private:
  void run(std::uint32_t index) {
    const Step& step = pipeline_.steps[index];
    if (const auto cause = gate_failure(step)) return skip_all(index, *cause);
    std::uint64_t tasks = 0;
    if (step.tasks) {
      tasks = *step.tasks;
    } else {
      for (const Edge& edge : step.edges)
        if (edge.kind == Edge::Kind::stream && shapeless_[raw(edge.producer)])
          return skip_all(index, *first_failure(of(edge)));
      if (!pipeline_.sizes[index]) {
        shapeless_[index] = true;
        outcomes_[index] = {{Kind::error, Cause{StepIndex{index}, std::nullopt}}};
        return;
      }
      tasks = *pipeline_.sizes[index];
    }
    for (std::uint64_t task = 0; task < tasks; ++task) outcomes_[index].push_back(run(index, task));
  }

  Outcome run(std::uint32_t index, std::uint64_t task) {
    const Step& step = pipeline_.steps[index];
    for (const Edge& edge : step.edges) {
      if (edge.kind != Edge::Kind::stream) continue;
      if (const auto cause = element_failure(edge, task)) return {Kind::skipped, cause};
    }
    for (std::uint32_t attempt = 1;; ++attempt) {
      const Fate fate = pipeline_.fate(StepIndex{index}, task, attempt);
      if (fate == Fate::value) return {Kind::value, std::nullopt};
      const bool wants = fate == Fate::error   ? step.retry_error
                         : fate == Fate::crash ? step.retry_crash
                                               : step.retry_timeout;
      if (!wants || !step.idempotent || attempt > step.retries) return {Kind::error, Cause{StepIndex{index}, task}};
    }
  }

  [[nodiscard]] std::optional<Cause> gate_failure(const Step& step) const {
    for (const Edge& edge : step.edges) {
      if (edge.kind == Edge::Kind::stream || edge.kind == Edge::Kind::after) continue;
      const bool one = edge.kind == Edge::Kind::keep && edge.element.has_value();
      const auto cause = one ? element_failure(edge, *edge.element) : first_failure(of(edge));
      if (cause) return cause;
    }
    return std::nullopt;
  }

  [[nodiscard]] std::optional<Cause> element_failure(const Edge& edge, std::uint64_t element) const {
    const auto& outcomes = of(edge);
    if (shapeless_[raw(edge.producer)]) return outcomes[0].cause;
    if (element >= outcomes.size()) return std::nullopt;
    return outcomes[element].cause;
  }

  void skip_all(std::uint32_t index, const Cause& cause) {
    const auto& tasks = pipeline_.steps[index].tasks;
    shapeless_[index] = !tasks;
    outcomes_[index].assign(tasks.value_or(1), {Kind::skipped, cause});
  }

  [[nodiscard]] const std::vector<Outcome>& of(const Edge& edge) const { return outcomes_[raw(edge.producer)]; }

  const Pipeline& pipeline_;
  std::vector<std::vector<Outcome>> outcomes_;
  std::vector<bool> shapeless_;
};

}  // namespace

Fate Pipeline::fate(StepIndex step, std::uint64_t index, std::uint32_t attempt) const {
  const std::uint64_t drawn = mix(mix(mix(seed, raw(step)), index), attempt);
  if (drawn % 1000 >= bad) return Fate::value;
  if (!crashes) return Fate::error;
  constexpr Fate kFates[] = {Fate::error, Fate::crash, Fate::timeout};
  return kFates[(drawn / 1000) % 3];
}

Pipeline random_pipeline(std::uint64_t seed, const Shape& shape) {
  std::mt19937_64 random(seed);
  const auto draw = [&](std::uint64_t below) { return random() % below; };
  Pipeline pipeline;
  pipeline.seed = seed;
  pipeline.bad = draw(3) == 0 ? 0 : shape.bad;
  const auto count = static_cast<std::uint32_t>(1 + draw(shape.most_steps));
  pipeline.steps.resize(count);
  pipeline.sizes.resize(count);
  pipeline.order.resize(count);
  std::iota(pipeline.order.begin(), pipeline.order.end(), 0U);
  if (draw(2) == 0) std::shuffle(pipeline.order.begin(), pipeline.order.end(), random);
  const std::uint64_t usual = draw(shape.most_tasks + 1);  // most steps of a pipeline have the same size
  for (std::uint32_t at = 0; at < count; ++at) {
    const std::uint32_t index = pipeline.order[at];
    Step& step = pipeline.steps[index];
    std::set<std::pair<std::uint32_t, Edge::Kind>> seen;
    for (std::uint64_t edge = at == 0 ? 0 : draw(4); edge > 0; --edge) {
      const std::uint32_t producer = pipeline.order[draw(2) == 0 ? at - 1 : draw(at)];
      constexpr Edge::Kind kKinds[] = {Edge::Kind::stream, Edge::Kind::stream, Edge::Kind::stream,
                                       Edge::Kind::stream, Edge::Kind::stream, Edge::Kind::keep,
                                       Edge::Kind::keep,   Edge::Kind::order,  Edge::Kind::after};
      const Edge::Kind kind = kKinds[draw(std::size(kKinds))];
      if (!seen.emplace(producer, kind).second) continue;
      std::optional<std::uint64_t> element;
      if (kind == Edge::Kind::keep && draw(2) == 0) element = draw(4);
      step.edges.push_back({kind, StepIndex{producer}, element});
      if (kind == Edge::Kind::keep) pipeline.steps[producer].kept = true;
    }
    const std::uint64_t size = draw(4) == 0 ? draw(shape.most_tasks + 1) : draw(12) == 0 ? 0 : usual;
    if (draw(2) == 0)
      step.tasks = size;
    else if (draw(20) != 0)
      pipeline.sizes[index] = size;
    step.kept = step.kept || draw(10) == 0;
    step.consumed = draw(2) == 0;
    step.window = 1 + draw(shape.most_window);
    step.chunk = draw(2) == 0 ? 0 : 1 + draw(7);
    if (draw(2) == 0) step.kin = static_cast<std::uint32_t>(draw(3));
    if (draw(6) == 0) {  // shares: one task a lease, and that alone
      step.alone = true;
      step.chunk = 1;
    }
    step.retries = static_cast<std::uint32_t>(draw(3));
    step.retry_crash = draw(4) != 0;
    step.retry_timeout = draw(2) == 0;
    step.retry_error = draw(2) == 0;
    step.idempotent = draw(5) != 0;
  }
  return pipeline;
}

std::vector<std::vector<Outcome>> serial_run(const Pipeline& pipeline) {
  return Serial(pipeline).run();
}

}  // namespace gantry::test
