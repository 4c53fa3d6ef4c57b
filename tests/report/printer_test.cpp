// The printer: what comes out when, and what may be given up.
#include "report/printer.hpp"

#include <algorithm>
#include <random>

#include "paper.hpp"

namespace {

using namespace paper;
using gantry::report::Format;
using gantry::report::Order;
using gantry::report::Printer;

constexpr StepIndex kFirst{0};
constexpr StepIndex kSecond{1};

void put_number(Store& store, unsigned step, std::uint64_t index) {
  store.put(StepIndex{step}, index, 1, number<std::uint64_t>(100 * step + index), {});
}

void advance(Printer& printer, const Store& store, StepIndex changed) {
  REQUIRE(printer.advance(store, std::span(&changed, 1)));
}

std::vector<Column> numbers(unsigned steps, unsigned component_of_second) {
  std::vector<Column> columns;
  for (unsigned i = 0; i < steps; ++i)
    columns.push_back(column(std::string(1, static_cast<char>('a' + i)), "u64", true));
  if (steps > 1) columns[1].component = component_of_second;
  return columns;
}

}  // namespace

TEST_CASE("steps that stream are interleaved by index, as soon as they can be") {
  const auto columns = numbers(2, 0);
  Store store = store_for(columns);
  Paper paper;
  Printer printer(columns, {}, Format::text, Order::id, paper.sink());
  store.sized(kFirst, 3);
  put_number(store, 0, 1);
  advance(printer, store, kFirst);
  CHECK(paper.text().empty());
  CHECK(printer.moved().empty());
  put_number(store, 0, 0);
  advance(printer, store, kFirst);
  CHECK(paper.text() == "a[0] = 0\n");
  CHECK(printer.position(kFirst) == 1);
  CHECK(printer.moved() == std::vector<StepIndex>{kFirst});
  store.sized(kSecond, 2);
  put_number(store, 1, 0);
  put_number(store, 1, 1);
  advance(printer, store, kSecond);
  CHECK(paper.text() == "a[0] = 0\nb[0] = 100\na[1] = 1\nb[1] = 101\n");
  CHECK(printer.position(kFirst) == 2);
  CHECK(printer.position(kSecond) == 2);
  put_number(store, 0, 2);
  REQUIRE(printer.finish(store));
  CHECK(paper.text() == "a[0] = 0\nb[0] = 100\na[1] = 1\nb[1] = 101\na[2] = 2\n");
}

TEST_CASE("other steps come one after the other") {
  const auto columns = numbers(2, 1);
  Store store = store_for(columns);
  Paper paper;
  Printer printer(columns, {}, Format::text, Order::id, paper.sink());
  store.sized(kFirst, 1);
  store.sized(kSecond, 1);
  put_number(store, 1, 0);
  advance(printer, store, kSecond);
  CHECK(printer.position(kSecond) == 0);
  put_number(store, 0, 0);
  advance(printer, store, kFirst);
  CHECK(printer.position(kSecond) == 1);
  CHECK(printer.moved() == std::vector<StepIndex>{kFirst, kSecond});
  CHECK(paper.text() == "a[0] = 0\nb[0] = 100\n");
}

TEST_CASE("order done prints outcomes as they come, and consumes the frontier") {
  const auto columns = numbers(2, 0);
  Store store = store_for(columns);
  Paper paper;
  Printer printer(columns, {}, Format::text, Order::done, paper.sink());
  store.sized(kFirst, 3);
  const Bytes two = join(number<std::uint64_t>(7), number<std::uint64_t>(8));
  REQUIRE(printer.done(kFirst, {1, 2, nullptr, two, 8, {}}));
  store.put(kFirst, 1, 2, two, {});
  advance(printer, store, kFirst);
  CHECK(paper.text() == "a[1] = 7\na[2] = 8\n");
  CHECK(printer.position(kFirst) == 0);
  const Reason crash{Status::error, "crash", "gone"};
  REQUIRE(printer.done(kFirst, {0, 1, &crash, {}, {}, {}}));
  store.put(kFirst, 0, 1, crash);
  advance(printer, store, kFirst);
  CHECK(printer.position(kFirst) == 3);
  REQUIRE(printer.finish(store));
  CHECK(paper.text() == "a[1] = 7\na[2] = 8\na[0] ! crash: gone\n");
  CHECK(printer.counts(kFirst) == gantry::report::Counts{2, 1, 0, 0});
}

TEST_CASE("order done shows values of various lengths, and nothing of unprinted steps") {
  const std::vector<Column> columns{column("s", "str", true), column("hidden", "str", true, false)};
  Paper paper;
  Printer printer(columns, {}, Format::ndjson, Order::done, paper.sink());
  const Bytes two = join(str("a"), str("bcd"));
  const std::vector<std::uint64_t> lengths{9, 11};
  REQUIRE(printer.done(kSecond, {0, 2, nullptr, two, {}, lengths}));
  REQUIRE(printer.done(kFirst, {4, 2, nullptr, two, {}, lengths}));
  CHECK(paper.text() == R"({"id": "s[4]", "step": "s", "index": 4, "status": "ok", "value": "a"})"
                        "\n"
                        R"({"id": "s[5]", "step": "s", "index": 5, "status": "ok", "value": "bcd"})"
                        "\n");
}

TEST_CASE("what a sink refuses ends the printing") {
  const auto columns = numbers(1, 0);
  Store store = store_for(columns);
  store.sized(kFirst, 1);
  put_number(store, 0, 0);
  auto full = gantry::report::Sink::to_file("/dev/full");
  REQUIRE(full);
  Printer printer(columns, {}, Format::text, Order::id, *full);
  const auto finished = printer.finish(store);
  REQUIRE_FALSE(finished);
  CHECK(finished.error().kind == gantry::host::ErrorKind::output);
}

