#include "wire/ledger.hpp"

#include <catch2/catch.hpp>
#include <cstring>

#include "wire/checksum.hpp"
#include "wire/desk.hpp"
#include "wire/drift.hpp"

using namespace gantry;
using schedule::Event;
using tests::chunk;
using tests::Desk;

namespace {

signature::Bytes bytes_of(std::initializer_list<int> numbers) {
  signature::Bytes bytes;
  for (const int number : numbers) bytes.push_back(std::byte(number));
  return bytes;
}

}  // namespace

TEST_CASE("a lease is reported task by task, and closed") {
  Desk desk;
  REQUIRE(desk.apply(wire::ValuesReport{10, 2, 0, 2, 50, false}).empty());
  REQUIRE(desk.apply(wire::FailedReport{12, "odd", "why", 60}).empty());
  REQUIRE(desk.apply(wire::LogReport{13, 1, 2, "hello"}).empty());
  REQUIRE(desk.apply(wire::ValuesReport{13, 2, 2, 2, 70}).empty());
  REQUIRE(desk.apply(wire::ClosedReport{15}).empty());
  REQUIRE(desk.events.size() == 5);
  const auto& values = std::get<schedule::event::Values>(desk.events[0]);
  CHECK((values.first == 10 && values.count == 2 && values.bytes == bytes_of({0, 1})));
  CHECK(values.lengths.empty());
  CHECK(values.busy.count() == 50);
  const auto& failed = std::get<schedule::event::Failed>(desk.events[1]);
  CHECK((failed.index == 12 && failed.kind == "odd" && failed.message == "why"));
  const auto& printed = std::get<schedule::event::Printed>(desk.events[2]);
  CHECK((printed.step == host::StepIndex{3} && printed.first == 13 && printed.level == 2 && printed.text == "hello"));
  CHECK(std::get<schedule::event::Values>(desk.events[3]).bytes == bytes_of({2, 3}));
  CHECK(std::holds_alternative<schedule::event::Closed>(desk.events[4]));
  CHECK(desk.ledger.size() == 0);
  CHECK(desk.released == 4);
}

TEST_CASE("reports that are not the worker's to make are refused") {
  struct Row {
    wire::Report report;
    std::string says;
    std::uint64_t lease = 1;
  };
  const std::vector<Row> rows{
      {wire::ValuesReport{11, 1, 0, 1, 0},
       "a worker's report for lease 1 has values of other tasks than the next ones"},
      {wire::ValuesReport{9, 1, 0, 1, 0}, "a worker's report for lease 1 has values of other tasks than the next ones"},
      {wire::ValuesReport{10, 6, 0, 6, 0},
       "a worker's report for lease 1 has values of other tasks than the next ones"},
      {wire::ValuesReport{10, ~0ull, 0, 6, 0},
       "a worker's report for lease 1 has values of other tasks than the next ones"},
      {wire::ValuesReport{10, 2, 0, 3, 0},
       "a worker's report for lease 1 has values of another size than their number and type say"},
      {wire::ValuesReport{10, 1, ~0ull, 1, 0},
       "a segment of 1 bytes at 18446744073709551615 is not in the window, which starts at 0"},
      {wire::FailedReport{11, "a", "b", 0},
       "a worker's report for lease 1 has an error of another task than the next one"},
      {wire::PartReport{11, 5, 0, 0, 1, 0},
       "a worker's report for lease 1 has a part of another value than the next one"},
      {wire::PartReport{10, 5, 0, 0, 1, 0}, "a worker's report for lease 1 has a value of a wrong size"},
      {wire::ClosedReport{15}, "a worker's report for lease 1 closes it at task 15, of 10 to 15 still to be reported"},
      {wire::ClosedReport{10}, "a worker's report for lease 1 closes it at task 10, of 10 to 15 still to be reported"},
      {wire::LogReport{15, 1, -1, ""}, "a worker's report for lease 1 logs for a task that is not in it"},
      {wire::LogReport{14, 2, -1, ""}, "a worker's report for lease 1 logs for a task that is not in it"},
      {wire::LogReport{14, 1, wire::lowest_level - 1, ""},
       "a worker's report for lease 1 logs for a task that is not in it"},
      {wire::ClosedReport{15}, "a worker reports for lease 2, which is not the one that it runs", 2},
  };
  for (const Row& row : rows) {
    Desk desk;
    CHECK(desk.apply(row.report, row.lease) == row.says);
    CHECK(desk.events.empty());
  }
  Desk done;
  REQUIRE(done.apply(wire::ValuesReport{10, 5, 0, 5, 0}).empty());
  CHECK(done.apply(wire::ValuesReport{10, 5, 5, 5, 0}) ==
        "a worker's report for lease 1 has values of other tasks than the next ones");
}

