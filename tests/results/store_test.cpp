// The store: outcomes in any order and chunking, read in task order.
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <catch2/catch.hpp>
#include <cstring>
#include <functional>
#include <numeric>
#include <random>
#include <set>
#include <string>

#include "results/store.hpp"

namespace {

using gantry::host::StepIndex;
using gantry::results::Reason;
using gantry::results::Run;
using gantry::results::Status;
using gantry::results::Store;
using gantry::signature::Bytes;
using gantry::signature::View;

constexpr StepIndex kStep{0};

std::string text(View bytes) {
  return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
}

Bytes bytes_of(std::string_view letters) {
  const auto view = std::as_bytes(std::span(letters));
  return {view.begin(), view.end()};
}

/// Puts values of various lengths.
void put_texts(Store& store, StepIndex step, std::uint64_t first, const std::vector<std::string>& values) {
  Bytes bytes;
  std::vector<std::uint64_t> lengths;
  for (const std::string& value : values) {
    gantry::signature::append(bytes, std::as_bytes(std::span(value)));
    lengths.push_back(value.size());
  }
  store.put(step, first, values.size(), std::move(bytes), std::move(lengths));
}

/// All that read() shows of [from, to), one text a task.
std::vector<std::string> shown(const Store& store, std::uint64_t from, std::uint64_t to) {
  std::vector<std::string> found;
  std::uint64_t next = from;
  store.read(kStep, from, to, [&](const Run& run) {
    REQUIRE(run.first == next);
    REQUIRE(run.count > 0);
    next += run.count;
    std::uint64_t offset = 0;
    for (std::uint64_t i = 0; i < run.count; ++i) {
      if (run.reason != nullptr) {
        found.push_back("!" + run.reason->kind + ":" + run.reason->message);
        continue;
      }
      const std::uint64_t size = run.size ? *run.size : run.lengths[i];
      found.push_back(text(run.bytes.subspan(offset, size)));
      offset += size;
    }
    REQUIRE(offset == run.bytes.size());
  });
  return found;
}

/// What the process says when it stops on `mistake`, and the signal that ends it.
std::pair<std::string, int> last_words(const std::function<void()>& mistake) {
  std::array<int, 2> ends{};
  REQUIRE(::pipe(ends.data()) == 0);
  const pid_t child = ::fork();
  REQUIRE(child >= 0);
  if (child == 0) {
    ::dup2(ends[1], STDERR_FILENO);
    ::signal(SIGABRT, SIG_DFL);  // not Catch2's, which reports
    mistake();
    ::_exit(0);
  }
  ::close(ends[1]);
  std::string words;
  std::array<char, 256> piece{};
  for (ssize_t got = 0; (got = ::read(ends[0], piece.data(), piece.size())) > 0;) {
    words.append(piece.data(), static_cast<std::size_t>(got));
  }
  ::close(ends[0]);
  int status = 0;
  REQUIRE(::waitpid(child, &status, 0) == child);
  return {words, WIFSIGNALED(status) ? WTERMSIG(status) : 0};
}

}  // namespace

TEST_CASE("values and reasons come out in task order, in the runs they were put in") {
  Store store({std::nullopt});
  store.sized(kStep, 6);
  put_texts(store, kStep, 4, {"e", ""});
  CHECK(store.frontier(kStep) == 0);
  CHECK(shown(store, 0, 6).empty());
  CHECK(text(store.value(kStep, 4)) == "e");  // ahead of the frontier
  put_texts(store, kStep, 0, {"a", "bb"});
  CHECK(store.frontier(kStep) == 2);
  CHECK(shown(store, 0, 6) == std::vector<std::string>{"a", "bb"});
  store.put(kStep, 2, 2, Reason{Status::skipped, "skipped", "why"});
  CHECK(store.frontier(kStep) == 6);
  CHECK(shown(store, 0, 99) == std::vector<std::string>{"a", "bb", "!skipped:why", "!skipped:why", "e", ""});
  CHECK(shown(store, 1, 3) == std::vector<std::string>{"bb", "!skipped:why"});
  CHECK(shown(store, 6, 6).empty());
  CHECK(store.status(kStep, 1) == Status::value);
  CHECK(store.status(kStep, 3) == Status::skipped);
  CHECK(store.reason(kStep, 3)->message == "why");
  CHECK(store.reason(kStep, 5) == nullptr);

  Bytes all = bytes_of("<");
  store.append_all(kStep, all);
  CHECK(text(all) == "<abbe");  // tasks without a value are left out

  std::uint64_t runs = 0;
  store.read(kStep, 0, 6, [&runs](const Run&) { ++runs; });
  CHECK(runs == 3);
}