TEST_CASE("a run of tasks that never started is printed at its end, and holds no other step up") {
  const auto columns = numbers(2, 0);
  Store store = store_for(columns);
  Paper paper;
  Printer printer(columns, {}, Format::text, Order::id, paper.sink());
  const Reason skipped{Status::skipped, "skipped", "x has no value"};
  store.sized(kFirst, 4);
  store.sized(kSecond, 4);
  store.put(kSecond, 0, 2, skipped);
  put_number(store, 0, 0);
  advance(printer, store, kFirst);
  CHECK(paper.text() == "a[0] = 0\n");
  CHECK(printer.position(kSecond) == 2);  // taken, so that its window opens
  put_number(store, 0, 1);
  store.put(kSecond, 2, 1, skipped);
  put_number(store, 0, 2);
  advance(printer, store, kFirst);
  CHECK(paper.text() == "a[0] = 0\na[1] = 1\na[2] = 2\n");
  put_number(store, 0, 3);
  put_number(store, 1, 3);
  REQUIRE(printer.finish(store));
  CHECK(paper.text() == "a[0] = 0\na[1] = 1\na[2] = 2\na[3] = 3\nb[0…2] ! skipped: x has no value\nb[3] = 103\n");
  CHECK(printer.counts(kSecond) == gantry::report::Counts{1, 0, 3, 0});
}

TEST_CASE("any order of arrival, chunking and moments of printing give the same bytes") {
  const auto seed = std::random_device{}();
  INFO("seed " << seed);
  std::mt19937 random(seed);
  const auto below = [&random](std::uint64_t bound) {
    return std::uniform_int_distribution<std::uint64_t>(0, bound - 1)(random);
  };
  const std::vector<Format> formats{Format::text, Format::ndjson, Format::json, Format::digest};
  for (int round = 0; round < 50; ++round) {
    // Steps of one or several components, some not printed; the same outcomes in each of the tries.
    std::vector<Column> columns;
    std::vector<std::uint64_t> sizes;
    std::vector<std::vector<unsigned>> fails;  // 1: an error, 2 and 3: skipped, for two reasons
    const std::uint64_t steps = 1 + below(5);
    for (std::uint64_t i = 0; i < steps; ++i) {
      columns.push_back(column("s" + std::to_string(i), "u64", true, below(4) > 0));
      columns.back().component = static_cast<unsigned>(below(3));
      sizes.push_back(below(5) == 0 ? 0 : 1 + below(60));
      fails.emplace_back(sizes.back());
      for (std::uint64_t at = 0; at < sizes.back(); ++at)
        fails.back()[at] = below(3) == 0 ? static_cast<unsigned>(below(4)) : 0;
    }
    const Format format = formats[below(formats.size())];
    std::string expected;
    for (int attempt = 0; attempt < 6; ++attempt) {
      struct Chunk {
        unsigned step;
        std::uint64_t first, count;
      };
      std::vector<Chunk> chunks;
      for (unsigned i = 0; i < steps; ++i) {
        for (std::uint64_t first = 0; first < sizes[i];) {
          std::uint64_t count = 1;
          const std::uint64_t most = std::min(sizes[i] - first, 1 + below(12));
          while (count < most && fails[i][first + count] == fails[i][first]) ++count;
          chunks.push_back({i, first, count});
          first += count;
        }
      }
      std::shuffle(chunks.begin(), chunks.end(), random);
      Store store = store_for(columns);
      Paper paper;
      Printer printer(columns, {}, format, Order::id, paper.sink());
      for (unsigned i = 0; i < steps; ++i) store.sized(StepIndex{i}, sizes[i]);
      for (const Chunk& chunk : chunks) {
        const StepIndex step{chunk.step};
        if (const unsigned how = fails[chunk.step][chunk.first]; how != 0) {
          store.put(step, chunk.first, chunk.count,
                    how == 1 ? Reason{Status::error, "crash", "gone"}
                             : Reason{Status::skipped, "skipped", how == 2 ? "x" : "y"});
        } else {
          Bytes bytes;
          for (std::uint64_t at = 0; at < chunk.count; ++at) gantry::signature::append(bytes, number(chunk.first + at));
          store.put(step, chunk.first, chunk.count, std::move(bytes), {});
        }
        if (below(2) == 0) continue;
        advance(printer, store, step);
        for (const StepIndex moved : printer.moved()) store.release(moved, printer.position(moved));
      }
      REQUIRE(printer.finish(store));
      for (unsigned i = 0; i < steps; ++i) CHECK(printer.position(StepIndex{i}) == sizes[i]);
      if (attempt == 0) expected = paper.text();
      CHECK(paper.text() == expected);
    }
  }
}

TEST_CASE("who prints a text that is not UTF-8 is known") {
  const std::vector<Column> columns = apart(
      {column("good", "[str]", false), column("bad", "(u8, map<str, str?>)", false), column("none", "str", false)});
  Store store = store_for(columns);
  Paper paper;
  Printer printer(columns, {}, Format::ndjson, Order::id, paper.sink());
  for (unsigned step = 0; step < 3; ++step) store.sized(StepIndex{step}, 1);
  put(store, columns, 0, 0, join(number<std::uint64_t>(1), str("\uFFFD")));
  put(store, columns, 1, 0,
      join(number<std::uint8_t>(5), number<std::uint64_t>(1), str("k"), number<std::uint8_t>(1), str("\xC3")));
  store.put(StepIndex{2}, 0, 1, Reason{Status::error, "error", "\xff"});
  REQUIRE(printer.finish(store));
  CHECK(!printer.replaced(StepIndex{0}));
  CHECK(printer.replaced(StepIndex{1}));
  CHECK(!printer.replaced(StepIndex{2}));
}
