// A compiled source of `each`: where the elements of a bound name come from, as far as the plan knows before the run.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "plan/program.hpp"
#include "signature/node.hpp"

namespace gantry::plan {

/// Most tasks of a step, and most elements of a source.
inline constexpr Wide most_tasks = Wide{1} << 63;

/// A whole number that a source is given: written, or a result.
struct Bound {
  std::optional<Wide> value;  ///< if known before the run
  Part part;                  ///< else where it comes from
  Wide low = 0, high = 0;     ///< what it can be
  std::string written;        ///< for messages: "$n", "5000"
};

struct Source {
  enum class Kind : std::uint8_t {
    range,   ///< numbers[0] to numbers[1] by numbers[2]
    chunks,  ///< numbers[0] to numbers[1], numbers[2] at once
    values,  ///< written in the file
    files,   ///< paths that match a pattern
    tasks,   ///< the value of each task of a step with `each`
    list,    ///< the elements of a list in one result
    groups,  ///< numbers[0] consecutive elements of `inner`
  };
  Kind kind = Kind::range;
  bool typed = true;  ///< false: an error was reported here or in a step it uses; say no more about it
  signature::Mark mark;
  std::vector<Bound> numbers;
  std::optional<std::uint64_t> count;  ///< elements, if known before the run
  std::shared_ptr<const Table> table;  ///< files: a str each
  StepIndex producer{};                ///< tasks
  Part part;                           ///< list
  signature::Type element;             ///< tasks and list: type of one element
  std::unique_ptr<Source> inner;

  // Only while the plan is built.
  std::vector<const signature::Node*> items;  ///< values: into the config
  bool constant_items = false;                ///< items are a param's: a dollar in them is a dollar
  std::string written;                        ///< "$counts", "range", for messages

  // Range and chunks: what the elements can be.
  Wide low = 0, high = 0;
  signature::Kind natural = signature::Kind::u64;  ///< the elements' own type: of the bounds, else u64 or i64
};

/// Elements of [from, to) by `step` ≠ 0, either direction; more than a Wide holds cannot come up.
[[nodiscard]] Wide count_range(Wide from, Wide to, Wide step);

}  // namespace gantry::plan