TEST_CASE("sizes: unknown, told, zero") {
  Store store({8, std::nullopt});
  CHECK_FALSE(store.size(kStep));
  store.sized(kStep, 0);
  CHECK(store.size(kStep) == 0);
  CHECK(store.tasks(kStep) == 0);
  CHECK(store.frontier(kStep) == 0);
  Bytes none;
  store.append_all(kStep, none);
  CHECK(none.empty());
  CHECK_FALSE(store.size(StepIndex{1}));
}

TEST_CASE("values without bytes: a function that returns nothing") {
  Store store({0});
  store.sized(kStep, 3);
  store.put(kStep, 1, 2, {}, {});
  store.put(kStep, 0, 1, {}, {});
  CHECK(shown(store, 0, 3) == std::vector<std::string>{"", "", ""});
  CHECK(store.value(kStep, 2).empty());
  CHECK(store.status(kStep, 2) == Status::value);
}

TEST_CASE("any order and any chunking gives the same values, reads and totals") {
  const auto seed = std::random_device{}();
  INFO("seed " << seed);
  std::mt19937 random(seed);
  const auto below = [&random](std::uint64_t bound) {
    return std::uniform_int_distribution<std::uint64_t>(0, bound - 1)(random);
  };
  for (int round = 0; round < 60; ++round) {
    const bool fixed = below(2) == 0;
    const std::uint64_t tasks = 1 + below(700);
    std::vector<std::string> expected;
    for (std::uint64_t i = 0; i < tasks; ++i) {
      const std::uint64_t size = fixed ? 3 : below(5) == 0 ? 0 : below(20);
      expected.push_back(below(10) == 0 && round % 3 == 0 ? "!error:" + std::to_string(i)
                                                          : std::string(size, static_cast<char>('a' + i % 26)));
    }
    // Chunks, cut where a failure stands, in random order.
    std::vector<std::pair<std::uint64_t, std::uint64_t>> chunks;
    for (std::uint64_t first = 0; first < tasks;) {
      std::uint64_t count =
          expected[first][0] == '!' ? 1 : std::min(tasks - first, 1 + below(round % 2 == 0 ? 300 : 9));
      for (std::uint64_t i = 1; i < count; ++i) {
        if (expected[first + i][0] == '!') count = i;
      }
      chunks.emplace_back(first, count);
      first += count;
    }
    std::shuffle(chunks.begin(), chunks.end(), random);

    Store store({fixed ? std::optional<std::uint64_t>(3) : std::nullopt});
    store.sized(kStep, tasks);
    std::vector<bool> there(tasks, false);
    for (const auto& [first, count] : chunks) {
      const std::vector<std::string> values(expected.begin() + static_cast<std::ptrdiff_t>(first),
                                            expected.begin() + static_cast<std::ptrdiff_t>(first + count));
      if (values[0][0] == '!') {
        store.put(kStep, first, 1, Reason{Status::error, "error", values[0].substr(7)});
      } else if (fixed) {
        store.put(kStep, first, count, bytes_of(std::accumulate(values.begin(), values.end(), std::string())), {});
      } else {
        put_texts(store, kStep, first, values);
      }
      std::fill_n(there.begin() + static_cast<std::ptrdiff_t>(first), count, true);
      const auto gap = static_cast<std::uint64_t>(std::find(there.begin(), there.end(), false) - there.begin());
      REQUIRE(store.frontier(kStep) == gap);
      REQUIRE(shown(store, 0, tasks).size() == gap);
    }
    REQUIRE(shown(store, 0, tasks) == expected);
    std::string whole;
    for (std::uint64_t i = 0; i < tasks; ++i) {
      const bool is_value = expected[i][0] != '!' || expected[i].empty();
      REQUIRE((store.status(kStep, i) == Status::value) == is_value);
      if (!is_value) continue;
      REQUIRE(text(store.value(kStep, i)) == expected[i]);
      whole += expected[i];
    }
    Bytes all;
    store.append_all(kStep, all);
    REQUIRE(text(all) == whole);
    const std::uint64_t from = below(tasks);
    const std::uint64_t to = from + below(tasks - from + 1);
    REQUIRE(shown(store, from, to) == std::vector<std::string>(expected.begin() + static_cast<std::ptrdiff_t>(from),
                                                               expected.begin() + static_cast<std::ptrdiff_t>(to)));
    // A released prefix takes nothing from what follows.
    store.release(kStep, from);
    REQUIRE(shown(store, from, tasks) ==
            std::vector<std::string>(expected.begin() + static_cast<std::ptrdiff_t>(from), expected.end()));
  }
}

