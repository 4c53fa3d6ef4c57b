// Synthetic measurements for the tests of scaling reports.
#pragma once

#include <chrono>

#include "report/scaling.hpp"

namespace scaling_paper {

/// Three runs at 1, 2 and 4 workers on 2 CPUs, in round numbers.
inline gantry::report::Scaling example() {
  using std::chrono::milliseconds;
  gantry::report::Scaling scaling;
  scaling.file = "sums.yaml";
  scaling.cpus = 2;
  scaling.repeats = 3;
  const auto add = [&scaling](unsigned workers, std::vector<double> seconds, unsigned start, unsigned order_wait) {
    gantry::report::ScaleSize& size = scaling.sizes.emplace_back();
    size.workers = workers;
    size.seconds = std::move(seconds);
    double sum = 0;
    for (const double one : size.seconds) sum += one;
    const auto whole = std::chrono::round<milliseconds>(std::chrono::duration<double>(sum));
    auto& host = size.spent.host;
    host.start = milliseconds(start);
    host.encode = milliseconds(30);
    host.decode = milliseconds(60);
    host.order_wait = milliseconds(order_wait);
    host.wait = whole - host.start - host.encode - host.decode - host.order_wait;
    auto& workers_time = size.spent.workers;
    workers_time.start = milliseconds(start * workers);
    workers_time.queue = milliseconds(90);
    workers_time.idle = milliseconds(order_wait);
    workers_time.compute = whole * workers - workers_time.start - workers_time.queue - workers_time.idle;
  };
  add(1, {3.0, 3.1, 2.9}, 90, 0);
  add(2, {1.6, 1.5, 1.7}, 90, 300);
  add(4, {1.6, 1.4, 1.5}, 120, 600);
  gantry::report::fit(scaling);
  return scaling;
}

}  // namespace scaling_paper
