// Amdahl's law fitted: exact data, data with an error computed by other means, and what cannot be fitted; axes.
#include <catch2/catch.hpp>

#include "report/scaling_axis.hpp"
#include "report/scaling_fit.hpp"

namespace {

using namespace gantry::report;

std::vector<Timing> exact(double one, double serial, const std::vector<unsigned>& sizes, unsigned repeats) {
  std::vector<Timing> timings;
  for (unsigned i = 0; i < repeats; ++i) {
    for (const unsigned n : sizes) timings.push_back({n, one * (serial + (1 - serial) / n)});
  }
  return timings;
}

}  // namespace

TEST_CASE("exact times give back the serial fraction, with no error") {
  for (const double serial : {0.0, 0.1, 0.5, 1.0, -0.05, 1.2}) {
    for (const double one : {1e-3, 7.0, 3600.0}) {
      for (const unsigned repeats : {1U, 3U}) {
        const auto fit = fit_amdahl(exact(one, serial, {8, 1, 2, 4}, repeats));
        INFO(serial << " " << one << " " << repeats);
        REQUIRE(fit);
        CHECK(fit->serial_fraction == Approx(serial).margin(1e-9));
        REQUIRE(fit->standard_error);
        CHECK(*fit->standard_error == Approx(0).margin(1e-7));
        CHECK(fit->sizes == std::vector<unsigned>{1, 2, 4, 8});
        CHECK(fit->runs == std::size_t{4} * repeats);
        CHECK(fit->seconds(1) == Approx(one));
        CHECK(fit->seconds(16) == Approx(one * (serial + (1 - serial) / 16)));
      }
    }
  }
}

// Computed in rational numbers with the errors of the single times propagated by difference quotients.
TEST_CASE("the standard error is the propagated one") {
  const std::vector<Timing> timings{{1, 10.0}, {1, 10.4}, {2, 6.1}, {2, 5.9}, {4, 4.2}, {4, 3.9}};
  const auto fit = fit_amdahl(timings);
  REQUIRE(fit);
  CHECK(fit->constant == Approx(1.9827530844211436).epsilon(1e-10));
  CHECK(fit->shared == Approx(8.15039144836384).epsilon(1e-10));
  CHECK(fit->serial_fraction == Approx(0.19567006845763463).epsilon(1e-10));
  REQUIRE(fit->standard_error);
  CHECK(*fit->standard_error == Approx(0.017567663312).epsilon(1e-8));
}

TEST_CASE("errors are relative: the scale of time changes nothing") {
  const std::vector<Timing> base{{1, 1.00}, {2, 0.55}, {4, 0.33}, {1, 1.02}};
  std::vector<Timing> slower = base;
  for (Timing& timing : slower) timing.seconds *= 1000;
  const auto fast = fit_amdahl(base);
  const auto slow = fit_amdahl(slower);
  REQUIRE(fast);
  REQUIRE(slow);
  CHECK(fast->serial_fraction == Approx(slow->serial_fraction).epsilon(1e-12));
  CHECK(*fast->standard_error == Approx(*slow->standard_error).epsilon(1e-10));
}

TEST_CASE("two runs give a fraction but no error") {
  const std::vector<Timing> timings{{2, 1.0}, {4, 0.6}};
  const auto fit = fit_amdahl(timings);
  REQUIRE(fit);
  CHECK(fit->constant == Approx(0.2));
  CHECK(fit->serial_fraction == Approx(0.2 / 1.8));
  CHECK_FALSE(fit->standard_error);
}

TEST_CASE("what cannot be fitted says why") {
  struct Row {
    std::vector<Timing> timings;
    std::string why;
  };
  const Row rows[] = {
      {{}, "a fit needs at least two sizes"},
      {{{2, 1.0}, {2, 1.1}, {2, 0.9}}, "a fit needs at least two sizes"},
      {{{1, 0.0}, {2, 1.0}}, "a time is not above 0"},
      {{{1, 1.0}, {2, -1.0}}, "a time is not above 0"},
      {{{2, 1.0}, {4, 3.0}}, "the times do not follow such a law"},
  };
  for (const Row& row : rows) {
    const auto fit = fit_amdahl(row.timings);
    REQUIRE_FALSE(fit);
    CHECK(fit.error() == row.why);
  }
}

TEST_CASE("axes have few, round steps and reach what is shown") {
  struct Row {
    double most;
    bool whole;
    double step;
    double end;
  };
  const Row rows[] = {
      {1, true, 1, 1},
      {4, true, 1, 4},
      {8, true, 1, 8},
      {9, true, 2, 10},
      {64, true, 10, 70},
      {1024, true, 200, 1200},
      {4, false, 0.5, 4},
      {1.97, false, 0.5, 2},
      {0.8, false, 0.1, 0.8},
      {7.9, false, 1, 8},
      {0.0123, false, 0.002, 0.014},
      {33, false, 5, 35},
  };
  for (const Row& row : rows) {
    const Axis axis = axis_for(row.most, 8, row.whole);
    INFO(row.most);
    CHECK(axis.step == Approx(row.step));
    CHECK(axis.end == Approx(row.end));
    const auto ticks = axis.ticks();
    REQUIRE(ticks.size() >= 2);
    CHECK(ticks.size() <= 9);
    CHECK(ticks.front() == 0);
    CHECK(ticks.back() == Approx(row.end));
    CHECK(ticks[1] == Approx(row.step));
  }
}
