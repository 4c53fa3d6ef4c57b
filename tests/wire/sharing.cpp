// Shared objects on the wire: what a worker may ask and change, and how answers reach it.
#include "wire/sharing.hpp"

#include <catch2/catch.hpp>
#include <cstring>
#include <thread>

#include "wire/attach.hpp"
#include "wire/checksum.hpp"
#include "wire/desk.hpp"
#include "wire/host_channel.hpp"
#include "wire/worker_channel.hpp"

using namespace gantry;
using schedule::Answer;
using schedule::Ask;
using schedule::Change;
using signature::Bytes;

namespace {

template <class... Number>
Bytes packed(Number... numbers) {
  Bytes bytes;
  const auto add = [&](auto number) {
    const std::size_t at = bytes.size();
    bytes.resize(at + sizeof number);
    std::memcpy(bytes.data() + at, &number, sizeof number);
  };
  (add(numbers), ...);
  return bytes;
}

/// Tasks hold the queue 2 of u64, the counter 5 and the array 7 of three u16.
std::shared_ptr<const schedule::Assignment> sharing() {
  schedule::Assignment made;
  made.result_size = 1;
  made.pattern = std::make_shared<const signature::Template>();
  made.shared = {{2, 0, *signature::parse_parameter_type("queue<bool>"), 0},
                 {5, 1, *signature::parse_parameter_type("counter"), 0},
                 {7, 2, *signature::parse_parameter_type("array<u16>"), 3}};
  return std::make_shared<const schedule::Assignment>(std::move(made));
}

schedule::Chunk chunk_of(std::uint64_t lease, const std::shared_ptr<const schedule::Assignment>& with) {
  return {{host::LeaseId{lease}, host::WorkerIndex{0}, host::StepIndex{0}, 10, 1, 1}, with, {}};
}

/// A ledger with the lease 9, of task 10.
struct SharedDesk : tests::Desk {
  SharedDesk() {
    ledger.clear();
    ledger.open(chunk_of(9, sharing()));
  }
  std::string apply(wire::Report report) { return Desk::apply(std::move(report), 9); }
};

wire::AskReport ask(std::uint32_t object, Ask::What what = Ask::What::get, std::uint64_t wait = 0,
                    std::uint64_t first = 0, std::uint64_t count = 0, std::uint64_t index = 10) {
  return {index, {what, object, wait, first, count}};
}
wire::ChangeReport change(std::uint32_t object, Change::What what, Bytes bytes, std::uint64_t index = 10) {
  return {index, what, object, std::move(bytes)};
}
const wire::ValuesReport kValue{10, 1, 0, 1, 0};

}  // namespace

TEST_CASE("changes come with the value of their task, put together") {
  SharedDesk desk;
  CHECK(desk.apply(change(2, Change::What::put, packed(std::uint64_t{1}, std::uint8_t{1}))).empty());
  CHECK(desk.apply(change(2, Change::What::put, packed(std::uint64_t{1}, std::uint8_t{0}))).empty());
  CHECK(desk.apply(change(2, Change::What::close, {})).empty());
  CHECK(desk.apply(change(5, Change::What::add, packed(std::int64_t{-3}))).empty());
  CHECK(desk.apply(change(7, Change::What::add, packed(std::uint64_t{2}, std::uint16_t{9}))).empty());
  REQUIRE(desk.events.empty());
  CHECK(desk.apply(kValue).empty());
  const auto& values = std::get<schedule::event::Values>(desk.events.at(0));
  REQUIRE((values.changes && values.changes->size() == 4));
  CHECK(values.changes->at(0).bytes == packed(std::uint64_t{1}, std::uint8_t{1}, std::uint64_t{1}, std::uint8_t{0}));
  CHECK(values.changes->at(1).what == Change::What::close);
}

TEST_CASE("a task that fails changes nothing") {
  SharedDesk desk;
  CHECK(desk.apply(change(5, Change::What::add, packed(std::int64_t{1}))).empty());
  CHECK(desk.apply(wire::FailedReport{10, "kind", "message", 1}).empty());
  CHECK(std::holds_alternative<schedule::event::Failed>(desk.events.at(0)));
}

TEST_CASE("what is saved of a dead worker has its changes") {
  SharedDesk desk;
  CHECK(desk.apply(change(5, Change::What::add, packed(std::int64_t{4}))).empty());
  wire::OpenSegment segment{9, 10, 1, 0, 1, 0};
  segment.checksum = wire::Checksum(9, 10).of(signature::View(desk.bytes).first(1));
  const auto values = desk.ledger.salvage(segment, desk.window);
  REQUIRE((values && values->changes));
  CHECK(values->changes->at(0).bytes == packed(std::int64_t{4}));
}

