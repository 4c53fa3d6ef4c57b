// Pinned values in a real worker: kept, found, changed, dropped and destroyed, and everything that can be wrong.
#include <signal.h>
#include <stdlib.h>
#include <unistd.h>

#include <algorithm>
#include <catch2/catch.hpp>
#include <filesystem>
#include <fstream>
#include <sstream>

#include "worker/driver.hpp"

using namespace gantry;
using signature::Residence;
using tests::Driver;
using tests::rows;
using tests::text;
using tests::u64s;

namespace {

/// What the plugin notes of its objects.
struct Diary {
  Diary() {
    char name[] = "/tmp/gantry-hoard-XXXXXX";
    const int file = ::mkstemp(name);
    REQUIRE(file >= 0);
    ::close(file);
    path = name;
  }
  ~Diary() { std::filesystem::remove(path); }
  Diary(const Diary&) = delete;
  Diary& operator=(const Diary&) = delete;

  /// "end a, end b"
  [[nodiscard]] std::string read() const {
    std::ifstream file(path);
    std::string all;
    for (std::string line; std::getline(file, line);) all += (all.empty() ? "" : ", ") + line;
    return all;
  }

  std::string path;
};

constexpr std::uint32_t opened = 5;  // number of the step that opens

signature::Bytes joined(std::initializer_list<signature::Bytes> parts) {
  signature::Bytes all;
  for (const signature::Bytes& part : parts) signature::append(all, part);
  return all;
}

struct Hoard {
  Driver driver{{tests::plugin_file("hoard")}};
  Diary diary;

  /// A chunk of a step of a number and an id, whose values reside somewhere.
  schedule::Chunk chunk(const std::string& function, std::uint64_t first, const std::vector<signature::Bytes>& each,
                        Residence residence = Residence::nowhere, std::uint32_t step = 9) {
    schedule::Chunk made = driver.chunk(function, first, each.size(), rows(each));
    tests::reassign(made, [&](schedule::Assignment& assignment) {
      assignment.step = host::StepIndex{step};
      assignment.step_id = step == opened ? "opened" : "used";
      assignment.residence = residence;
    });
    return made;
  }
  std::vector<schedule::Event> run(const std::string& function, const std::vector<signature::Bytes>& each,
                                   Residence residence = Residence::nowhere) {
    return driver.run(chunk(function, 0, each, residence));
  }
  /// Opens a thing as the task `index` of the step `opened`.
  std::string open(std::uint64_t index, const std::string& name, const std::string& function = "open",
                   Residence residence = Residence::worker) {
    const auto row = joined({text(diary.path), text(name)});
    return tests::outcomes(driver.run(chunk(function, index, {row}, residence, opened)));
  }
  /// What a function says of the thing that this task opened.
  std::string tell(std::uint64_t index, const std::string& function = "use") {
    const auto events = run(function, {u64s({opened, index})});
    const auto* values = events.empty() ? nullptr : std::get_if<schedule::event::Values>(&events[0]);
    if (values == nullptr) return tests::outcomes(events);
    const signature::View bytes = values->content();
    return {reinterpret_cast<const char*>(bytes.data()) + 8, bytes.size() - 8};
  }
  std::string words(const std::vector<schedule::Event>& events) { return tests::outcomes(events); }
};

}  // namespace

TEST_CASE("a worker's catalog says of whose plugin a pin is") {
  const Driver driver({tests::plugin_file("hoard")});
  const auto& functions = std::get<wire::Loaded>(driver.said().at(1)).plugin.functions;
  std::string all;
  for (const auto& function : functions) all += function.name + to_text(function.signature) + "\n";
  CHECK(all ==
        "open(file: str, name: str) -> pin<hoard.thing>\n"
        "open_sync(file: str, name: str) -> pin<hoard.thing, sync>\n"
        "misdo(file: str, how: u64) -> pin<hoard.thing>\n"
        "misplace(file: str) -> ()\n"
        "use(thing: pin<hoard.thing>) -> str\n"
        "change(thing: pin<hoard.thing, mut>, by: u64) -> u64\n"
        "use_as_other(thing: pin<hoard.other>) -> ()\n"
        "use_as_laid_out(thing: pin<hoard.thing>) -> ()\n"
        "give(words: str, how: u64) -> fd\n"
        "take(file: fd) -> str\n"
        "nap(ms: u64) -> ()\n"
        "thread() -> i64\n");
}

