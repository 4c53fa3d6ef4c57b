// What tasks ask of the objects that a pipeline shares among them, and what they are told. Plain data.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "signature/bytes.hpp"
#include "signature/ids.hpp"
#include "signature/type.hpp"

namespace gantry::schedule {

/// A shared object in the hands of a step's tasks.
struct SharedUse {
  std::uint32_t object = 0;     ///< its number in the pipeline
  std::uint32_t parameter = 0;  ///< the (first) parameter that takes it
  signature::Type type;         ///< of that parameter: queue<T>, counter, array<T>
  std::uint64_t size = 0;       ///< elements of an array
};

/// One thing that a running task asks; it gets one Answer. A worker asks one at a time.
struct Ask {
  enum class What : std::uint8_t {
    get,     ///< the next value of a queue, waiting for at most wait_ns
    load,    ///< what is committed to a counter, or to `count` elements of an array from `first` on
    cancel,  ///< the get that waits has waited long enough
  };
  static constexpr std::uint64_t forever = UINT64_MAX;

  What what = What::get;
  std::uint32_t object = 0;
  std::uint64_t wait_ns = 0;
  std::uint64_t first = 0;
  std::uint64_t count = 0;

  friend bool operator==(const Ask&, const Ask&) = default;
};

struct Answer {
  enum class Kind : std::uint8_t {
    value,    ///< of a queue; or what was loaded, as i64 or elements one after the other
    nothing,  ///< nothing came in time
    ended,    ///< the queue is empty, and nobody will put any more
    failed,   ///< the task is to end with an error: bytes are its message
  };
  Kind kind = Kind::value;
  signature::Bytes bytes;
};

/// What one task changes in one object, once it has its value.
struct Change {
  enum class What : std::uint8_t {
    put,    ///< into a queue: {u64 length, value} one after the other
    close,  ///< of a queue, behind what is put
    add,    ///< to a counter: an i64; to an array: {u64 index, element} one after the other
  };
  What what = What::put;
  std::uint32_t object = 0;
  signature::Bytes bytes;
};
using Changes = std::vector<Change>;

}  // namespace gantry::schedule