TEST_CASE("values of any size are split, and their lengths checked") {
  const auto records = [](std::initializer_list<std::uint64_t> lengths, std::uint64_t bytes) {
    signature::Bytes made;
    for (const std::uint64_t length : lengths) {
      signature::append(made, std::as_bytes(std::span(&length, 1)));
      for (std::uint64_t i = 0; i < std::min(length, bytes); ++i) made.push_back(std::byte(length));
    }
    return made;
  };
  struct Row {
    signature::Bytes records;
    std::uint64_t count;
    bool good;
  };
  const Row rows[] = {
      {records({2, 0, 3}, 9), 3, true},  {records({2, 0, 3}, 9), 2, false}, {records({2, 0, 3}, 9), 4, false},
      {records({2, 0, 3}, 2), 3, false}, {records({~0ull}, 3), 1, false},   {records({0}, 0), 1, true},
      {records({}, 0), 1, false},
  };
  for (const Row& row : rows) {
    Desk desk(std::nullopt);
    std::ranges::copy(row.records, desk.bytes.begin());
    CHECK(desk.apply(wire::ValuesReport{10, row.count, 0, row.records.size(), 0}).empty() == row.good);
    if (!row.good || row.count != 3) continue;
    const auto& values = std::get<schedule::event::Values>(desk.events.at(0));
    CHECK(values.lengths == std::vector<std::uint64_t>{2, 0, 3});
    CHECK(values.bytes == bytes_of({2, 2, 3, 3, 3}));
  }
}

TEST_CASE("a value in parts is put together") {
  Desk desk(std::nullopt);
  REQUIRE(desk.apply(wire::PartReport{10, 5, 0, 0, 2, 0}).empty());
  CHECK(desk.events.empty());
  CHECK(desk.apply(wire::ValuesReport{10, 1, 2, 1, 0}) != "");  // in the middle of it
  REQUIRE(desk.apply(wire::PartReport{10, 5, 2, 2, 3, 9}).empty());
  const auto& values = std::get<schedule::event::Values>(desk.events.at(0));
  CHECK((values.first == 10 && values.count == 1 && values.bytes == bytes_of({0, 1, 2, 3, 4})));
  CHECK(values.lengths == std::vector<std::uint64_t>{5});

  const wire::PartReport wrong[] = {
      {11, 5, 2, 2, 3, 0},  // another task
      {10, 6, 2, 2, 3, 0},  // another length
      {10, 5, 1, 2, 3, 0},  // a gap or an overlap
      {10, 5, 3, 2, 2, 0},
  };
  for (const wire::PartReport& part : wrong) {
    Desk other(std::nullopt);
    REQUIRE(other.apply(wire::PartReport{10, 5, 0, 0, 2, 0}).empty());
    CHECK(other.apply(part) == "a worker's report for lease 1 has a part that does not follow the one before");
  }
}