TEST_CASE("asks and changes that are not the task's to make are refused") {
  struct Row {
    std::vector<wire::Report> before;
    wire::Report report;
    std::string says;
  };
  const std::string who = "a worker's report for lease 9 ";
  const Row rows[] = {
      {{}, ask(3), "asks for the shared object 3, which its task has not"},
      {{}, ask(2, Ask::What::get, 0, 0, 0, 11), "asks for a shared object, which its task has not"},
      {{kValue}, ask(2, Ask::What::get, 0, 0, 0, 11), "asks for a shared object, which its task has not"},
      {{}, ask(2, Ask::What::load), "asks for what its shared object cannot give"},
      {{}, ask(5), "asks for what its shared object cannot give"},
      {{}, ask(5, Ask::What::load), "asks for more of a counter than its value"},
      {{}, ask(5, Ask::What::load, 0, 1, 1), "asks for more of a counter than its value"},
      {{}, ask(5, Ask::What::load, 0, 0, 2), "asks for more of a counter than its value"},
      {{}, ask(5, Ask::What::load, 0, std::uint64_t{1} << 32, 4), "asks for more of a counter than its value"},
      {{}, ask(7, Ask::What::load, 0, 2, 2), "asks for elements that its shared array has not"},
      {{}, ask(7, Ask::What::load, 0, 4, 0), "asks for elements that its shared array has not"},
      {{}, ask(7, Ask::What::load, 0, 1, UINT64_MAX), "asks for elements that its shared array has not"},
      {{ask(2)}, ask(2), "asks for a shared object before it has its last answer"},
      {{ask(2)}, ask(2, Ask::What::cancel), "takes back what it did not ask for"},
      {{ask(2)}, kValue, "has an outcome before the answer that its task waits for"},
      {{ask(2)}, wire::FailedReport{10, "k", "m", 1}, "has an outcome before the answer that its task waits for"},
      {{}, change(3, Change::What::put, {}), "changes the shared object 3, which its task has not"},
      {{}, change(2, Change::What::put, {}, 11), "changes a shared object, which its task has not"},
      {{change(2, Change::What::put, packed(std::uint64_t{1}, std::uint8_t{2}))},
       kValue,
       "changes the shared object 2 in a way that does not fit it"},
      {{change(2, Change::What::put, packed(std::uint64_t{9}, std::uint8_t{1}))},
       kValue,
       "changes the shared object 2 in a way that does not fit it"},
      {{change(2, Change::What::put, packed(std::uint32_t{9}))},
       kValue,
       "changes the shared object 2 in a way that does not fit it"},
      {{change(2, Change::What::close, packed(std::uint8_t{1}))},
       kValue,
       "changes the shared object 2 in a way that does not fit it"},
      {{change(2, Change::What::add, packed(std::int64_t{1}))},
       kValue,
       "changes the shared object 2 in a way that does not fit it"},
      {{change(5, Change::What::add, packed(std::uint8_t{1}))},
       kValue,
       "changes the shared object 5 in a way that does not fit it"},
      {{change(7, Change::What::add, packed(std::uint64_t{3}, std::uint16_t{1}))},
       kValue,
       "changes the shared object 7 in a way that does not fit it"},
      {{change(7, Change::What::add, packed(std::uint64_t{1}))},
       kValue,
       "changes the shared object 7 in a way that does not fit it"},
      {{change(7, Change::What::add, packed(std::uint64_t{1}, std::uint16_t{1}, std::uint64_t{1}, std::uint16_t{1}))},
       kValue,
       "changes the shared object 7 in a way that does not fit it"},
      {{change(7, Change::What::add, packed(std::uint64_t{1}, std::uint16_t{1}, std::uint64_t{0}, std::uint16_t{1}))},
       kValue,
       "changes the shared object 7 in a way that does not fit it"},
      {{change(5, Change::What::add, packed(std::int64_t{1})),
        change(7, Change::What::add, packed(std::uint64_t{1}, std::uint16_t{1})),
        change(5, Change::What::add, packed(std::int64_t{1}))},
       kValue,
       "adds to the shared object 5 twice"},
  };
  for (const Row& row : rows) {
    SharedDesk desk;
    for (const wire::Report& report : row.before) REQUIRE(desk.apply(report).empty());
    CHECK(desk.apply(row.report) == who + row.says);
  }
  tests::Desk plain;
  CHECK(plain.apply(ask(2)) == "a worker's report for lease 1 asks for a shared object, which its task has not");
  CHECK(plain.apply(change(2, Change::What::put, {})) ==
        "a worker's report for lease 1 changes a shared object, which its task has not");
}

TEST_CASE("answers of any size arrive, and chunks that come before them wait") {
  auto made = wire::HostChannel::make(host::WorkerIndex{0}, 1);
  REQUIRE(made);
  wire::HostChannel& host = made->channel;
  wire::WorkerChannel worker = tests::attach(std::move(made->worker_end));
  wire::Blocks blocks;
  const auto with = sharing();
  for (const std::uint64_t lease : {1, 2}) REQUIRE(host.start(chunk_of(lease, with), 0, blocks).value_or(false));
  const auto work = worker.next();
  REQUIRE((work && *work));
  REQUIRE((*work)->assigned->shared.size() == 3);
  CHECK((*work)->assigned->shared[2].size == 3);
  for (const std::size_t size : {std::size_t{0}, std::size_t{1}, std::size_t{64 * 1024}, std::size_t{3'000'000}}) {
    REQUIRE(worker.report(1, ask(2)));
    std::vector<schedule::Event> events;
    REQUIRE(host.receive(events));
    REQUIRE(std::get<schedule::event::Asked>(events.at(0)).ask.object == 2);
    const Bytes value(size, std::byte{7});
    REQUIRE(host.answer(host::LeaseId{1}, {Answer::Kind::value, value}));
    std::jthread sender([&](const std::stop_token& stop) {
      while (!stop.stop_requested() && host.answers_wait()) host.ring();
    });
    const auto answer = worker.answer(1, UINT64_MAX);
    REQUIRE((answer && *answer));
    CHECK((*answer)->bytes == value);
  }
  const auto late = worker.answer(1, wire::monotonic_ns() + 2'000'000);
  REQUIRE(late);
  CHECK(!*late);
  const auto next = worker.next();  // it came before the first answer
  REQUIRE((next && *next));
  CHECK((*next)->lease == 2);
}
