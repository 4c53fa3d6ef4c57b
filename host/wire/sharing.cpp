#include "wire/sharing.hpp"

#include <fmt/core.h>

#include "wire/pack.hpp"

namespace gantry::wire {
namespace {

std::unexpected<host::Error> malformed(std::string_view what) {
  return host::fail(host::ErrorKind::infrastructure, fmt::format("the frame {} is malformed", what));
}

}  // namespace

void encode(const AskReport& report, signature::Bytes& to) {
  Packer(to)
      .number(static_cast<std::uint8_t>(report.ask.what))
      .number(report.ask.object)
      .number(report.index)
      .number(report.ask.wait_ns)
      .number(report.ask.first)
      .number(report.ask.count);
}

void encode(const ChangeReport& report, signature::Bytes& to) {
  Packer(to)
      .number(static_cast<std::uint8_t>(report.what))
      .number(report.object)
      .number(report.index)
      .raw(report.bytes);
}

host::Result<AskReport> decode_ask(const Frame& frame) {
  Unpacker unpacker(frame.payload);
  AskReport report;
  const auto what = unpacker.number<std::uint8_t>();
  report.ask.what = static_cast<schedule::Ask::What>(what);
  report.ask.object = unpacker.number<std::uint32_t>();
  report.index = unpacker.number<std::uint64_t>();
  report.ask.wait_ns = unpacker.number<std::uint64_t>();
  report.ask.first = unpacker.number<std::uint64_t>();
  report.ask.count = unpacker.number<std::uint64_t>();
  const bool known = what <= static_cast<std::uint8_t>(schedule::Ask::What::cancel);
  if (frame.flags != 0 || !unpacker.done() || !known) return malformed("ask");
  return report;
}

host::Result<ChangeReport> decode_change(const Frame& frame) {
  Unpacker unpacker(frame.payload);
  ChangeReport report;
  const auto what = unpacker.number<std::uint8_t>();
  report.what = static_cast<schedule::Change::What>(what);
  report.object = unpacker.number<std::uint32_t>();
  report.index = unpacker.number<std::uint64_t>();
  const signature::View bytes = unpacker.rest();
  const bool known = what <= static_cast<std::uint8_t>(schedule::Change::What::add);
  if (frame.flags != 0 || !unpacker.done() || !known || bytes.size() > piece_cap) return malformed("change");
  report.bytes.assign(bytes.begin(), bytes.end());
  return report;
}

void encode_answer(schedule::Answer::Kind kind, signature::View piece, signature::Bytes& to) {
  Packer(to).number(static_cast<std::uint8_t>(kind)).raw(piece);
}

host::Result<bool> decode_answer(const Frame& frame, schedule::Answer& to) {
  Unpacker unpacker(frame.payload);
  const auto kind = unpacker.number<std::uint8_t>();
  const signature::View bytes = unpacker.rest();
  const bool known = kind <= static_cast<std::uint8_t>(schedule::Answer::Kind::failed);
  if (frame.kind != FrameKind::answer || (frame.flags & ~more_flag) != 0 || !unpacker.done() || !known) {
    return malformed("answer");
  }
  to.kind = static_cast<schedule::Answer::Kind>(kind);
  signature::append(to.bytes, bytes);
  return (frame.flags & more_flag) == 0;
}

}  // namespace gantry::wire
