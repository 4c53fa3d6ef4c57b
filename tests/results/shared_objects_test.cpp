// Queues, counters and arrays as a state machine: who gets what, what goes back, what is done at commit.
#include "results/shared_objects.hpp"

#include <algorithm>
#include <catch2/catch.hpp>
#include <cstring>
#include <deque>
#include <map>
#include <random>

namespace {

using namespace gantry;
using host::LeaseId;
using results::SharedObjects;
using schedule::Answer;
using schedule::Ask;
using schedule::Change;
using signature::Bytes;
using signature::Kind;

template <class Number>
Bytes bytes_of(Number number) {
  Bytes bytes(sizeof number);
  std::memcpy(bytes.data(), &number, sizeof number);
  return bytes;
}
std::uint64_t number(const Bytes& bytes) {
  std::uint64_t value = 0;
  REQUIRE(bytes.size() == sizeof value);
  std::memcpy(&value, bytes.data(), sizeof value);
  return value;
}
void append(Bytes& to, const Bytes& more) {
  to.insert(to.end(), more.begin(), more.end());
}

plan::SharedObject queue(const std::string& name, std::vector<std::uint64_t> values) {
  plan::SharedObject object{name, *signature::parse_parameter_type("queue<u64>"), {}, {}};
  for (const auto value : values) object.values.push_back(bytes_of(value));
  return object;
}

Change put(std::uint32_t object, const std::vector<std::uint64_t>& values) {
  Change change{Change::What::put, object, {}};
  for (const auto value : values) {
    append(change.bytes, bytes_of(std::uint64_t{8}));
    append(change.bytes, bytes_of(value));
  }
  return change;
}
Change add(std::uint32_t object, std::int64_t by) {
  return {Change::What::add, object, bytes_of(by)};
}
Ask get(std::uint32_t object, std::uint64_t wait) {
  return {Ask::What::get, object, wait, 0, 0};
}

/// "1=7 2=nothing": leases with what they are told.
std::string told(SharedObjects& objects) {
  std::string text;
  for (const auto& reply : objects.take_replies()) {
    if (!text.empty()) text += ' ';
    text += std::to_string(host::raw(reply.lease)) + '=';
    switch (reply.answer.kind) {
      case Answer::Kind::value:
        text += std::to_string(number(reply.answer.bytes));
        break;
      case Answer::Kind::nothing:
        text += "nothing";
        break;
      case Answer::Kind::ended:
        text += "ended";
        break;
      case Answer::Kind::failed:
        text += std::string(reinterpret_cast<const char*>(reply.answer.bytes.data()), reply.answer.bytes.size());
        break;
    }
  }
  return text;
}

constexpr LeaseId kA{1};
constexpr LeaseId kB{2};
constexpr LeaseId kC{3};

}  // namespace

TEST_CASE("values are taken in order, go back to their place, and are used up by an outcome") {
  SharedObjects objects({queue("q", {1, 2, 3, 4})});
  objects.ask(kA, get(0, 0));
  objects.ask(kB, get(0, 0));
  objects.ask(kA, get(0, 0));
  CHECK(told(objects) == "1=1 2=2 1=3");
  CHECK(objects.size(0) == 1);
  objects.give_back(kA);
  for (int i = 0; i < 4; ++i) objects.ask(kC, get(0, 0));
  CHECK(told(objects) == "3=1 3=3 3=4 3=nothing");
  objects.consume(kC);
  objects.give_back(kC);  // it holds nothing any more
  CHECK(objects.size(0) == 0);
  objects.give_back(kB);
  CHECK(objects.size(0) == 1);
}

TEST_CASE("who waits is served in turn by commits and by what goes back") {
  SharedObjects objects({queue("q", {1}), queue("r", {})});
  objects.ask(kA, get(0, 0));
  objects.ask(kB, get(0, Ask::forever));
  objects.ask(kC, get(0, 100));
  CHECK(told(objects) == "1=1");
  CHECK((objects.waits(kB) && objects.waits(kC) && !objects.waits(kA)));
  CHECK((!objects.waiting()[0].timed && objects.waiting()[1].timed));
  const schedule::Changes changes{put(0, {5}), put(1, {6})};
  objects.commit(kA, &changes);
  CHECK(told(objects) == "2=5");
  objects.give_back(kB);
  CHECK(told(objects) == "3=5");
  CHECK(objects.size(1) == 1);
}

TEST_CASE("a get with a time is taken back, unless its answer is on the way") {
  SharedObjects objects({queue("q", {})});
  objects.ask(kA, get(0, 100));
  objects.ask(kA, {Ask::What::cancel, 0, 0, 0, 0});
  CHECK(told(objects) == "1=nothing");
  objects.ask(kA, {Ask::What::cancel, 0, 0, 0, 0});
  CHECK(told(objects).empty());
}

TEST_CASE("a closed queue gives what it has, then its end, and takes nothing more") {
  SharedObjects objects({queue("q", {1})});
  const schedule::Changes closing{put(0, {2}), {Change::What::close, 0, {}}};
  CHECK(!objects.refusal(closing));
  objects.commit(kA, &closing);
  for (int i = 0; i < 3; ++i) objects.ask(kB, get(0, Ask::forever));
  CHECK(told(objects) == "2=1 2=2 2=ended");
  CHECK(objects.refusal({put(0, {3})}) == "it put into the queue q, which is closed");
  objects.give_back(kB);
  objects.ask(kC, get(0, Ask::forever));
  CHECK(told(objects) == "3=1");
}

