#include "report/column.hpp"

#include <fmt/core.h>

#include <array>
#include <numeric>

namespace gantry::report {
namespace {

constexpr std::array<std::pair<std::string_view, Format>, 6> kFormats{{
    {"text", Format::text},
    {"json", Format::json},
    {"ndjson", Format::ndjson},
    {"csv", Format::csv},
    {"digest", Format::digest},
    {"none", Format::none},
}};

std::string_view name(Format format) {
  return kFormats[static_cast<std::size_t>(format)].first;
}

/// "a, b, c", at most five of them.
std::string list(const std::vector<std::string_view>& ids) {
  std::string text;
  for (std::size_t i = 0; i < ids.size(); ++i) {
    if (i == 5) return fmt::format("{}, … and {} more", text, ids.size() - i);
    text += (i == 0 ? "" : ", ");
    text += ids[i];
  }
  return text;
}

}  // namespace

std::optional<Format> format_named(std::string_view word) {
  for (const auto& [text, format] : kFormats) {
    if (text == word) return format;
  }
  return std::nullopt;
}

host::Result<void> check_format(std::span<const Column> columns, Format format, Order order) {
  if (order == Order::done && format != Format::text && format != Format::ndjson && format != Format::none) {
    return host::fail(
        host::ErrorKind::usage,
        fmt::format("--order done cannot be written as {}, which is in task order; use -o text or -o ndjson",
                    name(format)));
  }
  if (format != Format::csv) return {};
  std::vector<std::string_view> printed;
  for (const Column& column : columns) {
    if (column.printed) printed.push_back(column.id);
  }
  if (printed.size() == 1) return {};
  if (printed.empty()) {
    return host::fail(host::ErrorKind::usage,
                      "csv shows one step, and this pipeline prints none; set `output: true` on one");
  }
  return host::fail(
      host::ErrorKind::usage,
      fmt::format("csv shows one step, and this pipeline prints {} ({}); set `output: false` on the others, "
                  "or use -o ndjson",
                  printed.size(), list(printed)));
}

std::vector<unsigned> components(std::size_t steps, std::span<const std::pair<StepIndex, StepIndex>> streams) {
  std::vector<unsigned> above(steps);  // union-find: a root is its own
  std::iota(above.begin(), above.end(), 0U);
  const auto root = [&above](unsigned step) {
    while (above[step] != step) step = above[step] = above[above[step]];
    return step;
  };
  for (const auto& [from, to] : streams) above[root(host::raw(to))] = root(host::raw(from));
  std::vector<unsigned> found(steps);
  for (unsigned step = 0; step < steps; ++step) found[step] = root(step);
  return found;
}

}  // namespace gantry::report