TEST_CASE("values that do not fit their checksum are not believed") {
  const std::string says =
      "a worker's report for lease 1 has values that do not fit their checksum: somebody wrote over them";
  const auto written_over = [](Desk& desk) { desk.bytes[1] ^= std::byte{1}; };
  {
    Desk desk;
    const auto report = tests::summed(1, wire::ValuesReport{10, 3, 0, 3, 0}, signature::View(desk.bytes).first(3));
    written_over(desk);
    CHECK(desk.apply_as_it_is(report) == says);
    CHECK(desk.events.empty());
    CHECK(desk.released == 0);
    written_over(desk);  // which makes it good again
    CHECK(desk.apply_as_it_is(report).empty());
  }
  {
    Desk desk(std::nullopt);
    const auto part = tests::summed(1, wire::PartReport{10, 5, 0, 0, 5, 0}, signature::View(desk.bytes).first(5));
    written_over(desk);
    CHECK(desk.apply_as_it_is(part) == says);
    CHECK(desk.events.empty());
  }
  // A piece that is followed by more than the window holds was read while its own task ran.
  Desk desk(std::nullopt);
  const wire::PartReport early{10, wire::window_capacity + 1, 0, 0, 5, 0};
  CHECK_FALSE(has_checksum(early));
  CHECK(desk.apply_as_it_is(early).empty());
}

TEST_CASE("two leases have two claim words, and are reported in order") {
  Desk desk;
  CHECK(desk.ledger.oldest()->claims == 0);
  CHECK(desk.ledger.open(chunk(2, 20, 1, 1)).claims == 1);
  CHECK(desk.apply(wire::ValuesReport{20, 1, 0, 1, 0}, 2) ==
        "a worker reports for lease 2, which is not the one that it runs");
  REQUIRE(desk.apply(wire::ValuesReport{10, 5, 0, 5, 0}).empty());
  REQUIRE(desk.apply(wire::ClosedReport{15}).empty());
  CHECK(desk.ledger.open(chunk(3, 30, 1, 1)).claims == 2);
  CHECK(desk.apply(wire::ValuesReport{20, 1, 5, 1, 0}, 2).empty());
}

namespace {

wire::OpenSegment segment_of(std::uint64_t first, signature::View bytes, std::uint64_t record) {
  return {1, first, bytes.size() / record, 0, bytes.size(), wire::Checksum(1, first).of(bytes)};
}

}  // namespace

TEST_CASE("values of a dead worker are kept if their checksum fits") {
  Desk desk(2);
  const wire::OpenSegment good = segment_of(10, signature::View(desk.bytes).first(6), 2);
  struct Row {
    std::string what;
    wire::OpenSegment segment;
    bool kept;
  };
  std::vector<Row> rows{{"all is well", good, true},         {"a wrong checksum", good, false},
                        {"another lease", good, false},      {"tasks reported before", good, false},
                        {"one value too many", good, false}, {"outside the window", good, false},
                        {"a missing byte", good, false},     {"nothing", good, false}};
  rows[1].segment.checksum ^= 1;
  rows[2].segment.lease = 2;
  rows[3].segment.first = 9;
  rows[4].segment.count = 4;
  rows[5].segment.at = ~0ull;
  rows[6].segment.bytes = 5;
  rows[7].segment.count = 0;
  for (const Row& row : rows) {
    Desk fresh(2);
    const auto values = fresh.ledger.salvage(row.segment, fresh.window);
    CAPTURE(row.what);
    CHECK(values.has_value() == row.kept);
    if (values) CHECK((values->first == 10 && values->count == 3 && values->bytes == bytes_of({0, 1, 2, 3, 4, 5})));
  }
  // A byte that changed after it was counted.
  desk.bytes[3] = std::byte{77};
  CHECK_FALSE(desk.ledger.salvage(good, desk.window).has_value());
}

