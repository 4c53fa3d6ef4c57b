#include "report/scaling.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <numeric>
#include <utility>

namespace gantry::report {

namespace {

/// Rounds to tenths of a percent so that they add up: what rounding down lost goes to the largest remainders.
void round_shares(std::vector<Share>& shares) {
  double whole = 0;
  for (const Share& share : shares) whole += share.seconds;
  if (!(whole > 0)) return;
  unsigned given = 0;
  std::vector<double> lost;
  for (Share& share : shares) {
    const double exact = 1000 * share.seconds / whole;
    share.tenths = static_cast<unsigned>(exact);
    given += share.tenths;
    lost.push_back(exact - share.tenths);
  }
  std::vector<std::size_t> order(shares.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::sort(order.begin(), order.end(),
            [&lost](std::size_t a, std::size_t b) { return lost[a] != lost[b] ? lost[a] > lost[b] : a < b; });
  for (std::size_t i = 0; given < 1000 && i < order.size(); ++i, ++given) ++shares[order[i]].tenths;
}

std::vector<Share> shares_of(const ScaleSize& size,
                             std::initializer_list<std::pair<std::string_view, std::chrono::nanoseconds>> parts) {
  std::vector<Share> shares;
  for (const auto& [name, time] : parts) {
    shares.push_back({name, std::chrono::duration<double>(time).count() / static_cast<double>(size.seconds.size()), 0});
  }
  round_shares(shares);
  return shares;
}

}  // namespace

double ScaleSize::median() const {
  std::vector<double> sorted = seconds;
  std::sort(sorted.begin(), sorted.end());
  const std::size_t middle = sorted.size() / 2;
  return sorted.size() % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
}

double ScaleSize::fastest() const {
  return *std::min_element(seconds.begin(), seconds.end());
}

double ScaleSize::slowest() const {
  return *std::max_element(seconds.begin(), seconds.end());
}

double Scaling::speedup(const ScaleSize& size) const {
  return sizes.front().median() / size.median();
}

double Scaling::efficiency(const ScaleSize& size) const {
  return speedup(size) * sizes.front().workers / size.workers;
}

std::vector<unsigned> workers_of(const std::vector<ScaleSize>& sizes) {
  std::vector<unsigned> all;
  all.reserve(sizes.size());
  for (const ScaleSize& size : sizes) all.push_back(size.workers);
  return all;
}

std::vector<unsigned> sizes_to_fit(const std::vector<ScaleSize>& sizes, unsigned cpus) {
  std::vector<unsigned> within = workers_of(sizes);
  std::erase_if(within, [cpus](unsigned workers) { return workers > cpus; });
  return within.size() >= 2 ? within : workers_of(sizes);
}

void fit(Scaling& scaling) {
  const std::vector<unsigned> used = sizes_to_fit(scaling.sizes, scaling.cpus);
  std::vector<Timing> timings;
  for (const ScaleSize& size : scaling.sizes) {
    if (std::find(used.begin(), used.end(), size.workers) == used.end()) continue;
    for (const double seconds : size.seconds) timings.push_back({size.workers, seconds});
  }
  scaling.fit = fit_amdahl(timings);
}

std::vector<Share> host_shares(const ScaleSize& size) {
  const HostTime& time = size.spent.host;
  return shares_of(size, {{"start", time.start},
                          {"encode", time.encode},
                          {"decode", time.decode},
                          {"order wait", time.order_wait},
                          {"wait", time.wait}});
}

std::vector<Share> worker_shares(const ScaleSize& size) {
  const WorkersTime& time = size.spent.workers;
  return shares_of(size,
                   {{"start", time.start}, {"compute", time.compute}, {"queue", time.queue}, {"idle", time.idle}});
}

}  // namespace gantry::report
