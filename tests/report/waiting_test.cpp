// What a run waits for, in words, and when they are said.
#include "report/waiting.hpp"

#include <catch2/catch.hpp>
#include <vector>

using namespace gantry::report;
using namespace std::chrono_literals;
using gantry::host::WorkerIndex;

TEST_CASE("times as people say them") {
  const std::vector<std::pair<std::chrono::nanoseconds, std::string>> rows{
      {0s, "0.0 s"},      {340ms, "0.3 s"},     {9900ms, "9.9 s"},    {10s, "10 s"},       {59999ms, "59 s"},
      {60s, "1 min 0 s"}, {200s, "3 min 20 s"}, {3600s, "1 h 0 min"}, {7500s, "2 h 5 min"}};
  for (const auto& [time, text] : rows) CHECK(time_text(time) == text);
}

TEST_CASE("tasks that run are named with worker and time, and the rest counted") {
  std::vector<RunningNote> notes{{"a[0]", WorkerIndex{3}, 12s}};
  CHECK(running_text(notes) == "a[0] (for 12 s, on worker 3)");
  notes.push_back({"b\n", WorkerIndex{0}, 400ms});
  CHECK(running_text(notes) == "a[0] (for 12 s, on worker 3) and b\\n (for 0.4 s, on worker 0)");
  for (unsigned i = 2; i < 10; ++i) notes.push_back({"c", WorkerIndex{i}, 1s});
  CHECK(running_text(notes).ends_with(", c (for 1.0 s, on worker 7) and 2 more"));
  CHECK(running_text({}).empty());
}

TEST_CASE("a run in which nothing ends says so after 10 s, and then ever more rarely") {
  Stillness stillness;
  std::vector<std::int64_t> told;
  for (std::chrono::seconds now = 0s; now <= 5000s; now += 1s) {
    if (stillness.is_due(7, now + 100s)) told.push_back((now + 100s - stillness.lasts(now + 100s)).count());
    if (stillness.is_due(7, now + 100s)) told.push_back(-1);
  }
  CHECK(told.size() == 6);  // 10 s, 30 s, 2 min, 10 min, 40 min, 70 min
  CHECK(told == std::vector<std::int64_t>(6, std::chrono::nanoseconds(100s).count()));
  CHECK_FALSE(stillness.is_due(8, 5200s));  // one ended
  CHECK_FALSE(stillness.is_due(8, 5209s));
  CHECK(stillness.is_due(8, 5210s));
  CHECK(stillness.lasts(5210s) == 10s);
}
