#include "wire/outcome.hpp"

#include <catch2/catch.hpp>
#include <limits>

#include "wire/layout.hpp"

using namespace gantry;
using wire::Report;

namespace {

signature::Bytes payload_of(const Report& report) {
  signature::Bytes bytes;
  wire::encode(report, bytes);
  return bytes;
}

host::Result<Report> decode(const Report& report, signature::View payload) {
  return wire::decode_report({wire::kind_of(report), wire::flags_of(report), 1, payload});
}

const std::vector<Report> examples{
    wire::ValuesReport{1, 2, 3, 4, 5, false, 6},
    wire::PartReport{1, 100, 10, 3, 90, 6, 7},
    wire::FailedReport{7, "kind", "message", 8},
    wire::ClosedReport{9},
    wire::LogReport{1, 2, -1, "printed\n"},
    wire::ProgressReport{7, 0.5, "half of it"},
    wire::AskReport{3, {schedule::Ask::What::load, 4, 5, 6, 7}},
};

}  // namespace

TEST_CASE("reports arrive as they were sent") {
  for (const Report& report : examples) {
    const signature::Bytes payload = payload_of(report);
    const auto got = decode(report, payload);
    REQUIRE(got);
    REQUIRE(got->index() == report.index());
    CHECK(payload_of(*got) == payload);
  }
  const auto failed = decode(examples[2], payload_of(examples[2]));
  CHECK(std::get<wire::FailedReport>(*failed).message == "message");
  CHECK(std::get<wire::FailedReport>(*failed).index == 7);
  const auto part = std::get<wire::PartReport>(*decode(examples[1], payload_of(examples[1])));
  CHECK((part.index == 1 && part.total == 100 && part.offset == 10 && part.at == 3 && part.bytes == 90));
  CHECK(std::get<wire::LogReport>(*decode(examples[4], payload_of(examples[4]))).level == -1);
  const auto progress = std::get<wire::ProgressReport>(*decode(examples[5], payload_of(examples[5])));
  CHECK((progress.index == 7 && progress.fraction == 0.5 && progress.text == "half of it"));
}

TEST_CASE("a piece of a change is as long as its frame, within a cap") {
  wire::ChangeReport report{3, schedule::Change::What::add, 4, signature::Bytes(10, std::byte{1})};
  const auto got = decode(report, payload_of(report));
  REQUIRE(got);
  CHECK(std::get<wire::ChangeReport>(*got).bytes == report.bytes);
  for (std::uint64_t size = 0; size < 13; ++size) {
    CHECK_FALSE(decode(report, signature::View(payload_of(report)).first(size)).has_value());
  }
  report.bytes.resize(wire::piece_cap + 1);
  CHECK_FALSE(decode(report, payload_of(report)).has_value());
  report.bytes.clear();
  report.what = static_cast<schedule::Change::What>(9);
  CHECK_FALSE(decode(report, payload_of(report)).has_value());
}

TEST_CASE("a report that is cut at any byte, or too long, is refused") {
  for (const Report& report : examples) {
    signature::Bytes payload = payload_of(report);
    for (std::uint64_t size = 0; size < payload.size(); ++size) {
      CHECK_FALSE(decode(report, signature::View(payload).first(size)).has_value());
    }
    payload.push_back(std::byte{0});
    CHECK_FALSE(decode(report, payload).has_value());
  }
}

TEST_CASE("reports with fields out of bounds are refused") {
  const Report rows[] = {
      wire::ValuesReport{0, 0, 0, 0, 0},  // no value
      wire::ProgressReport{0, 1.5, ""},
      wire::ProgressReport{0, -0.1, ""},
      wire::ProgressReport{0, std::numeric_limits<double>::quiet_NaN(), ""},
      wire::ValuesReport{0, 1, 0, wire::window_capacity + 1, 0},  // larger than the window
      wire::PartReport{0, 10, 0, 0, 0, 0},                        // an empty part would never end
      wire::PartReport{0, 10, 5, 0, 6, 0},                        // over its value's end
      wire::PartReport{0, 10, ~0ull, 0, 6, 0},
      wire::PartReport{0, wire::result_cap + 1, 0, 0, 6, 0},
      wire::PartReport{0, wire::result_cap, 0, 0, wire::window_capacity + 1, 0},
  };
  for (const Report& report : rows) CHECK_FALSE(decode(report, payload_of(report)).has_value());
  CHECK(wire::decode_report({wire::FrameKind::chunk, 0, 1, {}}).error().sentence ==
        "a frame of the host came to the host");
}

