// Reading one map of the pipeline: its keys against those known there, its scalars as numbers, words, durations.
// What is wrong is reported, and the value is then missing: the caller goes on.
#pragma once

#include <chrono>
#include <cstdint>
#include <initializer_list>
#include <limits>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "config/codes.hpp"
#include "config/config.hpp"
#include "config/diagnostic.hpp"
#include "signature/nearest.hpp"
#include "signature/node.hpp"

namespace gantry::config {

void report(Diagnostics& diagnostics, const Code& code, Mark mark, std::string sentence, std::string help = {},
            std::vector<Note> notes = {});

/// A key that a map may have.
struct Key {
  std::string_view name;
  bool later = false;  ///< of a later version: refused as such
};

/// "a list of 3", "a map", "\"text\"", "null": for messages.
[[nodiscard]] std::string shown(const Node& node);

using signature::did_you_mean;

/// "a, b or c".
[[nodiscard]] std::string alternatives(std::initializer_list<std::string_view> words);

/// The position of the entry's key in `keys`; nothing after a report. `owner` is "a step": "a step has no key
/// \"tiem\"".
[[nodiscard]] std::optional<std::size_t> recognise(const Node::Entry& entry, std::span<const Key> keys,
                                                   std::string_view owner, Diagnostics& diagnostics);

/// Reports and returns false unless the node is of that kind. `what` is "steps": "steps is \"x\", not a list".
bool expect_list(const Node& node, std::string_view what, Diagnostics& diagnostics);
bool expect_map(const Node& node, std::string_view what, Diagnostics& diagnostics);

/// The text of a scalar that holds no reference.
[[nodiscard]] std::optional<std::string> read_text(const Node& node, std::string_view what, Diagnostics& diagnostics);
[[nodiscard]] std::optional<std::uint64_t> read_whole(const Node& node, std::string_view what, std::uint64_t least,
                                                      std::uint64_t most, Diagnostics& diagnostics);
[[nodiscard]] std::optional<std::uint32_t> read_count(const Node& node, std::string_view what,
                                                      Diagnostics& diagnostics);
[[nodiscard]] std::optional<std::chrono::nanoseconds> read_duration(const Node& node, std::string_view what,
                                                                    Diagnostics& diagnostics);
/// The position of the word in `words`.
[[nodiscard]] std::optional<std::size_t> read_word(const Node& node, std::string_view what,
                                                   std::initializer_list<std::string_view> words,
                                                   Diagnostics& diagnostics);
[[nodiscard]] std::optional<bool> read_bool(const Node& node, std::string_view what, Diagnostics& diagnostics);

/// Reports each `$` in the tree that begins no reference.
void check_dollars(const Node& node, Diagnostics& diagnostics);

}  // namespace gantry::config