TEST_CASE("values of any size are salvaged with their lengths") {
  Desk desk(std::nullopt);
  signature::Bytes bytes;
  wire::OpenSegment segment{1, 10, 0, 0, 0, 0};
  for (const std::uint64_t length : {std::uint64_t{3}, std::uint64_t{0}}) {
    signature::Bytes record;
    signature::append(record, std::as_bytes(std::span(&length, 1)));
    record.resize(record.size() + length, std::byte{9});
    signature::append(bytes, record);
    ++segment.count;
  }
  segment.bytes = bytes.size();
  segment.checksum = wire::Checksum(1, 10).of(bytes);
  std::ranges::copy(bytes, desk.bytes.begin());
  const auto values = desk.ledger.salvage(segment, desk.window);
  REQUIRE(values);
  CHECK(values->lengths == std::vector<std::uint64_t>{3, 0});
  CHECK(values->bytes == bytes_of({9, 9, 9}));
  CHECK_FALSE(desk.ledger.salvage(segment, desk.window).has_value());  // once
}

TEST_CASE("blame falls on the task that was running") {
  struct Row {
    std::string what;
    std::optional<wire::Batch> batch;
    std::optional<std::uint64_t> blamed;
    bool fits = true;
  };
  const Row rows[] = {
      {"nothing ran", std::nullopt, std::nullopt},
      {"the first", wire::Batch{1, 1, 10, 1, 0}, 10},
      {"in a batch", wire::Batch{1, 1, 11, 4, 2}, 13},
      {"a batch had ended", wire::Batch{1, 1, 10, 5, 5}, std::nullopt},
      {"words written over: a task outside", wire::Batch{1, 1, 77, 1, 0}, std::nullopt, false},
      {"words written over: a task before", wire::Batch{1, 1, 9, 1, 0}, std::nullopt, false},
      {"words written over: too many tasks", wire::Batch{1, 1, 10, 6, 0}, std::nullopt, false},
      {"words written over: more than there can be", wire::Batch{1, 1, 11, ~0ull, 0}, std::nullopt, false},
      {"words written over: another lease", wire::Batch{1, 9, 10, 1, 0}, std::nullopt, false},
      {"words written over: nonsense", wire::Batch{1, 1, 10, 5, 700}, std::nullopt, false},
  };
  for (const Row& row : rows) {
    CAPTURE(row.what);
    const Desk desk;
    CHECK(desk.ledger.blame(row.batch) == row.blamed);
    if (row.batch) CHECK(desk.ledger.fits(*row.batch) == row.fits);
  }
  // The worker died between telling a value and telling that its task had finished.
  Desk told;
  REQUIRE(told.apply(wire::ValuesReport{10, 2, 0, 2, 0}).empty());
  CHECK(told.ledger.blame(wire::Batch{1, 1, 10, 5, 1}) == std::nullopt);
  CHECK(told.ledger.blame(wire::Batch{1, 1, 10, 5, 2}) == 12);
  wire::GivenFiles files;
  const wire::Ledger none(wire::Shelves{}, files);
  CHECK(none.blame(wire::Batch{1, 1, 10, 1, 0}) == std::nullopt);
}

TEST_CASE("values may close their lease: one report, two events") {
  Desk desk;
  REQUIRE(desk.apply(wire::ValuesReport{10, 3, 0, 3, 20, false}).empty());
  REQUIRE(desk.apply(wire::ValuesReport{13, 2, 3, 2, 30, true}).empty());
  REQUIRE(desk.events.size() == 3);
  const auto& values = std::get<schedule::event::Values>(desk.events[1]);
  CHECK((values.lease == host::LeaseId{1} && values.first == 13 && values.count == 2));
  CHECK((values.bytes == bytes_of({3, 4}) && values.busy.count() == 30));
  CHECK(std::get<schedule::event::Closed>(desk.events[2]).lease == host::LeaseId{1});
  CHECK(desk.ledger.size() == 0);
  CHECK(desk.released == 5);
  CHECK(desk.apply(wire::ValuesReport{15, 1, 5, 1, 0}) ==
        "a worker reports for lease 1, which is not the one that it runs");

  Desk next;
  next.ledger.open(chunk(2, 40, 1, 1));
  REQUIRE(next.apply(wire::ValuesReport{10, 5, 0, 5, 0, true}).empty());
  CHECK(next.apply(wire::ValuesReport{40, 1, 5, 1, 0, true}, 2).empty());  // the next one's turn
  CHECK(next.events.size() == 4);
}

