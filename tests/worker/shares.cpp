// The worker's half of what tasks share: what a task changes is told with its value, all or nothing, and what it may
// not do fails it.
#include "worker/shares.hpp"

#include <catch2/catch.hpp>
#include <cstring>
#include <functional>

#include "signature/type.hpp"
#include "wire/attach.hpp"
#include "wire/host_channel.hpp"
#include "wire/summed.hpp"

using namespace gantry;
using schedule::Answer;
using schedule::Change;
using signature::Bytes;

namespace {

constexpr std::uint32_t kQueue = 2;
constexpr std::uint32_t kCounter = 5;
constexpr std::uint32_t kArray = 7;
constexpr std::uint64_t kLease = 9;
constexpr std::uint64_t kFirst = 10;

template <class... Number>
Bytes packed(Number... numbers) {
  Bytes bytes;
  (signature::append(bytes, std::as_bytes(std::span(&numbers, 1))), ...);
  return bytes;
}

schedule::Chunk tasks() {
  schedule::Assignment made;
  made.result_size = 1;
  made.pattern = std::make_shared<const signature::Template>();
  made.shared = {{kQueue, 0, *signature::parse_parameter_type("queue<u64>"), 0},
                 {kCounter, 1, *signature::parse_parameter_type("counter"), 0},
                 {kArray, 2, *signature::parse_parameter_type("array<u16>"), 3}};
  return {{host::LeaseId{kLease}, host::WorkerIndex{0}, host::StepIndex{0}, kFirst, 4, 1},
          std::make_shared<const schedule::Assignment>(std::move(made)),
          {}};
}

/// Both halves of a channel, over which the tasks of one lease run.
class Desk {
 public:
  Desk() {
    REQUIRE(*host_.channel.start(tasks(), 0, blocks_));
    auto work = worker_.next();
    REQUIRE((work && *work));
    work_ = **std::move(work);
    REQUIRE(shares_.assign(work_.assigned->shared, signature_));
    shares_.begin(kLease, kFirst);
  }

  /// "ok", or why the task has no value: "kind: message".
  std::string ask(std::uint32_t object, std::uint32_t request, const Bytes& data = {}, std::uint64_t index = 0,
                  std::uint64_t count = 0) {
    gantry_shared made{};
    made.struct_size = sizeof made;
    made.object = object;
    made.request = request;
    made.index = index;
    made.count = count;
    made.data = data.empty() ? nullptr : data.data();
    made.size = data.size();
    return said(made);
  }
  std::string said(gantry_shared& request) {
    const gantry_status status = shares_.ask(request);
    if (status == GANTRY_FAILED && shares_.problem())
      return shares_.problem()->kind + ": " + shares_.problem()->message;
    if (status != GANTRY_OK) return "status " + std::to_string(status);
    const auto* bytes = static_cast<const std::byte*>(request.data);
    if (bytes != nullptr) answered_.assign(bytes, bytes + request.size);
    return "ok";
  }
  /// The running task has its value, and the next one runs: what the host hears that it changed.
  std::vector<Change> value() {
    REQUIRE(shares_.tell());
    REQUIRE(worker_.window().back(1));
    worker_.window().grow(1);
    const std::uint64_t at = worker_.window().at();
    const auto report =
        tests::summed(kLease, wire::ValuesReport{kFirst + done_, 1, at, 1, 0}, worker_.window().segment());
    REQUIRE(worker_.report(kLease, report));
    worker_.window().commit();
    std::vector<schedule::Event> events;
    REQUIRE(host_.channel.receive(events));
    REQUIRE(events.size() == 1);
    next();
    const auto changes = std::get<schedule::event::Values>(events[0]).changes;
    return changes ? *changes : std::vector<Change>{};
  }
  /// The running task fails, and the next one runs.
  void failure() {
    REQUIRE(worker_.report(kLease, wire::FailedReport{kFirst + done_, "error", "no", 0}));
    std::vector<schedule::Event> events;
    REQUIRE(host_.channel.receive(events));
    next();
  }
  /// What the host will say to what is asked next.
  void answer(Bytes bytes) {
    REQUIRE(host_.channel.answer(host::LeaseId{kLease}, {Answer::Kind::value, std::move(bytes)}));
  }
  [[nodiscard]] const Bytes& answered() const { return answered_; }

 private:
  void next() { shares_.begin(kLease, kFirst + ++done_); }

  wire::HostChannel::Made host_ = *wire::HostChannel::make(host::WorkerIndex{0}, 3);
  wire::Blocks blocks_;
  wire::WorkerChannel worker_ = tests::attach(std::move(host_.worker_end));
  signature::Signature signature_ =
      *signature::parse_signature("(queue: queue<u64>, counter: counter, array: array<u16>) -> u8");
  worker::Shares shares_{worker_};
  wire::Work work_;
  std::uint64_t done_ = 0;
  Bytes answered_;
};

Bytes u64(std::uint64_t number) {
  return packed(number);
}
Bytes i64(std::int64_t number) {
  return packed(number);
}

}  // namespace

