// What measurements mean, in plain sentences.
#include <fmt/format.h>

#include <algorithm>

#include "report/scaling.hpp"

namespace gantry::report {

namespace {

std::string times_text(double times) {
  return fmt::format("{:.3g}", times);
}

/// 1/s, and what it may as well be: of an uncertain s its inverse is more so.
std::string limit_sentence(const Fit& fit) {
  const double serial = fit.serial_fraction;
  if (serial <= 0) return "No serial part shows: these runs set no limit to the speed-up.";
  if (serial >= 1) return "More workers do not make it faster.";
  const std::string most = times_text(1 / serial);
  std::string sentence = fmt::format("At most {} times as fast, however many workers.", most);
  const double error = fit.standard_error.value_or(0);
  const std::string low = times_text(1 / (serial + error));
  if (serial <= error) {
    return fmt::format("{} Within one standard error: {} times, or more without a limit.", sentence, low);
  }
  const std::string high = times_text(1 / (serial - error));
  if (low == most && high == most) return sentence;
  return fmt::format("{} Within one standard error: {} to {} times.", sentence, low, high);
}

std::vector<unsigned> left_out(const Scaling& scaling) {
  std::vector<unsigned> sizes;
  for (const ScaleSize& size : scaling.sizes) {
    const auto& fitted = scaling.fit->sizes;
    if (std::find(fitted.begin(), fitted.end(), size.workers) == fitted.end()) sizes.push_back(size.workers);
  }
  return sizes;
}

std::string cpus_text(unsigned cpus) {
  return fmt::format("{} CPU{}", cpus, cpus == 1 ? "" : "s");
}

}  // namespace

std::string workers_text(unsigned workers) {
  return fmt::format("{} worker{}", workers, workers == 1 ? "" : "s");
}

std::string workers_text(const std::vector<unsigned>& sizes) {
  if (sizes.size() == 1) return workers_text(sizes.front());
  std::string text = fmt::format("{}", sizes.front());
  for (std::size_t i = 1; i + 1 < sizes.size(); ++i) text += fmt::format(", {}", sizes[i]);
  return fmt::format("{} and {} workers", text, sizes.back());
}

std::vector<std::string> warnings(const std::vector<unsigned>& sizes, unsigned cpus) {
  std::vector<std::string> sentences;
  for (const unsigned size : sizes) {
    if (size <= cpus) continue;
    sentences.push_back(fmt::format(
        "{} share{} {}: tasks that compute get no faster beyond {}, and their compute time includes waiting "
        "for a CPU.",
        workers_text(size), size == 1 ? "s" : "", cpus_text(cpus), workers_text(cpus)));
  }
  return sentences;
}

std::vector<std::string> findings(const Scaling& scaling) {
  std::vector<std::string> sentences{
      fmt::format("Speed-up and efficiency are against {}.", workers_text(scaling.sizes.front().workers))};
  if (!scaling.fit) {
    sentences.push_back(fmt::format("No serial fraction was fitted: {}.", scaling.fit.error()));
    return sentences;
  }
  const Fit& fit = *scaling.fit;
  const std::string error = fit.standard_error ? fmt::format(" ± {:.4f} (standard error)", *fit.standard_error) : "";
  sentences.push_back(fmt::format(
      "Serial fraction s = {:.4f}{}: Amdahl's law (1967), T(n) = T1 (s + (1 - s)/n), fitted to {} runs at {}.",
      fit.serial_fraction, error, fit.runs, workers_text(fit.sizes)));
  if (!fit.standard_error) sentences.emplace_back("Two runs leave no error to see: use more --repeats.");
  sentences.push_back(limit_sentence(fit));
  if (const auto out = left_out(scaling); !out.empty()) {
    sentences.push_back(
        fmt::format("The fit leaves out {}: more than the {}.", workers_text(out), cpus_text(scaling.cpus)));
  } else if (fit.sizes.back() > scaling.cpus) {
    sentences.push_back(fmt::format("The fit had to use sizes beyond the {}, so it is no measure of the pipeline.",
                                    cpus_text(scaling.cpus)));
  }
  return sentences;
}

}  // namespace gantry::report
