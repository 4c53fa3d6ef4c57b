#include "cli/readers.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <limits>
#include <optional>
#include <vector>

#include "config/code_points.hpp"
#include "config/quantity.hpp"
#include "config/settings.hpp"
#include "signature/nearest.hpp"

namespace gantry::cli::read {
namespace {

constexpr std::uint64_t kMostWorkers = 1024;
constexpr std::uint64_t kMostRepeats = 1000;

std::unexpected<host::Error> wrong(const std::string& text, const std::string& why) {
  return host::fail(host::ErrorKind::usage, fmt::format("{} {}", config::in_quotes(text), why));
}

template <class Number, class To>
Read whole(const std::string& text, std::uint64_t least, std::uint64_t most, To& to) {
  const auto value = config::parse_whole(text, least, most);
  if (!value) return wrong(text, value.error().sentence);
  to = static_cast<Number>(*value);
  return {};
}

Read duration(const std::string& text, std::optional<std::chrono::nanoseconds>& to) {
  const auto value = config::parse_duration(text);
  if (!value) return wrong(text, value.error().sentence);
  to = *value;
  return {};
}

/// The entries between commas.
std::vector<std::string> entries_of(const std::string& text) {
  std::vector<std::string> entries(1);
  for (const char letter : text) {
    if (letter == ',') {
      entries.emplace_back();
    } else {
      entries.back() += letter;
    }
  }
  return entries;
}

}  // namespace

Read word(const std::string& text, std::initializer_list<std::string_view> words, std::string& to) {
  if (std::ranges::find(words, text) == words.end()) {
    return wrong(text, fmt::format("is not {}{}", config::alternatives(words),
                                   signature::or_did_you_mean(text, {words.begin(), words.end()})));
  }
  to = text;
  return {};
}

Read workers(const std::string& text, Arguments& to) {
  to.workers_said = true;
  to.workers.reset();
  if (text == "auto") return {};
  auto read = whole<std::uint32_t>(text, 1, kMostWorkers, to.workers);
  if (!read) read.error().sentence += ", and not auto";
  return read;
}

Read sizes(const std::string& text, Arguments& to) {
  to.sizes.clear();
  for (const std::string& entry : entries_of(text)) {
    unsigned size = 0;
    if (auto read = whole<unsigned>(entry, 1, kMostWorkers, size); !read) return read;
    if (std::ranges::find(to.sizes, size) != to.sizes.end()) return wrong(entry, "is there twice");
    to.sizes.push_back(size);
  }
  return {};
}

Read repeats(const std::string& text, Arguments& to) {
  return whole<unsigned>(text, 1, kMostRepeats, to.repeats);
}

Read mode(const std::string& text, Arguments& to) {
  std::string known;
  if (auto read = word(text, {"process", "thread"}, known); !read) return read;
  to.mode = host::mode_named(known);
  return {};
}

Read retries(const std::string& text, Arguments& to) {
  return whole<std::uint32_t>(text, 0, std::numeric_limits<std::uint32_t>::max(), to.retries);
}

Read timeout(const std::string& text, Arguments& to) {
  return duration(text, to.timeout);
}

Read deadline(const std::string& text, Arguments& to) {
  return duration(text, to.deadline);
}

Read grace(const std::string& text, Arguments& to) {
  return duration(text, to.grace);
}

Read output_file(const std::string& text, Arguments& to) {
  if (text.empty()) return wrong(text, "is not the name of a file");
  to.output_file = text;
  return {};
}

Read seed(const std::string& text, Arguments& to) {
  return whole<std::uint64_t>(text, 0, std::numeric_limits<std::uint64_t>::max(), to.seed);
}

Read set(const std::string& text, Arguments& to) {
  const std::size_t equals = text.find('=');
  if (equals == std::string::npos || equals == 0) return wrong(text, "is not of the form name=value");
  to.sets.push_back({text.substr(0, equals), text.substr(equals + 1)});
  return {};
}

}  // namespace gantry::cli::read
