// Large results that several steps use, and prints of one brief task among many: the whole program, from outside.
#include <algorithm>
#include <bit>
#include <catch2/catch.hpp>
#include <cstdint>
#include <string>
#include <vector>

#include "run/command.hpp"

namespace {

using namespace gantry::tests;

constexpr const char* kSource = R"(#include <gantry/plugin.hpp>
#include <cstring>
using u64 = std::uint64_t;
static u64 mix(u64 sum, u64 more) { return (sum ^ more) * 1099511628211u; }
static std::string text(u64 n) {
  std::string made(n, ' ');
  for (u64 i = 0; i < n; ++i) made[i] = static_cast<char>('a' + i % 23);
  return made;
}
static std::vector<double> reals(u64 n) {
  std::vector<double> made(n);
  for (u64 i = 0; i < n; ++i) made[i] = 0.5 * static_cast<double>(i);
  return made;
}
static double real(u64 i) { return 0.5 * static_cast<double>(i); }
static u64 behind(const std::string& text, u64 salt) {
  u64 sum = salt;
  for (char letter : text) sum = mix(sum, static_cast<unsigned char>(letter));
  return mix(sum, text.size());
}
static u64 before(u64 salt, const std::string& text) { return behind(text, salt); }
static u64 reals_behind(const std::vector<double>& values, u64 salt) {
  u64 sum = salt;
  for (double value : values) { u64 bits; std::memcpy(&bits, &value, sizeof bits); sum = mix(sum, bits); }
  return mix(sum, values.size());
}
static u64 reals_before(u64 salt, const std::vector<double>& values) { return reals_behind(values, salt); }
GANTRY_PLUGIN("big", "1.0.0", gantry::function<text>("text", {"n"}, "n letters."),
              gantry::function<reals>("reals", {"n"}, "n halves."), gantry::function<real>("real", {"i"}, "A half."),
              gantry::function<behind>("behind", {"text", "salt"}, "A sum."),
              gantry::function<before>("before", {"salt", "text"}, "A sum."),
              gantry::function<reals_behind>("reals_behind", {"values", "salt"}, "A sum."),
              gantry::function<reals_before>("reals_before", {"salt", "values"}, "A sum."));
)";

// The values of `t` and `r` are each one value; `e` is a list that many tasks make.
constexpr const char* kPipeline = R"(gantry: 1
plugins: [./libbig.so]
params: {letters: 10, halves: 10}
steps:
  - {id: t, call: big.text, args: {n: $params.letters}, output: false}
  - {id: r, call: big.reals, args: {n: $params.halves}, output: false}
  - {id: e, call: big.real, each: {i: {range: [0, $params.halves]}}, args: {i: $i}, output: false}
  - {id: tb, call: big.behind, args: {text: $t, salt: 3}}
  - {id: tf, call: big.before, args: {text: $t, salt: 3}}
  - {id: rb, call: big.reals_behind, args: {values: $r, salt: 4}}
  - {id: rf, call: big.reals_before, args: {values: $r, salt: 4}}
  - {id: eb, call: big.reals_behind, args: {values: $e, salt: 4}}
  - {id: ef, call: big.reals_before, args: {values: $e, salt: 5}}
  - {id: many, call: big.before, each: {_n: {range: [0, 9]}}, args: {text: $t, salt: 6}}
  - {id: each, call: big.reals_before, each: {n: {range: [0, 3]}}, args: {values: $e, salt: $n}}
)";

std::uint64_t mix(std::uint64_t sum, std::uint64_t more) {
  return (sum ^ more) * 1099511628211U;
}

std::uint64_t sum_of_text(std::uint64_t letters, std::uint64_t salt) {
  std::uint64_t sum = salt;
  for (std::uint64_t i = 0; i < letters; ++i) sum = mix(sum, 'a' + i % 23);
  return mix(sum, letters);
}

std::uint64_t sum_of_reals(std::uint64_t halves, std::uint64_t salt) {
  std::uint64_t sum = salt;
  for (std::uint64_t i = 0; i < halves; ++i) sum = mix(sum, std::bit_cast<std::uint64_t>(0.5 * static_cast<double>(i)));
  return mix(sum, halves);
}

