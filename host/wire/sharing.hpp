// Frames about what tasks share. A worker asks (kind `ask`: u8 what; u32 object; u64 index of its task, wait_ns, first,
// count) and tells what its task changes, in pieces, just before the task's outcome (kind `change`: u8 what; u32
// object; u64 index; bytes, which go on where those of the same object and what ended). The host answers (kind
// `answer`: u8 kind; bytes; in pieces, all but the last with the flag `more`).
#pragma once

#include <cstdint>

#include "schedule/shared.hpp"
#include "signature/bytes.hpp"
#include "signature/error.hpp"
#include "wire/frame.hpp"

namespace gantry::wire {

inline constexpr std::uint16_t more_flag = 1;
inline constexpr std::uint64_t piece_cap = 64ull * 1024;  ///< most bytes of a change or an answer in one frame

struct AskReport {
  std::uint64_t index = 0;
  schedule::Ask ask;
};

struct ChangeReport {
  std::uint64_t index = 0;
  schedule::Change::What what{};
  std::uint32_t object = 0;
  signature::Bytes bytes;  ///< at most piece_cap
};

void encode(const AskReport& report, signature::Bytes& to);
void encode(const ChangeReport& report, signature::Bytes& to);
[[nodiscard]] host::Result<AskReport> decode_ask(const Frame& frame);
[[nodiscard]] host::Result<ChangeReport> decode_change(const Frame& frame);

/// Appends the payload of an answer's piece.
void encode_answer(schedule::Answer::Kind kind, signature::View piece, signature::Bytes& to);
/// Puts a piece at the end of the answer; true if that was the last.
[[nodiscard]] host::Result<bool> decode_answer(const Frame& frame, schedule::Answer& to);

}  // namespace gantry::wire