TEST_CASE("long texts are cut between characters, and say so") {
  CHECK(wire::cut("short", 100) == "short");
  const std::string exact(100, 'a');
  CHECK(wire::cut(exact, 100) == exact);
  const std::string longer(101, 'a');
  CHECK(wire::cut(longer, 50) == std::string(28, 'a') + "… (101 bytes in all)");
  const std::string wide = "ä" + std::string("ä") + std::string(100, 'x');
  const std::string got = wire::cut(wide, 25);
  CHECK(got.size() <= 25);
  CHECK(got == "ä… (104 bytes in all)");
  const Report report = wire::FailedReport{0, std::string(1000, 'k'), std::string(100000, 'm'), 0};
  const auto failed = std::get<wire::FailedReport>(*decode(report, payload_of(report)));
  CHECK(failed.kind.size() == wire::kind_cap);
  CHECK(failed.message.size() == wire::text_cap);
  CHECK(failed.message.ends_with("… (100000 bytes in all)"));
}

TEST_CASE("what is a flag of the frame arrives with it") {
  struct Row {
    Report report;
    std::uint16_t flags;
  };
  const Row rows[] = {
      {wire::ValuesReport{1, 2, 3, 4, 5, false}, 0},
      {wire::ValuesReport{1, 2, 3, 4, 5, true}, 1},
      {wire::LogReport{1, 2, -1, "printed", false}, 0},
      {wire::LogReport{1, 2, 3, "logged", true}, 1},
      {wire::PartReport{1, 100, 10, 3, 90, 6}, 0},
      {wire::FailedReport{7, "kind", "message", 8}, 0},
      {wire::ClosedReport{9}, 0},
  };
  for (const Row& row : rows) {
    CHECK(wire::flags_of(row.report) == row.flags);
    const auto got = decode(row.report, payload_of(row.report));
    REQUIRE(got);
    CHECK(wire::kind_of(*got) == wire::kind_of(row.report));
    CHECK(wire::flags_of(*got) == row.flags);
    CHECK(payload_of(*got) == payload_of(row.report));
  }
  const auto closing = std::get<wire::ValuesReport>(*decode(rows[1].report, payload_of(rows[1].report)));
  CHECK((closing.closes && closing.first == 1 && closing.busy_ns == 5));
  const auto earlier = std::get<wire::LogReport>(*decode(rows[3].report, payload_of(rows[3].report)));
  CHECK((earlier.earlier && earlier.first == 1 && earlier.count == 2 && earlier.level == 3));
}

TEST_CASE("a flag that a report does not have is refused") {
  for (const Report& report : examples) {
    const signature::Bytes payload = payload_of(report);
    const wire::FrameKind kind = wire::kind_of(report);
    const bool has_one =
        kind == wire::FrameKind::values || kind == wire::FrameKind::failed || kind == wire::FrameKind::log;
    for (unsigned bit = 0; bit < 16; ++bit) {
      CAPTURE(report.index(), bit);
      const auto flags = static_cast<std::uint16_t>(1U << bit);
      const auto got = wire::decode_report({wire::kind_of(report), flags, 1, payload});
      CHECK(got.has_value() == (has_one && bit == 0));
      if (!got) CHECK(got.error().sentence == "the frame with an unknown flag is malformed");
      CHECK_FALSE(wire::decode_report({wire::kind_of(report), static_cast<std::uint16_t>(flags | 2U), 1, payload}));
    }
  }
}
