// How a pipeline's time depends on the number of workers: the measurements, and what follows from them.
#pragma once

#include <expected>
#include <string>
#include <string_view>
#include <vector>

#include "report/scaling_fit.hpp"
#include "report/spent.hpp"

namespace gantry::report {

/// All runs at one size.
struct ScaleSize {
  unsigned workers = 1;
  std::vector<double> seconds;  ///< of each run, at least one
  Spent spent;                  ///< of all runs together

  [[nodiscard]] double median() const;
  [[nodiscard]] double fastest() const;
  [[nodiscard]] double slowest() const;
};

/// A part of the time: its name and how much it is.
struct Share {
  std::string_view name;
  double seconds = 0;   ///< mean over the runs
  unsigned tenths = 0;  ///< per mille of all parts; rounded so that they add up to 1000
};

struct Scaling {
  std::string file;
  unsigned cpus = 1;  ///< that the runs could use
  unsigned repeats = 1;
  std::vector<ScaleSize> sizes;                                          ///< ascending, at least one
  std::expected<Fit, std::string> fit = std::unexpected(std::string());  ///< or why there is none

  /// How many times as fast as the smallest size, by medians.
  [[nodiscard]] double speedup(const ScaleSize& size) const;
  /// Speed-up by the number of workers, both against the smallest size: 1 is ideal.
  [[nodiscard]] double efficiency(const ScaleSize& size) const;
};

/// The numbers of workers, in the order of the sizes.
[[nodiscard]] std::vector<unsigned> workers_of(const std::vector<ScaleSize>& sizes);
/// The sizes that a fit may use: those of at most `cpus`, if there are at least two; else all. Sorted as given.
[[nodiscard]] std::vector<unsigned> sizes_to_fit(const std::vector<ScaleSize>& sizes, unsigned cpus);
/// Fits the runs of those sizes.
void fit(Scaling& scaling);

/// Where the host's time went, and the workers'. Each list's parts add up to the whole, in a fixed order.
[[nodiscard]] std::vector<Share> host_shares(const ScaleSize& size);
[[nodiscard]] std::vector<Share> worker_shares(const ScaleSize& size);

/// "1 worker", "4 workers".
[[nodiscard]] std::string workers_text(unsigned workers);
/// "1 and 2 workers", "1, 2 and 4 workers". At least one.
[[nodiscard]] std::string workers_text(const std::vector<unsigned>& sizes);

/// A sentence for each size that has more workers than there are CPUs.
[[nodiscard]] std::vector<std::string> warnings(const std::vector<unsigned>& sizes, unsigned cpus);
/// What was found, in sentences: what the speed-up is against, the serial fraction, and what it means.
[[nodiscard]] std::vector<std::string> findings(const Scaling& scaling);

}  // namespace gantry::report
