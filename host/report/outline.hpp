// A plan as people and tools see it: what would run, on what, with which settings, and what it would keep in memory.
// The same content in four forms: text, JSON, and the graph of the steps for Graphviz (dot) and Mermaid.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace gantry::report {

/// A setting or param, and who said so: "--workers", "GANTRY_WORKERS", "file", "default".
struct Setting {
  std::string name;
  std::string value;
  std::string from;
};

struct Outline {
  struct Plugin {
    std::string name;
    std::string version;
    std::string path;
  };
  struct Shared {
    std::string name;
    std::string type;
  };
  struct Edge {
    std::string producer;                  ///< a step's id
    std::string kind;                      ///< "stream", "keep", "order", "after"
    std::optional<std::uint64_t> element;  ///< keep: the one task whose value is used
    bool within = false;                   ///< keep: not every task uses all of it

    friend bool operator==(const Edge&, const Edge&) = default;
  };
  struct Step {
    std::string id;
    std::string call;                           ///< "primes.count"
    std::string signature;                      ///< "(low: u64, high: u64 = 100) -> u64"
    std::string result;                         ///< "u64"
    bool each = false;                          ///< a task for each of something; else the one
    std::optional<std::uint64_t> tasks;         ///< if known before the run
    bool printed = false;                       ///< its results are output
    bool kept = false;                          ///< its results are kept whole until their last user is done
    std::optional<std::uint64_t> value_size;    ///< bytes of each value, if all have the same
    std::optional<std::uint64_t> kept_bytes;    ///< if it is kept and that is known
    std::optional<std::uint64_t> window_bytes;  ///< if it is not: of outcomes that wait for their turn, at most
    std::vector<Edge> edges;                    ///< in the order of the file
    std::vector<Setting> settings;              ///< its own: "timeout", "retries" …
    std::vector<std::string> notes;
  };

  std::string file;
  std::vector<Setting> settings;
  std::vector<Setting> params;
  std::vector<Plugin> plugins;
  std::vector<Shared> shared;
  std::vector<Step> steps;

  /// Of all steps whose number is known.
  [[nodiscard]] std::uint64_t known_tasks() const;
  [[nodiscard]] bool all_tasks_known() const;
};

[[nodiscard]] std::string outline_text(const Outline& outline);
/// {"version": 1, "file": …, "settings": {"workers": {"value": "2", "from": "--workers"}, …}, "steps": […], …}.
[[nodiscard]] std::string outline_json(const Outline& outline);
[[nodiscard]] std::string outline_dot(const Outline& outline);
[[nodiscard]] std::string outline_mermaid(const Outline& outline);

/// The same by the word of the command line: "text", "json", "dot", "mermaid"; text for any other.
[[nodiscard]] std::string outline(const Outline& outline, std::string_view format);

}  // namespace gantry::report
