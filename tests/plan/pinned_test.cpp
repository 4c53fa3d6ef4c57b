// Pinned values and open files as a plan has them: what tasks are given, where results reside, who waits for whom.
#include <fmt/core.h>
#include <catch2/catch.hpp>

#include "pinned.hpp"

namespace gantry::test {
namespace {

using signature::Stride;

const std::string sessions = "steps:\n- {id: dbs, call: db.open, each: {n: {range: [0, 3]}}, args: {path: x, n: $n}}\n";

/// "dbs 0+i/2%3 mut": the values that a step's tasks use.
std::string uses_of(const plan::Plan& plan, const plan::Step& step) {
  std::string text;
  for (const plan::ResidentUse& use : step.residents) {
    if (!text.empty()) text += ", ";
    text += plan.steps()[raw(use.producer)].id;
    if (use.stride) text += fmt::format(" {}+i/{}%{}", use.stride->first, use.stride->divide, use.stride->modulo);
    if (use.changes) text += " mut";
  }
  return text;
}

std::string after_of(const plan::Plan& plan, const std::string& id) {
  std::string text;
  for (const plan::Edge& edge : plan.steps()[raw(step_of(plan, id))].edges) {
    if (edge.kind != plan::Edge::Kind::after) continue;
    text += (text.empty() ? "" : " ") + plan.steps()[raw(edge.producer)].id;
  }
  return text;
}

/// Results that have no bytes: three tasks of each step.
class Three final : public plan::Values {
 public:
  [[nodiscard]] std::uint64_t tasks(plan::StepIndex /*step*/) const override { return 3; }
  [[nodiscard]] signature::View value(plan::StepIndex /*step*/, std::uint64_t /*index*/) const override { return {}; }
  [[nodiscard]] bool has_value(plan::StepIndex /*step*/, std::uint64_t /*index*/) const override { return true; }
  void append_all(plan::StepIndex /*step*/, signature::Bytes& /*to*/) const override {}
};

/// Steps and indices of one task's arguments, all of which are pinned values or numbers.
std::vector<std::uint64_t> numbers_of(const plan::Plan& plan, const std::string& id, std::uint64_t index) {
  const Three none;
  const auto prepared = plan.prepare(step_of(plan, id), none);
  REQUIRE(prepared);
  CHECK((*prepared)->as_template() != nullptr);
  const signature::Bytes bytes = row(**prepared, index, none);
  std::vector<std::uint64_t> numbers(bytes.size() / sizeof(std::uint64_t));
  std::memcpy(numbers.data(), bytes.data(), bytes.size());
  return numbers;
}

}  // namespace

TEST_CASE("a pinned argument is the task that made it, in every form of use") {
  const Built built = build_pinned(sessions + R"yaml(- {id: one, call: db.open, args: {path: y}}
- {id: third, call: db.query, args: {session: $dbs.2, n: 7}}
- {id: only, call: db.query, args: {session: $one}}
- {id: each, call: db.query, each: {d: $dbs}, args: {session: $d, n: $index}}
- {id: outer, call: db.query, each: {d: $dbs, n: {range: [10, 14]}}, args: {session: $d, n: $n}}
- {id: inner, call: db.query, each: {n: {range: [10, 14]}, d: $dbs}, args: {session: $d, n: $n}}
- {id: zipped, call: db.query, zip: {n: {range: [5, 8]}, d: $dbs}, args: {session: $d, n: $n}}
- {id: twice, call: db.both, each: {d: $dbs}, args: {a: $d, b: $d}}
)yaml");
  CHECK(config::render(built.diagnostics, built.sources).empty());
  struct Row {
    const char* step;
    std::string uses;
    std::uint64_t index;
    std::vector<std::uint64_t> numbers;
  };
  const Row rows[] = {
      {"third", "dbs 2+i/1%1", 0, {0, 2, 7}},  {"only", "one 0+i/1%1", 0, {1, 0, 0}},
      {"each", "dbs 0+i/1%3", 2, {0, 2, 2}},   {"outer", "dbs 0+i/4%3", 11, {0, 2, 13}},
      {"outer", "dbs 0+i/4%3", 4, {0, 1, 10}}, {"inner", "dbs 0+i/1%3", 4, {0, 1, 11}},
      {"zipped", "dbs 0+i/1%3", 1, {0, 1, 6}}, {"twice", "dbs 0+i/1%3, dbs 0+i/1%3", 2, {0, 2, 0, 2}},
  };
  for (const Row& row : rows) {
    INFO(row.step << " " << row.index);
    const plan::StepIndex step = step_of(built.plan, row.step);
    CHECK(uses_of(built.plan, built.plan.steps()[raw(step)]) == row.uses);
    CHECK(numbers_of(built.plan, row.step, row.index) == row.numbers);
    const Three none;
    const auto strides = (*built.plan.prepare(step, none))->strides();
    REQUIRE(!strides.empty());
    CHECK(strides[0] == built.plan.steps()[raw(step)].residents[0].stride);
  }
  CHECK(built.plan.steps()[0].chunk == 1);
  CHECK(!built.plan.steps()[0].printed);
}

TEST_CASE("values made from others go with them") {
  const Built built = build_pinned(sessions + R"yaml(- {id: st, call: db.prepare, each: {d: $dbs}, args: {session: $d}}
- {id: same, call: db.with, zip: {d: $dbs, s: $st}, args: {session: $d, statement: $s}}
- {id: fixed, call: db.with, args: {session: $dbs.1, statement: $st.1}}
- {id: two, call: db.prepare, each: {d: $dbs, n: {range: [0, 2]}}, args: {session: $d, sql: "${n}"}}
- {id: runs, call: db.run, each: {s: $two, n: {range: [0, 5]}}, args: {statement: $s, n: $n}}
- {id: first, call: db.prepare, args: {session: $dbs.0}}
- {id: all, call: db.with, each: {n: {range: [0, 5]}, _m: {range: [0, 2]}}, args: {session: $dbs.0, statement: $first}}
)yaml");
  // `all` binds n and does not use it: that alone is said.
  const std::string said = config::render(built.diagnostics, built.sources);
  CHECK(said.find("E0431") == std::string::npos);
  CHECK(said.find("E0305") != std::string::npos);
}

TEST_CASE("who changes a value waits for those before, and those behind wait for it") {
  const Built built = build_pinned(sessions + R"yaml(- {id: r1, call: db.query, each: {d: $dbs}, args: {session: $d}}
- {id: r2, call: db.query, args: {session: $dbs.1}}
- {id: w1, call: db.change, args: {session: $dbs.0}}
- {id: w2, call: db.change, each: {d: $dbs, n: {range: [0, 3]}}, args: {session: $d, n: $n}}
- {id: r3, call: db.query, each: {d: $dbs}, args: {session: $d}}
- {id: r4, call: db.query, args: {session: $dbs.1}}
- {id: w3, call: db.change, args: {session: $dbs.1}}
- {id: w4, call: db.change, args: {session: $dbs.2}}
- {id: r5, call: db.query, args: {session: $dbs.0}}
)yaml");
  CHECK(config::render(built.diagnostics, built.sources).empty());
  const std::pair<const char*, const char*> rows[] = {{"r1", ""},         {"r2", ""},      {"w1", "r1"},
                                                      {"w2", "r1 r2 w1"}, {"r3", "w2"},    {"r4", "w2"},
                                                      {"w3", "w2 r3 r4"}, {"w4", "w2 r3"}, {"r5", "w2"}};
  for (const auto& [step, after] : rows) {
    INFO(step);
    CHECK(after_of(built.plan, step) == after);
  }
  const Built late = build_pinned(
      "steps:\n- {id: db, call: db.open, args: {path: x}}\n- {id: n, call: db.count, args: {n: 1}}\n"
      "- {id: m, call: db.count, args: {n: $n}}\n- {id: w1, call: db.change, args: {session: $db}, needs: [m]}\n"
      "- {id: w2, call: db.change, args: {session: $db}}\n");
  CHECK(after_of(late.plan, "w2") == "w1");  // in the order of the file, however long w1 waits for something else
  CHECK(!built.plan.steps()[raw(step_of(built.plan, "w2"))].idempotent);
  CHECK(built.plan.steps()[raw(step_of(built.plan, "r3"))].idempotent);
}

TEST_CASE("where results reside, by mode, type and use") {
  const std::string text = R"yaml(steps:
- {id: pooled, call: db.pool, output: false}
- {id: grown, call: db.pool}
- {id: lent, call: db.pool}
- {id: session, call: db.lend, args: {pool: $lent}}
- {id: own, call: db.open, args: {path: x}}
- {id: of_own, call: db.share, args: {session: $own}}
- {id: file, call: db.file, args: {path: x}}
- {id: u1, call: db.grow, args: {pool: $grown}}
- {id: u2, call: db.query, args: {session: $session}}
- {id: u3, call: db.ask, args: {pool: $of_own}}
- {id: u4, call: db.size, args: {file: $file}}
)yaml";
  const auto residences = [&](host::Mode mode) {
    const Built built = build_pinned(text, mode);
    CHECK(config::render(built.diagnostics, built.sources).empty());
    std::string all;
    for (const plan::Step& step : built.plan.steps()) {
      constexpr const char* words[] = {"-", "worker", "process", "host"};
      all += step.id + "=" + words[static_cast<std::size_t>(step.residence)] + " ";
    }
    return all;
  };
  CHECK(
      residences(host::Mode::process) ==
      "pooled=worker grown=worker lent=worker session=worker own=worker of_own=worker file=host u1=- u2=- u3=- u4=- ");
  CHECK(residences(host::Mode::thread) ==
        "pooled=process grown=worker lent=worker session=worker own=worker of_own=process file=host u1=- u2=- u3=- "
        "u4=- ");
}

}  // namespace gantry::test