TEST_CASE("closing tells all who wait, refusing tells one") {
  SharedObjects objects({queue("q", {})});
  for (const LeaseId lease : {kA, kB, kC}) objects.ask(lease, get(0, Ask::forever));
  objects.refuse(kB, "no");
  CHECK(told(objects) == "2=no");
  objects.close(0);
  CHECK(told(objects) == "1=ended 3=ended");
  CHECK(objects.waiting().empty());
}

TEST_CASE("sums are made at commit, and those that do not fit are refused before") {
  plan::SharedObject counter{"n", signature::of_kind(Kind::counter), {}, bytes_of(std::int64_t{5})};
  plan::SharedObject array{"a", *signature::parse_parameter_type("array<u8>"), {}, Bytes(3)};
  SharedObjects objects({counter, array});
  Change bins{Change::What::add, 1, {}};
  append(bins.bytes, bytes_of(std::uint64_t{2}));
  append(bins.bytes, bytes_of(std::uint8_t{200}));
  const schedule::Changes changes{add(0, -7), bins};
  CHECK(!objects.refusal(changes));
  objects.commit(kA, &changes);
  CHECK(objects.numbers(0) == bytes_of(std::int64_t{-2}));
  CHECK(objects.numbers(1) == Bytes{std::byte{0}, std::byte{0}, std::byte{200}});
  CHECK(objects.refusal(changes) == "with what it added, a does not fit array<u8>");
  CHECK(objects.refusal({add(0, INT64_MIN)}) == "with what it added, n does not fit counter");
  objects.ask(kB, {Ask::What::load, 1, 0, 1, 2});
  CHECK(objects.take_replies().at(0).answer.bytes == Bytes{std::byte{0}, std::byte{200}});
}

TEST_CASE("random orders: every value has one place, and order is kept, as a plain model says") {
  const auto seed = std::random_device{}();
  INFO("seed " << seed);
  std::mt19937 random(seed);
  for (int round = 0; round < 200; ++round) {
    std::vector<std::uint64_t> first(random() % 20);
    std::uint64_t next = 0;
    for (auto& value : first) value = next++;
    SharedObjects objects({queue("q", first)});
    std::map<std::uint64_t, int> waiting_values;                // in the queue: its order is that of the values
    std::map<std::uint64_t, std::vector<std::uint64_t>> taken;  // by lease
    std::map<std::uint64_t, std::vector<std::uint64_t>> used;
    std::deque<std::uint64_t> waiters;
    for (const auto value : first) waiting_values[value] = 1;
    const auto serve = [&] {
      while (!waiters.empty() && !waiting_values.empty()) {
        taken[waiters.front()].push_back(waiting_values.begin()->first);
        waiting_values.erase(waiting_values.begin());
        waiters.pop_front();
      }
    };
    std::map<std::uint64_t, std::vector<std::uint64_t>> seen;  // what leases were told
    const auto hear = [&] {
      for (const auto& reply : objects.take_replies()) {
        if (reply.answer.kind == Answer::Kind::value)
          seen[host::raw(reply.lease)].push_back(number(reply.answer.bytes));
      }
    };
    for (int turn = 0; turn < 200; ++turn) {
      const std::uint64_t lease = 1 + random() % 6;
      const LeaseId id{lease};
      const bool waits = std::ranges::find(waiters, lease) != waiters.end();
      CHECK(objects.waits(id) == waits);
      switch (random() % 5) {
        case 0:
        case 1:
          if (waits) break;
          objects.ask(id, get(0, random() % 2 == 0 ? Ask::forever : 0));
          if (waiting_values.empty()) {
            if (objects.waits(id)) waiters.push_back(lease);
          } else {
            taken[lease].push_back(waiting_values.begin()->first);
            waiting_values.erase(waiting_values.begin());
          }
          break;
        case 2: {
          if (waits) break;
          std::vector<std::uint64_t> more(random() % 3);
          for (auto& value : more) value = next++;
          const schedule::Changes changes{put(0, more)};
          objects.commit(id, &changes);
          for (const auto value : taken[lease]) used[lease].push_back(value);
          taken[lease].clear();
          seen[lease].clear();
          for (const auto value : more) waiting_values[value] = 1;
          break;
        }
        case 3:
          if (waits) break;
          objects.consume(id);
          for (const auto value : taken[lease]) used[lease].push_back(value);
          taken[lease].clear();
          hear();
          seen[lease].clear();
          break;
        default:
          hear();
          objects.give_back(id);
          std::erase(waiters, lease);
          for (const auto value : taken[lease]) waiting_values[value] = 1;
          taken[lease].clear();
          seen[lease].clear();
          break;
      }
      serve();
      hear();
      REQUIRE(objects.size(0) == waiting_values.size());
      for (auto& [held, values] : taken) REQUIRE(seen[held] == values);
    }
    std::uint64_t all = waiting_values.size();
    for (const auto& [lease, values] : taken) all += values.size();
    for (const auto& [lease, values] : used) all += values.size();
    CHECK(all == next);
  }
}
