// A source at run time: its length, and what is needed to read its elements by position.
#pragma once

#include <cstdint>
#include <expected>
#include <memory>
#include <string>
#include <vector>

#include "plan/source.hpp"
#include "plan/values.hpp"
#include "signature/bytes.hpp"
#include "signature/error.hpp"

namespace gantry::plan {

struct Axis {
  std::uint64_t count = 0;
  // Range and chunks, modulo 2^64: element k is from + k * step; a chunk ends where the next begins, the last at `to`.
  std::uint64_t from = 0, step = 0, to = 0;
  bool is_signed = false;   ///< some number is negative: all fit i64; else all fit u64
  Wide low = 0, high = 0;   ///< of all numbers, if there are any
  std::uint64_t group = 1;  ///< groups: elements of `inner` in one, but for the last
  std::unique_ptr<Axis> inner;
  // List: its elements, copied (a value in the store is borrowed), and where each ends if they differ in size.
  signature::Bytes list;
  std::uint64_t size = 0;
  std::vector<std::uint64_t> ends;

  [[nodiscard]] signature::View item(std::uint64_t k) const;
};

/// Lays out a range (`to` excluded) or chunks. The error is a sentence: a step of 0, a size below 1, numbers that no
/// 64-bit integer type holds together, more than 2^63 elements.
[[nodiscard]] std::expected<Axis, std::string> lay_out(Source::Kind kind, Wide from, Wide to, Wide step);

/// The same for any source, once its results are there. Errors: what only the run could show.
[[nodiscard]] host::Result<Axis> lay_out(const Source& source, const Values& values);

/// Number of groups of `size` ≥ 1 that `count` elements make.
[[nodiscard]] std::uint64_t count_groups(std::uint64_t count, std::uint64_t size);

}  // namespace gantry::plan