TEST_CASE("a kept object is found by the task that made it, changed, and destroyed when it is dropped") {
  Hoard hoard;
  CHECK(hoard.open(3, "three") == "3:ok closed");
  CHECK(hoard.open(4, "four") == "4:ok closed");
  CHECK(hoard.tell(3) == "three 0");
  CHECK(tests::numbers(hoard.run("change", {u64s({opened, 3, 7})})) == std::vector<std::uint64_t>{7});
  CHECK(hoard.tell(3) == "three 7");
  CHECK(hoard.tell(4) == "four 0");
  CHECK(hoard.diary.read().empty());
  hoard.driver.channel().drop({opened, 3});
  CHECK(hoard.tell(3) == "0!lost: the pinned value of task 3 of step 5 is not in this worker closed");
  CHECK(hoard.tell(4) == "four 0");
  CHECK(hoard.diary.read() == "end three");
  // What is not there is no offence: it may be of an earlier life.
  hoard.driver.channel().drop({opened, 3});
  hoard.driver.channel().drop({~0U, ~0ull});
  hoard.driver.channel().drop({opened, 4});
  CHECK(hoard.tell(4).starts_with("0!lost: "));
  CHECK(hoard.diary.read() == "end three, end four");
  CHECK(hoard.driver.dismiss().empty());
}

TEST_CASE("values without bytes come in segments of many, and none is lost in a death") {
  Hoard hoard;
  std::vector<signature::Bytes> each;
  each.reserve(3000);
  for (int i = 0; i < 3000; ++i) each.push_back(joined({text(hoard.diary.path), text("n")}));
  const auto events = hoard.driver.run(hoard.chunk("open", 100, each, Residence::worker, opened));
  std::uint64_t next = 100;
  std::size_t segments = 0;
  for (const auto& event : events) {
    const auto* values = std::get_if<schedule::event::Values>(&event);
    if (values == nullptr) continue;
    ++segments;
    CHECK((values->first == next && values->bytes.empty() && values->lengths.empty() && values->file == nullptr));
    next += values->count;
  }
  CHECK(next == 3100);
  CHECK(segments < 3000);
  for (std::uint64_t i = 100; i < 3100; ++i) hoard.driver.channel().drop({opened, i});
  CHECK(hoard.tell(3099).starts_with("0!lost: "));
  CHECK(std::ranges::count(hoard.diary.read(), ',') == 2999);
}