std::string expected(std::uint64_t letters, std::uint64_t halves) {
  std::string text;
  const auto line = [&text](const std::string& id, std::uint64_t value) {
    text += id + " = " + std::to_string(value) + "\n";
  };
  line("tb", sum_of_text(letters, 3));
  line("tf", sum_of_text(letters, 3));
  line("rb", sum_of_reals(halves, 4));
  line("rf", sum_of_reals(halves, 4));
  line("eb", sum_of_reals(halves, 4));
  line("ef", sum_of_reals(halves, 5));
  for (int i = 0; i < 9; ++i) line("many[" + std::to_string(i) + "]", sum_of_text(letters, 6));
  for (std::uint64_t i = 0; i < 3; ++i) line("each[" + std::to_string(i) + "]", sum_of_reals(halves, i));
  return text;
}

}  // namespace

TEST_CASE("a large result that two steps use in different places arrives whole, however many workers there are") {
  const Folder folder;
  folder.write("big.cpp", kSource);
  folder.write("big.yaml", kPipeline);
  Command build;
  build.words = {"/bin/sh", "-c",
                 "g++ -std=c++23 -O1 -shared -fPIC -I " GANTRY_SOURCE "/sdk/include big.cpp -o libbig.so"};
  build.folder = folder.path();
  const Ended built = run(build);
  INFO(built.err);
  REQUIRE(built.code == 0);
  struct Row {
    std::uint64_t letters;
    std::uint64_t halves;
  };
  const std::uint64_t mib = std::uint64_t{1} << 20U;
  const Row rows[] = {{10, 10}, {mib - 8, mib / 8 - 1}, {mib - 7, mib / 8}, {2 * mib + 77, 2 * mib / 8 + 5}};
  for (const Row& row : rows) {
    const std::string out = expected(row.letters, row.halves);
    std::vector<std::string> digests;
    for (const char* workers : {"1", "4"}) {
      CAPTURE(row.letters, row.halves, workers);
      std::vector<std::string> words{"run",        "big.yaml",
                                     "-j",         workers,
                                     "--set",      "letters=" + std::to_string(row.letters),
                                     "--set",      "halves=" + std::to_string(row.halves),
                                     "--progress", "none"};
      const Ended ended = command_line(words, folder.path());
      INFO(ended.err);
      CHECK(ended.code == 0);
      CHECK(ended.out == out);
      words.insert(words.end(), {"-o", "digest"});
      digests.push_back(command_line(words, folder.path()).out);
    }
    CHECK_FALSE(digests[0].empty());
    CHECK(digests[0] == digests[1]);
  }
}

TEST_CASE("a brief task that prints among ten thousand is shown once, with a run of tasks that it is one of") {
  const Folder folder;
  folder.write("one.yaml",
               "gantry: 1\nplugins: [unruly]\nsteps:\n  - id: s\n    call: unruly.task\n"
               "    each: {n: {range: [0, 10000]}}\n    args: {n: $n, bad: 5003, how: prints}\n    chunk: 1\n");
  std::string values;
  for (int i = 0; i < 10'000; ++i) values += "s[" + std::to_string(i) + "] = " + std::to_string(i) + "\n";
  for (const char* workers : {"1", "4"}) {
    CAPTURE(workers);
    const Ended ended = command_line(
        {"run", "one.yaml", "-j", workers, "--progress", "none", "--plugin-path", GANTRY_BUILD "/tests/plugins"},
        folder.path());
    INFO(ended.err);
    CHECK(ended.code == 0);
    CHECK(ended.out == values);
    CHECK(std::ranges::count(ended.err, '\n') == 1);
    const std::string line = " | hello from s[5003]\n";
    REQUIRE(ended.err.ends_with(line));
    const std::string tag = ended.err.substr(0, ended.err.size() - line.size());
    REQUIRE((tag.starts_with("s[") && tag.ends_with("]")));
    const std::uint64_t first = std::stoull(tag.substr(2));
    const std::uint64_t last = std::stoull(tag.substr(tag.rfind('[') + 1));
    CHECK(tag == (first == last ? "s[5003]" : "s[" + std::to_string(first) + "] … s[" + std::to_string(last) + "]"));
    CHECK((first <= 5003 && 5003 <= last && last < 10'000));
  }
}
