// Pinned values and open files in a real worker, over a real channel: kept, found, dropped, and every wrong way to do
// so.
#include <fcntl.h>

#include <catch2/catch.hpp>
#include <string>

#include "worker/driver.hpp"

using namespace gantry;
using tests::Driver;
using tests::rows;
using tests::u64s;

namespace {

constexpr std::uint32_t step = 6;

/// A chunk of a step whose results reside somewhere, or whose tasks use such.
schedule::Chunk chunk_of(Driver& driver, const std::string& function, std::uint64_t first,
                         const std::vector<signature::Bytes>& arguments,
                         signature::Residence residence = signature::Residence::nowhere) {
  schedule::Chunk chunk = driver.chunk(function, first, arguments.size(), rows(arguments));
  tests::reassign(chunk, [&](schedule::Assignment& assignment) {
    assignment.step = host::StepIndex{step};
    assignment.residence = residence;
  });
  return chunk;
}

std::vector<schedule::Event> make(Driver& driver, std::uint64_t index, std::uint64_t how, std::uint64_t number) {
  return driver.run(chunk_of(driver, "make", index, {u64s({how, number})}, signature::Residence::worker));
}

/// What became of the tasks, without what was printed meanwhile.
std::string outcomes(std::vector<schedule::Event> events) {
  std::erase_if(events,
                [](const schedule::Event& event) { return std::holds_alternative<schedule::event::Printed>(event); });
  return tests::outcomes(events);
}

std::string look(Driver& driver, std::uint64_t index, std::uint64_t as = 0) {
  const auto events = driver.run(chunk_of(driver, "look", 0, {u64s({step, index, as})}));
  const auto found = tests::numbers(events);
  return found.empty() ? outcomes(events) : std::to_string(found[0]);
}

std::string prints(const std::vector<schedule::Event>& events) {
  std::string text;
  for (const schedule::Event& event : events) {
    if (const auto* printed = std::get_if<schedule::event::Printed>(&event)) text += printed->text;
  }
  return text;
}

std::uint64_t descriptors(Driver& driver) {
  return tests::numbers(driver.run(chunk_of(driver, "count", 0, {u64s({0})}))).at(0);
}

}  // namespace

TEST_CASE("a catalog names pinned types by their plugin") {
  Driver driver({tests::plugin_file("pins")});
  const auto& loaded = std::get<wire::Loaded>(driver.said().at(1));
  CHECK(to_text(loaded.plugin.functions[0].signature) == "(how: u64, number: u64) -> pin<pins.number>");
  CHECK(to_text(loaded.plugin.functions[1].signature) == "(number: pin<pins.number>, as: u64 = 0) -> u64");
}

TEST_CASE("a pinned value is found by the task that made it until it is dropped, and then destroyed") {
  Driver driver({tests::plugin_file("pins")});
  for (std::uint64_t index = 0; index < 3; ++index) {
    CHECK(outcomes(make(driver, index, 0, 4 + index)) == std::to_string(index) + ":ok closed");
  }
  CHECK(look(driver, 2) == "6");
  CHECK(look(driver, 0) == "4");
  driver.channel().drop({step, 0});
  const auto events = driver.run(chunk_of(driver, "look", 0, {u64s({step, 0, 0})}));
  CHECK(outcomes(events) == "0!lost: the pinned value of task 0 of step 6 is not in this worker closed");
  CHECK(prints(events).find("end 4\n") != std::string::npos);
  CHECK(look(driver, 1) == "5");
  // Made a second time, it takes the place of the first.
  const auto again = make(driver, 1, 0, 9);
  CHECK(prints(again).find("end 5\n") != std::string::npos);
  CHECK(look(driver, 1) == "9");
}

TEST_CASE("every wrong way to pin is its task's error, and what was kept meanwhile is destroyed") {
  struct Row {
    std::uint64_t how;
    std::string outcome;
    std::string ends;
  };
  const Row table[] = {
      {1, "result: the function kept no object, and its result is pin<pins.number>", ""},
      {2, "plugin: it keeps a pins.number, and it has kept one already", "end 2\nend 1\n"},
      {3, "plugin: it keeps a pins.other, and its result is pin<pins.number>", "end 1\n"},
      {4, "late: changed its mind", "end 1\n"},
      {5, "plugin: it keeps an object without saying which, or how it is destroyed", ""},
      {6, "plugin: it gives an open file, and its result is pin<pins.number>", ""},
  };
  Driver driver({tests::plugin_file("pins")});
  const std::uint64_t before = descriptors(driver);
  for (const Row& row : table) {
    INFO(row.how);
    const auto events = make(driver, row.how, row.how, 1);
    CHECK(outcomes(events) == std::to_string(row.how) + "!" + row.outcome + " closed");
    const auto later = driver.run(chunk_of(driver, "look", 0, {u64s({step, row.how, 0})}));
    CHECK(outcomes(later).starts_with("0!lost: "));
    CHECK(prints(events) + prints(later) == row.ends);
  }
  CHECK(descriptors(driver) == before);
}

TEST_CASE("a value of another type or layout is not found, whatever the function says then") {
  Driver driver({tests::plugin_file("pins")});
  static_cast<void>(make(driver, 3, 0, 7));
  CHECK(look(driver, 3, 1) ==
        "0!plugin: two C++ types go by the name pins.number: the one that s[3] made is u64/8, the function's is f64/8; "
        "give them different names with gantry::pinned closed");
  CHECK(look(driver, 3, 2) == "0!plugin: s[3] is a pins.number, and the function asks for a pins.other closed");
  CHECK(look(driver, 3) == "7");
}

TEST_CASE("open files are given and taken, wrongly ones too, and none is left in the worker") {
  struct Row {
    std::uint64_t how;
    std::string outcome;
  };
  const Row table[] = {
      {0, "0:ok closed"},
      {1, "0!result: the function gave no open file, and its result is fd closed"},
      {2, "0!plugin: it gives an open file, and has given one already closed"},
      {3, "0!result: it gives an open file that is none closed"},
      {4, "0!plugin: it keeps a pins.number, and its result is fd closed"},
      {5, "0!late: changed its mind closed"},
  };
  Driver driver({tests::plugin_file("pins")});
  const std::uint64_t before = descriptors(driver);
  std::shared_ptr<const signature::OpenFile> file;
  for (const Row& row : table) {
    INFO(row.how);
    const auto events = driver.run(chunk_of(driver, "file", 0, {u64s({row.how})}, signature::Residence::host));
    CHECK(outcomes(events) == row.outcome);
    for (const schedule::Event& event : events) {
      if (const auto* values = std::get_if<schedule::event::Values>(&event)) file = values->file;
    }
  }
  REQUIRE(file);
  auto chunk = chunk_of(driver, "mode", 0, {u64s({step, 4}), u64s({step, 5})});
  chunk.files.push_back({{step, 4}, file});
  CHECK(outcomes(driver.run(chunk)) == "0:ok 1!lost: the open file of task 5 of step 6 is not here closed");
  CHECK(descriptors(driver) == before);
}
