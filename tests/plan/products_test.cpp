// Random products and zips: templates, append and plain counting agree for every task.
#include <catch2/catch.hpp>

#include <fmt/core.h>

#include <random>

#include "pipelines.hpp"
#include "signature/codec.hpp"

namespace gantry::test {
namespace {

/// A source as text, and the pair of numbers of each of its elements (equal for a range).
struct Drawn {
  std::string text;
  std::vector<std::pair<std::int64_t, std::int64_t>> elements;
  bool chunks = false;
};

Drawn draw(std::mt19937_64& random, bool list) {
  const auto among = [&](std::int64_t low, std::int64_t high) {
    return std::uniform_int_distribution(low, high)(random);
  };
  Drawn drawn;
  const auto from = among(-20, 20);
  if (list) {
    for (auto n = among(1, 4); n > 0; --n) {
      const auto value = among(-99, 99);
      drawn.text += fmt::format("{}{}", drawn.text.empty() ? "" : ", ", value);
      drawn.elements.emplace_back(value, value);
    }
    drawn.text = fmt::format("{{values: [{}]}}", drawn.text);
  } else if (among(0, 1) == 0) {
    const auto step = among(0, 1) == 0 ? among(1, 4) : among(-4, -1);
    const auto to = from + (step > 0 ? 1 : -1) * among(0, 9);
    drawn.text = fmt::format("{{range: [{}, {}, {}]}}", from, to, step);
    for (auto x = from; step > 0 ? x < to : x > to; x += step) drawn.elements.emplace_back(x, x);
  } else {
    drawn.chunks = true;
    const auto to = from + among(0, 12);
    const auto size = among(1, 5);
    drawn.text = fmt::format("{{chunks: [{}, {}, {}]}}", from, to, size);
    for (auto x = from; x < to; x += size) drawn.elements.emplace_back(x, std::min(x + size, to));
  }
  return drawn;
}

TEST_CASE("templates, append and counting agree on random products") {
  const auto seed = Catch::rngSeed() != 0 ? Catch::rngSeed() : std::random_device{}();
  fmt::print("seed of random products: {}\n", seed);
  CAPTURE(seed);
  std::mt19937_64 random(seed);
  for (int round = 0; round < 150; ++round) {
    const auto names = std::uniform_int_distribution<std::size_t>(1, 4)(random);
    const bool with_list = round % 3 == 0;
    std::vector<Drawn> drawn;
    std::string each;
    std::string values;
    for (std::size_t i = 0; i < names; ++i) {
      drawn.push_back(draw(random, with_list && i == 0));
      each += fmt::format("{}n{}: {}", each.empty() ? "" : ", ", i, drawn[i].text);
      values += drawn[i].chunks ? fmt::format("$n{0}.begin, $n{0}.end, ", i) : fmt::format("$n{}, ", i);
    }
    // The signed signature of a function of one name: converted, exact or not.
    const auto text =
        fmt::format("steps: [{{id: a, call: lists.take, each: {{{}}}, args: {{wide: [{}$index], real: [{}0]}}}}]\n",
                    each, values, values);
    auto all = catalog();
    all.plugins.push_back({"lists", "1.0.0", "", "/plugins/liblists.so", {}, {}, {}});
    all.plugins.back().functions.push_back(
        {"take", "", *signature::parse_signature("(wide: [i64], real: [f32]) -> u64"), 0, 0});
    auto built = build(text, all, "[lists]");
    INFO(text << config::render(built.diagnostics, built.sources));
    REQUIRE(built.diagnostics.empty());
    const Table none;
    const auto arguments = built.plan.prepare(plan::StepIndex{0}, none);
    REQUIRE(arguments);
    std::uint64_t tasks = 1;
    for (const auto& one : drawn) tasks *= one.elements.size();
    REQUIRE((*arguments)->tasks() == tasks);
    REQUIRE(built.plan.steps()[0].tasks == tasks);
    // A step without tasks prepares no arguments: nothing is in its way.
    REQUIRE(((*arguments)->as_template() == nullptr) == (with_list && tasks > 0));
    const signature::Type type{signature::Kind::tuple,
                               {{signature::Kind::list, {{signature::Kind::i64, {}, {}, 0}}, {}, 0},
                                {signature::Kind::list, {{signature::Kind::f32, {}, {}, 0}}, {}, 0}},
                               {},
                               0};
    for (std::uint64_t index = 0; index < tasks; ++index) {
      std::string numbers;
      auto rest = index;
      for (std::size_t i = names; i-- > 0;) {
        const auto& [first, second] = drawn[i].elements[rest % drawn[i].elements.size()];
        rest /= drawn[i].elements.size();
        numbers = (drawn[i].chunks ? fmt::format("{},{},", first, second) : fmt::format("{},", first)) + numbers;
      }
      const auto expected = fmt::format("[[{}{}],[{}0]]", numbers, index, numbers);
      INFO("task " << index);
      REQUIRE(row(**arguments, index, none) == encoded(expected, type));
    }
  }
}

TEST_CASE("a hundred thousand chained steps are planned, whatever their order") {
  for (const bool backwards : {false, true}) {
    const std::uint32_t count = backwards ? 10'000 : 100'000;
    std::string text = "steps:\n";
    for (std::uint32_t i = 0; i < count; ++i) {
      const auto at = backwards ? count - 1 - i : i;
      const auto argument = at == 0 ? std::string("1") : fmt::format("$s{}", at - 1);
      text += fmt::format("  - {{id: s{}, call: primes.nth, args: {{n: {}}}}}\n", at, argument);
    }
    auto built = build(text);
    REQUIRE(built.diagnostics.empty());
    REQUIRE(built.plan.steps().size() == count);
    std::uint32_t edges = 0;
    for (const auto& step : built.plan.steps()) edges += static_cast<std::uint32_t>(step.edges.size());
    CHECK(edges == count - 1);
    CHECK(built.plan.steps()[backwards ? 0 : count - 1].printed);
  }
}

TEST_CASE("a ring of many steps is one error") {
  constexpr std::uint32_t count = 20'000;
  std::string text = "steps:\n";
  for (std::uint32_t i = 0; i < count; ++i) {
    text += fmt::format("  - {{id: s{}, call: primes.nth, args: {{n: $s{}}}}}\n", i, (i + 1) % count);
  }
  const auto built = build(text);
  REQUIRE(built.diagnostics.size() == 1);
  CHECK(built.diagnostics.sorted().front().sentence ==
        "these steps wait for each other: s0 → s1 → s2 → s3 → s4 → s5 → s6 → s7 → s8 → … 19991 more … → s0");
}

TEST_CASE("wrong names without number are all counted") {
  std::string text = "steps:\n";
  for (int i = 0; i < 20'000; ++i) text += fmt::format("  - {{id: s{}, call: primes.nth, args: {{n: $t{}}}}}\n", i, i);
  const auto built = build(text);
  CHECK(built.diagnostics.size() == 20'000);
}

TEST_CASE("two files that give one plugin's name") {
  auto all = catalog();
  all.plugins.push_back(all.plugins[0]);
  all.plugins.back().path = "/pipelines/libother.so";
  auto built = build("steps: [{id: a, call: primes.nth, args: {n: 1}}]\n", all, "[primes, ./libother.so]");
  CHECK(config::render(built.diagnostics, built.sources) ==
        "p.yaml:2:19: error[E0503]: two files give a plugin called primes\n"
        "   2 | plugins: [primes, ./libother.so]\n"
        "     |                   ^\n"
        "note: p.yaml:2:11: /plugins/libprimes.so is one of them\n"
        "note: /pipelines/libother.so is the other\n"
        "help: leave one of them out of plugins\n");
}

TEST_CASE("a plugin by path is known by the name it gives itself") {
  auto built = build("steps: [{id: a, call: primes.nth, args: {n: 1}}, {id: b, call: prims.nth, args: {n: 1}}]\n",
                     catalog(), "[./libx.so, std]");
  CHECK(config::render(built.diagnostics, built.sources) ==
        "p.yaml:3:64: error[E0501]: there is no plugin `prims`\n"
        "   3 | steps: [{id: a, call: primes.nth, args: {n: 1}}, {id: b, call: prims.nth, args: {n: 1}}]\n"
        "     |                                                                ^\n"
        "note: no plugin that was loaded has this name\n"
        "help: did you mean `primes`?\n");
}

TEST_CASE("a default that does not fit is the plugin's error") {
  auto all = catalog();
  all.plugins[0].functions[1].signature.parameters[1].fallback = "many";
  auto built = build("steps: [{id: a, call: primes.find, args: {low: 1}}]\n", all, "[primes]");
  CHECK(config::render(built.diagnostics, built.sources) ==
        "p.yaml:3:23: error[E0504]: the default of `high`, many, does not fit its type u64: the plugin is wrong\n"
        "   3 | steps: [{id: a, call: primes.find, args: {low: 1}}]\n"
        "     |                       ^\n"
        "note: primes.find(low: u64, high: u64 = many) -> [u64], in libprimes.so 1.0.0\n");
}

}  // namespace
}  // namespace gantry::test
