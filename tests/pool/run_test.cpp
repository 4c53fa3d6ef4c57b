// Real workers that do what they should: values, errors, sizes, prints, recall, several workers.
#include <catch2/catch.hpp>

#include "crew_fixture.hpp"
#include "wire/layout.hpp"

using namespace pool_test;

TEST_CASE("a worker is started by its first chunk, and its values come in order") {
  const NothingLeft check;
  Run run;
  std::vector<Todo> todo;
  for (std::uint64_t i = 0; i < 5000; ++i) todo.push_back({Act::square, i});
  const Lease lease = run.act(0, todo);
  run.await<event::Closed>();
  CHECK(run.of<event::Closed>().front().lease == lease.id);
  CHECK(run.of<event::Ready>().size() == 1);
  const auto values = run.values();
  REQUIRE(values.size() == 5000);
  for (std::uint64_t i = 0; i < 5000; ++i) REQUIRE(values.at(i) == u64_bytes(i * i));
}

TEST_CASE("two chunks a worker, four workers, and none is mixed up") {
  const NothingLeft check;
  Run run(4);
  run.pool().prestart(4);
  for (unsigned worker = 0; worker < 4; ++worker) {
    for (int chunk = 0; chunk < 2; ++chunk) run.act(worker, std::vector<Todo>(50, {Act::square, worker}));
  }
  run.await<event::Closed>(8);
  const auto values = run.values();
  REQUIRE(values.size() == 400);
  for (std::uint64_t i = 0; i < 400; ++i) REQUIRE(values.at(i) == u64_bytes((i / 100) * (i / 100)));
  CHECK(run.of<event::Lost>().empty());
}

TEST_CASE("a template fills the arguments of each task") {
  const NothingLeft check;
  Run run;
  Chunk chunk;
  chunk.lease = {LeaseId{1}, WorkerIndex{0}, StepIndex{0}, 10, 100, 1};
  gantry::schedule::Assignment assignment;
  assignment.step_id = "step";
  assignment.result_size = 8;
  gantry::signature::Template arguments;
  arguments.row.resize(16);
  gantry::signature::Slot slot;
  slot.offset = 8;
  slot.from = 5;
  slot.step = 1;
  slot.modulo = 1'000'000;
  slot.last_value = 7;
  arguments.slots.push_back(slot);
  assignment.pattern = std::make_shared<const gantry::signature::Template>(arguments);
  chunk.assignment = std::make_shared<const gantry::schedule::Assignment>(std::move(assignment));
  REQUIRE(run.pool().start(chunk));
  run.await<event::Closed>();
  const auto values = run.values();
  REQUIRE(values.size() == 100);
  for (std::uint64_t i = 10; i < 110; ++i) REQUIRE(values.at(i) == u64_bytes((i + 5) * (i + 5)));
}

TEST_CASE("a task that fails leaves the others alone, and the worker alive") {
  const NothingLeft check;
  Run run;
  run.act(0, {{Act::square, 2}, {Act::fail, 7}, {Act::square, 3}});
  run.await<event::Closed>();
  REQUIRE(run.of<event::Failed>().size() == 1);
  const event::Failed failed = run.of<event::Failed>().front();
  CHECK(failed.index == 1);
  CHECK(failed.kind == "liar");
  CHECK(failed.message == "task 7 failed");
  CHECK(run.values() == std::map<std::uint64_t, Bytes>{{0, u64_bytes(4)}, {2, u64_bytes(9)}});
  CHECK(run.of<event::Lost>().empty());
}

TEST_CASE("arguments and results of every size come through unchanged") {
  const NothingLeft check;
  Run run;
  const std::uint64_t window = gantry::wire::window_capacity;
  const std::uint64_t edge = gantry::wire::inline_cap;
  const std::vector<std::uint64_t> sizes{8, 9, edge - 1, edge, edge + 1, window - 1, window, window + 1, 8 << 20};
  std::vector<Bytes> rows;
  for (const std::uint64_t size : sizes) {  // whole arguments of exactly this size, with the length before the data
    Bytes row = u64_bytes(size - 8);
    row.resize(size);
    for (std::uint64_t i = 8; i < size; ++i) row[i] = static_cast<std::byte>(i * 7 + size);
    rows.push_back(std::move(row));
  }
  for (const Bytes& row : rows) {
    const std::size_t closed = run.of<event::Closed>().size();
    run.send(0, Function::echo, {row}, {});
    run.await<event::Closed>(closed + 1);
  }
  run.send(0, Function::echo, rows, {});  // all in one chunk, by one block
  run.await<event::Closed>(sizes.size() + 1);
  for (const auto& failed : run.of<event::Failed>()) FAIL_CHECK(failed.kind << ": " << failed.message);
  const auto values = run.values();
  REQUIRE(values.size() == 2 * sizes.size());
  for (std::size_t i = 0; i < 2 * sizes.size(); ++i) {
    INFO("size " << sizes[i % sizes.size()]);
    CHECK((values.at(i) == rows[i % sizes.size()]));
  }
}

