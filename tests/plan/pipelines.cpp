#include "pipelines.hpp"

#include <catch2/catch.hpp>

#include "signature/codec.hpp"

namespace gantry::test {
namespace {

signature::Plugin plugin(const std::string& name, const std::vector<std::pair<std::string, std::string>>& functions) {
  signature::Plugin made{name, "1.0.0", "", "/plugins/lib" + name + ".so", {}, {}, {}};
  for (const auto& [function, text] : functions) {
    const auto signature = signature::parse_signature(text);
    REQUIRE(signature);
    made.functions.push_back({function, "", *signature, 0, static_cast<std::uint32_t>(made.functions.size())});
  }
  return made;
}

}  // namespace

signature::Catalog catalog() {
  return {{plugin("primes", {{"count", "(low: u64, high: u64) -> u64"},
                             {"find", "(low: u64, high: u64 = 100) -> [u64]"},
                             {"nth", "(n: u64) -> u64"}}),
           plugin("std", {{"sum", "(values: [u64]) -> u64"},
                          {"sum", "(values: [i64]) -> i64"},
                          {"sum", "(values: [f64]) -> f64"},
                          {"sum", "(values: [str]) -> str"},
                          {"echo", "(x: u64) -> u64"},
                          {"echo", "(x: i64) -> i64"},
                          {"echo", "(x: f64) -> f64"},
                          {"echo", "(x: bool) -> bool"},
                          {"echo", "(x: str) -> str"},
                          {"where", "(flags: [bool]) -> [u64]"}}),
           plugin("numbers", {{"small", "(x: u8) -> u8"},
                              {"narrow", "(a: i8, b: u16, c: i32, d: f32) -> u32"},
                              {"negative", "(x: i64) -> i64"},
                              {"half", "(x: f64) -> f64"},
                              {"maybe", "(x: u64?) -> u64?"},
                              {"list", "(n: u64) -> [u32]"},
                              {"lists", "(values: [u64]) -> [str]"},
                              {"triple", "(x: u64) -> [u16; 3]"},
                              {"flag", "(x: u64) -> bool"},
                              {"sum32", "(values: [u32]) -> u32"}}),
           plugin("shapes", {{"make", "(i: u32) -> {name: str, at: {x: f64, y: f64}, tags: [str]}"},
                             {"area", "(shape: {name: str, at: {x: f64, y: f64}}) -> f64"},
                             {"place", "(at: {x: f64, y: f64}) -> f64"},
                             {"name", "(name: str, index: u64 = 7) -> str"},
                             {"paint", "(colour: (\"red\" | \"green\"), on: bool = true) -> ()"},
                             {"tally", "(counts: map<str, u64>) -> u64"},
                             {"span", "(span: {begin: i64, end: i64}) -> u64"},
                             {"raw", "(data: bytes) -> u64"},
                             {"late", "(all: [u64], one: u64) -> u64"},
                             {"pair", "(both: (u64, str)) -> u64"}})}};
}

Built build(const std::string& text) {
  return build(text, catalog(), "[primes, std, numbers, shapes]");
}

Built build(const std::string& text, const signature::Catalog& catalog, const std::string& plugins, host::Mode mode) {
  Built built;
  const auto config = config::read("p.yaml", "gantry: 1\nplugins: " + plugins + "\n" + text, "/pipelines", {},
                                   built.sources, built.diagnostics);
  const plan::Environment environment = [](const std::string& name) -> std::optional<std::string> {
    if (name == "HOME") return "/home/ada";
    if (name == "COUNT") return "3";
    return std::nullopt;
  };
  built.plan = plan::build(config, catalog, environment, built.sources, built.diagnostics, mode);
  return built;
}

void Table::put(plan::StepIndex step, const signature::Type& type, const std::vector<std::string>& json) {
  auto& rows = rows_[raw(step)];
  rows.clear();
  for (const auto& one : json) rows.push_back(encoded(one, type));
}

void Table::append_all(plan::StepIndex step, signature::Bytes& to) const {
  ++bulk;
  for (const auto& one : rows_.at(raw(step))) signature::append(to, one);
}

plan::StepIndex step_of(const plan::Plan& plan, const std::string& id) {
  for (std::uint32_t i = 0; i < plan.steps().size(); ++i) {
    if (plan.steps()[i].id == id) return plan::StepIndex{i};
  }
  FAIL("no step " << id);
  return {};
}

signature::Bytes encoded(const std::string& json, const signature::Type& type) {
  INFO(json << " as " << signature::to_text(type));
  const auto node = signature::parse_json(json);
  REQUIRE(node);
  signature::Bytes bytes;
  const auto fits = signature::encode(*node, type, "", bytes);
  REQUIRE(fits);
  return bytes;
}

signature::Type arguments_type(const plan::Step& step) {
  const auto all = catalog();
  signature::Type type{signature::Kind::tuple, {}, {}, 0};
  for (const auto& one : all.plugins[step.plugin].functions[step.function].signature.parameters) {
    type.of.push_back(one.type);
  }
  return type;
}

signature::Bytes row(const plan::Arguments& arguments, std::uint64_t index, const plan::Values& values) {
  signature::Bytes bytes;
  const auto done = arguments.append(index, values, bytes);
  INFO((done ? "" : done.error().sentence));
  REQUIRE(done);
  if (const auto made = arguments.as_template()) {
    auto filled = made->row;
    for (const auto& slot : made->slots) signature::fill(slot, index, filled.data());
    CHECK(filled == bytes);
  }
  return bytes;
}

std::string all_rows(const plan::Plan& plan, plan::StepIndex step, const plan::Values& values) {
  const auto& planned = plan.steps()[raw(step)];
  const auto arguments = plan.prepare(step, values);
  if (!arguments) return "error: " + arguments.error().sentence;
  if (planned.tasks) CHECK(*planned.tasks == (*arguments)->tasks());
  if (const auto why = (*arguments)->refusal()) {
    signature::Bytes bytes;
    for (std::uint64_t i = 0; i < (*arguments)->tasks(); ++i) {
      const auto done = (*arguments)->append(i, values, bytes);
      REQUIRE_FALSE(done);
      CHECK(done.error().sentence == why->sentence);
    }
    CHECK((*arguments)->as_template() == nullptr);
    return "refused: " + why->sentence;
  }
  std::string rows;
  const auto type = arguments_type(planned);
  for (std::uint64_t i = 0; i < (*arguments)->tasks(); ++i) {
    const auto bytes = row(**arguments, i, values);
    REQUIRE(signature::validate(type, bytes));
    if (!rows.empty()) rows += ' ';
    REQUIRE(signature::append_json(type, bytes, rows));
  }
  return rows;
}

void check_arguments(const std::vector<Good>& rows) {
  for (const auto& one : rows) {
    SECTION(one.name) {
      auto built = build(one.text + "\n");
      INFO(config::render(built.diagnostics, built.sources));
      REQUIRE(built.diagnostics.empty());
      Table values;
      for (const auto& given : one.given) {
        const auto producer = step_of(built.plan, given.step);
        values.put(producer, built.plan.steps()[raw(producer)].result, given.values);
      }
      const auto step = step_of(built.plan, one.step);
      CHECK(all_rows(built.plan, step, values) == one.arguments);
      const auto arguments = built.plan.prepare(step, values);
      REQUIRE(arguments);
      CHECK(((*arguments)->as_template() != nullptr) == one.is_template);
    }
  }
}

void check_rendered(const std::vector<Bad>& rows) {
  for (const auto& one : rows) {
    SECTION(one.name) {
      const auto built = build(one.text);
      CHECK(config::render(built.diagnostics, built.sources) == one.rendered);
    }
  }
}

}  // namespace gantry::test