TEST_CASE("a steady run uses the same few buffers again and holds no more than its window") {
  constexpr std::uint64_t chunk = 1024;
  constexpr std::uint64_t chunks = 4000;
  Store store({8});
  store.sized(kStep, chunk * chunks);
  std::set<const void*> buffers;
  std::uint64_t most = 0;
  for (std::uint64_t at = 0; at < chunks; at += 4) {
    for (const std::uint64_t turn : {2, 0, 3, 1}) {  // four at a time, out of order
      Bytes bytes = store.buffer();
      CHECK(bytes.empty());
      bytes.resize(chunk * 8);
      buffers.insert(bytes.data());
      store.put(kStep, (at + turn) * chunk, chunk, std::move(bytes), {});
    }
    store.release(kStep, (at + 4) * chunk);
    most = std::max(most, store.held());
  }
  CHECK(buffers.size() == 4);
  CHECK(most == 4 * chunk * 8);
}

TEST_CASE("free buffers are bounded in count and bytes") {
  Store store({1, 1});
  const StepIndex large{1};
  store.sized(kStep, 1000);
  store.sized(large, 10U << 24U);
  for (std::uint64_t i = 0; i < 1000; ++i) {
    Bytes bytes(1);
    bytes.reserve(4096);
    store.put(kStep, i, 1, std::move(bytes), {});
  }
  store.release(kStep, 1000);
  CHECK(store.held() <= 64 * 4096);
  for (std::uint64_t i = 0; i < 10; ++i) store.put(large, i << 24U, 1U << 24U, Bytes(1U << 24U), {});
  store.release(large, 10U << 24U);
  CHECK(store.held() <= 32U << 20U);
  CHECK(store.buffer().capacity() >= 4096);
}

TEST_CASE("kept results cost their bytes and little more, also in large recycled buffers") {
  constexpr std::uint64_t chunks = 2000;
  constexpr std::uint64_t count = 100;
  Store store({8});
  store.sized(kStep, chunks * count);
  for (std::uint64_t i = 0; i < chunks; ++i) {
    Bytes bytes = store.buffer();
    bytes.reserve(64U << 10U);  // far more than 800 bytes
    bytes.resize(count * 8, std::byte{static_cast<unsigned char>(i)});
    store.put(kStep, i * count, count, std::move(bytes), {});
  }
  const std::uint64_t bytes = chunks * count * 8;
  CHECK(store.held() <= bytes + bytes / 8 + (5U << 20U));
  CHECK(store.value(kStep, 1999 * count)[0] == std::byte{static_cast<unsigned char>(1999)});
}

