// Where the time of a run went: of the host, and of its workers. Plain durations, measured by host::TimeSpent.
#pragma once

#include <chrono>

namespace gantry::report {

/// The host's time: the parts add up to the run's.
struct HostTime {
  std::chrono::nanoseconds start{0};       ///< until the first worker is ready and the plan is made
  std::chrono::nanoseconds encode{0};      ///< making arguments, sending chunks
  std::chrono::nanoseconds decode{0};      ///< taking in results and consuming them
  std::chrono::nanoseconds order_wait{0};  ///< asleep while some finished result waited for an earlier task of its step
  std::chrono::nanoseconds wait{0};        ///< asleep with nothing held up

  [[nodiscard]] std::chrono::nanoseconds total() const { return start + encode + decode + order_wait + wait; }
  HostTime& operator+=(const HostTime& more) {
    start += more.start;
    encode += more.encode;
    decode += more.decode;
    order_wait += more.order_wait;
    wait += more.wait;
    return *this;
  }
};

/// All workers' time together: the parts add up to the run's time × the number of workers.
struct WorkersTime {
  std::chrono::nanoseconds start{0};    ///< starting, with work waiting for it; before the plan is made: all of it
  std::chrono::nanoseconds compute{0};  ///< running tasks, as the workers report
  std::chrono::nanoseconds queue{0};    ///< holding a lease, but not computing
  std::chrono::nanoseconds idle{0};     ///< without a lease

  [[nodiscard]] std::chrono::nanoseconds total() const { return start + compute + queue + idle; }
  WorkersTime& operator+=(const WorkersTime& more) {
    start += more.start;
    compute += more.compute;
    queue += more.queue;
    idle += more.idle;
    return *this;
  }
};

struct Spent {
  HostTime host;
  WorkersTime workers;

  Spent& operator+=(const Spent& more) {
    host += more.host;
    workers += more.workers;
    return *this;
  }
};

}  // namespace gantry::report
