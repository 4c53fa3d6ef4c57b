#include <fmt/format.h>

#include "report/scaling_forms.hpp"
#include "signature/codec.hpp"

namespace gantry::report {

namespace {

std::string seconds_by_name(const std::vector<Share>& shares) {
  std::string text;
  for (const Share& share : shares) {
    std::string name(share.name);
    for (char& letter : name) {
      if (letter == ' ') letter = '_';
    }
    text += fmt::format("{}\"{}\": {}", text.empty() ? "" : ", ", name, share.seconds);
  }
  return "{" + text + "}";
}

std::string fit_json(const Scaling& scaling) {
  if (!scaling.fit) return "null";
  const Fit& fit = *scaling.fit;
  return fmt::format(R"({{"serial_fraction": {}, "standard_error": {}, "sizes": [{}]}})", fit.serial_fraction,
                     fit.standard_error ? fmt::format("{}", *fit.standard_error) : "null", fmt::join(fit.sizes, ", "));
}

}  // namespace

std::string scaling_json(const Scaling& scaling) {
  std::string text = R"({"version": 1, "file": )";
  signature::append_json_string(scaling.file, text);
  text += fmt::format(R"(, "cpus": {}, "repeats": {}, "sizes": [)", scaling.cpus, scaling.repeats);
  for (std::size_t i = 0; i < scaling.sizes.size(); ++i) {
    const ScaleSize& size = scaling.sizes[i];
    text += fmt::format(
        "{}\n  {{\"workers\": {}, \"seconds\": [{}], \"median\": {}, \"speedup\": {}, \"efficiency\": {},\n"
        "   \"host\": {},\n   \"workers_time\": {}}}",
        i == 0 ? "" : ",", size.workers, fmt::join(size.seconds, ", "), size.median(), scaling.speedup(size),
        scaling.efficiency(size), seconds_by_name(host_shares(size)), seconds_by_name(worker_shares(size)));
  }
  return text + fmt::format("\n], \"fit\": {}}}\n", fit_json(scaling));
}

}  // namespace gantry::report