TEST_CASE("values that close a lease before its end are an offence") {
  Desk desk;
  CHECK(desk.apply(wire::ValuesReport{10, 4, 0, 4, 0, true}) ==
        "a worker's report for lease 1 closes it at task 14, of 14 to 15 still to be reported");
  for (const Event& event : desk.events) CHECK_FALSE(std::holds_alternative<schedule::event::Closed>(event));
  CHECK(desk.ledger.size() == 1);

  // A recall has moved the end: then it is the new end that counts.
  Desk cut;
  cut.ledger.find(host::LeaseId{1})->end = 12;
  CHECK(cut.apply(wire::ValuesReport{10, 3, 0, 3, 0, true}) ==
        "a worker's report for lease 1 has values of other tasks than the next ones");
  CHECK(cut.apply(wire::ValuesReport{10, 2, 0, 2, 0, true}).empty());
  CHECK(std::holds_alternative<schedule::event::Closed>(cut.events.at(1)));
}

TEST_CASE("prints of tasks that ended leases ago are told as those of the last lease") {
  Desk first;
  CHECK(first.apply(wire::LogReport{10, 1, -1, "early", true}) ==
        "a worker's report for lease 1 logs for a lease before the first");
  CHECK(first.events.empty());

  struct Row {
    std::string what;
    wire::LogReport report;
    bool good;
  };
  const std::string misplaced = "a worker's report for lease 2 logs for a task that is not in it";
  const Row rows[] = {
      {"all of the last lease", {10, 5, -1, "x", true}, true},
      {"its last task", {14, 1, -1, "x", true}, true},
      {"leases before it as well", {2, 13, -1, "x", true}, true},
      {"behind it", {15, 1, -1, "x", true}, false},
      {"over its end", {10, 6, -1, "x", true}, false},
      {"over the end of all numbers", {10, ~0ull, -1, "x", true}, false},
      {"a task of the open lease", {100, 1, -1, "x", true}, false},
      {"no task", {10, 0, -1, "x", true}, false},
      {"a level that there is not", {10, 1, wire::lowest_level - 1, "x", true}, false},
      {"the lowest level that there is", {10, 1, wire::lowest_level, "x", true}, true},
      {"of the open lease", {100, 1, -1, "x", false}, true},
      {"of the open lease and before it", {99, 2, -1, "x", false}, true},
      {"behind the open lease", {102, 1, -1, "x", false}, false},
  };
  for (const Row& row : rows) {
    CAPTURE(row.what);
    Desk desk;
    schedule::Chunk second = chunk(2, 100, 2, 1);
    second.lease.step = host::StepIndex{7};
    second.lease.worker = host::WorkerIndex{4};
    desk.ledger.open(second);
    REQUIRE(desk.apply(wire::ValuesReport{10, 5, 0, 5, 0, true}).empty());
    desk.events.clear();
    CHECK(desk.apply(row.report, 2) == (row.good ? "" : misplaced));
    REQUIRE(desk.events.size() == (row.good ? 1 : 0));
    if (!row.good) continue;
    const auto& printed = std::get<schedule::event::Printed>(desk.events[0]);
    CHECK(printed.step == host::StepIndex{row.report.earlier ? 3u : 7u});
    CHECK(printed.worker == host::WorkerIndex{row.report.earlier ? 0u : 4u});
    CHECK((printed.first == row.report.first && printed.count == row.report.count && printed.text == "x"));
  }
}