TEST_CASE("what a task changes is told with its value, and none of it is the next one's") {
  Desk desk;
  CHECK(desk.ask(kQueue, GANTRY_QUEUE_PUT, u64(1)) == "ok");
  CHECK(desk.ask(kQueue, GANTRY_QUEUE_PUT, u64(2)) == "ok");
  CHECK(desk.ask(kQueue, GANTRY_QUEUE_CLOSE) == "ok");
  CHECK(desk.ask(kCounter, GANTRY_COUNTER_ADD, i64(4)) == "ok");
  CHECK(desk.ask(kCounter, GANTRY_COUNTER_ADD, i64(-1)) == "ok");
  CHECK(desk.ask(kArray, GANTRY_ARRAY_ADD, packed(std::uint16_t{9}), 2) == "ok");
  CHECK(desk.ask(kArray, GANTRY_ARRAY_ADD, packed(std::uint16_t{1}), 0) == "ok");
  const auto first = desk.value();
  REQUIRE(first.size() == 4);
  CHECK(first[0].bytes == packed(std::uint64_t{8}, std::uint64_t{1}, std::uint64_t{8}, std::uint64_t{2}));
  CHECK(first[1].what == Change::What::close);
  CHECK(first[2].bytes == i64(3));
  // In ascending order, so that the host sees that none is added to twice.
  CHECK(first[3].bytes == packed(std::uint64_t{0}, std::uint16_t{1}, std::uint64_t{2}, std::uint16_t{9}));
  // That the task before closed the queue is the host's to know, not this one's.
  CHECK(desk.ask(kQueue, GANTRY_QUEUE_PUT, u64(3)) == "ok");
  const auto second = desk.value();
  REQUIRE(second.size() == 1);
  CHECK(second[0].what == Change::What::put);
  CHECK(second[0].bytes == packed(std::uint64_t{8}, std::uint64_t{3}));
  CHECK(desk.value().empty());
}

TEST_CASE("a task that fails has changed nothing") {
  Desk desk;
  CHECK(desk.ask(kQueue, GANTRY_QUEUE_PUT, u64(1)) == "ok");
  CHECK(desk.ask(kCounter, GANTRY_COUNTER_ADD, i64(4)) == "ok");
  desk.failure();
  CHECK(desk.ask(kCounter, GANTRY_COUNTER_ADD, i64(1)) == "ok");
  const auto changes = desk.value();
  REQUIRE(changes.size() == 1);
  CHECK(changes[0].bytes == i64(1));
}

TEST_CASE("a load gives what others changed, and what the task itself did") {
  Desk desk;
  CHECK(desk.ask(kCounter, GANTRY_COUNTER_ADD, i64(4)) == "ok");
  desk.answer(i64(100));
  CHECK(desk.ask(kCounter, GANTRY_COUNTER_LOAD) == "ok");
  CHECK(desk.answered() == i64(104));
  CHECK(desk.ask(kArray, GANTRY_ARRAY_ADD, packed(std::uint16_t{5}), 1) == "ok");
  desk.answer(packed(std::uint16_t{1}, std::uint16_t{2}));
  CHECK(desk.ask(kArray, GANTRY_ARRAY_LOAD, {}, 1, 2) == "ok");
  CHECK(desk.answered() == packed(std::uint16_t{6}, std::uint16_t{2}));
}

TEST_CASE("what a task may not do with a shared object fails it, whatever it does next") {
  struct Row {
    std::string says;
    std::function<std::string(Desk&)> what;
  };
  const Row table[] = {
      {"shared: it puts into a queue that it has closed",
       [](Desk& desk) {
         CHECK(desk.ask(kQueue, GANTRY_QUEUE_CLOSE) == "ok");
         return desk.ask(kQueue, GANTRY_QUEUE_PUT, u64(1));
       }},
      {"shared: what it puts into a queue is no u64: ",
       [](Desk& desk) { return desk.ask(kQueue, GANTRY_QUEUE_PUT, packed(std::uint32_t{1})); }},
      {"plugin: its request 3 is none of a queue<u64>",
       [](Desk& desk) { return desk.ask(kQueue, GANTRY_COUNTER_ADD, i64(1)); }},
      {"plugin: its request 1 is none of a counter",
       [](Desk& desk) { return desk.ask(kCounter, GANTRY_QUEUE_PUT, u64(1)); }},
      {"plugin: its request 99 is none of a counter", [](Desk& desk) { return desk.ask(kCounter, 99); }},
      {"plugin: it asks for the shared object 3, which it was not given",
       [](Desk& desk) { return desk.ask(3, GANTRY_COUNTER_ADD, i64(1)); }},
      {"plugin: it adds 4 bytes at 0 to a counter of 0",
       [](Desk& desk) { return desk.ask(kCounter, GANTRY_COUNTER_ADD, packed(std::uint32_t{1})); }},
      {"plugin: it adds 2 bytes at 3 to a array<u16> of 3",
       [](Desk& desk) { return desk.ask(kArray, GANTRY_ARRAY_ADD, packed(std::uint16_t{1}), 3); }},
      {"plugin: it loads 3 elements at 1 of an array of 3",
       [](Desk& desk) { return desk.ask(kArray, GANTRY_ARRAY_LOAD, {}, 1, 3); }},
      {"overflow: what it adds to a counter does not fit it",
       [](Desk& desk) {
         CHECK(desk.ask(kCounter, GANTRY_COUNTER_ADD, i64(INT64_MAX)) == "ok");
         return desk.ask(kCounter, GANTRY_COUNTER_ADD, i64(1));
       }},
      {"overflow: what it added to a array<u16> does not fit it",
       [](Desk& desk) {
         CHECK(desk.ask(kArray, GANTRY_ARRAY_ADD, packed(std::uint16_t{1}), 0) == "ok");
         desk.answer(packed(std::uint16_t{65535}));
         return desk.ask(kArray, GANTRY_ARRAY_LOAD, {}, 0, 1);
       }},
      {"plugin: its gantry_shared has a wrong struct_size",
       [](Desk& desk) {
         gantry_shared small{};
         small.struct_size = 8;
         small.object = kCounter;
         return desk.said(small);
       }},
  };
  for (const Row& row : table) {
    INFO(row.says);
    Desk desk;
    const std::string said = row.what(desk);
    CHECK(said.substr(0, row.says.size()) == row.says);
    CHECK(desk.ask(kCounter, GANTRY_COUNTER_ADD, i64(1)) == said);  // the first reason stands
  }
}
