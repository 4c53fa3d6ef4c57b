// Every pipeline of configs/, against its known answer, for 1, 2, 4 and 8 workers, with equal digests.
#include <catch2/catch.hpp>
#include <cmath>
#include <cstdint>
#include <functional>
#include <sstream>

#include "run/command.hpp"
#include "run/outcome.hpp"

namespace {

using gantry::tests::command_line;
using gantry::tests::shell;

std::string config(const std::string& name) {
  return GANTRY_SOURCE "/configs/" + name + ".yaml";
}

double after(const std::string& text, const std::string& mark) {
  const std::size_t at = text.rfind(mark);
  return at == std::string::npos ? std::nan("") : std::stod(text.substr(at + mark.size()));
}

std::string lines(const std::string& id, std::initializer_list<std::uint64_t> values) {
  std::string text;
  std::size_t index = 0;
  for (const auto value : values) text += id + "[" + std::to_string(index++) + "] = " + std::to_string(value) + "\n";
  return text;
}

/// What the comment of configs/wordcount.yaml says, as gantry prints it.
std::string frequent_words() {
  std::istringstream lines(
      shell(R"(cat *.yaml | tr A-Z a-z | tr -cs 'a-z0-9\200-\377' '\n' | grep -a . | sort | uniq -c)"
            " | sort -k1,1nr -k2 | sed -n 1,10p",
            GANTRY_SOURCE "/configs"));
  std::string text;
  std::string count;
  std::string word;
  while (lines >> count >> word) text += (text.empty() ? "[\"" : ",[\"") + word + "\"," + count + "]";
  return "top = [" + text + "]\n";
}

std::string checksums() {
  std::istringstream lines(shell("sha256sum *.yaml", GANTRY_SOURCE "/configs"));
  std::string text;
  std::string sum;
  std::string name;
  for (int index = 0; lines >> sum >> name; ++index) text += "sums[" + std::to_string(index) + "] = \"" + sum + "\"\n";
  return text;
}

struct Row {
  const char* config;
  std::vector<std::string> flags;
  std::function<bool(const std::string& out)> right;
};

const std::vector<Row>& rows() {
  static const std::vector<Row> all = {
      {"square_sum", {}, [](const auto& out) { return out == lines("sums", {5500, 33000}); }},
      {"primes", {}, [](const auto& out) { return out == "total = 54208\n"; }},
      {"nth_prime", {}, [](const auto& out) { return out == lines("primes", {224729, 224737, 224743, 224759}); }},
      {"perfect", {}, [](const auto& out) { return out == "perfect = [6,28,496,8128]\n"; }},
      {"sum_range",
       {},
       [](const auto& out) {
         const std::uint64_t sum = 19487171ULL * 19487170ULL / 2;
         return sum == 189874907048035ULL && out == lines("sums", {sum, sum, sum, sum, sum, sum, sum, sum});
       }},
      {"squares",
       {"--set", "end=100001"},
       [](const auto& out) {
         std::string expected;
         for (std::uint64_t x = 1; x <= 100000; ++x) {
           expected += "squares[" + std::to_string(x - 1) + "] = " + std::to_string(x * x) + "\n";
         }
         return out == expected;
       }},
      {"pi", {}, [](const auto& out) { return std::abs(after(out, "pi = ") - 3.14159265358979) < 0.002; }},
      {"integrate", {}, [](const auto& out) { return std::abs(after(out, "integral = ") - 2.0) < 1e-9; }},
      {"sort",
       {"--set", "size=1000"},
       [](const auto& out) { return out.starts_with("summary = {\"count\":64000,\"sorted\":true,\"xxh3\":\""); }},
      {"forest", {}, [](const auto& out) { return out == "accuracy = 0.84175\n"; }},
      {"checksum", {}, [](const auto& out) { return out == checksums(); }},
      {"wordcount", {}, [](const auto& out) { return out == frequent_words(); }},
  };
  return all;
}

}  // namespace

TEST_CASE("configs give their answers, the same bytes for any number of workers") {
  for (const Row& row : rows()) {
    std::string digest;
    for (const char* workers : {"1", "2", "4", "8"}) {
      INFO(row.config << " with " << workers << " workers");
      std::vector<std::string> words{"run", config(row.config), "-j", workers};
      words.insert(words.end(), row.flags.begin(), row.flags.end());
      const auto text = command_line(words);
      INFO(text.err);
      REQUIRE(text.code == 0);
      CHECK(row.right(text.out));
      words.insert(words.end(), {"-o", "digest"});
      const auto digested = command_line(words);
      REQUIRE(digested.code == 0);
      if (digest.empty()) digest = digested.out;
      CHECK(digested.out == digest);
      CHECK(digested.out.find(" xxh3:") != std::string::npos);
    }
  }
}

TEST_CASE("squares: twelve million tasks, the last is right") {
  const auto all = command_line({"run", config("squares"), "-j", "2", "-o", "digest"});
  INFO(all.err);
  REQUIRE(all.code == 0);
  CHECK(all.out.starts_with("squares 11999999 ok 0 error 0 skipped 0 not-run xxh3:"));
  const auto one = command_line({"call", "numbers.square", "x=11999999"});
  REQUIRE(one.code == 0);
  CHECK(one.out == "143999976000001\n");
}

TEST_CASE("sleepy: on five workers ten naps end after fifteen tenths of a second, first in first out") {
  const auto naps = command_line({"run", config("sleepy")});
  INFO(naps.err);
  REQUIRE(naps.code == 0);
  CHECK(naps.out ==
        "naps[0] = 0.1\nnaps[1] = 0.2\nnaps[2] = 0.3\nnaps[3] = 0.4\nnaps[4] = 0.5\n"
        "naps[5] = 0.6\nnaps[6] = 0.7\nnaps[7] = 0.8\nnaps[8] = 0.9\nnaps[9] = 1\n");
  CHECK(naps.took.count() >= 1500);
  for (const char* workers : {"1", "2", "4", "8"}) {
    INFO(workers << " workers");
    const auto same = command_line({"run", config("sleepy"), "-j", workers});
    CHECK(same.out == naps.out);
  }
}