TEST_CASE("mistakes of the host stop it with a sentence that names step and task") {
  struct Row {
    const char* what;
    std::function<void(Store&)> mistake;
    std::string words;
  };
  const StepIndex texts{1};
  const std::vector<Row> rows{
      {"twice below the frontier", [](Store& s) { s.put(kStep, 1, 1, Bytes(8), {}); },
       "step 0, task 1: it was put in twice"},
      {"twice ahead of it", [](Store& s) { s.put(kStep, 6, 1, Bytes(8), {}); }, "step 0, task 6: it was put in twice"},
      {"into what is ahead", [](Store& s) { s.put(kStep, 3, 3, Bytes(24), {}); },
       "step 0, task 5: it was put in twice"},
      {"outside", [](Store& s) { s.put(kStep, 9, 2, Bytes(16), {}); },
       "step 0, task 9: an outcome was put in for a task that the step does not have"},
      {"far outside", [](Store& s) { s.put(kStep, ~0ULL, 2, Bytes(16), {}); },
       "task 18446744073709551615: an outcome was put in for a task"},
      {"not sized", [&](Store& s) { s.put(texts, 0, 1, Bytes(1), {1}); },
       "step 1, task 0: an outcome was put in before the step was sized"},
      {"sized anew", [](Store& s) { s.sized(kStep, 11); }, "step 0, task 11: the step was sized before"},
      {"wrong bytes", [](Store& s) { s.put(kStep, 8, 2, Bytes(9), {}); },
       "step 0, task 8: the bytes put in do not fit the number of values"},
      {"no such step", [](Store& s) { (void)s.frontier(StepIndex{2}); }, "step 2, task 0: there is no such step"},
      {"wrong count of lengths",
       [&](Store& s) {
         s.sized(texts, 3);
         s.put(texts, 0, 2, Bytes(1), {1});
       },
       "step 1, task 0: the lengths put in do not fit"},
      {"wrong lengths",
       [&](Store& s) {
         s.sized(texts, 3);
         s.put(texts, 0, 2, Bytes(1), {1, 1});
       },
       "step 1, task 0: the bytes put in do not fit their lengths"},
      {"reason with a value", [](Store& s) { s.put(kStep, 8, 1, Reason{Status::value, "", ""}); },
       "step 0, task 8: a reason was put in that says"},
      {"value not there", [](Store& s) { (void)s.value(kStep, 3); },
       "step 0, task 3: its outcome was asked for before it had one"},
      {"value of a failure", [](Store& s) { (void)s.value(kStep, 2); },
       "step 0, task 2: its value was asked for, but it ended without one"},
      {"released",
       [](Store& s) {
         s.release(kStep, 1);
         (void)s.value(kStep, 0);
       },
       "step 0, task 0: its outcome was asked for after it was released"},
      {"read after release",
       [](Store& s) {
         s.release(kStep, 1);
         s.read(kStep, 0, 2, [](const Run&) {});
       },
       "step 0, task 0: its outcome was read after it was released"},
      {"release too far", [](Store& s) { s.release(kStep, 4); }, "step 0, task 4: it was released before"},
      {"all too early",
       [](Store& s) {
         Bytes to;
         s.append_all(kStep, to);
       },
       "step 0, task 3: all values were asked for before it ended"},
  };
  for (const Row& row : rows) {
    INFO(row.what);
    const auto [words, signal] = last_words([&row] {
      Store store({8, std::nullopt});
      store.sized(kStep, 10);
      store.put(kStep, 0, 2, Bytes(16), {});
      store.put(kStep, 2, 1, Reason{Status::error, "crash", "gone"});
      store.put(kStep, 5, 2, Bytes(16), {});
      row.mistake(store);
    });
    CHECK(signal == SIGABRT);
    CHECK_THAT(words, Catch::Contains("gantry: internal error in results: ") && Catch::Contains(row.words));
  }
}