TEST_CASE("a death right after a value without bytes saves it") {
  Hoard hoard;
  REQUIRE(hoard.driver.start(hoard.chunk("nap", 0, {u64s({0}), u64s({0}), u64s({60'000})})));
  const auto patience = std::chrono::steady_clock::now() + std::chrono::seconds(20);
  // Looked at once each time: between two looks a batch may end, and then none runs.
  for (auto running = hoard.driver.channel().running(); !running || running->index < 2;
       running = hoard.driver.channel().running())
    REQUIRE(std::chrono::steady_clock::now() < patience);
  hoard.driver.kill(SIGKILL);
  hoard.driver.wait_for_end();
  std::vector<schedule::Event> events;
  REQUIRE(hoard.driver.channel().receive(events));
  wire::Remains remains = hoard.driver.channel().remains();
  if (remains.values) events.emplace_back(*std::move(remains.values));
  CHECK(tests::outcomes(events) == "0:ok 1:ok ");
  CHECK(remains.running == 2);
}

TEST_CASE("what is left at the orderly end is destroyed, newest first, and told") {
  Hoard hoard;
  CHECK(hoard.open(0, "a") == "0:ok closed");
  SECTION("one") {
    CHECK(hoard.driver.dismiss() ==
          "gantry-worker: 1 pinned value was still kept at the end: opened[0] (hoard.thing)\n");
    CHECK(hoard.diary.read() == "end a");
  }
  SECTION("many") {
    for (std::uint64_t i = 1; i < 6; ++i) hoard.open(i, std::string(1, static_cast<char>('a' + i)));
    hoard.driver.channel().drop({opened, 2});
    CHECK(hoard.driver.dismiss() ==
          "gantry-worker: 5 pinned values were still kept at the end: opened[5] (hoard.thing), opened[4] "
          "(hoard.thing), opened[3] (hoard.thing), opened[1] (hoard.thing), …\n");
    CHECK(hoard.diary.read() == "end c, end f, end e, end d, end b, end a");
  }
  SECTION("and one that throws as it goes") {
    hoard.open(1, "thrower");
    CHECK(hoard.driver.dismiss() ==
          "gantry-worker: 2 pinned values were still kept at the end: opened[1] (hoard.thing), opened[0] "
          "(hoard.thing)\ngantry-worker: destroying a hoard.thing threw: no way to go\n");
    CHECK(hoard.diary.read() == "end thrower, end a");
  }
  SECTION("of any residence") {
    hoard.open(1, "b", "open_sync", Residence::process);
    hoard.driver.dismiss();
    const std::string ends = hoard.diary.read();
    CHECK((ends == "end a, end b" || ends == "end b, end a"));
  }
}

TEST_CASE("an object that throws as it is dropped costs nothing but a line") {
  Hoard hoard;
  hoard.open(0, "thrower");
  hoard.driver.channel().drop({opened, 0});
  const auto events = hoard.run("nap", {u64s({0})});
  CHECK(tests::outcomes(events).find("0:ok") != std::string::npos);
  CHECK(hoard.diary.read() == "end thrower");
}

TEST_CASE("a task made again puts its object in the place of the older one") {
  Hoard hoard;
  hoard.open(0, "first");
  CHECK(hoard.open(0, "second") == "0:ok closed");
  CHECK(hoard.diary.read() == "end first");
  CHECK(hoard.tell(0) == "second 0");
}

TEST_CASE("what a function does wrong with what it keeps is its task's error, and the object is destroyed at once") {
  struct Row {
    std::uint64_t how;
    std::string says;
    std::string ends;
  };
  const Row table[] = {
      {0, "result: the function kept no object, and its result is pin<hoard.thing>", ""},
      {1, "changed-mind: it will not be", "end kept"},
      {2, "plugin: it keeps a hoard.thing, and it has kept one already", "end second, end first"},
      {3, "plugin: it gives 5 bytes, and its result is pin<hoard.thing>, which has none", "end with bytes"},
      {4, "plugin: it gives 3 bytes, and its result is pin<hoard.thing>, which has none", "end with bytes"},
      {5, "plugin: it keeps a hoard.other, and its result is pin<hoard.thing>", "end other"},
      {6, "plugin: it keeps an object without saying which, or how it is destroyed", ""},
      {7, "exception: thrown", "end second, end first"},
      {8, "plugin: it gives an open file, and its result is pin<hoard.thing>", ""},
  };
  for (const Row& row : table) {
    CAPTURE(row.how);
    Hoard hoard;
    const std::vector<signature::Bytes> each{joined({text(hoard.diary.path), u64s({row.how})}),
                                             joined({text(hoard.diary.path), u64s({9})})};
    const auto events = hoard.run("misdo", each, Residence::worker);
    CHECK(tests::outcomes(events) == "0!" + row.says + " 1:ok closed");
    CHECK(hoard.diary.read() == row.ends);
    CHECK(hoard.driver.dismiss() == "gantry-worker: 1 pinned value was still kept at the end: used[1] (hoard.thing)\n");
  }
  Hoard hoard;
  CHECK(tests::outcomes(hoard.run("misplace", {text(hoard.diary.path)})) ==
        "0!plugin: it keeps a hoard.thing, and its result is () closed");
  CHECK(hoard.diary.read() == "end misplaced");
}
