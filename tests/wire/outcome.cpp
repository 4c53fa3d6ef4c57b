#include "wire/outcome.hpp"

#include <catch2/catch.hpp>

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
  return wire::decode_report({wire::kind_of(report), 0, 1, payload});
}

const std::vector<Report> examples{
    wire::ValuesReport{1, 2, 3, 4, 5},           wire::PartReport{1, 100, 10, 3, 90, 6},
    wire::FailedReport{7, "kind", "message", 8}, wire::ClosedReport{9},
    wire::LogReport{1, 2, -1, "printed\n"},
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
      wire::ValuesReport{0, 0, 0, 0, 0},                          // no value
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