TEST_CASE("results written into the room of the window come through unchanged") {
  const NothingLeft check;
  Run run;
  const std::uint64_t window = gantry::wire::window_capacity;
  std::vector<Bytes> rows;
  const std::vector<std::uint64_t> totals{8, 9, 65535, 65536, 65537, window - 1, window, window + 1, 8 << 20};
  for (const std::uint64_t total : totals) rows.push_back(u64_bytes(total - 8));
  run.send(0, Function::blob, rows, {});
  run.await<event::Closed>();
  const auto values = run.values();
  REQUIRE(values.size() == totals.size());
  for (std::size_t i = 0; i < totals.size(); ++i) {
    REQUIRE(values.at(i).size() == totals[i]);
    bool right = true;
    for (std::uint64_t k = 0; k + 8 < totals[i]; ++k) {
      right = right && values.at(i)[8 + k] == static_cast<std::byte>(k * 31 + (totals[i] - 8));
    }
    CHECK(right);
  }
}

TEST_CASE("results of no bytes") {
  const NothingLeft check;
  Run run;
  run.send(0, Function::nothing, std::vector<Bytes>(300), 0);
  run.await<event::Closed>();
  std::uint64_t count = 0;
  for (const auto& values : run.of<event::Values>()) count += values.count;
  CHECK(count == 300);
}

TEST_CASE("what is not claimed can be taken back, before and after the worker is ready") {
  const NothingLeft check;
  Run run;
  const Lease unsent = run.act(0, std::vector<Todo>(10, {Act::square, 1}));
  CHECK(run.pool().recall(unsent) == unsent.first);
  run.await<event::Closed>();
  CHECK(run.values().empty());

  // A task that naps holds the worker: what is behind it comes back.
  std::vector<Todo> todo(20, {Act::square, 2});
  todo[2] = {Act::print, 2};
  todo[3] = {Act::nap, 1000};
  const Lease lease = run.act(0, todo, 20s);
  run.await<event::Printed>();
  const std::uint64_t end = run.pool().recall(lease);
  CHECK(end >= lease.first + 3);
  CHECK(end <= lease.first + 5);
  run.await<event::Closed>(2);
  CHECK(run.values().size() == end - lease.first);
  CHECK(run.pool().recall(lease) == lease.first + lease.count);  // closed: nothing to take back
}

TEST_CASE("prints and logs are tagged with their task") {
  const NothingLeft check;
  Run run;
  run.act(0, {{Act::square, 1}});
  run.await<event::Closed>();
  const Lease lease = run.act(0, {{Act::square, 4}, {Act::print, 5}}, 10s);
  run.await<event::Closed>(2);
  run.act(0, {{Act::log, 6}});
  run.await<event::Printed>(2);
  const auto prints = run.of<event::Printed>();
  CHECK(prints[0].text == "printed by 5\n");
  CHECK(prints[0].level == -1);
  CHECK(prints[0].step == StepIndex{3});
  CHECK(prints[0].first <= lease.first + 1);
  CHECK(prints[0].first + prints[0].count > lease.first + 1);
  CHECK(prints[1].text == "logged by 6");
  CHECK(prints[1].level == 2);
  CHECK(prints[1].first == 3);
}

TEST_CASE("the prints of a task that does not end are shown meanwhile") {
  const NothingLeft check;
  Run run;
  const Lease lease = run.act(0, {{Act::square, 1}, {Act::print_and_sleep, 9}}, 20s);
  run.await<event::Printed>();
  const event::Printed print = run.of<event::Printed>().front();
  CHECK(print.text == "printed by 9\n");
  CHECK(print.step == lease.step);
  CHECK(print.first == 1);
  CHECK(print.count == 1);
  CHECK(print.level == -1);
}

TEST_CASE("ten megabytes without a line end do not stop the worker") {
  const NothingLeft check;
  Run run;
  run.act(0, {{Act::flood, 10 << 20}, {Act::square, 3}});
  run.await<event::Closed>();
  run.await_until([&] { return run.printed().size() >= 10 << 20; });
  CHECK(run.printed() == std::string(10 << 20, 'x'));
  CHECK(run.values().at(1) == u64_bytes(9));
}
